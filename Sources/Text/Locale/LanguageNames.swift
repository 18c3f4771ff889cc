import CICU
import Synchronization

/// Names of languages as CLDR has them.
package enum LanguageNames {
    private static let limit = 4096
    // Codes can come from mail headers, so the cache is bounded; a name costs ICU some microseconds.
    private static let cache = Mutex<[String: String]>([:])

    /// The name of the language `code` in `language` (both BCP 47); the code itself where CLDR knows no name.
    package static func name(of code: String, in language: String) -> String {
        let entry = code + "\n" + language
        if let known = cache.withLock({ $0[entry] }) { return known }
        let name = ICUText.text { cicu_language_name(code, language, $0, $1) } ?? ""
        let shown = name.isEmpty ? code : name
        cache.withLock { names in
            if names.count >= limit { names.removeAll() }
            names[entry] = shown
        }
        return shown
    }
}
