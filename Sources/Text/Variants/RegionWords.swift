/// What tells one region's way of writing a language from the other's. All in lower case.
struct RegionWords: Sendable {
    /// Words the other region does not write: its own spelling, and words of every day.
    let telling: Set<String>
    /// Beginnings of such words.
    let stems: WordBeginnings
    /// Two or three words in a row that the other region does not say.
    let phrases: Set<String>
    /// Words and rows of words that the other region writes too, but less.
    let hints: Set<String>
    /// Beginnings that many on the other side have chosen as well: all of them together are one hint.
    let leanings: WordBeginnings

    init(
        telling: String, stems: String = "", phrases: [String] = [], hints: String = "", hintPhrases: [String] = [],
        leanings: String = ""
    ) {
        self.telling = Self.words(telling)
        self.stems = WordBeginnings(Self.words(stems))
        self.phrases = Set(phrases)
        self.hints = Self.words(hints).union(hintPhrases)
        self.leanings = WordBeginnings(Self.words(leanings))
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    static let all: [String: [String: RegionWords]] = [
        "en": ["gb": .british, "us": .american], "pt": ["br": .brazilian, "pt": .portuguese],
    ]
}

/// Beginnings of words, found by their first three letters.
struct WordBeginnings: Sendable {
    private static let length = 3
    private let known: [String: [String]]

    /// Of three letters at least.
    init(_ beginnings: Set<String>) {
        known = Dictionary(grouping: beginnings) { String($0.prefix(Self.length)) }
    }

    func begin(_ word: String) -> Bool {
        known[String(word.prefix(Self.length))]?.contains { word.hasPrefix($0) } ?? false
    }
}
