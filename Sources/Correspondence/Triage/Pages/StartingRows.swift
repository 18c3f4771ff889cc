import Base
import Web

extension TriageRoomMaker {
    /// What the shipped model can do, label by label.
    func startingRows(outgrown: Set<SpecialistLabel>) -> [StartingRow] {
        SpecialistLabel.allCases.compactMap { label in
            guard let figures = starting.figures[label] else { return nil }
            return StartingRow(
                name: Phrase("label-\(label.rawValue)"),
                state: Phrase(outgrown.contains(label) ? "triage-starting-outgrown" : "triage-starting-use"),
                plain: Self.sum(figures.plain) ?? Phrase("triage-share-none"), veiled: Self.sum(figures.veiled),
                harmless: Self.sum(figures.harmless), mails: Self.words(figures.mails),
                languages: figures.plain.keys.sorted().map { language in
                    StartingRow.LanguageCount(
                        language: signs.language(language),
                        plain: figures.plain[language].map(Self.words) ?? Phrase("triage-share-none"),
                        veiled: figures.veiled[language].map(Self.words),
                        harmless: figures.harmless[language].map(Self.words))
                })
        }
    }

    private static func sum(_ counts: [String: StartingModel.Figures.Count]) -> Phrase? {
        counts.isEmpty ? nil : words(counts.values.reduce(.init(), +))
    }

    /// Never a bare share: few cases say little.
    private static func words(_ count: StartingModel.Figures.Count) -> Phrase {
        let interval = WilsonInterval(count.found, of: count.of)
        func percent(_ share: Double, _ rule: FloatingPointRoundingRule) -> Phrase.Argument {
            .number(Int((share * 100).rounded(rule)))
        }
        return Phrase(
            "triage-starting-count", .number(count.found), .number(count.of), percent(interval.low, .down),
            percent(interval.high, .up))
    }
}
