import Foundation
import Testing
import Text

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

    @Test(arguments: 1...4) func `danger is found in every sentence of the lists that were held out once`(
        number: Int
    ) throws {
        let file = Self.root.appending(path: "Tests/Fixtures/triage/danger-held-out-\(number).json")
        let packs = try Self.packs()
        let all = try JSONDecoder().decode([String: Sentences].self, from: try Data(contentsOf: file))
        var (wrong, harmless) = (0, 0)
        for (language, sentences) in all {
            let missed = sentences.should.filter { text in !packs.look(at: text).contains { $0.label == .danger } }
            #expect(missed.isEmpty, "\(language) missed: \(missed)")
            harmless += sentences.shouldNot.count
            wrong += sentences.shouldNot.filter { packs.look(at: $0).contains { $0.label == .danger } }.count
        }
        #expect(all.count == 10 && wrong * 100 <= 8 * harmless, "\(wrong) of \(harmless) flagged wrongly")
    }

    /// A mail is looked at without what it quotes, and with it when it begins a ticket.
    @Test func `a quoted mail does not flag the polite reply, a forwarded one does`() throws {
        let packs = try Self.packs()
        let watch = DangerWatch(look: packs.look, page: { _, _, _ in })
        let reply = "Thank you, we have passed this on.\n\nAm Montag schrieb Eva:\n> I will kill myself tonight.\n"
        let forward = "Please look at this.\n\n---------- Forwarded message ---------\nFrom: Ada\n\nI will kill you.\n"

        let replied = watch.signs(subject: "Re: help", newText: "Thank you, we have passed this on.", text: reply)
        let forwarded = watch.signs(
            subject: "Fwd: help", newText: NewText.extract(from: forward), text: forward)

        #expect(NewText.extract(from: reply).contains("passed this on") && replied.new == nil)
        #expect(replied.whole != nil && forwarded.whole != nil)
    }

    @Test func `a huge mail is read to its end`() throws {
        let packs = try Self.packs()
        let text = String(repeating: "kill the process of the article ", count: 3_000) + "I will kill you"

        #expect(packs.look(at: text).contains { $0.label == .danger })
        #expect(packs.look(at: String(repeating: "a", count: 200_000)).isEmpty)
    }

    @Test func `what speaks of a matter is weighed by the words around it`() {
        let entry = KeywordPacks.Pack.Entry(
            match: ["{die}"], kind: .phrase, why: "", unless: [["{work}"]], around: 3)
        let packs = KeywordPacks([
            .init(
                label: "danger", classes: ["en": ["die": ["suicid*"], "work": ["article|page"]]],
                languages: ["en": [entry]])
        ])
        #expect(packs.look(at: "the article on suicides in Rome").isEmpty)
        #expect(packs.look(at: "the article is bad and I think a lot of suicide").count == 1)
    }

    @Test(arguments: SpecialistLabel.allCases) func `every label has a card in ten languages, of 60 words`(
        label: SpecialistLabel
    ) throws {
        let cards = try LabelCards(folder: Self.root.appending(path: "Resources/triage/cards"))
        for language in ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"] {
            let card = try #require(cards.card(of: label, language: language, emergency: "help@desk.example"))
            #expect(!card.title.isEmpty && !card.todo.isEmpty && !card.never.isEmpty && !card.ask.isEmpty)
            #expect(!(card.todo + card.never + [card.ask]).contains { $0.contains("{{") })
            let text = (card.todo + card.never + [card.ask]).joined(separator: " ")
            let words = text.split(separator: " ").filter { $0.contains { $0.isLetter || $0.isNumber } }
            // In Chinese and Japanese about three characters are a word.
            let length = ["ja", "zh"].contains(language) ? text.filter { !$0.isASCII }.count / 3 : words.count
            #expect(length <= 60, "\(label.rawValue) \(language): \(length)")
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
                    "en": [.init(match: ["suicid"], kind: .stem, why: "", unless: [["suicide squad"]])]
                ])
        ])
        #expect(packs.look(at: "The Suicide Squad film").isEmpty)
        #expect(packs.look(at: "The Suicide Squad film made me suicidal").count == 1)
    }
}
