import Foundation
import Testing

@testable import Correspondence

/// Sentences of `Tests/Fixtures/triage`: what the packs must find, and what they must leave alone.
@Suite struct PackTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private struct Sentences: Decodable {
        var should: [String]
        var shouldNot: [String]
    }

    private static func packs() throws -> KeywordPacks {
        try KeywordPacks(folder: root.appending(path: "Resources/triage/packs"))
    }

    /// Of danger to life nothing may be missed; what is flagged too much is a matter of degree.
    @Test(arguments: SpecialistLabel.allCases) func `the packs find what they must and leave most else alone`(
        label: SpecialistLabel
    ) throws {
        let file = Self.root.appending(path: "Tests/Fixtures/triage/\(label.rawValue).json")
        let packs = try Self.packs()
        let all = try JSONDecoder().decode([String: Sentences].self, from: try Data(contentsOf: file))
        #expect(Set(all.keys).isSuperset(of: ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"]))
        for (language, sentences) in all {
            let missed = sentences.should.filter { text in !packs.look(at: text).contains { $0.label == label } }
            let wrong = sentences.shouldNot.filter { text in packs.look(at: text).contains { $0.label == label } }
            let (mayMiss, mayErr) = label == .danger ? (0, 0.1) : (sentences.should.count / 10, 0.15)
            #expect(missed.count <= mayMiss, "\(language) missed: \(missed)")
            #expect(Double(wrong.count) <= mayErr * Double(sentences.shouldNot.count), "\(language) wrong: \(wrong)")
        }
    }

    @Test(arguments: SpecialistLabel.allCases) func `every label has a card in ten languages, of 60 words`(
        label: SpecialistLabel
    ) throws {
        let cards = try LabelCards(folder: Self.root.appending(path: "Resources/triage/cards"))
        for language in ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"] {
            let card = try #require(cards.card(of: label, language: language, emergency: "help@desk.example"))
            #expect(!card.title.isEmpty && !card.todo.isEmpty && !card.never.isEmpty && !card.ask.isEmpty)
            let parts = card.todo + card.never + [card.ask]
            #expect(!parts.contains { $0.contains("{{") })
            let words = parts.joined(separator: " ").split(separator: " ").count
            let letters = parts.joined().count
            let isSpaced = !["ja", "zh"].contains(language)
            #expect(isSpaced ? (45...75).contains(words) : (90...210).contains(letters), "\(language): \(words)")
        }
        #expect(
            cards.card(of: label, language: "eo", emergency: "")?.title
                == cards.card(
                    of: label, language: "en", emergency: "")?.title)
    }

    @Test func `a phrase that takes the meaning away is respected`() {
        let packs = KeywordPacks([
            .init(
                label: "danger",
                languages: [
                    "en": [.init(match: ["suicid"], kind: .stem, why: "", unless: ["suicide squad"])]
                ])
        ])
        #expect(packs.look(at: "The Suicide Squad film").isEmpty)
        #expect(packs.look(at: "The Suicide Squad film made me suicidal").count == 1)
    }
}
