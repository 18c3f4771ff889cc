import Base
import Mail
import Storage
import TestKit
import Testing

@testable import Correspondence
@testable import Outbox

/// Row 38 of the table of desks: drafts that colleagues see, continue and take over.
struct DraftTests {
    @Test(arguments: TestDatabase.kinds)
    func `an answer taken back has its files, its words and the ticket's state again`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            var content = WritingScene.content("Look at *this*.")
            content.then = .closed
            let draft = try await desk.draft(content)
            try await desk.addFile("map.txt", Array("here".utf8), to: draft.id)
            try await desk.addFile("list.txt", Array("one".utf8), to: draft.id)
            let message = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            #expect(try await desk.current().state == .closed)
            #expect(try await desk.own() == nil)

            _ = try await desk.scene.answering.undo(message: message, by: desk.scene.viewer)

            let back = try #require(try await desk.own())
            #expect(back.content == content)
            #expect(try await desk.files(of: back.id).map(\.filename) == ["map.txt", "list.txt"])
            #expect(try await desk.current().state == desk.ticket.state)
            // What was taken back can be sent as it is.
            _ = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what arrived before an answer was taken back still holds it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            _ = try await desk.draft()
            let message = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            try await desk.scene.receive(Scene.mail(id: "2@people.example", references: "1@people.example"))
            _ = try await desk.scene.answering.undo(message: message, by: desk.scene.viewer)

            await #expect(throws: Failure(.conflict, "")) {
                try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a draft goes with its bytes once the mail has left`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            try await desk.addFile("map.txt", Array("here".utf8), to: draft.id)
            let raw = try #require(try await desk.files(of: draft.id).first).raw
            _ = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            try await desk.scene.dispatch(
                Transport { _, _, recipients in recipients.map { _ in .accepted(reply: "250") } })

            let left = try await database.read { db in
                (
                    try db.int("SELECT COUNT(*) AS n FROM draft"),
                    try db.int("SELECT COUNT(*) AS n FROM raw WHERE id = \(raw)")
                )
            }
            #expect(left == (0, 0))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `two writers never overwrite each other`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft(WritingScene.content("Ana's words"))
            let now = desk.scene.time.clock.now()
            try await database.write { db in
                _ = try desk.scene.drafts.change(
                    draft.id, to: WritingScene.content("Ben's words"), seenVersion: draft.seenVersion,
                    expecting: draft.version, by: desk.ben.memberID, at: now, in: db)
            }

            await #expect(throws: Failure(.conflict, "")) {
                try await database.write { db in
                    _ = try desk.scene.drafts.change(
                        draft.id, to: WritingScene.content("Ana again"), seenVersion: draft.seenVersion,
                        expecting: draft.version, by: desk.scene.member.id, at: now, in: db)
                }
            }
            let kept = try #require(try await desk.own())
            #expect(kept.text == "Ben's words")
            #expect(kept.savedBy == desk.ben.memberID)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a draft is taken over once, and only by who has none`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            let now = desk.scene.time.clock.now()
            try await database.write { db in
                try desk.scene.drafts.takeOver(
                    draft, by: desk.ben.memberID, queue: desk.ticket.queue, at: now, in: db)
            }
            #expect(try await desk.own() == nil)
            let second = try await desk.draft()

            await #expect(throws: Failure(.conflict, "")) {
                try await database.write { db in
                    try desk.scene.drafts.takeOver(
                        second, by: desk.ben.memberID, queue: desk.ticket.queue, at: now, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who may not see the queue finds no draft and no file`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            try await desk.addFile("map.txt", [1], to: draft.id)
            let file = try #require(try await desk.files(of: draft.id).first)
            let stranger = Viewer(memberID: desk.ben.memberID, isAdministrator: false, rights: [:])

            for look in [
                { @Sendable (db: any Connection) in
                    _ = try desk.scene.drafts.require(draft.id, visibleTo: stranger, in: db)
                },
                { @Sendable (db: any Connection) in
                    _ = try desk.scene.drafts.requireFile(file.id, visibleTo: stranger, in: db)
                },
            ] {
                await #expect(throws: Failure(.notFound, "")) { try await database.read(look) }
            }
            await #expect(throws: Failure(.notFound, "")) {
                try await desk.scene.answering.send(draft: draft.id, by: stranger)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `files of a draft have a limit together`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            let half = [UInt8](repeating: 65, count: Draft.Content.mostFileBytes / 2 + 1)
            try await desk.addFile("a.bin", half, to: draft.id)

            await #expect(throws: Failure(.tooLarge, "")) { try await desk.addFile("b.bin", half, to: draft.id) }
            #expect(try await desk.files(of: draft.id).count == 1)
        }
    }
}
