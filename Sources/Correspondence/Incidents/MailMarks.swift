import Base
import Foundation
import Text

/// What a mail speaks of whatever its language: links and the titles of pages, titles in quotation marks, numbers, and
/// the sound of names in five scripts. Each is a number of its kind.
enum MailMarks {
    enum Kind: UInt32 {
        case page, number, name, meaning
    }

    private static let most = 60
    private static let longestTitle = 80

    /// A number with the highest bit; words of a language have none.
    static func mark(_ kind: Kind, _ text: some Sequence<UInt8>) -> UInt32 {
        (Bursts.number(text) & 0x1FFF_FFFF) | (kind.rawValue << 29) | 0x8000_0000
    }

    static func kind(of number: UInt32) -> Kind? {
        number & 0x8000_0000 == 0 ? nil : Kind(rawValue: (number >> 29) & 3)
    }

    static func all(_ text: String) -> Set<UInt32> {
        var found = links(text)
        found.formUnion(titles(text))
        var words = Words()
        for scalar in text.unicodeScalars { words.take(scalar) }
        words.end()
        for number in words.numbers { found.insert(mark(.number, number.utf8)) }
        for name in words.names.prefix(most) { found.insert(mark(.name, name)) }
        return found
    }

    // MARK: - Links and titles

    private static func links(_ text: String) -> Set<UInt32> {
        guard text.contains("://") || text.contains("www.") else { return [] }
        var found: Set<UInt32> = []
        for word in text.split(whereSeparator: { $0.isWhitespace || "<>\"".contains($0) }).prefix(2000) {
            guard found.count < most,
                let start = word.range(of: "://")?.upperBound ?? word.range(of: "www.")?.lowerBound
            else { continue }
            let address = word[start...].trimmingCharacters(in: CharacterSet(charactersIn: ".,;:!?()[]{}'»”"))
            found.formUnion(marks(ofAddress: address))
        }
        return found
    }

    private static func marks(ofAddress address: String) -> Set<UInt32> {
        let parts = address.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1)
        let place = parts.first.map(String.init) ?? ""
        let path = (place.removingPercentEncoding ?? place).split(separator: "/").map(String.init)
        guard let first = path.first else { return [] }
        let host = first.lowercased().split(separator: ".").filter { $0 != "www" && $0 != "m" }
        var found = [mark(.page, host.joined(separator: ".").utf8)] as Set
        if let page = path.last, path.count > 1 { found.formUnion(title(page)) }
        for field in parts.dropFirst().joined().split(separator: "&") {
            let pair = field.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0] == "title" else { continue }
            let name = String(pair[1])
            found.formUnion(title(name.removingPercentEncoding ?? name))
        }
        return found
    }

    private static let quotes: [Character: Character] = [
        "«": "»", "“": "”", "„": "“", "《": "》", "「": "」", "『": "』", "‘": "’", "\"": "\"", "[": "]",
    ]

    private static func titles(_ text: String) -> Set<UInt32> {
        var found: Set<UInt32> = []
        var open: (end: Character, text: String)?
        for character in text {
            if let now = open {
                if character == now.end || (now.end == "“" && character == "”") {
                    found.formUnion(title(now.text))
                    open = nil
                } else if character.isNewline || now.text.count >= longestTitle {
                    open = nil
                } else {
                    open?.text.append(character)
                }
            } else if let end = quotes[character], found.count < most {
                open = (end, "")
            }
        }
        return found
    }

    /// A title's words one after the other; nothing of what is too short to tell.
    private static func title(_ text: String) -> [UInt32] {
        let terms = SearchTerms.terms(of: text.replacingOccurrences(of: "_", with: " "))
        let joined = terms.joined(separator: " ")
        return joined.utf8.count >= 5 ? [mark(.page, joined.utf8)] : []
    }

    // MARK: - Numbers and names

    private struct Words {
        private static let fewestDigits = 3
        private static let sounds = 4

        var numbers: Set<String> = []
        var names: [[UInt8]] = []
        private var digits = ""
        private var word: [Unicode.Scalar] = []

        mutating func take(_ scalar: Unicode.Scalar) {
            if let digit = digit(scalar) {
                digits.unicodeScalars.append(digit)
                return
            }
            if !digits.isEmpty { endNumber() }
            if NameSounds.isLetter(scalar) { word.append(scalar) } else if !word.isEmpty { endWord() }
        }

        mutating func end() {
            if !digits.isEmpty { endNumber() }
            if !word.isEmpty { endWord() }
        }

        private func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
            switch scalar.value {
            case 0x30...0x39: scalar
            case 0x660...0x669, 0x6F0...0x6F9, 0x966...0x96F:
                Unicode.Scalar(0x30 + (scalar.value & 0xF) - (scalar.value >= 0x966 && scalar.value <= 0x96F ? 6 : 0))
            case 0xFF10...0xFF19: Unicode.Scalar(scalar.value - 0xFF10 + 0x30)
            default: nil
            }
        }

        private mutating func endNumber() {
            if digits.count >= Self.fewestDigits, digits.count <= 20 { numbers.insert(digits) }
            digits = ""
        }

        private mutating func endWord() {
            defer { word.removeAll(keepingCapacity: true) }
            guard word.count >= 4, NameSounds.mayBeName(word) else { return }
            let sounds = NameSounds.sounds(word, most: Self.sounds)
            if sounds.count == Self.sounds { names.append(sounds) }
        }
    }
}
