/// The charset of bytes nobody has labelled, told by what their letters would be.
enum CharsetGuess {
    /// Bytes looked at; more tells nothing new.
    private static let sample = 65_536

    /// Never fails: the last resort is windows-1252.
    static func decode(_ bytes: [UInt8]) -> String {
        if hasJapaneseEscape(bytes) {
            if let text = Charset.convert(bytes, from: "ISO-2022-JP-3"), text.errors == 0 { return text.text }
            if let text = Charset.japanese(bytes), text.errors == 0 { return text.text }
        }
        // One or two letters tell nothing.
        if bytes.count(where: { $0 > 0x7F }) < 3 { return Charset.windows1252(bytes) }
        let head = bytes.count > sample ? Array(bytes.prefix(sample)) : bytes
        var best: (name: String, score: Double)?
        for name in candidates {
            guard let converted = Charset.convert(head, from: name) else { continue }
            let value = score(converted.text, errors: converted.errors, name: name)
            if value > (best?.score ?? 0) { best = (name, value) }
        }
        let western = score(Charset.windows1252(head), errors: head.count(where: isUnassigned), name: "")
        guard let best, best.score > western, let text = Charset.convert(bytes, from: best.name)?.text else {
            return Charset.windows1252(bytes)
        }
        return Charset.otherCyrillic(bytes, readAs: best.name, text) ?? text
    }

    /// ESC `$B`, `$@`, `(J` or `(I`: ISO-2022-JP needs no high bit.
    static func hasJapaneseEscape(_ bytes: [UInt8]) -> Bool {
        guard let escape = bytes.firstIndex(of: 0x1B), escape + 2 < bytes.count else { return false }
        let pair = (bytes[escape + 1], bytes[escape + 2])
        return pair == (0x24, 0x42) || pair == (0x24, 0x40) || pair == (0x28, 0x4A) || pair == (0x28, 0x49)
    }

    /// Bytes that windows-1252 has no character for, or letters beyond ASCII that stand beside each other rather than
    /// between Latin ones.
    static func isHardlyWestern(_ bytes: [UInt8]) -> Bool {
        var (high, beside, unassigned) = (0, 0, 0)
        var previous: UInt8 = 0
        for byte in bytes.prefix(sample) {
            if byte >= 0x80 {
                if isUnassigned(byte) { unassigned += 1 }
                high += 1
                if byte >= 0xC0, previous >= 0xC0 { beside += 1 }
            }
            previous = byte
        }
        return (unassigned > 0 && high >= 4) || (high >= 8 && beside * 5 > high * 3)
    }

    private static func isUnassigned(_ byte: UInt8) -> Bool {
        byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D
    }

    private static let candidates = [
        "CP932", "EUC-JP", "EUC-KR", "GB2312", "BIG5", "CP1251", "KOI8-R", "ISO-8859-2", "CP1250", "CP1253", "CP1255",
        "CP1256", "CP874",
    ]

    /// Likely letters per scalar beyond ASCII, 0 to 1; broken places count against it.
    private static func score(_ text: String, errors: Int, name: String) -> Double {
        let scalars = text.unicodeScalars.map(\.value)
        var total = 0
        var points = 0.0
        for index in scalars.indices where scalars[index] > 0x7F {
            let before = index > 0 ? scalars[index - 1] : 0
            let after = index + 1 < scalars.count ? scalars[index + 1] : 0
            total += 1
            points += weight(scalars[index], before, isLatin(before) || isLatin(after), name)
        }
        guard total > 0 else { return 0 }
        return points / Double(total) - 3 * Double(errors) / Double(total + errors)
    }

    private static func isLatin(_ value: UInt32) -> Bool { (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7A }

    /// `touches` says that a Latin letter stands beside it: in words of other alphabets none does.
    private static func weight(_ value: UInt32, _ previous: UInt32, _ touches: Bool, _ name: String) -> Double {
        switch value {
        case 0x3040...0x30FF: return name == "CP932" || name == "EUC-JP" ? 1 : 0.2
        case 0xAC00...0xD7A3: return name == "EUC-KR" ? 0.95 : 0.2
        // Rare characters have high code points in all these orders; Hangul and Kana already won theirs.
        case 0x4E00...0x9FFF: return touches ? 0.3 : ideograph[name] ?? 0.55
        case 0x3000...0x303F, 0xFF01...0xFF60: return 0.8
        case 0xFF61...0xFF9F: return 0.05
        case 0x0430...0x044F, 0x0451: return touches ? 0 : 0.9
        // A capital behind a small letter is the mark of Cyrillic read with the wrong table.
        case 0x0410...0x042F: return touches || (0x0430...0x044F).contains(previous) ? 0 : 0.8
        case 0x03AC...0x03CE: return touches ? 0 : 0.75
        case 0x05D0...0x05EA, 0x0621...0x064A, 0x0E01...0x0E4D: return touches ? 0 : 0.7
        case 0x0391...0x03A9: return touches || (0x03AC...0x03CE).contains(previous) ? 0 : 0.5
        // Letters of western Europe stand between Latin letters.
        case 0xC0...0xFF: return value == 0xD7 || value == 0xF7 ? 0.1 : touches ? 0.8 : previous > 0x7F ? 0.35 : 0.6
        case 0x2013...0x2026, 0x20AC, 0xA0, 0xA7, 0xA9, 0xAB, 0xBB: return 0.6
        case 0x0104...0x017E: return touches ? 0.65 : 0.4
        default: return 0.05
        }
    }

    private static let ideograph: [String: Double] = ["GB2312": 0.85, "BIG5": 0.8, "CP932": 0.7]
}
