import Base
import Text

/// What a line of a rule asks for, taken apart: alternatives of words that must all be there.
///
/// Commas separate alternatives. In one, words stand anywhere, words in quotes next to each other; `*` at the end or
/// inside of a word stands for any letters. Words are those of the search: case, accents and vowel marks do not matter,
/// and Chinese, Japanese and Thai need no spaces. Addresses, headers, file names and tags with a `*` are compared as a
/// whole. There are no other patterns, so that no rule can take long.
struct RuleWords: Sendable, Equatable {
    /// One word of a text, or what it may be.
    enum Element: Sendable, Equatable {
        case term(String)
        case prefix(String)
        case glob(Glob)
    }

    /// All of these must hold.
    struct Alternative: Sendable, Equatable {
        /// Each stands somewhere, its elements next to each other.
        var phrases: [[Element]] = []
        /// Each is like one of the values as a whole.
        var wholes: [Glob] = []
    }

    private static let longest = 2000
    private static let commas: Set<Character> = [",", "\n", ";", "،", "؛", "、", "，", "；"]
    private static let quotes: Set<Character> = ["\"", "“", "”", "„", "«", "»", "「", "」", "『", "』", "‟"]

    var alternatives: [Alternative]
    /// Of a header line `Name: words`, folded; empty otherwise.
    var header = ""

    /// Throws `invalid` when there is nothing to look for.
    init(_ text: String, for place: RuleCondition.Place) throws(Failure) {
        guard text.utf8.count <= Self.longest else { throw Failure(.invalid, "rule-too-long") }
        var text = text
        if place == .header {
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
                throw Failure(.invalid, "rule-header-invalid")
            }
            header = text[..<colon].lowercased().trimmingCharacters(in: .whitespaces)
            text = String(text[text.index(after: colon)...])
        }
        alternatives = []
        for part in Self.split(text) {
            let alternative = try Self.alternative(part, for: place)
            if !alternative.phrases.isEmpty || !alternative.wholes.isEmpty { alternatives.append(alternative) }
        }
        guard !alternatives.isEmpty || (place == .header && text.allSatisfy(\.isWhitespace)) else {
            throw Failure(.invalid, "rule-words-missing", arguments: [text.trimmingCharacters(in: .whitespaces)])
        }
    }

    /// A piece between commas: tokens, with those that stood in quotes.
    private typealias Part = [(token: String, isQuoted: Bool)]

    private static func split(_ text: String) -> [Part] {
        var parts: [Part] = []
        var part: Part = []
        var token = ""
        var isQuoted = false
        func endToken() {
            if !token.isEmpty { part.append((token, isQuoted)) }
            token = ""
        }
        for character in text {
            if quotes.contains(character) {
                endToken()
                isQuoted.toggle()
            } else if commas.contains(character), !isQuoted {
                endToken()
                parts.append(part)
                part = []
            } else if character.isWhitespace, !isQuoted {
                endToken()
            } else {
                token.append(character)
            }
        }
        endToken()
        return parts + [part]
    }

    private static func alternative(_ part: Part, for place: RuleCondition.Place) throws(Failure) -> Alternative {
        var alternative = Alternative()
        for (token, isQuoted) in part {
            if !isQuoted, isWhole(token, for: place) {
                alternative.wholes.append(Glob(token))
            } else if let phrase = try elements(of: token) {
                alternative.phrases.append(phrase)
            }
        }
        return alternative
    }

    /// Whether a token is compared with whole values instead of words.
    private static func isWhole(_ token: String, for place: RuleCondition.Place) -> Bool {
        switch place {
        case .tag, .language: true
        case .sender, .recipient: token.contains("@") || token.contains("*")
        case .header, .file: token.contains("*")
        case .words, .subject, .text: false
        }
    }

    /// Words next to each other; nil when there are none.
    private static func elements(of token: String) throws(Failure) -> [Element]? {
        var elements: [Element] = []
        for word in token.split(whereSeparator: \.isWhitespace).map(String.init) {
            let stars = word.count { $0 == "*" }
            if stars == 0 || (stars == 1 && word.last == "*") {
                let terms = SearchTerms.terms(of: word)
                guard let last = terms.last else { continue }
                elements += terms.dropLast().map { .term($0) }
                elements.append(stars == 1 || isOneCharacter(last) ? .prefix(last) : .term(last))
            } else {
                elements.append(.glob(try Glob(folding: word)))
            }
        }
        return elements.isEmpty ? nil : elements
    }

    /// One character of a script without spaces stands at the beginning of a pair in a text.
    private static func isOneCharacter(_ term: String) -> Bool {
        term.unicodeScalars.count == 1 && SearchTerms.terms(of: term + term + term).count == 2
    }
}

/// A text with `*` for any letters. Compared in time proportional to both lengths at worst: no expression that
/// backtracks.
struct Glob: Sendable, Equatable {
    private let pattern: [UInt8]
    /// What stands before the first star.
    var beginning: String { String(decoding: pattern.prefix { $0 != UInt8(ascii: "*") }, as: UTF8.self) }

    /// Compared with values in lower case.
    init(_ text: String) { pattern = Array(text.lowercased().utf8) }

    /// Compared with one search term. Throws `invalid` when a part of it is several words.
    init(folding text: String) throws(Failure) {
        var pattern: [UInt8] = []
        for (index, piece) in text.split(separator: "*", omittingEmptySubsequences: false).enumerated() {
            if index > 0, pattern.last != UInt8(ascii: "*") { pattern.append(UInt8(ascii: "*")) }
            let terms = SearchTerms.terms(of: String(piece))
            guard terms.count <= 1 else { throw Failure(.invalid, "rule-glob-invalid", arguments: [text]) }
            pattern += Array((terms.first ?? "").utf8)
        }
        guard pattern.contains(where: { $0 != UInt8(ascii: "*") }) else {
            throw Failure(.invalid, "rule-glob-invalid", arguments: [text])
        }
        self.pattern = pattern
    }

    /// Goes forward only: when a literal fails, the last star takes one more byte.
    func matches(_ value: String) -> Bool {
        let star = UInt8(ascii: "*")
        var value = value
        return value.withUTF8 { bytes in
            var (p, v, afterStar, retry) = (0, 0, -1, 0)
            while v < bytes.count {
                if p < pattern.count, pattern[p] == star {
                    (afterStar, retry) = (p + 1, v)
                    p += 1
                } else if p < pattern.count, pattern[p] == bytes[v] {
                    p += 1
                    v += 1
                } else if afterStar >= 0 {
                    retry += 1
                    (p, v) = (afterStar, retry)
                } else {
                    return false
                }
            }
            return pattern[p...].allSatisfy { $0 == star }
        }
    }
}
