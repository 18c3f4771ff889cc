import CCLD2

/// Language of a text by CLD2.
package enum LanguageDetector {
    /// Bytes of letters from which a text speaks for itself, against the sender's habit too.
    private static let enough = 40
    /// Percent of a text that must be in one language.
    private static let clear: Int32 = 70
    /// Bytes looked at; more tells nothing new.
    private static let longest = 4 * 1024
    /// Bytes that are enough when they are all in one language.
    private static let beginning = 1024
    private static let alone: Int32 = 95

    /// BCP 47 primary code (`zh` for all Chinese), or nil when it cannot be told. `prior` is the sender's usual
    /// language.
    package static func detect(_ text: String, prior: String? = nil) -> String? {
        guard let found = detectByLetters(text, prior: prior) else { return nil }
        return WesternSouthSlavic.refined(found, text, prior: prior)
    }

    /// By letters alone.
    static func detectByLetters(_ text: String, prior: String?) -> String? {
        let words = LanguageSample.words(of: text, limit: longest)
        if words.count > beginning, let space = words[..<beginning].lastIndex(where: { $0 == 0x20 || $0 == 0x0A }) {
            let found = look(at: Array(words[..<space]), hint: nil, bestEffort: false)
            if let code = found.code, found.isReliable, found.percent >= alone { return code }
        }
        let found = look(at: words, hint: nil, bestEffort: false)
        if let code = found.code, found.isReliable, found.percent >= clear {
            if prior == nil || code == prior || found.letters >= enough { return code }
        }
        guard let prior else { return nil }
        // Short or mixed: the habit decides, unless even with it as a hint the text is clearly something else.
        let hinted = look(at: words, hint: prior, bestEffort: false)
        if let code = hinted.code, hinted.isReliable, hinted.percent >= clear { return code }
        return prior
    }

    private struct Finding {
        let code: String?
        let percent: Int32
        let letters: Int32
        let isReliable: Bool
    }

    private static func look(at words: [UInt8], hint: String?, bestEffort: Bool) -> Finding {
        let result = words.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                withOptionalCString(hint) {
                    ccld2_detect(characters.baseAddress, characters.count, $0, bestEffort ? 1 : 0)
                }
            }
        }
        let code = result.code.flatMap { normalised(String(cString: $0)) }
        return Finding(
            code: code, percent: result.percent, letters: result.textBytes, isReliable: result.isReliable != 0)
    }

    private static func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result)
        -> Result
    {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }

    /// CLD2's codes are partly older than today's standard.
    private static func normalised(_ code: String) -> String? {
        let primary = code.split(separator: "-").first.map(String.init) ?? code
        let modern = ["iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "no": "nb", "sh": "sr"]
        if primary == "un" || primary.hasPrefix("xx") { return nil }
        return modern[primary] ?? primary
    }
}

/// The words of a text that are language: without addresses, links, code and numbers.
private enum LanguageSample {
    static func words(of text: String, limit: Int) -> [UInt8] {
        var text = text
        return text.withUTF8 { bytes in
            var out: [UInt8] = []
            out.reserveCapacity(min(limit + 256, bytes.count + 64))
            var isFenced = false
            var start = 0
            while start < bytes.count, out.count < limit {
                var end = start
                while end < bytes.count, bytes[end] != 0x0A { end += 1 }
                if end - start >= 3, bytes[start] == 0x60, bytes[start + 1] == 0x60, bytes[start + 2] == 0x60 {
                    isFenced.toggle()
                } else if !isFenced, end > start {
                    add(UnsafeBufferPointer(rebasing: bytes[start..<end]), to: &out, limit: limit)
                    out.append(0x0A)
                }
                start = end + 1
            }
            return out
        }
    }

    private static func add(_ line: UnsafeBufferPointer<UInt8>, to out: inout [UInt8], limit: Int) {
        var start = 0
        while start < line.count, out.count < limit {
            var end = start
            while end < line.count, line[end] > 0x20 { end += 1 }
            let word = UnsafeBufferPointer(rebasing: line[start..<end])
            if !word.isEmpty, isLanguage(word) {
                out.append(contentsOf: word)
                out.append(0x20)
            }
            start = end + 1
        }
    }

    private static func isLanguage(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard word.count <= 2048 else { return false }
        if word.count >= 4, word[0] == 0x77, word[1] == 0x77, word[2] == 0x77, word[3] == 0x2E { return false }
        var previous: UInt8 = 0
        for byte in word {
            switch byte {
            case 0x40, 0x5C, 0x7B, 0x7D, 0x3D, 0x5F, 0x60:
                return false
            case 0x2F where previous == 0x2F || previous == 0x3A:
                return false
            case 0x3A where previous == 0x3A:
                return false
            default:
                previous = byte
            }
        }
        return true
    }
}
