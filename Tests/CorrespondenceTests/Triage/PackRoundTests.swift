import Foundation
import Testing

@testable import Correspondence

/// Sentences that were written in rounds for English, German, Spanish, French and Portuguese, each round before the
/// packs were tried on it; `first` says what the packs of that day made of a sentence.
@Suite struct PackRoundTests {
    private struct Round: Decodable {
        struct Sentence: Decodable {
            var text: String
            var first: Bool
        }

        struct List: Decodable {
            var plain: [Sentence]?
            var veiled: [Sentence]?
            var harmless: [Sentence]?

            var should: [Sentence] { (plain ?? []) + (veiled ?? []) }
        }

        var round: Int
        var label: String
        var languages: [String: List]
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func rounds(_ name: String) throws -> [Round] {
        let file = root.appending(path: "Tests/Fixtures/triage/\(name).json")
        return try JSONDecoder().decode([Round].self, from: try Data(contentsOf: file))
    }

    @Test(arguments: ["rounds-danger-latin", "rounds-others-latin"])
    func `what was missed when first tried is found now, and little else`(name: String) throws {
        let packs = try KeywordPacks(folder: Self.root.appending(path: "Resources/triage/packs"))
        let rounds = try Self.rounds(name)
        var (wrong, harmless) = (0, 0)
        for round in rounds {
            let isFound = { (text: String) in packs.look(at: text).contains { $0.label.rawValue == round.label } }
            for (language, list) in round.languages {
                let missed = list.should.map(\.text).filter { !isFound($0) }
                #expect(missed.isEmpty, "\(round.label) \(round.round) \(language) missed: \(missed)")
                harmless += list.harmless?.count ?? 0
                wrong += (list.harmless ?? []).filter { isFound($0.text) }.count
            }
        }
        #expect(rounds.count >= 5 && wrong * 100 <= 8 * harmless, "\(wrong) of \(harmless) flagged wrongly")
    }

    /// The figures of `docs/admin/packs.md`: whoever adds a round puts its figures there.
    @Test func `the figures of the manual are those of the rounds`() throws {
        let found = try Self.rounds("rounds-danger-latin").map { round in
            let lists = round.languages.values
            return [lists.flatMap { $0.plain ?? [] }, lists.flatMap { $0.veiled ?? [] }].map { list in
                "\(list.filter(\.first).count) of \(list.count)"
            }
        }

        let manual = try String(
            contentsOf: Self.root.appending(path: "docs/admin/packs.md"), encoding: .utf8)

        for figure in found.joined() { #expect(manual.contains(figure), "\(figure)") }
    }
}
