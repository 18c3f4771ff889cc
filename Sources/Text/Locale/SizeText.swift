import CICU

/// Sizes of files as a language writes them.
package enum SizeText {
    /// `2.4 MB`, `2,4 Mo`: powers of ten, as file managers show them.
    package static func text(_ bytes: Int, language: String) -> String {
        let (number, unit): (Double, Int32) =
            switch bytes {
            case ..<1000: (Double(bytes), 0)
            case ..<1_000_000: (Double(bytes / 1000), 1)
            case ..<1_000_000_000: (Double(bytes / 100_000) / 10, 2)
            default: (Double(bytes / 100_000_000) / 10, 3)
            }
        return ICUText.text { cicu_format_unit(language, number, unit, $0, $1) } ?? String(bytes)
    }
}
