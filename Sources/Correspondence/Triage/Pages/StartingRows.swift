import Base
import People
import Storage
import Web

extension TriageRoomMaker {
    /// What the shipped model can do, label by label.
    func startingRows(
        outgrown: Set<SpecialistLabel>, off: [SpecialistLabel: StartingUse.Off], _ members: MemberStore,
        in db: any Connection
    ) throws -> [StartingRow] {
        try SpecialistLabel.allCases.compactMap { label in
            guard let figures = starting.figures[label] else { return nil }
            let name = try off[label].map { try members.find($0.member, in: db)?.name ?? "" } ?? ""
            return StartingRow(
                name: Phrase("label-\(label.rawValue)"),
                state: off[label].map {
                    Phrase("triage-starting-off", .text(name), .text(signs.moment($0.at).exact))
                } ?? Phrase(outgrown.contains(label) ? "triage-starting-outgrown" : "triage-starting-use"),
                isOn: off[label] == nil,
                switchPath: off[label] == nil ? TriagePaths.off(label) : TriagePaths.on(label),
                plain: Self.sum(figures.plain) ?? Phrase("triage-share-none"), veiled: Self.sum(figures.veiled),
                harmless: Self.sum(figures.harmless), mails: Self.words(figures.mails),
                letters: Self.words(figures.letters),
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
