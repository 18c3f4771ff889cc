import CICU

/// What is counted in a text to say how easy it is to read.
package struct TextCounts: Sendable, Equatable {
    package var sentences = 0
    package var words = 0
    package var syllables = 0
    package var letters = 0
    /// Words of more than six letters.
    package var longWords = 0
    /// Words of three syllables or more, and of one.
    package var polysyllables = 0
    package var monosyllables = 0
    /// Arabic: words with more than five vowel signs, of more than five letters, and with rarer letters.
    package var complexWords = 0
    package var longArabicWords = 0
    package var faseeh = 0
    /// Scripts without spaces: characters, those of them that are Chinese, and those of these that are rarely used.
    package var characters = 0
    package var han = 0
    package var rareHan = 0
    /// Hindi: joined consonants and vowel signs.
    package var conjuncts = 0
    package var matras = 0

    package init() {}

    /// `language` is a BCP 47 tag; quotes and signatures are left out by the caller.
    package init(_ text: String, language: String) {
        let lines = Self.joined(text)
        let primary = String(language.lowercased().prefix { $0 != "-" })
        let counter = Syllables(language: language)
        for line in lines {
            sentences += Self.sentences(line, locale: primary)
            for piece in WordBreaks.pieces(line, locale: primary) where piece.isWord {
                add(piece.text, primary, counter)
            }
        }
        if words > 0 { sentences = max(1, sentences) }
        if primary == "ar" { countArabic(lines) }
    }

    private mutating func add(_ word: String, _ language: String, _ counter: Syllables) {
        let scalars = word.unicodeScalars
        let length = scalars.count { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        words += 1
        letters += length
        if length > 6 { longWords += 1 }
        let count = counter.count(word)
        syllables += count
        if count >= 3 { polysyllables += 1 }
        if count == 1 { monosyllables += 1 }
        switch language {
        case "zh", "ja": addCharacters(scalars)
        case "hi":
            conjuncts += scalars.count { $0.value == 0x94D }
            matras += scalars.count { (0x93E...0x94C).contains($0.value) || (0x900...0x903).contains($0.value) }
        default: break
        }
    }

    private mutating func addCharacters(_ scalars: String.UnicodeScalarView) {
        for scalar in scalars {
            characters += 1
            guard scalar.properties.isIdeographic else { continue }
            han += 1
            if !CommonHan.contains(scalar) { rareHan += 1 }
        }
    }

    // MARK: - Sentences

    /// Lines that were only wrapped are one again: a mail's lines end at 72 characters, not its sentences.
    private static func joined(_ text: String) -> [String] {
        var lines: [String] = []
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.drop(while: \.isWhitespace)
            if line.isEmpty || line.hasPrefix(">") {
                isOpen = false
                continue
            }
            if isOpen, !line.hasPrefix("- "), !line.hasPrefix("* ") {
                lines[lines.count - 1] += " " + line
            } else {
                lines.append(String(line))
            }
            isOpen = line.count >= 45
        }
        return lines
    }

    /// A sentence has at least three words, or ends as one does in a script without spaces: greetings are none.
    private static func sentences(_ line: String, locale: String) -> Int {
        let bytes = Array(line.utf8)
        var ends = [Int32](repeating: 0, count: bytes.count)
        let count = cicu_sentence_breaks(bytes, Int32(bytes.count), locale, &ends, Int32(bytes.count))
        guard count > 0 else { return 1 }
        var start = 0
        return (0..<Int(count)).count { index in
            let end = Int(ends[index])
            defer { start = end }
            let sentence = String(decoding: bytes[start..<end], as: UTF8.self)
            return WordBreaks.pieces(sentence, locale: locale).count(where: \.isWord) > 2
        }
    }
}

// MARK: - Arabic

extension TextCounts {
    /// As OSMAN counts (M. El-Haj, P. Rayson, LREC 2016): where most words lack vowel signs, every letter but the alefs
    /// stands for a syllable.
    private mutating func countArabic(_ lines: [String]) {
        syllables = 0
        let words = lines.flatMap { WordBreaks.pieces($0, locale: "ar").filter(\.isWord).map(\.text) }
        var (vowelled, short, letters) = (0, 0, 0)
        for word in words {
            let scalars = Array(word.unicodeScalars)
            let counted = Self.arabicSyllables(scalars)
            if counted.short > 0 { vowelled += 1 }
            short += counted.short
            letters += counted.letters
            syllables += 2 * counted.doubled
            if scalars.count(where: { (0x64B...0x651).contains($0.value) }) > 5 { complexWords += 1 }
            if scalars.count(where: { !Self.isVowelSign($0) }) > 5 { longArabicWords += 1 }
            if counted.estimate > 5, Self.hasFaseeh(scalars) { faseeh += 1 }
        }
        syllables += 2 * vowelled > words.count ? short : letters
    }

    private static func arabicSyllables(
        _ word: [Unicode.Scalar]
    ) -> (short: Int, doubled: Int, letters: Int, estimate: Int) {
        var (short, long, stressed, letters) = (0, 0, 0, 0)
        for (index, scalar) in word.enumerated() {
            switch scalar.value {
            case 0x64E, 0x64F, 0x650:
                let next = index + 1 < word.count ? word[index + 1].value : 0
                if [0x627, 0x648, 0x64A].contains(next) { long += 1 } else { short += 1 }
            case 0x64B, 0x64C, 0x64D, 0x651: stressed += 1
            default: break
            }
            if scalar.value != 0x627, scalar.value != 0x649 { letters += 1 }
        }
        let doubled = long + stressed
        return (short, doubled, letters, (short == 0 ? letters - 2 : short) + 2 * doubled)
    }

    private static func isVowelSign(_ scalar: Unicode.Scalar) -> Bool {
        (0x64B...0x653).contains(scalar.value) || scalar.value == 0x657 || scalar.value == 0x658
    }

    private static func hasFaseeh(_ word: [Unicode.Scalar]) -> Bool {
        word.enumerated().contains { index, scalar in
            if [0x626, 0x621, 0x624, 0x630, 0x638].contains(scalar.value) { return true }
            guard scalar.value == 0x648, index + 1 < word.count else { return false }
            return word[index + 1].value == 0x627 || word[index + 1].value == 0x646
        }
    }
}
