import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Rows 26 to 28 of the desks' table: "next ticket I can answer", by what is due, in a language one knows.
@Suite struct NextTicketTests {
    @Test(arguments: TestDatabase.kinds, [[], ["en", "de"]])
    func `rows 26 and 27: a named date, then what is due first, then the most urgent, then the oldest`(
        kind: TestDatabase, languages: [String]
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let english = try await scene.open([
                "oldest", "urgent", "due later", "overdue", "named far", "asleep", "in danger",
            ])
            let german = try await scene.open(["due soon", "named near"], language: "de")
            let unknown = try await scene.open(["unknown, due between"], language: nil)
            let all = Dictionary(uniqueKeysWithValues: (english + german + unknown).map { ($0.subject, $0.id) })
            try await database.write { db in
                func set(_ subject: String, _ rank: Int, _ due: Milliseconds, priority: Int = 2) throws {
                    try db.executeOne(
                        """
                        UPDATE ticket SET due_rank = \(rank), due_at = \(due), priority = \(priority)
                        WHERE id = \(all[subject])
                        """)
                }
                // What is due beats priority, and a date a person named beats every clock, be it later.
                try set("overdue", 1, 10_000, priority: 1)
                try set("due soon", 1, 90_000)
                try set("unknown, due between", 1, 95_000)
                try set("due later", 1, 99_000, priority: 4)
                try set("named near", 0, 500_000, priority: 1)
                try set("named far", 0, 900_000)
                try set("urgent", 2, 0, priority: 4)
                try db.execute("UPDATE ticket SET state = 'waiting', due_rank = 0 WHERE id = \(all["asleep"])")
                // A life comes before any date.
                try set("in danger", 2, 0, priority: 4)
                _ = try LabelStore().add(
                    .danger, to: try #require(all["in danger"]), source: .pack, member: nil, at: 1, in: db)
            }

            let order = try await scene.takeAll(languages)

            #expect(
                order == [
                    "in danger", "named near", "named far", "overdue", "due soon", "unknown, due between", "due later",
                    "urgent",
                    "oldest",
                ])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `row 27: what is due in a language one does not know is left to others`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let french = try await scene.open(["en retard"], language: "fr")
            _ = try await scene.open(["in time"], language: "en")
            try await database.write { db in
                try db.execute("UPDATE ticket SET due_rank = 1, due_at = 5 WHERE id = \(french[0].id)")
            }

            #expect(try await scene.takeAll(["en", "de"]) == ["in time"])
            #expect(try await scene.takeAll([]) == ["en retard"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `row 27: what a label leaves to others is not given as the next`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let bea = try await scene.colleague("bea")
            let tickets = try await scene.open(["threat", "photo"])
            try await database.write { db in
                try db.execute("UPDATE ticket SET due_rank = 1, due_at = 5 WHERE id = \(tickets[0].id)")
                try db.execute(
                    """
                    INSERT INTO ticket_label (ticket_id, label, member_id, source, at)
                    VALUES (\(tickets[0].id), 'legal', NULL, 'member', 1)
                    """)
                try db.execute("INSERT INTO label_person (label, member_id) VALUES ('legal', \(bea.memberID))")
            }

            #expect(try await scene.takeAll([]) == ["photo"], "the specialist is somebody else")
            try await database.write { db in
                try db.execute("UPDATE member SET is_disabled = 1 WHERE id = \(bea.memberID)")
            }
            #expect(try await scene.takeAll([]) == ["threat"], "nobody is left who is named")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a real clock and a real date order the next ticket`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 600, urgent: 60)
            for subject in ["calm", "urgent", "press"] {
                try await scene.receive(
                    Scene.mail(
                        from: "\(subject) <\(subject)@people.example>", id: "\(subject)@people.example",
                        subject: subject))
            }
            let tickets = try await scene.tickets()
            let now = scene.time.clock.now()
            _ = try await scene.bulking.changeOne(
                tickets[1].id, .make { $0.priority = 4 }, back: "/", by: scene.viewer)
            try await database.write { [scene] db in
                let deadline = Deadline(at: now + 20 * 3_600_000, zone: "Asia/Tokyo", metAt: nil)
                try DeadlineStore(events: scene.stores.events).set(
                    deadline, of: tickets[2], actor: scene.member.id, at: now, in: db)
            }

            #expect(try await scene.takeAll([]) == ["press", "urgent", "calm"])
        }
    }
}

extension Scene {
    /// Takes the next ticket and answers it until there is none; their subjects.
    func takeAll(_ languages: [String]) async throws -> [String] {
        var order: [String] = []
        while order.count < 20 {
            let now = time.clock.now()
            let ticket = try await database.write { [stores, member, queue] db -> Ticket? in
                let wish = TicketStore.Wish(
                    member: member.id, queues: [queue.id], languages: languages, except: nil)
                guard let next = try stores.tickets.takeNext(wish, at: now, in: db) else { return nil }
                try stores.tickets.setState(.answered, of: next, actor: nil, at: now, in: db)
                return next
            }
            guard let ticket else { break }
            order.append(ticket.subject)
        }
        return order
    }
}
