/// Words to be taken out of a text, wherever lines break and however often they were quoted.
struct Passage: Sendable {
    /// What stands in place of the words; its length says nothing.
    static let mark = "████████"
    /// Fewer letters would strike half the text.
    static let shortest = 3

    private let words: [[Unicode.Scalar]]

    /// Nil when too short to be meant.
    init?(_ text: String) {
        words = Self.split(text)
        guard words.reduce(0, { $0 + $1.count }) >= Self.shortest else { return nil }
    }

    /// The text without the passage, and how often it stood there.
    func removed(from text: String) -> (text: String, count: Int) {
        let scalars = Array(text.unicodeScalars)
        var out: [Unicode.Scalar] = []
        var count = 0
        var index = 0
        while index < scalars.count {
            if let found = match(scalars, at: index) {
                index = found.end
                if found.marks > 0 { Self.balance(&out, scalars, &index, marks: found.marks) }
                out += Self.mark.unicodeScalars
                count += 1
            } else {
                out.append(scalars[index])
                index += 1
            }
        }
        var struck = String.UnicodeScalarView()
        struck.append(contentsOf: out)
        return count == 0 ? (text, 0) : (String(struck), count)
    }

    func stands(in text: String) -> Bool { removed(from: text).count > 0 }

    /// Where the passage that begins here ends, and how many marks of light formatting stand within.
    private func match(_ text: [Unicode.Scalar], at start: Int) -> (end: Int, marks: Int)? {
        var (index, marks) = (start, 0)
        for (position, word) in words.enumerated() {
            if position > 0 {
                var hasGap = false
                while index < text.count, Self.isBetween(text[index]) || Self.isFormatting(text, index) {
                    hasGap = hasGap || Self.isBetween(text[index])
                    marks += Self.isBetween(text[index]) ? 0 : 1
                    index += 1
                }
                // What belongs to the words themselves was no formatting.
                while index > start, text[index - 1] == word[0], Self.isFormatting(text, index - 1) {
                    (index, marks) = (index - 1, marks - 1)
                }
                guard hasGap else { return nil }
            }
            for scalar in word {
                while index > start, index < text.count, text[index] != scalar, Self.isFormatting(text, index) {
                    (index, marks) = (index + 1, marks + 1)
                }
                guard index < text.count, text[index] == scalar else { return nil }
                index += 1
            }
        }
        return (index, marks)
    }

    /// Marks whose fellows were struck go too: those before the passage, or else those after it.
    private static func balance(
        _ out: inout [Unicode.Scalar], _ text: [Unicode.Scalar], _ index: inout Int, marks: Int
    ) {
        let before = out.reversed().prefix { formatting.contains($0) }.count
        let after = text[index...].prefix { formatting.contains($0) }.count
        if before > 0, marks >= before, (marks - before).isMultiple(of: 2) {
            out.removeLast(before)
        } else if after > 0, marks >= after, (marks - after).isMultiple(of: 2) {
            index += after
        }
    }

    private static let formatting: Set<Unicode.Scalar> = ["*", "_", "`"]

    /// Marks of light formatting are not seen where a passage is copied. Low lines within words are of the words.
    private static func isFormatting(_ text: [Unicode.Scalar], _ index: Int) -> Bool {
        guard formatting.contains(text[index]) else { return false }
        guard text[index] == "_", index > 0, index + 1 < text.count else { return true }
        return !text[index - 1].properties.isAlphabetic || !text[index + 1].properties.isAlphabetic
    }

    /// White space, and the signs mail programs put before quoted lines.
    private static func isBetween(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == ">" || scalar == "|"
    }

    private static func split(_ text: String) -> [[Unicode.Scalar]] {
        text.unicodeScalars.split(whereSeparator: isBetween).map(Array.init)
    }
}
