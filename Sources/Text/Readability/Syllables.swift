import Synchronization

/// How many syllables a word has: by hyphenation patterns where the machine has them, else by runs of vowels.
package struct Syllables: Sendable {
    private let patterns: HyphenationPatterns?

    /// `language` is a BCP 47 tag.
    package init(language: String) { patterns = Self.patterns(language) }

    /// Whether they are counted by patterns.
    package var hasPatterns: Bool { patterns != nil }

    package func count(_ word: String) -> Int {
        let lower = word.lowercased()
        if let patterns { return patterns.breaks(in: lower.unicodeScalars) + 1 }
        return Self.vowelRuns(lower)
    }

    private static func vowelRuns(_ word: String) -> Int {
        var runs = 0
        var wasVowel = false
        for scalar in word.unicodeScalars {
            let isVowel = vowels.contains(scalar)
            if isVowel, !wasVowel { runs += 1 }
            wasVowel = isVowel
        }
        return max(1, runs)
    }

    private static let vowels = Set("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœаеёиоуыэюяіїєαεηιουωάέήίόύώ".unicodeScalars)

    // MARK: - Files

    private static let folders = ["/usr/share/hyphen", "/usr/local/share/hyphen", "/usr/share/myspell/dicts"]

    /// Names of files by language, the most special first.
    private static let files: [String: [String]] = [
        "en": ["en_US", "en_GB"], "de": ["de_DE", "de"], "es": ["es_ES", "es"], "fr": ["fr", "fr_FR"],
        "ru": ["ru_RU", "ru"], "pt": ["pt_PT", "pt_BR"], "pt-br": ["pt_BR", "pt_PT"], "it": ["it_IT"],
        "nl": ["nl_NL"], "pl": ["pl_PL"], "uk": ["uk_UA"], "cs": ["cs_CZ"], "sv": ["sv", "sv_SE"],
    ]

    /// Read once for each language, nil where there are none.
    private static let read = Mutex<[String: HyphenationPatterns?]>([:])

    private static func patterns(_ language: String) -> HyphenationPatterns? {
        let tag = language.lowercased().replacing("_", with: "-")
        let key = files[tag] == nil ? String(tag.prefix { $0 != "-" }) : tag
        guard let names = files[key] else { return nil }
        return read.withLock { read in
            if let known = read[key] { return known }
            let paths = names.flatMap { name in folders.map { "\($0)/hyph_\(name).dic" } }
            let found = paths.lazy.compactMap(HyphenationPatterns.init(file:)).first
            read[key] = .some(found)
            return found
        }
    }
}
