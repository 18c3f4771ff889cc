import CMarkGFM

/// Light formatting of what members write: bold, italics, lists, quotes, links, code. Everything else stays as typed:
/// HTML is shown, not obeyed; a picture is its name; each line stays a line.
package enum Markdown {
    /// Longer texts are letters nobody formats; they keep their lines only.
    package static let maximumBytes = 200_000

    /// HTML of the body, without `html` or `body`; every block finds its own direction.
    package static func html(_ text: String) -> String { MarkdownHTML.of(pieces(text)) }

    /// The same in pieces, for our own pages.
    package static func pieces(_ text: String) -> [MarkdownPiece] {
        let lines = quotesEnded(in: text.replacing("\r\n", with: "\n").replacing("\r", with: "\n"))
        guard lines.utf8.count <= maximumBytes else { return MarkdownPieces.plain(lines) }
        var bytes = Array(lines.utf8).map { CChar(bitPattern: $0) }
        guard let root = cmark_parse_document(&bytes, bytes.count, CMARK_OPT_DEFAULT) else {
            return MarkdownPieces.plain(lines)
        }
        defer { cmark_node_free(root) }
        var writer = MarkdownWriter(source: lines)
        guard let steps = cmark_iter_new(root) else { return MarkdownPieces.plain(lines) }
        defer { cmark_iter_free(steps) }
        while true {
            let event = cmark_iter_next(steps)
            if event == CMARK_EVENT_DONE { break }
            if let node = cmark_iter_get_node(steps) { writer.take(node, isEntering: event == CMARK_EVENT_ENTER) }
        }
        return MarkdownDirection.said(in: writer.pieces)
    }

    /// The words alone, on one line.
    package static func words(_ text: String) -> String {
        let parts = pieces(text).map { piece in
            piece.text ?? (piece.opens != nil || piece.numbersFrom != nil || piece.isBreak || piece.isRule ? " " : "")
        }
        return parts.joined().split(whereSeparator: \.isWhitespace).joined(separator: " ")
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
}

/// Writes the nodes of a document, in their order.
private struct MarkdownWriter {
    /// Deeper blocks are written flat.
    private static let deepest = 20

    private(set) var pieces: [MarkdownPiece] = []
    private let lines: [Substring]
    private var depth = 0
    /// For every open link, whether it was written as one.
    private var links: [Bool] = []

    init(source: String) { lines = source.split(separator: "\n", omittingEmptySubsequences: false) }

    mutating func take(_ node: OpaquePointer, isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_BLOCK_QUOTE: nested("blockquote", isEntering)
        case CMARK_NODE_LIST: list(node, isEntering)
        case CMARK_NODE_ITEM: block("li", isEntering)
        case CMARK_NODE_PARAGRAPH: if !isTight(node) { block("p", isEntering) }
        case CMARK_NODE_HEADING: heading(node, isEntering)
        case CMARK_NODE_THEMATIC_BREAK: pieces.append(MarkdownPiece(isRule: true))
        case CMARK_NODE_CODE_BLOCK:
            block("pre", true)
            words(Self.literal(node))
            block("pre", false)
        case CMARK_NODE_HTML_BLOCK: shown(Self.literal(node))
        default: inline(node, isEntering)
        }
    }

    private mutating func inline(_ node: OpaquePointer, _ isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT: text(Self.literal(node))
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: pieces.append(MarkdownPiece(isBreak: true))
        case CMARK_NODE_CODE:
            element("code", true)
            words(Self.literal(node))
            element("code", false)
        case CMARK_NODE_HTML_INLINE: words(Self.literal(node))
        case CMARK_NODE_EMPH: element("em", isEntering)
        case CMARK_NODE_STRONG: element("strong", isEntering)
        case CMARK_NODE_LINK: link(node, isEntering)
        default: break
        }
    }

    private mutating func words(_ text: some StringProtocol) {
        if !text.isEmpty { pieces.append(MarkdownPiece(text: String(text))) }
    }

    private mutating func block(_ name: String, _ isEntering: Bool) {
        pieces.append(isEntering ? MarkdownPiece(opens: name) : MarkdownPiece(closes: name))
    }

    private mutating func element(_ name: String, _ isEntering: Bool) {
        pieces.append(isEntering ? MarkdownPiece(opensInline: name) : MarkdownPiece(closes: name))
    }

    private mutating func nested(_ name: String, from start: Int = 1, _ isEntering: Bool) {
        depth += isEntering ? 1 : -1
        guard isEntering ? depth <= Self.deepest : depth < Self.deepest else { return }
        if isEntering, start != 1 {
            pieces.append(MarkdownPiece(numbersFrom: start))
        } else {
            block(name, isEntering)
        }
    }

    private mutating func list(_ node: OpaquePointer, _ isEntering: Bool) {
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        nested(
            isOrdered ? "ol" : "ul", from: isOrdered ? Int(cmark_node_get_list_start(node)) : 1, isEntering)
    }

    private func isTight(_ node: OpaquePointer) -> Bool {
        guard let item = cmark_node_parent(node), let list = cmark_node_parent(item) else { return false }
        return cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list) != 0
    }

    /// `# words` is a line in bold. Words over a line of dashes are words over a line of dashes, as in letters.
    private mutating func heading(_ node: OpaquePointer, _ isEntering: Bool) {
        let last = Int(cmark_node_get_end_line(node))
        let isUnderlined = Int(cmark_node_get_start_line(node)) != last
        if isEntering {
            block("p", true)
            if !isUnderlined { element("strong", true) }
            return
        }
        if isUnderlined {
            pieces.append(MarkdownPiece(isBreak: true))
            if lines.indices.contains(last - 1) { words(lines[last - 1]) }
        } else {
            element("strong", false)
        }
        block("p", false)
    }

    private mutating func shown(_ source: String) {
        pieces += MarkdownPieces.plain(source.hasSuffix("\n") ? String(source.dropLast()) : source)
    }

    private mutating func link(_ node: OpaquePointer, _ isEntering: Bool) {
        guard isEntering else {
            if links.popLast() == true { pieces.append(MarkdownPiece(closes: "a")) }
            return
        }
        let address = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
        let isFine = ["https://", "http://", "mailto:"].contains { address.lowercased().hasPrefix($0) }
        links.append(isFine)
        if isFine { pieces.append(MarkdownPiece(address: address)) }
    }

    /// Text, with bare addresses made links.
    private mutating func text(_ text: String) {
        guard !links.contains(true), text.contains("://") else {
            words(text)
            return
        }
        var plain = ""
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { plain += " " }
            let body = word.drop { "(<[\"'«“".contains($0) }
            guard body.hasPrefix("https://") || body.hasPrefix("http://"), body.utf8.count > 10 else {
                plain += word
                continue
            }
            let tail = body.reversed().prefix { ".,;:!?)>]\"'»”’".contains($0) }.count
            words(plain + word[..<body.startIndex])
            let address = String(body.dropLast(tail))
            pieces += [MarkdownPiece(address: address), MarkdownPiece(text: address), MarkdownPiece(closes: "a")]
            plain = String(body.suffix(tail))
        }
        words(plain)
    }

    private static func literal(_ node: OpaquePointer) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }
}
