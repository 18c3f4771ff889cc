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
        var out = String.UnicodeScalarView()
        var count = 0
        var index = 0
        while index < scalars.count {
            if let end = match(scalars, at: index) {
                out.append(contentsOf: Self.mark.unicodeScalars)
                count += 1
                index = end
            } else {
                out.append(scalars[index])
                index += 1
            }
        }
        return count == 0 ? (text, 0) : (String(out), count)
    }

    func stands(in text: String) -> Bool { removed(from: text).count > 0 }

    /// Where the passage that begins here ends.
    private func match(_ text: [Unicode.Scalar], at start: Int) -> Int? {
        var index = start
        for (position, word) in words.enumerated() {
            if position > 0 {
                let gap = index
                while index < text.count, Self.isBetween(text[index]) { index += 1 }
                guard index > gap else { return nil }
            }
            guard index + word.count <= text.count else { return nil }
            for (offset, scalar) in word.enumerated() where text[index + offset] != scalar { return nil }
            index += word.count
        }
        return index
    }

    /// White space, and the signs mail programs put before quoted lines.
    private static func isBetween(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == ">" || scalar == "|"
    }

    private static func split(_ text: String) -> [[Unicode.Scalar]] {
        text.unicodeScalars.split(whereSeparator: isBetween).map(Array.init)
    }
}
