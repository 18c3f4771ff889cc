/// How easy a text is to read, by what is published for its language. Numbers of two languages cannot be compared.
package struct Readability: Sendable, Equatable {
    /// A formula with its source. The first of a language is the one that is shown.
    package enum Formula: String, Sendable, CaseIterable {
        /// R. Flesch 1948, English.
        case flesch
        /// T. Amstad 1978, German.
        case amstad
        /// R. Bamberger, E. Vanecek 1984, German: grades of school.
        case wiener1 = "wiener-1"
        case wiener2 = "wiener-2"
        case wiener3 = "wiener-3"
        case wiener4 = "wiener-4"
        /// J. Fernández Huerta 1959, Spanish.
        case fernandezHuerta = "fernandez-huerta"
        /// F. Szigriszt Pazos 1993, Spanish.
        case szigrisztPazos = "szigriszt-pazos"
        /// A. Crawford 1984, Spanish: years of school.
        case crawford
        /// L. Gutiérrez de Polini 1972, Spanish.
        case gutierrezPolini = "gutierrez-polini"
        /// L. Kandel, A. Moles 1958, French.
        case kandelMoles = "kandel-moles"
        /// I. Oborneva 2006, Russian.
        case oborneva
        /// T. Martins and others 1996, Portuguese.
        case martins
        /// M. El-Haj, P. Rayson 2016, Arabic.
        case osman
        /// C. Björnsson 1968, any script with spaces; J. Anderson 1983.
        case lix
        case rix
    }

    /// What is shown raw, where there is no formula or beside it.
    package enum Feature: String, Sendable, CaseIterable {
        case wordsPerSentence = "words-per-sentence"
        case charactersPerSentence = "characters-per-sentence"
        /// Percent of the characters.
        case hanShare = "han-share"
        case rareHanShare = "rare-han-share"
        /// For a hundred words.
        case conjuncts
        case matras
    }

    package let language: String
    package let counts: TextCounts
    package let scores: [(formula: Formula, value: Double)]
    package let features: [(feature: Feature, value: Double)]

    package static func == (left: Readability, right: Readability) -> Bool {
        left.language == right.language && left.counts == right.counts
    }

    package init(_ text: String, language: String) {
        self.init(counts: TextCounts(text, language: language), language: language)
    }

    /// With counts from elsewhere.
    package init(counts: TextCounts, language: String) {
        self.language = language
        self.counts = counts
        let primary = String(language.lowercased().prefix { $0 != "-" })
        scores = Self.formulas(primary).compactMap { formula in formula.value(counts).map { (formula, $0) } }
        features = Self.features(primary).compactMap { feature in feature.value(counts).map { (feature, $0) } }
    }

    /// The one that is compared with earlier texts: a name and a number, nil for an empty text.
    package var main: (name: String, value: Double)? {
        scores.first.map { ($0.formula.rawValue, $0.value) } ?? features.first.map { ($0.feature.rawValue, $0.value) }
    }

    private static func formulas(_ language: String) -> [Formula] {
        switch language {
        case "en": [.flesch, .lix, .rix]
        case "de": [.amstad, .wiener1, .wiener2, .wiener3, .wiener4, .lix, .rix]
        case "es": [.fernandezHuerta, .szigrisztPazos, .crawford, .gutierrezPolini, .lix, .rix]
        case "fr": [.kandelMoles, .lix, .rix]
        case "ru": [.oborneva, .lix, .rix]
        case "pt": [.martins, .lix, .rix]
        case "ar": [.osman]
        // Weak evidence (49 sentences): raw numbers, no grade.
        case "hi", "ja", "zh", "th", "lo", "km", "my": []
        default: [.lix, .rix]
        }
    }

    private static func features(_ language: String) -> [Feature] {
        switch language {
        case "zh": [.charactersPerSentence, .rareHanShare]
        // Y. Tateisi and others 1988 (COLING C88-2135): runs of kanji and the length of sentences.
        case "ja": [.charactersPerSentence, .hanShare]
        case "hi": [.wordsPerSentence, .conjuncts, .matras]
        default: [.wordsPerSentence]
        }
    }
}

extension Readability.Formula {
    /// Nil for a text without words.
    func value(_ counts: TextCounts) -> Double? {
        guard counts.words > 0, counts.sentences > 0 else { return nil }
        let words = Double(counts.words)
        let length = words / Double(counts.sentences)
        let syllables = Double(counts.syllables) / words
        let share = { (part: Int) in 100 * Double(part) / words }
        switch self {
        case .flesch: return 206.835 - 1.015 * length - 84.6 * syllables
        case .amstad: return 180 - length - 58.5 * syllables
        case .fernandezHuerta: return 206.84 - 1.02 * length - 60 * syllables
        case .szigrisztPazos: return 206.835 - length - 62.3 * syllables
        case .crawford: return -0.205 * share(counts.sentences) + 0.049 * share(counts.syllables) - 3.407
        case .gutierrezPolini: return 95.2 - 9.7 * Double(counts.letters) / words - 0.35 * length
        case .kandelMoles: return 207 - 1.015 * length - 73.6 * syllables
        case .oborneva: return 206.835 - 1.3 * length - 60.1 * syllables
        case .martins: return 248.835 - 1.015 * length - 84.6 * syllables
        case .osman:
            let rare = share(counts.complexWords + counts.longArabicWords + counts.syllables + counts.faseeh) / 100
            return 200.791 - 1.015 * length - 24.181 * rare
        case .lix: return length + share(counts.longWords)
        case .rix: return Double(counts.longWords) / Double(counts.sentences)
        case .wiener1, .wiener2, .wiener3, .wiener4:
            return wiener(
                hard: share(counts.polysyllables), length: length, long: share(counts.longWords),
                short: share(counts.monosyllables))
        }
    }

    private func wiener(hard: Double, length: Double, long: Double, short: Double) -> Double {
        switch self {
        case .wiener1: 0.1935 * hard + 0.1672 * length + 0.1297 * long - 0.0327 * short - 0.875
        case .wiener2: 0.2007 * hard + 0.1682 * length + 0.1373 * long - 2.779
        case .wiener3: 0.2963 * hard + 0.1905 * length - 1.1144
        default: 0.2744 * hard + 0.2656 * length - 1.693
        }
    }
}

extension Readability.Feature {
    func value(_ counts: TextCounts) -> Double? {
        guard counts.words > 0, counts.sentences > 0 else { return nil }
        let percent = { (part: Int, whole: Int) in whole == 0 ? 0 : 100 * Double(part) / Double(whole) }
        switch self {
        case .wordsPerSentence: return Double(counts.words) / Double(counts.sentences)
        case .charactersPerSentence: return Double(counts.characters) / Double(counts.sentences)
        case .hanShare: return percent(counts.han, counts.characters)
        case .rareHanShare: return percent(counts.rareHan, counts.han)
        case .conjuncts: return percent(counts.conjuncts, counts.words)
        case .matras: return percent(counts.matras, counts.words)
        }
    }
}
