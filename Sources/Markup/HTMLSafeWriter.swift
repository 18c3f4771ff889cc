/// Writes the allowed part of a tree as canonical HTML.
struct HTMLSafeWriter {
    private(set) var out: [UInt8] = []
    private let remoteImages: HTMLSanitizer.RemoteImages
    /// The first text inside `pre` loses one newline when it is read: give it another.
    private var isAfterPre = false

    /// Dropped with all they hold; other unknown elements leave their content.
    private static let dropped: Set<String> = [
        "script", "style", "title", "head", "noscript", "template", "object", "applet", "iframe", "frame", "frameset",
        "noframes", "noembed",
        "embed", "svg", "math", "select", "textarea", "button", "input", "option", "optgroup", "datalist", "audio",
        "video", "canvas",
        "base", "meta", "link", "xmp", "plaintext", "param", "source", "track", "dialog", "portal", "marquee", "keygen",
        "image",
    ]
    private static let allowed: Set<String> = [
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "center", "cite",
        "code", "col",
        "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2",
        "h3", "h4", "h5", "h6",
        "header", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp",
        "section", "small", "span",
        "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul",
        "var", "wbr", "big",
    ]
    private static let void: Set<String> = ["br", "hr", "img", "col", "wbr"]

    init(remoteImages: HTMLSanitizer.RemoteImages) { self.remoteImages = remoteImages }

    /// Answers whether to go inside an opened element.
    mutating func take(_ event: HTMLEvent) -> Bool {
        switch event {
        case .text(let text):
            if isAfterPre && text.utf8.first == 0x0A { out.append(0x0A) }
            isAfterPre = false
            Self.escape(text, to: &out)
        case .open(let element):
            guard element.isHTML, !Self.dropped.contains(element.name) else { return false }
            isAfterPre = false
            if Self.allowed.contains(element.name) { open(element) }
            return true
        case .close(let element):
            isAfterPre = false
            guard Self.allowed.contains(element.name), !Self.void.contains(element.name) else { return false }
            out.append(contentsOf: "</\(element.name)>".utf8)
        }
        return false
    }

    private mutating func open(_ element: HTMLElement) {
        out.append(contentsOf: "<\(element.name)".utf8)
        for (name, value) in HTMLSafeAttributes.of(element, remoteImages: remoteImages) {
            out.append(contentsOf: " \(name)=\"".utf8)
            Self.escape(value, to: &out, isAttribute: true)
            out.append(0x22)
        }
        out.append(0x3E)
        isAfterPre = element.name == "pre"
    }

    /// Byte-wise, so that combining marks cannot hide a quote.
    static func escape(_ text: String, to out: inout [UInt8], isAttribute: Bool = false) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: out.append(contentsOf: "&amp;".utf8)
            case 0x3C: out.append(contentsOf: "&lt;".utf8)
            case 0x3E: out.append(contentsOf: "&gt;".utf8)
            case 0x22 where isAttribute: out.append(contentsOf: "&quot;".utf8)
            case 0x0D, 0..<0x09, 0x0B, 0x0E..<0x20, 0x7F: continue
            default: out.append(byte)
            }
        }
    }
}
