import Foundation

/// Reads a template. A tag that stands alone on its line takes the line with it, unless it prints something.
struct TemplateParser {
    enum Problem: Error, Equatable {
        case unfinishedTag, unknownTag(String), wrongEnd(String), missingEnd(String)
    }

    private struct Tag {
        /// `#`, `^`, `/`, `>`, `<`, `$`, `!`; nil for a value.
        let sign: UInt8?
        let name: String
    }

    private static let space = UInt8(ascii: " ")
    private static let newline = UInt8(ascii: "\n")
    private static let brace = UInt8(ascii: "{")
    private static let signs = Array("#^/><$!".utf8)

    private let source: [UInt8]
    private var at = 0

    private init(_ source: String) { self.source = Array(source.utf8) }

    static func parse(_ source: String) throws(Problem) -> [TemplatePiece] {
        var parser = TemplateParser(source)
        return try parser.readPieces(until: nil)
    }

    private mutating func readPieces(until end: String?) throws(Problem) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        while let tag = try readTag(after: &pieces) {
            switch tag.sign.map(UnicodeScalar.init) {
            case "#": pieces.append(.section(TemplateName(tag.name), try readPieces(until: tag.name)))
            case "^": pieces.append(.inverted(TemplateName(tag.name), try readPieces(until: tag.name)))
            case "$": pieces.append(.block(tag.name, try readPieces(until: tag.name)))
            case ">": pieces.append(.partial(tag.name))
            case "<": pieces.append(.parent(tag.name, blocks: Self.blocks(of: try readPieces(until: tag.name))))
            case "!": break
            case "/":
                guard tag.name == end else { throw .wrongEnd(tag.name) }
                return pieces
            default: pieces.append(Self.value(tag.name))
            }
        }
        if let end { throw .missingEnd(end) }
        return pieces
    }

    /// Only its blocks count within a parent's tag.
    private static func blocks(of pieces: [TemplatePiece]) -> [String: [TemplatePiece]] {
        pieces.reduce(into: [:]) { blocks, piece in
            if case .block(let name, let inner) = piece { blocks[name] = inner }
        }
    }

    private static func value(_ name: String) -> TemplatePiece {
        name.hasPrefix("t.") ? .message(String(name.dropFirst(2))) : .value(TemplateName(name))
    }

    /// The next tag, and before it the text up to there; nil at the end of the template.
    private mutating func readTag(after pieces: inout [TemplatePiece]) throws(Problem) -> Tag? {
        let start = at
        guard let open = position(of: Self.brace, from: at) else {
            at = source.count
            Self.append(source[start...], to: &pieces)
            return nil
        }
        guard let close = position(of: UInt8(ascii: "}"), from: open + 2) else { throw .unfinishedTag }
        let tag = try Self.tag(String(decoding: source[open + 2..<close], as: UTF8.self))
        at = close + 2
        var textEnd = open
        if tag.sign != nil, let line = loneLine(of: open..<at) {
            textEnd = max(start, line.lowerBound)
            at = line.upperBound
        }
        Self.append(source[start..<textEnd], to: &pieces)
        return tag
    }

    private static func append(_ text: ArraySlice<UInt8>, to pieces: inout [TemplatePiece]) {
        if !text.isEmpty { pieces.append(.text(Array(text))) }
    }

    private static func tag(_ inner: String) throws(Problem) -> Tag {
        let name = inner.trimmingCharacters(in: .whitespaces)
        guard let first = name.utf8.first else { throw .unknownTag(inner) }
        if first == UInt8(ascii: "!") { return Tag(sign: first, name: "") }
        let isSigned = signs.contains(first)
        let words = isSigned ? String(name.dropFirst()).trimmingCharacters(in: .whitespaces) : name
        let isName = words.utf8.allSatisfy { byte in
            UnicodeScalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte) || "-_./".utf8.contains(byte)
        }
        guard !words.isEmpty, isName else { throw .unknownTag(inner) }
        return Tag(sign: isSigned ? first : nil, name: words)
    }

    /// Where two of these bytes stand side by side.
    private func position(of byte: UInt8, from start: Int) -> Int? {
        guard start < source.count - 1 else { return nil }
        return (start..<source.count - 1).first { source[$0] == byte && source[$0 + 1] == byte }
    }

    /// The whole line, its end included, when there is nothing else on it.
    private func loneLine(of tag: Range<Int>) -> Range<Int>? {
        var first = tag.lowerBound
        while first > 0, source[first - 1] == Self.space { first -= 1 }
        guard first == 0 || source[first - 1] == Self.newline else { return nil }
        var last = tag.upperBound
        while last < source.count, source[last] == Self.space { last += 1 }
        guard last == source.count || source[last] == Self.newline else { return nil }
        return first..<min(last + 1, source.count)
    }
}
