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

    @Test(arguments: SpecialistLabel.allCases) func `the packs find what they must and nothing else`(
        label: SpecialistLabel
    ) throws {
        let file = Self.root.appending(path: "Tests/Fixtures/triage/\(label.rawValue).json")
        guard let data = try? Data(contentsOf: file) else { return }
        let packs = try Self.packs()
        for (language, sentences) in try JSONDecoder().decode([String: Sentences].self, from: data) {
            for text in sentences.should {
                #expect(packs.look(at: text, language: language).contains { $0.label == label }, "\(language): \(text)")
            }
            for text in sentences.shouldNot {
                let found = packs.look(at: text, language: language).filter { $0.label == label }
                #expect(found.isEmpty, "\(language): \(text): \(found.map(\.match))")
            }
        }
    }

    @Test func `danger is looked for in every language whatever the text seems to be in`() throws {
        let packs = try Self.packs()
        #expect(packs.look(at: "I want to kill myself", language: "de").contains { $0.label == .danger })
    }

    @Test func `a phrase that takes the meaning away is respected`() {
        let packs = KeywordPacks([
            .init(
                label: "danger",
                languages: [
                    "en": [.init(match: "suicid", kind: .stem, why: "", unless: ["suicide squad"])]
                ])
        ])
        #expect(packs.look(at: "The Suicide Squad film", language: "en").isEmpty)
        #expect(packs.look(at: "The Suicide Squad film made me suicidal", language: "en").count == 1)
    }
}
