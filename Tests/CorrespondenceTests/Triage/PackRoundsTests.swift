import Foundation
import Testing

@testable import Correspondence

/// Sentences of rounds in which each was written before the packs were tried on it: `rounds-LANGUAGES.json`.
@Suite struct PackRoundsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private struct Sentence: Decodable {
        var text: String
        var round: Int
        /// Whether it was flagged when it was first tried.
        var first: Bool
        /// Given where it is not as it should be to this day: whether it is flagged now.
        var now: Bool?
    }

    private struct Sentences: Decodable {
        var should: [Sentence]
        var shouldNot: [Sentence]
    }

    private static func lists() throws -> [String: [String: Sentences]] {
        let file = root.appending(path: "Tests/Fixtures/triage/rounds-ar-hi-ja-ru-zh.json")
        return try JSONDecoder().decode([String: [String: Sentences]].self, from: try Data(contentsOf: file))
    }

    @Test func `what a round has taught is not forgotten`() throws {
        let packs = try KeywordPacks(folder: Self.root.appending(path: "Resources/triage/packs"))
        for (name, languages) in try Self.lists() {
            let label = try #require(SpecialistLabel(rawValue: name))
            for (language, sentences) in languages {
                func flagged(_ text: String) -> Bool { packs.look(at: text).contains { $0.label == label } }
                let missed = sentences.should.filter { $0.now == nil && !flagged($0.text) }.map(\.text)
                let wrong = sentences.shouldNot.filter { $0.now == nil && flagged($0.text) }.map(\.text)
                #expect(missed.isEmpty, "\(name) \(language) missed: \(missed)")
                #expect(wrong.isEmpty, "\(name) \(language) wrong: \(wrong)")
            }
        }
    }

    /// What cannot be said with words of a list is written down as such, and stays little.
    @Test func `of danger few sentences are given up, and few harmless ones are flagged`() throws {
        let danger = try #require(try Self.lists()["danger"])
        for (language, sentences) in danger {
            let givenUp = sentences.should.filter { $0.now != nil }.count
            let flagged = sentences.shouldNot.filter { $0.now != nil }.count
            #expect(givenUp * 100 <= 4 * sentences.should.count, "\(language): \(givenUp)")
            #expect(flagged * 100 <= 7 * sentences.shouldNot.count, "\(language): \(flagged)")
        }
    }
}
