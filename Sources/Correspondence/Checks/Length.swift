import Text

/// Letters and sentences that are long to read.
enum Length {
    /// Most words of a letter and of a sentence; characters where words have no spaces.
    private static let most = (letter: 400, sentence: 40)
    private static let mostCharacters = (letter: 900, sentence: 120)

    static func findings(in checked: CheckedText) -> [Finding] {
        let isUnspaced = checked.language == "ja" || checked.language == "zh"
        let limits = isUnspaced ? mostCharacters : most
        var found: [Finding] = []
        let size = size(checked.prose, checked.language, isUnspaced)
        if size > limits.letter { found.append(Finding(.length, "letter", "", other: String(size))) }
        let longest = sentences(checked.prose).map { ($0, Self.size($0, checked.language, isUnspaced)) }
            .max { $0.1 < $1.1 }
        if let (sentence, size) = longest, size > limits.sentence {
            found.append(Finding(.length, "sentence", beginning(sentence, isUnspaced), other: String(size)))
        }
        return found
    }

    private static func size(_ text: String, _ language: String, _ isUnspaced: Bool) -> Int {
        isUnspaced
            ? text.unicodeScalars.count { $0.properties.isAlphabetic || $0.properties.numericType != nil }
            : WordBreaks.pieces(text, locale: language).count(where: \.isWord)
    }

    /// Paragraphs, cut where a sentence ends before a space.
    private static func sentences(_ text: String) -> [String] {
        text.split(separator: "\n\n").flatMap { paragraph -> [String] in
            var sentences: [String] = [""]
            var hasEnded = false
            for character in paragraph {
                if hasEnded, character.isWhitespace { sentences.append("") }
                hasEnded = ".!?:;।؟。！？；".contains(character)
                sentences[sentences.count - 1].append(character)
                if hasEnded, "。！？；".contains(character) {
                    sentences.append("")
                    hasEnded = false
                }
            }
            return sentences
        }
    }

    private static func beginning(_ sentence: String, _ isUnspaced: Bool) -> String {
        let line = sentence.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return isUnspaced
            ? String(line.prefix(16)) + "…" : line.split(separator: " ").prefix(6).joined(separator: " ") + "…"
    }
}
