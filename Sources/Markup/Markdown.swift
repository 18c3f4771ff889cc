import CMarkGFM

/// Light formatting of what members write: bold, italics, lists, quotes, links, code. Everything else stays as typed:
/// HTML is shown, not obeyed; a picture is its name; each line stays a line.
package enum Markdown {
    /// Longer texts are letters nobody formats; they keep their lines only.
    package static let maximumBytes = 200_000

    /// HTML of the body, without `html` or `body`; every block finds its own direction.
    package static func html(_ text: String) -> String {
        let lines = quotesEnded(in: text.replacing("\r\n", with: "\n").replacing("\r", with: "\n"))
        guard lines.utf8.count <= maximumBytes else { return plain(lines) }
        var bytes = Array(lines.utf8).map { CChar(bitPattern: $0) }
        guard let root = cmark_parse_document(&bytes, bytes.count, CMARK_OPT_DEFAULT) else { return plain(lines) }
        defer { cmark_node_free(root) }
        var writer = MarkdownWriter(source: lines)
        guard let steps = cmark_iter_new(root) else { return plain(lines) }
        defer { cmark_iter_free(steps) }
        while true {
            let event = cmark_iter_next(steps)
            if event == CMARK_EVENT_DONE { break }
            if let node = cmark_iter_get_node(steps) { writer.take(node, isEntering: event == CMARK_EVENT_ENTER) }
        }
        return writer.out
    }

    /// What stands right under a quote is an answer to it, and not its last line, as CommonMark has it: an empty line
    /// is put between them, but not within a fence of code.
    private static func quotesEnded(in text: String) -> String {
        guard text.contains(">") else { return text }
        var (lines, isFenced, isQuote): ([Substring], Bool, Bool) = ([], false, false)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let start = line.drop { $0 == " " }
            if start.hasPrefix("```") || start.hasPrefix("~~~") { isFenced.toggle() }
            let wasQuote = isQuote
            isQuote = !isFenced && start.hasPrefix(">")
            if wasQuote, !isQuote, !start.isEmpty { lines.append("") }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    private static func plain(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { MarkdownWriter.escaped($0) }
        return "<p dir=\"auto\">" + lines.joined(separator: "<br>\n") + "</p>\n"
    }
}

/// Writes the nodes of a document, in their order.
private struct MarkdownWriter {
    /// Deeper blocks are written flat.
    private static let deepest = 20

    private(set) var out = ""
    private let lines: [Substring]
    private var depth = 0
    /// For every open link, whether it was written as one.
    private var links: [Bool] = []

    init(source: String) { lines = source.split(separator: "\n", omittingEmptySubsequences: false) }

    mutating func take(_ node: OpaquePointer, isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_BLOCK_QUOTE: block("blockquote", " type=\"cite\"", isEntering)
        case CMARK_NODE_LIST: list(node, isEntering)
        case CMARK_NODE_ITEM: out += isEntering ? "<li dir=\"auto\">" : "</li>\n"
        case CMARK_NODE_PARAGRAPH: paragraph(node, isEntering)
        case CMARK_NODE_HEADING: heading(node, isEntering)
        case CMARK_NODE_THEMATIC_BREAK: out += "<hr>\n"
        case CMARK_NODE_CODE_BLOCK: out += "<pre dir=\"auto\">\(Self.escaped(Self.literal(node)))</pre>\n"
        case CMARK_NODE_HTML_BLOCK: shown(Self.literal(node))
        default: inline(node, isEntering)
        }
    }

    private mutating func inline(_ node: OpaquePointer, _ isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT: text(Self.literal(node))
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: out += "<br>\n"
        case CMARK_NODE_CODE: out += "<code>\(Self.escaped(Self.literal(node)))</code>"
        case CMARK_NODE_HTML_INLINE: out += Self.escaped(Self.literal(node))
        case CMARK_NODE_EMPH: out += isEntering ? "<em>" : "</em>"
        case CMARK_NODE_STRONG: out += isEntering ? "<strong>" : "</strong>"
        case CMARK_NODE_LINK: link(node, isEntering)
        default: break
        }
    }

    private mutating func block(_ name: String, _ attributes: String, _ isEntering: Bool) {
        depth += isEntering ? 1 : -1
        guard isEntering ? depth <= Self.deepest : depth < Self.deepest else { return }
        out += isEntering ? "<\(name)\(attributes)>\n" : "</\(name)>\n"
    }

    private mutating func list(_ node: OpaquePointer, _ isEntering: Bool) {
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        let start = cmark_node_get_list_start(node)
        block(
            isOrdered ? "ol" : "ul", " dir=\"auto\"" + (isOrdered && start != 1 ? " start=\"\(start)\"" : ""),
            isEntering)
    }

    private mutating func paragraph(_ node: OpaquePointer, _ isEntering: Bool) {
        if let item = cmark_node_parent(node), let list = cmark_node_parent(item),
            cmark_node_get_type(list) == CMARK_NODE_LIST, cmark_node_get_list_tight(list) != 0
        {
            return
        }
        out += isEntering ? "<p dir=\"auto\">" : "</p>\n"
    }

    /// `# words` is a line in bold. Words over a line of dashes are words over a line of dashes, as in letters.
    private mutating func heading(_ node: OpaquePointer, _ isEntering: Bool) {
        let last = Int(cmark_node_get_end_line(node))
        let isUnderlined = Int(cmark_node_get_start_line(node)) != last
        if isEntering {
            out += isUnderlined ? "<p dir=\"auto\">" : "<p dir=\"auto\"><strong>"
        } else if isUnderlined {
            out += "<br>\n" + (lines.indices.contains(last - 1) ? Self.escaped(lines[last - 1]) : "") + "</p>\n"
        } else {
            out += "</strong></p>\n"
        }
    }

    private mutating func shown(_ source: String) {
        let shown = source.hasSuffix("\n") ? source.dropLast() : source[...]
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false).map { Self.escaped($0) }
        out += "<p dir=\"auto\">" + lines.joined(separator: "<br>\n") + "</p>\n"
    }

    private mutating func link(_ node: OpaquePointer, _ isEntering: Bool) {
        guard isEntering else {
            if links.popLast() == true { out += "</a>" }
            return
        }
        let address = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
        let isFine = ["https://", "http://", "mailto:"].contains { address.lowercased().hasPrefix($0) }
        links.append(isFine)
        if isFine { out += "<a href=\"\(Self.escaped(address))\">" }
    }

    /// Text, with bare addresses made links.
    private mutating func text(_ text: String) {
        guard !links.contains(true), text.contains("://") else {
            out += Self.escaped(text)
            return
        }
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
            let body = word.drop { "(<[\"'«“".contains($0) }
            guard body.hasPrefix("https://") || body.hasPrefix("http://"), body.utf8.count > 10 else {
                return Self.escaped(word)
            }
            let tail = body.reversed().prefix { ".,;:!?)>]\"'»”’".contains($0) }.count
            let address = Self.escaped(body.dropLast(tail))
            return Self.escaped(word[..<body.startIndex]) + "<a href=\"\(address)\">\(address)</a>"
                + Self.escaped(body.suffix(tail))
        }
        out += words.joined(separator: " ")
    }

    private static func literal(_ node: OpaquePointer) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }

    /// Byte-wise, so that combining marks cannot hide a quote.
    static func escaped(_ text: some StringProtocol) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x26: out += Array("&amp;".utf8)
            case 0x3C: out += Array("&lt;".utf8)
            case 0x3E: out += Array("&gt;".utf8)
            case 0x22: out += Array("&quot;".utf8)
            case 0..<0x09, 0x0B..<0x20, 0x7F: continue
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
