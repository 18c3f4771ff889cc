/// A text as runs of letters, runs of digits, and single characters; of scripts without spaces each character alone.
struct DateTokens {
    struct Token: Sendable {
        /// Folded as search folds; digits in ASCII.
        var text: String
        /// As written.
        var written: String
        var number: Int?
        /// Nothing stands between it and the one before.
        var touches: Bool
    }

    private static let longest = 6000
    private(set) var all: [Token] = []
    private var run = ""
    private var digits = ""
    private var touches = false

    init(_ text: String) {
        for character in text.prefix(Self.longest) { take(character) }
        end()
    }

    private mutating func take(_ character: Character) {
        if let value = character.wholeNumberValue, (0...9).contains(value), !Self.isHan(character) {
            endWord()
            digits.append(String(value))
        } else if Self.isAlone(character) {
            end()
            all.append(
                Token(
                    text: String(character), written: String(character), number: Self.han[character], touches: touches))
            touches = true
        } else if character.isLetter {
            endDigits()
            run.append(character)
        } else {
            end()
            if character == "\n" { all.append(Token(text: "\n", written: "\n", number: nil, touches: false)) }
            touches = !character.isWhitespace
            guard touches else { return }
            all.append(
                Token(text: Self.folded[character] ?? String(character), written: String(character), touches: true))
        }
    }

    private mutating func end() {
        endWord()
        endDigits()
    }

    private mutating func endWord() {
        guard !run.isEmpty else { return }
        let text = SearchTerms.terms(of: run).joined()
        all.append(Token(text: text.isEmpty ? run : text, written: run, number: nil, touches: touches))
        run = ""
        touches = true
    }

    private mutating func endDigits() {
        guard !digits.isEmpty else { return }
        all.append(
            Token(text: digits, written: digits, number: digits.count <= 4 ? Int(digits) : nil, touches: touches))
        digits = ""
        touches = true
    }

    private static let folded: [Character: String] = ["：": ":", "／": "/", "．": ".", "’": "'"]

    private static let han: [Character: Int] = [
        "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    ]

    private static func isHan(_ character: Character) -> Bool { han[character] != nil }

    private static func isAlone(_ character: Character) -> Bool {
        guard let value = character.unicodeScalars.first?.value else { return false }
        return (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value) || value == 0x3006
    }
}
