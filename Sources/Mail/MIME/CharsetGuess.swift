/// The charset of bytes nobody has labelled, told by what their letters would be.
enum CharsetGuess {
    /// Never fails: the last resort is windows-1252.
    static func decode(_ bytes: [UInt8]) -> String {
        if hasJapaneseEscape(bytes), let text = Charset.convert(bytes, from: "ISO-2022-JP-3"), text.errors == 0 {
            return text.text
        }
        // One or two letters tell nothing.
        if bytes.count(where: { $0 > 0x7F }) < 3 { return Charset.windows1252(bytes) }
        var best: (name: String, score: Double)?
        for name in candidates {
            guard
                let converted = Charset.convert(bytes.count > 65_536 ? Array(bytes.prefix(65_536)) : bytes, from: name)
            else { continue }
            let value = score(converted.text, errors: converted.errors, name: name)
            if value > (best?.score ?? 0) { best = (name, value) }
        }
        let western = score(Charset.windows1252(Array(bytes.prefix(65_536))), errors: 0, name: "")
        guard let best, best.score > western else { return Charset.windows1252(bytes) }
        return Charset.convert(bytes, from: best.name)?.text ?? Charset.windows1252(bytes)
    }

    /// ESC `$B`, `$@`, `(J` or `(I`: ISO-2022-JP needs no high bit.
    static func hasJapaneseEscape(_ bytes: [UInt8]) -> Bool {
        guard let escape = bytes.firstIndex(of: 0x1B), escape + 2 < bytes.count else { return false }
        let pair = (bytes[escape + 1], bytes[escape + 2])
        return pair == (0x24, 0x42) || pair == (0x24, 0x40) || pair == (0x28, 0x4A) || pair == (0x28, 0x49)
    }

    private static let candidates = [
        "CP932", "EUC-JP", "EUC-KR", "GB2312", "BIG5", "CP1251", "KOI8-R", "ISO-8859-2", "CP1253", "CP1255", "CP1256",
        "CP874",
    ]

    /// Likely letters per scalar beyond ASCII, 0 to 1; broken places count against it.
    private static func score(_ text: String, errors: Int, name: String) -> Double {
        var total = 0
        var points = 0.0
        var previous: UInt32 = 0
        for scalar in text.unicodeScalars where scalar.value > 0x7F || previous > 0x7F || isLatin(scalar.value) {
            if scalar.value > 0x7F {
                total += 1
                points += weight(scalar.value, after: previous, name)
            }
            previous = scalar.value
        }
        guard total > 0 else { return 0 }
        return points / Double(total) - 3 * Double(errors) / Double(total + errors)
    }

    private static func isLatin(_ value: UInt32) -> Bool { (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7A }

    private static func weight(_ value: UInt32, after previous: UInt32, _ name: String) -> Double {
        switch value {
        case 0x3040...0x30FF: return name == "CP932" || name == "EUC-JP" ? 1 : 0.2
        case 0xAC00...0xD7A3: return name == "EUC-KR" ? 0.95 : 0.2
        // Rare characters have high code points in all these orders; Hangul and Kana already won theirs.
        case 0x4E00...0x9FFF: return name == "GB2312" ? 0.85 : name == "BIG5" ? 0.8 : 0.55
        case 0x3000...0x303F, 0xFF01...0xFF60: return 0.8
        case 0xFF61...0xFF9F: return 0.05
        case 0x0430...0x044F, 0x0451: return 0.9
        // A capital behind a small letter is the mark of Cyrillic read with the wrong table.
        case 0x0410...0x042F: return (0x0430...0x044F).contains(previous) ? 0 : 0.8
        case 0x03AC...0x03CE: return 0.75
        case 0x05D0...0x05EA, 0x0621...0x064A, 0x0E01...0x0E4D: return 0.7
        case 0x0391...0x03A9: return (0x03AC...0x03CE).contains(previous) ? 0 : 0.5
        // Letters of western Europe stand between Latin letters.
        case 0xC0...0xFF: return value == 0xD7 || value == 0xF7 ? 0.1 : isLatin(previous) || previous == 0 ? 0.8 : 0.35
        case 0x2013...0x2026, 0x20AC, 0xA0, 0xA7, 0xA9, 0xAB, 0xBB: return 0.6
        case 0x0104...0x017E: return isLatin(previous) ? 0.65 : 0.4
        default: return 0.05
        }
    }

}
