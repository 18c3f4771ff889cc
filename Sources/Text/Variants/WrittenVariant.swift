/// In which script, or in the spelling of which region, a text is written: `zh-hant`, `sr-latn`, `pt-br`, `en-gb`.
///
/// By characters and words that stand in one only. Nothing is said where the text does not tell: a short greeting may
/// be of either.
package enum WrittenVariant {
    /// Letters and words looked at; more tells nothing new.
    private static let longest = 8000
    /// So many times as much for one as for the other.
    private static let clear = 3

    /// Whether a language has variants that can be told.
    package static func isKnown(_ language: String) -> Bool {
        language == "zh" || LanguageScripts.of(language) != nil || RegionWords.all[language] != nil
    }

    /// The variant a text in `language` (a primary code) is written in; nil where it does not tell.
    package static func of(_ text: String, language: String) -> String? {
        let text = text.prefix(longest)
        if language == "zh" { return chinese(text).map { "zh-" + $0 } }
        if let scripts = LanguageScripts.of(language) {
            return script(text, among: scripts).map { "\(language)-\($0)" }
        }
        return RegionWords.all[language].flatMap { region(text, language, among: $0) }.map { "\(language)-\($0)" }
    }

    /// By characters that only one of the two has.
    private static func chinese(_ text: Substring) -> String? {
        var (simplified, traditional) = (0, 0)
        for scalar in text.unicodeScalars where (0x4E00...0x9FFF).contains(scalar.value) {
            if HanVariants.isOnlySimplified(scalar) { simplified += 1 }
            if HanVariants.isOnlyTraditional(scalar) { traditional += 1 }
        }
        return better(("hans", simplified), ("hant", traditional), least: 1)
    }

    private static func script(_ text: Substring, among scripts: [String]) -> String? {
        var counts: [String: Int] = [:]
        for scalar in text.unicodeScalars {
            if let script = LanguageScripts.script(of: scalar) { counts[script, default: 0] += 1 }
        }
        let own = scripts.map { ($0, counts[$0] ?? 0) }.sorted { $0.1 > $1.1 }
        guard own.count >= 2 else { return nil }
        return better(own[0], own[1], least: 12)
    }

    private static func region(
        _ text: Substring, _ language: String, among regions: [String: RegionWords]
    ) -> String? {
        let reading = RegionReading(text, language: language)
        let found = regions.map { ($0.key, reading.score($0.key, $0.value)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        guard found.count >= 2 else { return nil }
        return better(found[0], found[1], least: 2)
    }

    private static func better(_ one: (String, Int), _ other: (String, Int), least: Int) -> String? {
        let (more, less) = one.1 >= other.1 ? (one, other) : (other, one)
        return more.1 >= least && more.1 > clear * less.1 ? more.0 : nil
    }
}
