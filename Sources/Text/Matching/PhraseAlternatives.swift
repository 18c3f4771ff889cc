/// The small language in which packs say several things at once: `a|b` one or the other, `kill(s|ed|)` endings,
/// `{will}` one of a class of words.
package struct PhraseAlternatives: Sendable {
    /// More ways than this to read one part are a mistake of its author.
    static let limit = 20_000

    /// By name, the members of a class; they may name other classes.
    private let classes: [String: [String]]
    /// What these classes are known by; others have another name.
    let name: String

    package init(classes: [String: [String]] = [:], name: String = "") {
        self.classes = classes
        self.name = name
    }

    /// All that a part stands for; nothing when it names an unknown class, goes in a circle or stands for too much.
    package func all(of part: String) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        guard expand(part, depth: 0, { if seen.insert($0).inserted { found.append($0) } }) else { return [] }
        return found.count > Self.limit ? [] : found
    }

    /// The first of all that a part stands for, to show to people.
    package func example(of part: String) -> String { example(of: part[...], depth: 0) }

    private func example(of part: Substring, depth: Int) -> String {
        guard depth < 8 else { return "" }
        var out = ""
        var rest = Self.choices(part)[0]
        while let start = rest.firstIndex(where: { $0 == "(" || $0 == "{" }), let end = Self.end(of: rest[start...]) {
            let inner = rest[rest.index(after: start)..<end]
            let first = rest[start] == "{" ? (classes[String(inner)]?.first ?? "")[...] : inner
            out += rest[..<start] + example(of: first, depth: depth + 1)
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }

    private func expand(_ part: String, depth: Int, _ body: (String) -> Void) -> Bool {
        guard depth < 8 else { return false }
        for choice in Self.choices(part[...]) {
            guard let ways = ways(of: choice, depth: depth) else { return false }
            ways.forEach(body)
        }
        return true
    }

    /// The ways to read a text without a `|` of its own: those of its pieces, each with each.
    private func ways(of text: Substring, depth: Int) -> [String]? {
        var ways = [""]
        var rest = text
        while let start = rest.firstIndex(where: { $0 == "(" || $0 == "{" }) {
            let plain = rest[..<start]
            guard let end = Self.end(of: rest[start...]) else { return nil }
            let inner = rest[rest.index(after: start)..<end]
            var pieces: [String] = []
            for choice in rest[start] == "{" ? classes[String(inner)] ?? [] : [String(inner)] {
                guard expand(choice, depth: depth + 1, { pieces.append($0) }) else { return nil }
            }
            guard !pieces.isEmpty, ways.count * pieces.count <= Self.limit else { return nil }
            ways = ways.flatMap { way in pieces.map { way + plain + $0 } }
            rest = rest[rest.index(after: end)...]
        }
        return ways.map { $0 + rest }
    }

    /// Split at each `|` that stands in no brackets.
    private static func choices(_ text: Substring) -> [Substring] {
        var choices: [Substring] = []
        var (depth, start) = (0, text.startIndex)
        for index in text.indices {
            switch text[index] {
            case "(", "{": depth += 1
            case ")", "}": depth -= 1
            case "|" where depth == 0:
                choices.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return choices + [text[start...]]
    }

    /// Where the bracket that a text begins with is closed.
    private static func end(of text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(", "{": depth += 1
            case ")", "}":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}
