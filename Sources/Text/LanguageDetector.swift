import CCLD2

/// Language of a text by CLD2.
package enum LanguageDetector {
    /// Bytes of letters from which a text speaks for itself, against the sender's habit too.
    private static let enough = 40
    /// Percent of a text that must be in one language.
    private static let clear: Int32 = 70
    /// Bytes looked at; more tells nothing new.
    private static let longest = 64 * 1024

    /// BCP 47 primary code (`zh` for all Chinese), or nil when it cannot be told. `prior` is the sender's usual language.
    package static func detect(_ text: String, prior: String? = nil) -> String? {
        let words = LanguageSample.words(of: text, limit: longest)
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
                withOptionalCString(hint) { ccld2_detect(characters.baseAddress, characters.count, $0, bestEffort ? 1 : 0) }
            }
        }
        let code = result.code.flatMap { normalised(String(cString: $0)) }
        return Finding(code: code, percent: result.percent, letters: result.textBytes, isReliable: result.isReliable != 0)
    }

    private static func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
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
        var out: [UInt8] = []
        var isFenced = false
        for line in text.utf8.split(separator: 0x0A) {
            if line.starts(with: Array("```".utf8)) {
                isFenced.toggle()
                continue
            }
            if isFenced { continue }
            for word in line.split(whereSeparator: { $0 <= 0x20 }) where isLanguage(word) {
                out.append(contentsOf: word)
                out.append(0x20)
            }
            out.append(0x0A)
            if out.count >= limit { break }
        }
        return out
    }

    private static func isLanguage(_ word: Substring.UTF8View.SubSequence) -> Bool {
        guard word.count <= 2048 else { return false }
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
        return !(word.starts(with: Array("www.".utf8)))
    }
}
