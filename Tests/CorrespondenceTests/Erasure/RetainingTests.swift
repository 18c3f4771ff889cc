import Base
import Jobs
import Mail
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Row 60 of the table of desks: retention by rule.
struct RetainingTests {
    private static let month: Milliseconds = 30 * 86_400_000

    private static func retaining(_ scene: Scene) throws -> Retaining {
        Retaining(
            database: scene.database, stores: scene.stores, drafts: scene.drafts,
            reader: MailReader(
                parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
                sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil }),
            key: try InstanceKey(ErasureScene.key), clock: scene.time.clock)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a rule takes everybody out of tickets that were closed for long, and of no others`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            for (number, name) in ["karl", "mona", "ivo", "lena"].enumerated() {
                try await scene.receive(
                    Scene.mail(
                        from: "\(name) <\(name)@people.example>", id: "\(number)@people.example",
                        subject: "From \(name)",
                        text: "A letter of \(name) about something."))
            }
            let tickets = try await scene.tickets()
            let store = RetentionStore(events: scene.stores.events)
            let retaining = try Self.retaining(scene)
            func close(_ ticket: Ticket) async throws {
                let now = scene.time.clock.now()
                try await database.write { db in
                    try scene.stores.tickets.setState(.closed, of: ticket, actor: nil, at: now, in: db)
                }
            }
            for ticket in tickets[0...1] { try await close(ticket) }
            try await database.write { db in
                try HoldStore(events: scene.stores.events).set(
                    "A court asked", on: tickets[1], by: scene.viewer, at: 1, in: db)
            }
            scene.time.advance(5 * Self.month)
            try await close(tickets[2])
            scene.time.advance(2 * Self.month)
            let rule = Retention(queue: scene.queue.id, months: 6, isOn: true)
            let now = scene.time.clock.now()

            #expect(try await retaining.run() == 0, "off until it is switched on")
            try await database.write { db in try store.set(rule, by: scene.viewer, at: 1, in: db) }
            let due = try await database.read { db in try store.due(rule, at: now, limit: 10, in: db) }
            #expect(due == [tickets[0].id])
            #expect(try await retaining.run() == 1)

            let texts = try await database.read { db in
                try db.rows("SELECT text FROM message ORDER BY id").map { try $0.text("text") }
            }
            let contacts = try await database.read { db in
                try db.rows("SELECT address FROM contact_address ORDER BY address").map { try $0.text("address") }
            }
            #expect(texts.map(\.isEmpty) == [true, false, false, false])
            #expect(contacts == ["ivo@people.example", "lena@people.example", "mona@people.example"])
            #expect(try await retaining.run() == 0)
            #expect(try await database.read { db in try store.countDue(rule, at: now, in: db) } == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a rule is for administrators, and of one to 240 months`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let colleague = try await scene.colleague("ben", [.see, .manage])
            let store = RetentionStore(events: scene.stores.events)
            let rule = Retention(queue: scene.queue.id, months: 6, isOn: true)
            await #expect(throws: Failure(.notFound, "")) {
                try await database.write { db in try store.set(rule, by: colleague, at: 1, in: db) }
            }
            for months in [0, 241] {
                let wrong = Retention(queue: scene.queue.id, months: months, isOn: true)
                await #expect(throws: Failure(.invalid, "")) {
                    try await database.write { db in try store.set(wrong, by: scene.viewer, at: 1, in: db) }
                }
            }
        }
    }
}
