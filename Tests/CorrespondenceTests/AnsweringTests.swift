import Base
import Mail
import Storage
import Synchronization
import TestKit
import Testing

@testable import Correspondence
@testable import Outbox

struct AnsweringTests {
    /// Mails a transport was given.
    final class Sink: Sendable {
        let mails = Mutex<[[UInt8]]>([])

        func transport(_ outcome: @escaping @Sendable (String) -> RecipientOutcome) -> Transport {
            Transport { bytes, _, recipients in
                self.mails.withLock { $0.append(bytes) }
                return recipients.map(outcome)
            }
        }
    }

    private func opened(_ database: Database) async throws -> (Scene, Ticket) {
        let scene = try await Scene(database)
        try await scene.receive(Scene.mail(id: "1@people.example"))
        return (scene, try await scene.tickets()[0])
    }

    @Test(arguments: TestDatabase.kinds) func `an answer carries what brings the next mail back`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let (scene, ticket) = try await opened(database)
            let (message, item) = try await scene.answer(ticket.id, to: ["karl@people.example"])
            let sink = Sink()
            try await scene.dispatch(sink.transport { _ in .accepted(reply: "250 ok") })
            let parsed = MessageParser.parse(try #require(sink.mails.withLock { $0.first }))

            #expect(parsed.from.map(\.address) == ["info@desk.example"])
            #expect(parsed.inReplyTo == ["1@people.example"])
            #expect(parsed.subject.contains(ticket.number))
            #expect(!parsed.text.contains("ana@desk.example"))
            try await scene.receive(
                Scene.mail(from: "k@other.example", id: "2@other.example", references: parsed.messageID))
            try await scene.receive(
                Scene.mail(from: "k@other.example", id: "3@other.example"), to: parsed.replyTo.first?.address ?? "")
            try await scene.receive(
                Scene.mail(from: "k@other.example", id: "4@other.example", subject: "Aw: " + parsed.subject))
            #expect(try await scene.tickets().map(\.messageCount) == [5])
            let state = try await database.read { try scene.stores.outbox.find(item.id, in: $0)?.state }
            #expect(state == .handedOver)
            #expect(message.author == scene.member.id)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `an answer is held when something arrived since it was begun`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await opened(database)
            try await database.write { db in
                _ = try scene.drafts.save(
                    Draft.Content(to: ["karl@people.example"], cc: [], subject: "Re", text: "Yes."), ticket: ticket,
                    author: scene.member.id, seenVersion: ticket.version, at: 0, in: db)
            }
            try await scene.receive(Scene.mail(id: "2@people.example", references: "1@people.example"))

            await #expect(throws: Failure(.conflict, "")) {
                try await scene.answering.send(ticket: ticket.id, by: scene.viewer)
            }
            let kept = try await database.read {
                try scene.drafts.find(ticket: ticket.id, author: scene.member.id, in: $0)
            }
            #expect(kept?.text == "Yes.")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `an answer taken back is a draft again and is never sent`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await opened(database)
            let (message, item) = try await scene.answer(ticket.id, to: ["karl@people.example"], text: "Too early.")
            _ = try await scene.answering.undo(message: message.id, by: scene.viewer)
            let sink = Sink()
            try await scene.dispatch(sink.transport { _ in .accepted(reply: "250") })

            let (draft, state) = try await database.read { db in
                (
                    try scene.drafts.find(ticket: ticket.id, author: scene.member.id, in: db),
                    try scene.stores.outbox.find(item.id, in: db)?.state
                )
            }
            #expect(sink.mails.withLock { $0.isEmpty })
            #expect(draft?.text == "Too early.")
            #expect(state == .cancelled)
            #expect(try await scene.tickets().map(\.state) == [ticket.state])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what is in doubt waits for a person, what failed can be sent again`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await opened(database)
            let (message, item) = try await scene.answer(ticket.id, to: ["karl@people.example", "lena@people.example"])
            let sink = Sink()
            try await scene.dispatch(
                sink.transport { address in
                    address.hasPrefix("karl") ? .accepted(reply: "250") : .inDoubt(reply: "lost")
                })
            #expect(try await database.read { try scene.stores.outbox.find(item.id, in: $0)?.state } == .inDoubt)

            _ = try await scene.answering.resend(message: message.id, by: scene.viewer)
            let again = Mutex<[String]>([])
            try await scene.dispatch(
                Transport { _, _, recipients in
                    again.withLock { $0 += recipients }
                    return recipients.map { _ in .accepted(reply: "250") }
                })

            #expect(again.withLock { $0 } == ["lena@people.example"])
            #expect(try await database.read { try scene.stores.outbox.find(item.id, in: $0)?.state } == .handedOver)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a process that died while handing over leaves doubt, never a second mail`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await opened(database)
            let (_, item) = try await scene.answer(ticket.id, to: ["karl@people.example"])
            try await database.write { db in
                try scene.stores.outbox.move(item.id, from: .queued, to: .handingOver, at: 0, in: db)
            }
            let sink = Sink()
            try await scene.dispatch(sink.transport { _ in .accepted(reply: "250") })

            #expect(sink.mails.withLock { $0.isEmpty })
            #expect(try await database.read { try scene.stores.outbox.find(item.id, in: $0)?.state } == .inDoubt)
        }
    }

    @Test func `outcomes add up to a state`() {
        let yes = RecipientOutcome.accepted(reply: "")
        let later = RecipientOutcome.refused(reply: "", isPermanent: false)
        let no = RecipientOutcome.refused(reply: "", isPermanent: true)
        let doubt = RecipientOutcome.inDoubt(reply: "")

        #expect(Dispatch.state(after: [yes, yes], isLast: false) == .handedOver)
        #expect(Dispatch.state(after: [yes, later], isLast: false) == .queued)
        #expect(Dispatch.state(after: [no, later], isLast: false) == .queued)
        #expect(Dispatch.state(after: [yes, later], isLast: true) == .failed)
        #expect(Dispatch.state(after: [yes, no], isLast: false) == .failed)
        #expect(Dispatch.state(after: [later, doubt], isLast: false) == .inDoubt)
    }
}
