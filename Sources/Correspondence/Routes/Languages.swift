import Text
import Web

/// Languages a ticket may have and a member may know: those the detector tells apart and that have their own wiki.
enum Languages {
    static let codes = [
        "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es", "et", "eu",
        "fa",
        "fi", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id", "ig", "is", "it", "ja", "ka", "kk",
        "km",
        "kn", "ko", "ku", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "ne", "nl", "no", "pa", "pl",
        "ps",
        "pt", "ro", "ru", "sd", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl",
        "tr",
        "uk", "ur", "uz", "vi", "yi", "yo", "zh", "zh-hant", "zu",
    ]

    /// By their names in the reader's language.
    static func choices(in language: String, selected: [String]) -> [Choice] {
        let all = codes + selected.filter { !codes.contains($0) }
        return all.map { (code: $0, name: LanguageNames.name(of: $0, in: language)) }
            .sorted { Collation.isBefore($0.name, $1.name, in: language) }
            .map { Choice($0.code, .verbatim($0.name), isSelected: selected.contains($0.code)) }
    }
}
