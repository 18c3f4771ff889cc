/// How people spell where no spelling is taught, or where the keyboard has not the letters.
///
/// Umlauts and Russian in Latin letters are written out with the phrase. Hindi and Arabic have a fold of their own,
/// which phrase and text go through: its hashes begin with another seed, so that no word of another language meets
/// them.
package enum PhraseSpelling: Sendable {
    case plain, german, russian, hindi, arabic

    package init(language: String) {
        self =
            switch language {
            case "de": .german
            case "ru": .russian
            case "hi": .hindi
            case "ar": .arabic
            default: .plain
            }
    }

    /// What hashes begin with: 0 for the terms of the search, another number for a fold.
    var seed: UInt64 {
        switch self {
        case .hindi: 1
        case .arabic: 2
        default: 0
        }
    }

    /// Whether a term is of the letters that the fold is for; others have none.
    func covers(_ term: [UInt8]) -> Bool {
        guard let first = term.first else { return false }
        return switch self {
        case .hindi: first < 0x80 || first == 0xE0
        case .arabic: (0xD8...0xDB).contains(first)
        default: false
        }
    }

    func fold(_ term: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .hindi:
            guard term.first.map({ $0 < 0x80 }) ?? true else { return DevanagariFold.fold(term) }
            var out: [UInt8] = []
            RomanFold.fold(term, into: &out)
            return out
        case .arabic: return ArabicFold.fold(term)
        default: return Array(term)
        }
    }

    /// In how many other manners phrases are written.
    var manners: Int {
        switch self {
        case .german: 1
        case .russian: RussianInLatin.manners.count
        default: 0
        }
    }

    /// A word in one of these manners, which count from 1; nil when it is written no other way.
    func spelled(_ word: String, manner: Int) -> String? {
        switch self {
        case .german: german(word)
        case .russian: RussianInLatin.spelled(word, manner: manner)
        default: nil
        }
    }

    private func german(_ word: String) -> String? {
        guard word.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        let letters: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"]
        guard word.contains(where: { letters[$0] != nil }) else { return nil }
        return word.map { letters[$0] ?? String($0) }.joined()
    }
}

/// Hindi in Latin letters has no spelling: long vowels once or twice, z or j, w or v.
enum RomanFold {
    static func fold(_ term: ArraySlice<UInt8>, into out: inout [UInt8]) {
        var index = term.startIndex
        while index < term.endIndex {
            let letter = term[index]
            var next = index + 1
            while next < term.endIndex, term[next] == letter { next += 1 }
            let isDouble = next - index > 1
            switch letter {
            case UInt8(ascii: "e") where isDouble: out.append(UInt8(ascii: "i"))
            case UInt8(ascii: "o") where isDouble: out.append(UInt8(ascii: "u"))
            case UInt8(ascii: "z"): out.append(UInt8(ascii: "j"))
            case UInt8(ascii: "w"): out.append(UInt8(ascii: "v"))
            case UInt8(ascii: "q"): out.append(UInt8(ascii: "k"))
            default: out.append(letter)
            }
            index = next
        }
    }
}

/// Long and short vowel signs, nasal signs and half letters, which hands on telephones mix up.
enum DevanagariFold {
    static func fold(_ term: ArraySlice<UInt8>) -> [UInt8] {
        let scalars = Array(String(decoding: term, as: UTF8.self).unicodeScalars)
        var out = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let next = index + 1 < scalars.count ? scalars[index + 1].value : 0
            switch (scalars[index].value, next) {
            case (0x928, 0x94D) where index + 2 < scalars.count: index += 1
            case (0x901...0x902, _): break
            case (0x92F, 0x947):
                out.append("\u{90F}")
                index += 1
            case (0x92F, 0x940):
                out.append("\u{907}")
                index += 1
            case (0x940, _): out.append("\u{93F}")
            case (0x942, _): out.append("\u{941}")
            case (0x908, _): out.append("\u{907}")
            case (0x90A, _): out.append("\u{909}")
            default: out.append(scalars[index])
            }
            index += 1
        }
        return Array(String(out).utf8)
    }
}

/// Hamza, its seats, and letters that dialects write alike; then the word without what is joined to its beginning.
enum ArabicFold {
    static func fold(_ term: ArraySlice<UInt8>) -> [UInt8] {
        var out = String.UnicodeScalarView()
        for scalar in String(decoding: term, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x621: break
            case 0x624: out.append("\u{648}")
            case 0x626: out.append("\u{64A}")
            case 0x630: out.append("\u{62F}")
            case 0x62B: out.append("\u{62A}")
            case 0x638: out.append("\u{636}")
            case 0x67E: out.append("\u{628}")
            case 0x686: out.append("\u{62C}")
            case 0x6A4: out.append("\u{641}")
            case 0x6AF: out.append("\u{643}")
            default: out.append(scalar)
            }
        }
        return Array(String(out).utf8)
    }

    /// A folded term without "and", "so", a preposition, the article, or the sign of the future.
    static func withoutJoined(_ term: [UInt8]) -> [[UInt8]] {
        let letters = Array(String(decoding: term, as: UTF8.self).unicodeScalars)
        var found: [ArraySlice<Unicode.Scalar>] = []
        var starts = [0]
        if let first = letters.first, first == "و" || first == "ف" { starts.append(1) }
        for start in starts {
            let rest = letters[start...]
            if start > 0 { found.append(rest) }
            guard rest.count > 3 else { continue }
            let (one, two) = (rest[start], rest[start + 1])
            let three = rest[start + 2]
            if one == "ا", two == "ل" { found.append(rest.dropFirst(2)) }
            if one == "ل", two == "ل" { found.append(rest.dropFirst(2)) }
            if "بكل".unicodeScalars.contains(one) {
                found.append(rest.dropFirst(1))
                if two == "ا", three == "ل" { found.append(rest.dropFirst(3)) }
            }
            if "سهح".unicodeScalars.contains(one), "انيت".unicodeScalars.contains(two) {
                found.append(rest.dropFirst(1))
            }
        }
        return found.filter { $0.count >= 3 }.map { Array(String(String.UnicodeScalarView($0)).utf8) }
    }
}

/// Russian as it is typed without Russian letters, in the three manners that are met most.
enum RussianInLatin {
    private static let common: [Character: String] = [
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "э": "e",
    ]
    static let manners: [[Character: String]] = [
        ["й": "y", "ы": "y", "ю": "yu", "я": "ya", "х": "h", "ц": "c"],
        ["й": "y", "ы": "y", "ю": "yu", "я": "ya", "х": "kh", "ц": "ts"],
        ["й": "j", "ы": "y", "ю": "ju", "я": "ja", "х": "h", "ц": "c"],
        ["й": "i", "ы": "i", "ю": "iu", "я": "ia", "х": "h", "ц": "ts"],
    ]

    static func spelled(_ word: String, manner: Int) -> String? {
        guard word.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        let lower = word.lowercased()
        let letters = manners[manner - 1]
        guard lower.contains(where: { common[$0] != nil || letters[$0] != nil }) else { return nil }
        return lower.map { common[$0] ?? letters[$0] ?? String($0) }.joined()
    }
}
