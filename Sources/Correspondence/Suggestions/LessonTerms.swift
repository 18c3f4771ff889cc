import Text

/// The words of a letter that say what it is about, by their hashes: the longest, cut to their beginning, so that
/// other endings of a word are the same.
enum LessonTerms {
    private static let most = 24
    private static let stem = 7

    private static let longest = 6000

    static func of(_ text: String) -> [String] {
        var seen: Set<String> = []
        let terms = SearchTerms.terms(of: String(text.prefix(longest))).compactMap { term -> String? in
            guard let stem = stem(of: term) else { return nil }
            return seen.insert(stem).inserted ? stem : nil
        }
        return Array(
            terms.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.prefix(most)
                .map(\.element))
    }

    /// The words of a letter by what is kept of them, for people to read.
    static func words(of text: String) -> WrittenWords {
        WrittenWords(String(text.prefix(longest)), key: stem(of:))
    }

    /// The beginning of a word that may say something; nil for the others.
    private static func stem(of term: String) -> String? {
        guard let first = term.unicodeScalars.first, first.properties.isAlphabetic else { return nil }
        let stem = String(term.prefix(stem))
        let isPair = first.value >= 0x3040
        let isWord = stem.unicodeScalars.contains { $0.properties.isIdeographic || $0.value >= 0x30A0 }
        return (isPair ? isWord : stem.count >= 4) ? stem : nil
    }

    /// FNV-1a; words cannot be read from it.
    static func hash(_ term: String) -> Int64 {
        Int64(bitPattern: term.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 })
    }
}
