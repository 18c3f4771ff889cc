import Base
import Foundation
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Ordinary good replies in ten languages: the quiet check is quiet.
@Suite struct OrdinaryRepliesTests {
    private struct Person: Decodable {
        var name: String
        var address: String
        var letter: String
        var replies: [String]
    }

    private struct Sheet: Decodable {
        /// What a colleague noted on every ticket: seen by nobody outside, and private to nobody.
        var note: String
        var languages: [String: Person]
    }

    private static func sheet() throws -> Sheet {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: root.appending(path: "Tests/Fixtures/checks/replies.json"))
        return try JSONDecoder().decode(Sheet.self, from: data)
    }

    private static let languages = ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"]

    @Test(arguments: languages) func `good replies are let go, and hardly hinted at`(language: String) async throws {
        let sheet = try Self.sheet()
        let person = try #require(sheet.languages[language])
        #expect(person.replies.count == 10)
        try await TestDatabase.sqlite.with { database in
            let scene = try await Scene(database)
            try await scene.receive(
                Scene.mail(
                    from: "=?utf-8?b?\(Data(person.name.utf8).base64EncodedString())?= <\(person.address)>",
                    id: "1@people.example",
                    headers: ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"],
                    text: person.letter.replacing("\n", with: "\r\n")))
            let ticket = try #require(try await scene.tickets().first)
            try await scene.database.write { db in
                let ticket = try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
                _ = try scene.noting(sheet.note, ticket, db)
            }
            var hints: [String] = []
            for reply in person.replies {
                let found = try await findings(
                    reply.replacing("$NUMBER", with: ticket.number), scene, ticket, to: person.address)
                #expect(found.filter(\.isBlocking).isEmpty, "\(reply): \(found)")
                // A letter about a template of a wiki is asked about it, once.
                hints += found.filter { $0.rule != "wiki" }.map { "\($0.kind) \($0.rule): \($0.passage)" }
            }
            #expect(hints.isEmpty, "\(language)")
        }
    }

    private func findings(
        _ text: String, _ scene: Scene, _ ticket: Ticket, to address: String
    ) async throws -> [Finding] {
        try await scene.database.write { db in
            let ticket = try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
            let draft = try scene.drafts.save(
                Draft.Content(to: [address], cc: [], subject: "Re", text: text), ticket: ticket,
                author: scene.member.id, seenVersion: ticket.version, at: scene.time.clock.now(), in: db)
            return try scene.answering.checks.findings(of: draft, ticket: ticket, at: 0, in: db)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `another address of the person is their own, and so is what they wrote from it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(
                Scene.mail(from: "Karl <karl@people.example>", id: "1@people.example", text: "Call 0151 23456789."))
            let ticket = try #require(try await scene.tickets().first)
            try await database.write { db in
                let contact = try scene.stores.contacts.find(address: "karl@people.example", in: db)
                try db.execute(
                    """
                    INSERT INTO contact_address (address, contact_id, is_bouncing, bounced_at)
                    VALUES ('karl@home.example', \(contact?.id ?? 0), 0, NULL)
                    """)
                let ticket = try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
                _ = try scene.noting("Karl is karl@home.example, Maria is maria@desk2.example", ticket, db)
            }

            let own = "I call 0151 23456789 and wrote to karl@people.example and karl@home.example."
            let fine = try await findings(own, scene, ticket, to: "karl@home.example")
            #expect(fine.filter(\.isBlocking).isEmpty)
            let told = try await findings("Ask maria@desk2.example.", scene, ticket, to: "karl@home.example")
            #expect(told.map(\.passage) == ["maria@desk2.example"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what a member signs in with is no address of the house`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try #require(try await scene.tickets().first)
            try await database.write { db in
                let ticket = try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
                _ = try scene.noting("press@desk.example, or ana@desk.example", ticket, db)
            }

            let found = try await findings(
                "Write to press@desk.example or ana@desk.example.", scene, ticket, to: "karl@people.example")
            #expect(found.filter(\.isBlocking).map(\.passage) == ["ana@desk.example"])
        }
    }

    @Test func `lines of a form are no gaps, gaps before a form of address are`() {
        func rules(_ text: String) -> [String] {
            PlaceholderCheck.findings(in: CheckedText(text, language: "ja")).map(\.rule)
        }

        #expect(rules("【お名前】\n【記事】港の写真").isEmpty)
        #expect(rules("【お名前】様") == ["brackets"])
    }
}
