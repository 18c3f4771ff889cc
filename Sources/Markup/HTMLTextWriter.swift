/// Turns the steps through a tree into lines.
struct HTMLTextWriter {
    private let showsHidden: Bool
    private var lines = HTMLLineWriter()
    /// For each open list: the number of its next item, or nil for bullets.
    private var lists: [Int?] = []
    private var links: [(address: String, start: Int)] = []

    private static let dropped: Set<String> = [
        "script", "style", "title", "head", "meta", "link", "noscript", "template", "object", "applet", "iframe", "svg",
        "math",
        "select", "textarea", "button", "audio", "video", "canvas", "base", "param", "embed", "noframes", "datalist",
    ]
    /// Set apart by a blank line, or only by a line.
    private static let paragraphs: Set<String> = [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table",
    ]
    private static let blocks: Set<String> = [
        "div", "li", "tr", "dt", "dd", "address", "article", "aside", "section", "header", "footer", "main", "nav",
        "figure", "caption",
        "figcaption", "center", "form", "fieldset", "legend", "details", "summary", "thead", "tbody", "tfoot", "body",
        "listing", "dir",
    ]

    init(showsHidden: Bool) { self.showsHidden = showsHidden }

    /// Answers whether to go inside.
    mutating func open(_ element: HTMLElement) -> Bool {
        guard element.isHTML, !Self.dropped.contains(element.name) else { return false }
        guard showsHidden || !isHidden(element) else { return false }
        switch element.name {
        case "br": lines.breakLine()
        case "hr": lines.rule()
        case "img": lines.write(element.attribute("alt") ?? "")
        case "td", "th": lines.cell()
        case "a": links.append((element.attribute("href") ?? "", lines.mark))
        case "blockquote": lines.beginQuote()
        default: openBlock(element)
        }
        return true
    }

    private mutating func openBlock(_ element: HTMLElement) {
        if Self.paragraphs.contains(element.name) {
            lines.endLine(blank: lists.isEmpty && !isTight(element))
        } else if Self.blocks.contains(element.name) {
            lines.endLine(blank: false)
        }
        switch element.name {
        case "ul": lists.append(nil)
        case "ol": lists.append(Int(element.attribute("start") ?? "").map { min(max($0, 0), 1_000_000) } ?? 1)
        case "li": beginItem()
        case "dd": lines.indent(by: 4)
        case "pre": lines.isPreformatted = true
        default: break
        }
    }

    mutating func close(_ element: HTMLElement) {
        switch element.name {
        case "a": closeLink()
        case "blockquote": lines.endQuote()
        case "ul", "ol", "dir": if !lists.isEmpty { lists.removeLast() }
        case "li": lines.endItem()
        case "pre": lines.isPreformatted = false
        default: break
        }
        if Self.paragraphs.contains(element.name) {
            lines.endLine(blank: lists.isEmpty && !isTight(element))
        } else if Self.blocks.contains(element.name) {
            lines.endLine(blank: false)
        }
    }

    mutating func write(_ text: String) { lines.write(text) }
    mutating func finish() -> String { lines.finish() }

    /// Word writes each line as a paragraph without margins.
    private func isTight(_ element: HTMLElement) -> Bool {
        element.name == "p" && (element.attribute("class") ?? "").hasPrefix("MsoNormal")
    }

    private mutating func beginItem() {
        let depth = max(0, lists.count - 1)
        if let last = lists.last, let number = last {
            lines.beginItem(mark: "\(number). ", depth: depth)
            lists[lists.count - 1] = number + 1
        } else {
            lines.beginItem(mark: "- ", depth: depth)
        }
    }

    private mutating func closeLink() {
        guard let link = links.popLast() else { return }
        let address = link.address.filter { $0 > " " }
        let scheme = ["http://", "https://", "mailto:"].first { address.lowercased().hasPrefix($0) }
        guard let scheme, address.utf8.count <= 2000 else { return }
        let text = plain(lines.text(since: link.start))
        guard !text.isEmpty else { return }
        let target = plain(address)
        if scheme == "mailto:" {
            let mailbox = String(target.prefix { $0 != "?" })
            if !text.contains(mailbox) { lines.write(" <\(mailbox)>") }
        } else if text != target {
            lines.write(" <\(address)>")
        }
    }

    /// An address without what differs for no reader.
    private func plain(_ address: String) -> String {
        var text = address.lowercased().filter { $0 > " " && $0 != "<" && $0 != ">" }[...]
        for prefix in ["https://", "http://", "mailto:", "www."] where text.hasPrefix(prefix) {
            text = text.dropFirst(prefix.count)
        }
        if text.hasSuffix("/") { text = text.dropLast() }
        return String(text)
    }

    private func isHidden(_ element: HTMLElement) -> Bool {
        if element.has("hidden") { return true }
        guard let style = element.attribute("style") else { return false }
        return Self.hides(style)
    }

    private static func hides(_ style: String) -> Bool {
        let plain = style.utf8.filter { $0 > 0x20 }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        func holds(_ rule: StaticString) -> Bool {
            let rule = UnsafeBufferPointer(start: rule.utf8Start, count: rule.utf8CodeUnitCount)
            guard plain.count >= rule.count else { return false }
            return (0...plain.count - rule.count).contains { plain[$0] == rule[0] && plain[$0...].starts(with: rule) }
        }
        if holds("display:none") || holds("mso-hide:all") || holds("visibility:hidden") { return true }
        return holds("max-height:0") && holds("overflow:hidden")
    }
}
