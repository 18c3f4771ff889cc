/// The small language in which packs say several things at once: `a|b` one or the other, `kill(s|ed|)` endings,
/// `{will}` one of a class of words.
package struct PhraseAlternatives: Sendable {
    /// A bracket in a part, and where it is closed: nil for never.
    struct Bracket {
        var start: Int
        var end: Int?
        var isClass: Bool
    }

    /// By name, the members of a class, as bytes; they may name other classes.
    private let classes: [String: [[UInt8]]]
    /// What these classes are known by; others have another name.
    let name: String

    package init(classes: [String: [String]] = [:], name: String = "") {
        self.classes = classes.mapValues { $0.map { Array($0.utf8) } }
        self.name = name
    }

    /// None for an unknown class.
    func members(of name: String) -> [[UInt8]] { classes[name] ?? [] }

    /// The first of all that a part stands for, to show to people.
    package func example(of part: String) -> String {
        guard part.utf8.contains(where: { Self.special.contains($0) }) else { return part }
        return String(decoding: example(of: Array(part.utf8), depth: 0), as: UTF8.self)
    }

    private static let special = Array("(){}|".utf8)

    private func example(of part: [UInt8], depth: Int) -> [UInt8] {
        guard depth < 8 else { return [] }
        var first: Range<Int>?
        Self.eachChoice(of: part, 0..<part.count) { first = first ?? $0 }
        guard let range = first else { return [] }
        var (out, rest): ([UInt8], Int) = ([], range.lowerBound)
        while let bracket = Self.bracket(in: part, rest..<range.upperBound), let end = bracket.end {
            let inner = Array(part[(bracket.start + 1)..<end])
            let choice = bracket.isClass ? members(of: String(decoding: inner, as: UTF8.self)).first ?? [] : inner
            out += part[rest..<bracket.start] + example(of: choice, depth: depth + 1)
            rest = end + 1
        }
        return out + part[rest..<range.upperBound]
    }

    // MARK: - Reading

    /// The pieces between each `|` that stands in no brackets.
    static func eachChoice(
        of text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) throws -> Void
    ) rethrows {
        var (depth, start, index) = (0, range.lowerBound, range.lowerBound)
        while index < range.upperBound {
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "|") where depth == 0:
                try body(start..<index)
                start = index + 1
            default: break
            }
            index += 1
        }
        try body(start..<range.upperBound)
    }

    /// The first bracket of a text.
    static func bracket(in text: [UInt8], _ range: Range<Int>) -> Bracket? {
        var (depth, index, start) = (0, range.lowerBound, -1)
        while index < range.upperBound {
            switch text[index] {
            case UInt8(ascii: "("), UInt8(ascii: "{"):
                if start < 0 { start = index }
                depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "}"):
                if start < 0 { break }
                depth -= 1
                if depth == 0 { return Bracket(start: start, end: index, isClass: text[start] == UInt8(ascii: "{")) }
            default: break
            }
            index += 1
        }
        return start < 0 ? nil : Bracket(start: start, end: nil, isClass: false)
    }
}
