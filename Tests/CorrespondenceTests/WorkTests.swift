import Base
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

struct WorkTests {
    @Test(arguments: TestDatabase.kinds) func `two who take the next ticket at once never get the same`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let ben = try await scene.colleague("ben")
            let chi = try await scene.colleague("chi")
            for round in 0..<10 { _ = try await scene.open(["Round \(round) a", "Round \(round) b"]) }

            var taken: [ID] = []
            for _ in 0..<10 {
                async let first = take(scene, ben.memberID, ben.queues(.note))
                async let second = take(scene, chi.memberID, chi.queues(.note))
                let both = try await [first, second].compactMap { $0 }
                #expect(Set(both).count == both.count)
                for id in both {
                    let ticket = try await scene.ticket(id)
                    try await database.write { db in
                        try scene.stores.tickets.setState(.answered, of: ticket, actor: nil, at: 9, in: db)
                    }
                }
                taken += both
            }
            #expect(taken.count == 20 && Set(taken).count == 20)
        }
    }

    private func take(_ scene: Scene, _ member: ID, _ queues: [ID]) async throws -> ID? {
        try await scene.database.write { db in
            let wish = TicketStore.Wish(member: member, queues: queues, languages: [], except: nil)
            return try scene.stores.tickets.takeNext(wish, at: 5, in: db)?.id
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the next ticket is the most urgent, then the oldest, in a known language`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let german = try await scene.open(["Alt", "Neu"], language: "de")
            let unknown = try await scene.open(["???"], language: nil)
            _ = try await scene.open(["Ancien"], language: "fr")
            _ = try await scene.bulking.changeOne(
                german[1].id, .make { $0.priority = 4 }, back: "/", by: scene.viewer)

            var order: [String] = []
            for _ in 0..<4 {
                let ticket = try await database.write { db in
                    try scene.stores.tickets.takeNext(
                        TicketStore.Wish(
                            member: scene.member.id, queues: scene.viewer.queues(.note), languages: ["de", "ja"]),
                        at: 5, in: db)
                }
                guard let ticket else { break }
                order.append(ticket.subject)
                try await database.write { db in
                    try scene.stores.tickets.setState(.answered, of: ticket, actor: nil, at: 9, in: db)
                }
            }
            #expect(order == ["Neu", "Alt", "???"])
            #expect(unknown.count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `row 28: a ticket that waits until a date comes back then`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open(["Later", "Sooner"])
            let now = scene.time.clock.now()
            for (ticket, until) in zip(tickets, [now + 3_600_000, now - 1]) {
                _ = try await scene.bulking.changeOne(
                    ticket.id,
                    .make {
                        $0.state = "waiting"
                        $0.until = until
                    }, back: "/", by: scene.viewer)
            }

            try await scene.wakeAll()

            let later = try await scene.ticket(tickets[0].id)
            #expect(later.state == .waiting && later.snoozedUntil == now + 3_600_000)
            let sooner = try await scene.ticket(tickets[1].id)
            #expect(sooner.state == .open && sooner.snoozedUntil == nil && sooner.wokenAt != nil)
            let found = try await database.read { db in
                try ["is:due", "is:snoozed"].map { text in
                    try TicketSearch().page(
                        try SearchQuery.parse(text, now: now), visibleTo: scene.viewer, limit: 9, in: db
                    ).tickets.map(\.id)
                }
            }
            #expect(found == [[tickets[1].id], [tickets[0].id]])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `mail ends the waiting of a ticket`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "one@people.example"))
            let ticket = try await scene.tickets()[0]
            let until = scene.time.clock.now() + 86_400_000
            _ = try await scene.bulking.changeOne(
                ticket.id,
                .make {
                    $0.state = "waiting"
                    $0.until = until
                }, back: "/", by: scene.viewer)

            try await scene.receive(
                Scene.mail(
                    id: "two@people.example", subject: "Re: [#\(ticket.number)]", references: "one@people.example"))

            let now = try await scene.ticket(ticket.id)
            #expect(now.messageCount == 2 && now.state == .open && now.snoozedUntil == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `unread is what came after one looked`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "one@people.example"))
            let ticket = try await scene.tickets()[0]
            let marks = ReadMarkStore()
            func unread() async throws -> Int64 {
                try await database.read { db in
                    try TicketSearch().count(
                        try SearchQuery.parse("is:unread", now: 0), visibleTo: scene.viewer, in: db)
                }
            }
            #expect(try await unread() == 1)

            try await database.write { db in
                let mark = ReadMarkStore.Mark(version: ticket.version, message: 0)
                try marks.set(mark, ticket: ticket.id, member: scene.member.id, at: 1, in: db)
            }
            #expect(try await unread() == 0)

            try await scene.receive(Scene.mail(id: "two@people.example", references: "one@people.example"))
            #expect(try await unread() == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `links show on both sides, each from its own`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open(["Effect", "Cause"])
            let links = LinkStore(ids: scene.stores.tickets.ids, events: scene.stores.events)
            try await database.write { db in
                try links.add(.cause, from: tickets[0], to: tickets[1], actor: scene.member.id, at: 1, in: db)
                try links.add(.effect, from: tickets[1], to: tickets[0], actor: scene.member.id, at: 1, in: db)
                try links.add(
                    url: "https://wiki.example/Page", name: "Page", to: tickets[0], actor: scene.member.id, at: 1,
                    in: db)
                #expect(throws: Failure(.invalid, "")) {
                    try links.add(
                        url: "javascript:alert(1)", name: "", to: tickets[0], actor: scene.member.id, at: 1, in: db)
                }
            }

            let (left, right) = try await database.read { db in
                (
                    try links.links(of: tickets[0].id, visibleTo: scene.viewer, in: db),
                    try links.links(of: tickets[1].id, visibleTo: scene.viewer, in: db)
                )
            }
            #expect(left.map(\.kind) == [.cause, .address])
            #expect(right.map(\.kind) == [.effect])
            #expect(left[0].other?.id == tickets[1].id && right[0].other?.id == tickets[0].id)
        }
    }
}

/// What is asked on every page must find its rows by an index, however many tickets there are.
struct WorkPlanTests {
    private static let queries: [(sql: SQL, index: String)] = [
        (
            """
            SELECT * FROM ticket WHERE ticket.language = 'de' AND \(TicketStore.isOpen) AND +queue_id IN (1, 2)
                AND (owner_id IS NULL OR owner_id = 7) AND id <> 0
            ORDER BY priority DESC, created_at, id LIMIT 1
            """, "ticket_next"
        ),
        (
            """
            SELECT 1 AS one FROM ticket WHERE owner_id = 7 AND \(TicketStore.isOpen) AND +queue_id IN (1, 2) LIMIT 1000
            """, "ticket_open_owner"
        ),
        (
            """
            SELECT * FROM ticket WHERE \(TicketStore.isOpen) AND +queue_id IN (1, 2)
            ORDER BY priority DESC, created_at, id LIMIT 51
            """, "ticket_open_priority"
        ),
        (
            """
            SELECT * FROM ticket WHERE merged_into IS NULL AND +queue_id IN (1, 2)
            ORDER BY created_at DESC, id DESC LIMIT 51
            """, "ticket_created"
        ),
        (
            "SELECT ticket_id FROM bulk_item WHERE bulk_id = 1 AND state = 'waiting' ORDER BY ticket_id LIMIT 40",
            "bulk_item_state"
        ),
        ("SELECT * FROM ticket_read WHERE member_id = 1 AND ticket_id IN (1, 2, 3)", "ticket_read"),
    ]

    @Test(arguments: TestDatabase.kinds) func `lists and counts use their indexes`(kind: TestDatabase) async throws {
        try await kind.with { database in
            for (sql, index) in Self.queries {
                let plan = try await database.write { db -> String in
                    if db.engine == .postgres {
                        // Tables of tests are so small that reading them whole is cheapest.
                        try db.execute("SET LOCAL enable_seqscan = off")
                        try db.execute("SET LOCAL enable_sort = off")
                        try db.execute("SET LOCAL enable_bitmapscan = off")
                        try db.execute("SET LOCAL enable_incremental_sort = off")
                    }
                    let explain: SQL = db.engine == .sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
                    return try db.rows(explain + sql).flatMap(\.pairs).map { "\($0.value)" }.joined(separator: "\n")
                }
                // PostgreSQL finds all indexes of an empty table equally cheap: any, but no sorting and no whole table.
                let isFine =
                    kind == .sqlite
                    ? plan.contains(index) && !plan.contains("TEMP B-TREE")
                    : !plan.contains("Seq Scan") && !plan.contains("Sort")
                #expect(isFine, "\(kind): \(plan)")
            }
        }
    }
}
