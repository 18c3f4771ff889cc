import Base
import Knowledge
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Row 41 of the table of desks: the variant is picked by the writer's own words, nobody chooses it by hand.
struct WriterLanguageTests {
    @Test(arguments: TestDatabase.kinds)
    func `who writes traditional Chinese gets the template in it, who writes simplified the other`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let text = try await desk.addText("Photo", "Dear {{contact.name}},\n\nyou may reuse the photo.")
            try await desk.translate(text.id, into: "zh", ["照片", "{{contact.name}}，您好：", "您可以使用这张照片。"])
            try await desk.translate(text.id, into: "zh-hant", ["照片", "{{contact.name}}，您好：", "您可以使用這張照片。"])
            let asked = [
                ("請問我可以在學校裡使用這張照片嗎？非常感謝你們的幫助。", "這張照片", "zh-hant"),
                ("请问我可以在学校里使用这张照片吗？非常感谢你们的帮助。", "这张照片", "zh-hans"),
            ]
            for (index, (mail, words, language)) in asked.enumerated() {
                let ticket = try await desk.ask(mail, id: "\(index).zh@people.example")
                // The ticket's language stays what it is found and routed by.
                #expect(ticket.language == "zh")
                #expect(try await database.read { try WriterLanguage.of(ticket, in: $0) } == language)

                let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)

                #expect(draft.text.contains(words), "\(draft.text)")
                let insertion = try #require(
                    try await database.read { try desk.inserting.insertions.ofDraft(draft.id, in: $0) }.first)
                #expect(insertion.wanted == language)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `where the script is missing the queue's rule is asked, a region is never missing`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let text = try await desk.addText("Photo", "Dear {{contact.name}},\n\nyou may reuse the photo in schools.")
            try await desk.translate(text.id, into: "zh", ["照片", "{{contact.name}}，您好：", "您可以在学校里使用这张照片。"])
            try await desk.translate(
                text.id, into: "pt", ["Foto", "Olá {{contact.name}},", "pode utilizar a fotografia em escolas."])
            try await desk.setRule(.block)
            let cases = [
                ("請問我可以在學校裡使用這張照片嗎？非常感謝你們的幫助。", ["missing"]),
                ("Olá, você pode corrigir o registro? O usuário já fez contato com a equipe sobre a foto.", []),
            ]
            for (index, (mail, rules)) in cases.enumerated() {
                let ticket = try await desk.ask(mail, id: "\(index).miss@people.example")
                let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)
                let found = try await database.read { db in
                    try desk.scene.answering.checks.findings(of: draft, ticket: ticket, at: desk.now, in: db)
                }
                #expect(found.filter { $0.kind == .stale }.map(\.rule) == rules, "\(mail)")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what is known of the person stands in where their words do not tell`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let ticket = try await desk.ask("你好", id: "short@people.example")
            try await database.write { db in
                try db.executeOne("UPDATE ticket SET language = 'zh' WHERE id = \(ticket.id)")
                try db.executeOne("UPDATE contact SET language = 'zh-TW' WHERE id = \(ticket.contact)")
            }
            let known = try await desk.scene.ticket(ticket.id)
            #expect(try await database.read { try WriterLanguage.of(known, in: $0) } == "zh-tw")

            // A variant that somebody chose for the ticket stays.
            try await database.write {
                try $0.executeOne("UPDATE ticket SET language = 'zh-hk' WHERE id = \(ticket.id)")
            }
            let chosen = try await desk.scene.ticket(ticket.id)
            #expect(try await database.read { try WriterLanguage.of(chosen, in: $0) } == "zh-hk")
        }
    }
}
