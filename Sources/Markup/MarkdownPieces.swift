import CMarkGFM

/// A step of writing a formatted text: an element that opens or closes, or words. The names of elements come from a
/// closed list here and all words are escaped by the template, so that nothing a text holds can become markup.
package struct MarkdownPiece: Sendable, Equatable {
    /// A block: `p`, `h2`…`h4`, `ul`, `ol`, `li`, `blockquote`, `pre`, `table`, `tr`, `th`, `td`.
    package var opens: String?
    /// An ordered list that does not begin with 1.
    package var numbersFrom: Int?
    /// `em`, `strong` or `code`.
    package var opensInline: String?
    /// An address to link to: http, https or mailto.
    package var address: String?
    package var text: String?
    package var isBreak = false
    package var isRule = false
    package var closes: String?
    /// A list or quote that opens is written from right to left. Other blocks find their direction by their own words;
    /// `dir="auto"` passes over words in blocks within, which have one of their own.
    package var isMirrored = false
}

/// Markdown in pieces, for texts that are read as pages: headings are headings. HTML is shown, not obeyed; a picture is
/// its name; each line stays a line.
package enum MarkdownPieces {
    /// Deeper blocks are written flat.
    private static let deepest = 20

    package static func of(_ text: String) -> [MarkdownPiece] {
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let pieces = MarkdownTable.blocks(of: lines).flatMap { block in
            switch block {
            case .other(let text): blocks(of: text)
            case .table(let table): table.pieces(inline)
            }
        }
        return MarkdownDirection.said(in: pieces)
    }

    /// Of a cell: words and what stands in a line of them; anything else as it is written.
    private static func inline(_ text: String) -> [MarkdownPiece] {
        let pieces = blocks(of: text)
        guard let first = pieces.first, let last = pieces.last, first.opens == "p", last.closes == "p",
            pieces.count(where: { $0.opens != nil }) == 1
        else { return text.isEmpty ? [] : [MarkdownPiece(text: text)] }
        return Array(pieces.dropFirst().dropLast())
    }

    private static func blocks(of lines: String) -> [MarkdownPiece] {
        var bytes = Array(lines.utf8).map { CChar(bitPattern: $0) }
        guard bytes.count <= Markdown.maximumBytes,
            let root = cmark_parse_document(&bytes, bytes.count, CMARK_OPT_DEFAULT)
        else { return plain(lines) }
        defer { cmark_node_free(root) }
        guard let steps = cmark_iter_new(root) else { return plain(lines) }
        defer { cmark_iter_free(steps) }
        var writer = PieceWriter(deepest: deepest)
        while true {
            let event = cmark_iter_next(steps)
            if event == CMARK_EVENT_DONE { break }
            if let node = cmark_iter_get_node(steps) { writer.take(node, isEntering: event == CMARK_EVENT_ENTER) }
        }
        return writer.pieces
    }

    static func plain(_ text: String) -> [MarkdownPiece] {
        [MarkdownPiece(opens: "p")] + lines(text) + [MarkdownPiece(closes: "p")]
    }

    fileprivate static func lines(_ text: String) -> [MarkdownPiece] {
        var pieces: [MarkdownPiece] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { pieces.append(MarkdownPiece(isBreak: true)) }
            if !line.isEmpty { pieces.append(MarkdownPiece(text: String(line))) }
        }
        return pieces
    }
}

private struct PieceWriter {
    let deepest: Int
    private(set) var pieces: [MarkdownPiece] = []
    private var depth = 0
    /// For every open link, whether it was written as one.
    private var links: [Bool] = []

    init(deepest: Int) { self.deepest = deepest }

    mutating func take(_ node: OpaquePointer, isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_BLOCK_QUOTE: nested("blockquote", isEntering)
        case CMARK_NODE_LIST: list(node, isEntering)
        case CMARK_NODE_ITEM: block("li", isEntering)
        case CMARK_NODE_PARAGRAPH: if !isTight(node) { block("p", isEntering) }
        case CMARK_NODE_HEADING: block("h\(min(4, max(2, Int(cmark_node_get_heading_level(node)))))", isEntering)
        case CMARK_NODE_THEMATIC_BREAK: pieces.append(MarkdownPiece(isRule: true))
        case CMARK_NODE_CODE_BLOCK: code(literal(node))
        case CMARK_NODE_HTML_BLOCK: pieces += MarkdownPieces.plain(trimmed(literal(node)))
        default: inline(node, isEntering)
        }
    }

    private mutating func inline(_ node: OpaquePointer, _ isEntering: Bool) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT, CMARK_NODE_HTML_INLINE: pieces.append(MarkdownPiece(text: literal(node)))
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: pieces.append(MarkdownPiece(isBreak: true))
        case CMARK_NODE_CODE:
            pieces += [
                MarkdownPiece(opensInline: "code"), MarkdownPiece(text: literal(node)), MarkdownPiece(closes: "code"),
            ]
        case CMARK_NODE_EMPH: inlineElement("em", isEntering)
        case CMARK_NODE_STRONG: inlineElement("strong", isEntering)
        case CMARK_NODE_LINK: link(node, isEntering)
        default: break
        }
    }

    private mutating func inlineElement(_ name: String, _ isEntering: Bool) {
        pieces.append(isEntering ? MarkdownPiece(opensInline: name) : MarkdownPiece(closes: name))
    }

    private mutating func block(_ name: String, _ isEntering: Bool) {
        pieces.append(isEntering ? MarkdownPiece(opens: name) : MarkdownPiece(closes: name))
    }

    private mutating func nested(_ name: String, _ isEntering: Bool) {
        depth += isEntering ? 1 : -1
        guard isEntering ? depth <= deepest : depth < deepest else { return }
        block(name, isEntering)
    }

    private mutating func list(_ node: OpaquePointer, _ isEntering: Bool) {
        let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
        let start = Int(cmark_node_get_list_start(node))
        let count = pieces.count
        nested(isOrdered ? "ol" : "ul", isEntering)
        if isEntering, isOrdered, start != 1, pieces.count > count {
            pieces[count] = MarkdownPiece(numbersFrom: start)
        }
    }

    private func isTight(_ node: OpaquePointer) -> Bool {
        guard let item = cmark_node_parent(node), let list = cmark_node_parent(item) else { return false }
        return cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list) != 0
    }

    private mutating func code(_ text: String) {
        pieces += [MarkdownPiece(opens: "pre"), MarkdownPiece(text: text), MarkdownPiece(closes: "pre")]
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

    private func literal(_ node: OpaquePointer) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }

    private func trimmed(_ text: String) -> String { text.hasSuffix("\n") ? String(text.dropLast()) : text }
}
