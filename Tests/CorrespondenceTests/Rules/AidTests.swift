import Base
import Mail
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Macros (row 33), checklists (row 42) and the warning of duplicates (row 49) of the table of desks.
@Suite struct AidTests {
    @Test(arguments: TestDatabase.kinds)
    func `row 33: a macro does several changes at once, on one ticket or many, and is undone as one`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let viewer = scene.viewer
            var body = MacroBody()
            body.change.owner = MacroBody.me
            body.change.addTags = ["thanks"]
            body.change.priority = 1
            body.snooze = "week"
            let macro = Macro(id: 0, queue: nil, name: "Later", body: body, version: 0)
            let id = try await database.write { try scene.macros.save(macro, by: viewer, at: 1, in: $0) }
            let tickets = try await scene.open(["One", "Two"])
            let snoozing = Snoozing(zone: .gmt)
            let found = try await database.read { try scene.macros.require(id, usableBy: viewer, in: $0) }
            let change = try found.body.change(by: viewer, at: scene.time.clock.now(), snoozing)

            let bulk = try await scene.bulking.change(tickets.map(\.id), change, back: "/", by: viewer)
            for ticket in tickets {
                let now = try await scene.ticket(ticket.id)
                #expect(now.owner == viewer.memberID && now.priority == 1 && now.state == .waiting)
                #expect(now.snoozedUntil != nil)
                #expect(try await scene.tags(ticket.id) == ["thanks"])
            }
            try await scene.bulking.undo(bulk, by: viewer)
            let back = try await scene.ticket(tickets[0].id)
            #expect(back.owner == nil && back.priority == 2 && back.state == .new)
            #expect(try await scene.tags(tickets[0].id).isEmpty)

            let empty = Macro(id: 0, queue: nil, name: "Nothing", body: MacroBody(), version: 0)
            await #expect(throws: Failure.self) {
                try await database.write { try scene.macros.save(empty, by: viewer, at: 1, in: $0) }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `row 42: items show who ticked them and when, and hold up closing until all are done`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (viewer, lists) = (scene.viewer, scene.lists)
            let made = Checklist(
                id: 0, queue: scene.queue.id, name: "Takedown", items: ["Look", " Ask  the  team "], blocks: true,
                version: 0)
            let id = try await database.write { try lists.save(made, by: viewer, at: 1, in: $0) }
            let ticket = try await scene.open(["One"])[0]
            _ = try await scene.bulking.changeOne(ticket.id, .make { $0.checklist = id }, back: "/", by: viewer)
            let list = try #require(try await database.read { try lists.lists(of: ticket.id, in: $0) }.first)
            #expect(list.items.map(\.text) == ["Look", "Ask the team"])

            let close = TicketChange.make { $0.state = "closed" }
            let failure = await #expect(throws: Failure.self) {
                _ = try await scene.bulking.changeOne(ticket.id, close, back: "/", by: viewer)
            }
            #expect(failure?.messageKey == "checklist-blocks-closing" && failure?.arguments == ["Takedown"])
            let many = try await scene.bulking.change([ticket.id], close, back: "/", by: viewer)
            let counts = try await database.read { try scene.bulks.counts(of: many, in: $0) }
            #expect(counts.skipped == 1)

            try await database.write { db in
                for item in 0...1 { try lists.tick(true, item, of: list.id, on: ticket, by: viewer, at: 7, in: db) }
                try lists.tick(true, 0, of: list.id, on: ticket, by: viewer, at: 9, in: db)
            }
            let done = try #require(try await database.read { try lists.lists(of: ticket.id, in: $0) }.first)
            #expect(done.items.allSatisfy { $0.tickedBy == viewer.memberID && $0.tickedAt == 7 })
            await #expect(throws: Failure.self) {
                try await database.write { try lists.takeOff(list.id, from: ticket, by: viewer, at: 9, in: $0) }
            }
            _ = try await scene.bulking.changeOne(ticket.id, close, back: "/", by: viewer)
            #expect(try await scene.ticket(ticket.id).state == .closed)
            let ticked = try await database.read { db in
                try EventReading().history(of: ticket.id, visibleTo: scene.viewer, limit: 50, in: db).filter {
                    $0.event.kind == "ticket-checklist-ticked"
                }
            }
            #expect(ticked.count == 2, "a second tick is none")
        }
    }

    private static let text = """
        Good day, the picture of the old harbour on your page about Altmark is mirrored. The lighthouse stands on the
        left, but everybody here knows that it stands on the right. Please turn the picture around.
        """

    @Test(arguments: TestDatabase.kinds)
    func `row 49: duplicates are of the same person, or of nearly the same words, until somebody rules them out`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "a@people.example", text: Self.text))
            try await scene.receive(
                Scene.mail(id: "b@people.example", subject: "Again", text: "Did you get my mail of yesterday, please?"))
            try await scene.receive(
                Scene.mail(from: "K <k.weber@other.example>", id: "c@people.example", text: Self.text + " Karl"))
            let tickets = try await scene.tickets()
            func duplicates(_ ticket: Ticket, _ viewer: Viewer) async throws -> [ID: Duplicate.Reason] {
                let found = try await database.read { try Duplicates().find(ticket, visibleTo: viewer, in: $0) }
                return Dictionary(uniqueKeysWithValues: found.map { ($0.ticket.id, $0.reason) })
            }

            let viewer = scene.viewer
            #expect(try await duplicates(tickets[0], viewer) == [tickets[1].id: .person, tickets[2].id: .words])
            #expect(try await duplicates(tickets[2], viewer) == [tickets[0].id: .words])
            let stranger = Viewer(memberID: 1, isAdministrator: false, rights: [:])
            #expect(try await duplicates(tickets[0], stranger).isEmpty)

            try await database.write { db in
                try Duplicates().ruleOut(
                    tickets[2].id, of: tickets[0], by: viewer, at: 5, events: scene.stores.events, in: db)
            }
            #expect(try await duplicates(tickets[0], viewer) == [tickets[1].id: .person])
            #expect(try await duplicates(tickets[2], viewer).isEmpty)
            // Joined, it is none any more.
            _ = try await scene.bulking.changeOne(
                tickets[1].id, .make { $0.mergeInto = tickets[0].id }, back: "/", by: viewer)
            let joined = try await scene.ticket(tickets[0].id)
            #expect(try await duplicates(joined, viewer).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what was redacted is known by no signature any more`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "a@people.example", text: Self.text))
            let ticket = try #require(try await scene.tickets().first)
            let message = try #require(try await scene.messages(ticket.id).first)
            let reader = MailReader(
                parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
                sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil })
            let redacting = Redacting(
                database: database, stores: scene.stores, reader: reader, ids: scene.stores.tickets.ids,
                clock: scene.time.clock, alarm: scene.alarm)
            _ = try await redacting.redact(.message, of: message.id, reason: "asked", by: scene.again())

            let left = try await database.read { db in
                try db.int("SELECT (SELECT COUNT(*) FROM text_signature) + (SELECT COUNT(*) FROM text_band) AS n")
            }
            #expect(left == 0)
        }
    }
}
