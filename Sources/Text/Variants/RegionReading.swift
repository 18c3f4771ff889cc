/// Counts in a text what tells its region: twice what only one region writes, once what one writes more.
struct RegionReading {
    struct Word {
        let text: String
        /// Capital letter within a sentence: of a name, whose spelling is not the writer's.
        let isName: Bool
    }

    private static let telling = 2
    private static let hint = 1

    private let language: String
    private let words: [Word]

    init(_ text: Substring, language: String) {
        self.language = language
        words = Self.words(of: text)
    }

    /// Each word and row of words once, however often it is there.
    func score(_ region: String, _ known: RegionWords) -> Int {
        var found: [String: Int] = [:]
        var isLeaning = false
        for (place, word) in words.enumerated() {
            if !word.isName {
                // What hangs on by a hyphen belongs to the grammar: `registei-me`.
                let bare = word.text.split(separator: "-").first.map(String.init) ?? word.text
                if known.telling.contains(word.text) || known.telling.contains(bare) || known.stems.begin(word.text)
                    || hasShape(word.text, region)
                {
                    found[word.text] = Self.telling
                } else if known.hints.contains(word.text) {
                    found[word.text] = Self.hint
                } else if known.leanings.begin(word.text) {
                    isLeaning = true
                }
            }
            for length in 2...3 where place + length <= words.count {
                let row = words[place..<place + length].map(\.text).joined(separator: " ")
                if known.phrases.contains(row) { found[row] = Self.telling }
                if known.hints.contains(row) { found[row] = Self.hint }
            }
            if goesOn(at: place, region) { found["…"] = Self.telling }
        }
        return found.values.reduce(isLeaning ? Self.hint : 0, +)
    }

    private func hasShape(_ word: String, _ region: String) -> Bool {
        guard language == "pt" else { return false }
        return region == "br" ? PortugueseShapes.isBrazilian(word) : PortugueseShapes.isPortuguese(word)
    }

    private func goesOn(at place: Int, _ region: String) -> Bool {
        guard language == "pt", place + 1 < words.count else { return false }
        let (word, next) = (words[place].text, words[place + 1].text)
        if region == "br" { return PortugueseShapes.goesOnBrazilian(word, next) }
        return place + 2 < words.count && PortugueseShapes.goesOnPortuguese(word, next, words[place + 2].text)
    }

    static func words(of text: Substring) -> [Word] {
        var words: [Word] = []
        var current = ""
        var (startsSentence, isFirst) = (true, true)
        func isLetter(_ character: Character) -> Bool {
            character.isLetter || (!current.isEmpty && (character == "-" || character == "'" || character == "’"))
        }
        func end() {
            guard !current.isEmpty else { return }
            let small = current.lowercased().replacing("’", with: "'")
            // All in capitals is an abbreviation, or a shout.
            let isName = !isFirst && current.first?.isUppercase == true && current != current.uppercased()
            words.append(Word(text: small, isName: isName))
            current = ""
        }
        for character in text {
            if isLetter(character) {
                if current.isEmpty { (isFirst, startsSentence) = (startsSentence, false) }
                current.append(character)
            } else {
                end()
                if ".!?:\n".contains(character) || character.isNewline { startsSentence = true }
            }
        }
        end()
        return words
    }
}
