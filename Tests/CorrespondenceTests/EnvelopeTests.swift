import Base
import Jobs
import Outbox
import Storage
import TestKit
import Testing

@testable import Correspondence

/// What the way of a mail tells beside its header.
struct EnvelopeTests {
    private static func acknowledging(_ scene: Scene) async throws {
        try await scene.database.write { db in
            try scene.stores.queues.setAcknowledgement(
                QueueStore.AcknowledgementEntry(language: "en", subject: "Got it", text: "Thanks", isOn: true),
                of: scene.queue.id, actor: nil, at: 0, in: db)
        }
    }

    private static func waiting(_ scene: Scene) async throws -> Int64 {
        try await scene.database.read { db in
            try db.int("SELECT COUNT(*) AS n FROM job WHERE kind = \(Acknowledging.jobName)")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `mail from the null sender gets no automatic answer`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await Self.acknowledging(scene)
            try await scene.receive(Scene.mail(id: "1@people.example"), sender: "")
            #expect(try await Self.waiting(scene) == 0)

            try await scene.receive(Scene.mail(id: "2@people.example", text: "Another question."))
            #expect(try await Self.waiting(scene) == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what servers on the way note makes no second message`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let mail = Scene.mail(id: "1@people.example")
            let notes = ["X-MS-Exchange-Organization-SCL: 1", "DKIM-Signature: v=1", "X-Spam-Report: fine\r\n more"]
            try await scene.receive(mail)
            try await scene.receive(notes.map { $0 + "\r\n" }.joined() + mail)
            let ticket = try await scene.tickets()[0]

            #expect(try await scene.messages(ticket.id).map(\.copies) == [2])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the envelope tells answering machines and bounces`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(
                Scene.mail(id: "1@people.example", subject: "Out of office", text: "I am away."), sender: "")
            try await scene.receive(
                Scene.mail(id: "2@people.example", subject: "Out of office hours", text: "Who answers then?"))
            try await scene.receive(
                Scene.mail(id: "3@people.example", subject: "Returned mail", text: "It could not be delivered."),
                sender: "")
            let kinds = try await database.read { db in
                try db.rows("SELECT kind FROM message ORDER BY id").map { try $0.text("kind") }
            }

            #expect(kinds == ["auto-reply", "mail", "bounce"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the bytes that came are kept without the envelope`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let mail = Scene.mail(id: "1@people.example")
            try await scene.receive(mail, sender: "")
            let message = try await scene.messages(try await scene.tickets()[0].id)[0]
            let raw = try await database.read { try scene.stores.raws.bytes(of: message.raw ?? 0, in: $0) }

            #expect(raw == Array(mail.utf8))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `our own letter that comes back is a copy, other words under its id are not`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try await scene.tickets()[0]
            let letter = try await scene.answer(ticket.id, to: ["karl@people.example"], text: "Thank you, we look.")
                .message
            try await scene.receive(
                Scene.mail(from: "Info <info@desk.example>", id: letter.headerID, text: "Thank you, we look."))
            #expect(try await scene.messages(ticket.id).map(\.copies) == [1, 2])

            try await scene.receive(Scene.mail(id: letter.headerID, text: "I never got an answer!"))
            let texts = try await database.read { db in
                try db.rows("SELECT text FROM message ORDER BY id").map { try $0.text("text") }
            }
            #expect(texts.last?.contains("I never got an answer!") == true)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a short mail is in the language its sender usually writes in`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let long =
                "Guten Tag, ich habe eine Frage zu dem Foto meines Großvaters, das Sie gezeigt haben. Danke sehr!"
            try await scene.receive(
                Scene.mail(id: "1@people.example", headers: ["Content-Type: text/plain; charset=utf-8"], text: long))
            try await scene.receive(Scene.mail(id: "2@people.example", subject: "Noch etwas", text: "Ok, super!"))
            try await scene.receive(
                Scene.mail(
                    from: "Eva <eva@people.example>", id: "3@people.example", subject: "Hallo", text: "Ok, super!"))

            #expect(try await scene.tickets().map(\.language) == ["de", "de", nil])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a fetched bounce from where mail was sent on to marks the recipient`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let (_, item) = try await scene.answer(try await scene.tickets()[0].id, to: ["karl@people.example"])
            let report = Scene.mail(
                from: "MAILER-DAEMON@mx.example", id: "b@mx.example", subject: "Undelivered Mail Returned to Sender",
                text: "<karl.private@far.example>: host mx.far.example said: 550 5.1.1 no such user")
            try await scene.receive(
                report.replacing("To: info@desk.example", with: "To: \(item.sender)"), to: "", source: .imap)
            let state = try await database.read {
                try scene.stores.outbox.find(item.id, in: $0)?.recipients.first?.state
            }

            #expect(state == .bounced)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the other desk's automatic receipt is no answer`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await database.write { db in
                try scene.stores.queues.setMode(.shadow, of: scene.queue.id, actor: nil, at: 0, in: db)
            }
            let desk = { (id: String, text: String) in
                Scene.mail(
                    from: "Info <info@desk.example>", id: id, references: "1@people.example", to: "karl@people.example",
                    headers: ["Auto-Submitted: auto-generated"], text: text)
            }
            try await scene.receive(Scene.mail(id: "1@people.example"))
            try await scene.receive(desk("2@old.example", "We have your mail."))
            let before = try await database.read { try $0.rows("SELECT answers, turn FROM fact") }
            #expect(try before.map { try $0.int("answers") } == [0])
            #expect(try await scene.tickets().map(\.state) == [.new])

            scene.time.advance(3_600_000)
            try await scene.receive(desk("3@old.example", "The photo is from 1931."))
            let after = try await database.read { try $0.rows("SELECT answers, turn FROM fact") }
            #expect(try after.map { try $0.int("answers") } == [1])
            #expect(try await scene.tickets().map(\.state) == [.answered])
        }
    }
}
