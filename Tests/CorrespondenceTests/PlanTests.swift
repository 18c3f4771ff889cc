import Base
import Storage
import Synchronization
import TestKit
import Testing
import Text

@testable import Correspondence

/// Lists, counts and searches look at what they show, not at all there is: their plans on both engines.
struct PlanTests {
    private static let tickets = 20_000

    @Test(arguments: TestDatabase.kinds) func `no list, count or search reads whole tables`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (_, viewer) = try await Self.crowd(database)
            for text in Self.queries {
                let query = try SearchQuery.parse(text, now: 10_000_000)
                let (plans, count) = try await database.read { db in
                    let watched = Watched(db)
                    let page = try TicketSearch().page(query, visibleTo: viewer, limit: 50, in: watched)
                    _ = try TicketSearch().page(
                        query, visibleTo: viewer, after: page.next, limit: 50, in: watched)
                    let count = try TicketSearch().count(query, visibleTo: viewer, in: watched)
                    let found = try TicketSearch().found(query, visibleTo: viewer, limit: 50, in: watched)
                    #expect(found.page.tickets == page.tickets && found.page.next == page.next && found.count == count)
                    _ = try TicketSearch().bestMessages(of: page.tickets.map(\.id), for: query, in: watched)
                    return (try watched.plans(), count)
                }
                for (statement, plan) in plans {
                    // To count what every fiftieth ticket has, PostgreSQL may take the table: it stops at a thousand.
                    let counts = statement.hasPrefix("SELECT COUNT") || statement.hasPrefix("WITH hit")
                    let isWide = kind == .postgres && count >= 400 && counts
                    if !isWide { Self.check(plan, "\(text): \(statement)") }
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a ticket is read without a look at others`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, viewer) = try await Self.crowd(database)
            let plans = try await database.read { db in
                let watched = Watched(db)
                let stores = scene.stores
                let ticket = try stores.tickets.require(77, visibleTo: viewer, in: watched)
                _ = try stores.tickets.participants(of: 77, in: watched)
                _ = try stores.tickets.tags(of: 77, in: watched)
                _ = try stores.tickets.candidates(of: 77, visibleTo: viewer, in: watched)
                _ = try stores.tickets.earlier(than: ticket, visibleTo: viewer, limit: 8, in: watched)
                _ = try stores.messages.ofTicket(77, in: watched)
                _ = try stores.messages.addresses(ofTicket: 77, in: watched)
                _ = try stores.messages.attachments(ofTicket: 77, in: watched)
                _ = try stores.outbox.ofTicket(77, in: watched)
                _ = try EventReading().history(of: 77, visibleTo: viewer, limit: 200, in: watched)
                _ = try TicketSearch().openCounts(visibleTo: viewer, in: watched)
                return try watched.plans()
            }
            #expect(plans.count > 8)
            for (statement, plan) in plans { Self.check(plan, statement) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `to see whether many write about the same reads no whole table`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, viewer) = try await Self.crowd(database)
            let noticing = IncidentNoticing(
                database: database, stores: scene.stores, meanings: { .none }, clock: scene.time.clock)
            let signature = try #require(MessageSignature(Scene.floodText))
            let plans = try await database.write { db in
                let messages = try db.rows("SELECT id FROM message ORDER BY id DESC LIMIT 12").map { try $0.int("id") }
                let contact = try scene.stores.contacts.matchSender(
                    address: "k@people.example", name: "K", at: 1, in: db
                ).id
                try db.execute(
                    """
                    UPDATE ticket SET contact_id = \(contact)
                    WHERE id IN (SELECT ticket_id FROM message WHERE id IN \(list: messages))
                    """)
                for message in messages { try SimilarityStore().add(signature, message: message, at: 100, in: db) }
                let id = try scene.incidents.propose(queue: scene.queue.id, at: 1, in: db)
                try scene.incidents.put(77, in: id, state: .joined, member: nil, at: 1, in: db)
                let watched = Watched(db)
                let around = try noticing.around([messages[0]], in: watched)
                _ = try noticing.finding(for: messages[0], around, in: watched)
                _ = try scene.incidents.tickets(of: id, visibleTo: viewer, in: watched)
                _ = try scene.incidents.all(.incident, states: Incident.State.allCases, visibleTo: viewer, in: watched)
                _ = try scene.incidents.proposedCount(visibleTo: viewer, in: watched)
                return try watched.plans()
            }
            #expect(plans.count > 5)
            for (statement, plan) in plans { Self.check(plan, statement) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a word that is everywhere finds the newest tickets`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (_, viewer) = try await Self.crowd(database)
            for (text, count, newest) in [
                ("everywhere", 1000, 20_000), ("everywhere state:waiting", 1000, 19_992),
                ("everywhere seldom", 20, 20_000),
                ("everywhere -everywhere", 0, 0), ("queue:second everywhere", 1000, 20_000),
                ("nowhere OR everywhere", 1000, 20_000),
            ] as [(String, Int64, ID)] {
                let query = try SearchQuery.parse(text, now: 0)
                let (page, found) = try await database.read { db in
                    (
                        try TicketSearch().page(query, visibleTo: viewer, limit: 5, in: db),
                        try TicketSearch().count(query, visibleTo: viewer, in: db)
                    )
                }
                #expect(found == count, "\(text)")
                #expect(page.tickets.first?.id ?? 0 == newest, "\(text)")
            }
        }
    }

    private static let queries = [
        "", "state:open", "state:new", "state:waiting", "state:closed", "owner:me state:open", "owner:none state:open",
        "owner:away state:open", "queue:second state:open", "queue:second", "tag:photo", "language:de state:open",
        "is:unread", "everywhere", "seldom", "everywhere seldom", "\"everywhere seldom\"", "subject:seldom",
        "from:seldom", "-seldom everywhere", "seldom OR nowhere", "state:open everywhere", "before:2020 seldom",
        "is:scheduled", "contact:7", "seldom -contact:7",
    ]

    /// A walk along an index is fine, a look at a whole table is not, unless it is right below a limit that nearly
    /// every row counts towards.
    private static func check(_ plan: [String], _ what: String) {
        let grown = ["ticket", "message", "search_row", "event", "participant", "fact", "attachment"]
        for (index, line) in plan.enumerated() where index == 0 || !plan[index - 1].contains("->  Limit") {
            let isWhole = grown.contains { line == "SCAN \($0)" || line.contains("Seq Scan on \($0) ") }
            #expect(!isWhole, "\(what)\n\(plan.joined(separator: "\n"))")
        }
    }

    /// Two queues with many tickets of one message each; every fiftieth is open, the word `seldom` stands in twenty.
    private static func crowd(_ database: Database) async throws -> (Scene, Viewer) {
        let scene = try await Scene(database)
        let viewer = try await database.write { db in
            let second = try scene.stores.queues.add(
                name: "second", displayName: "Second", addresses: ["second@desk.example"], isList: false, actor: nil,
                at: 0, in: db)
            let numbers: SQL = """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.tickets)) SELECT
                """
            try db.execute(
                """
                INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id,
                    sender, preview, merged_into, message_count, version, created_at, updated_at)
                \(numbers) i, CAST(i AS TEXT), CASE i % 2 WHEN 0 THEN \(second.id) ELSE \(scene.queue.id) END, '',
                    CASE WHEN i % 50 = 0 THEN 'new' WHEN i % 8 = 0 THEN 'waiting' ELSE 'closed' END,
                    CASE WHEN i % 3 = 0 THEN 'de' ELSE 'en' END, 2, CASE WHEN i % 7 = 0 THEN \(scene.member.id) END,
                    NULL, '', '', NULL, 1, 1, i * 1000, i * 1000 FROM n
                """)
            try db.execute(
                """
                INSERT INTO message (id, ticket_id, raw_id, direction, kind, author_id, from_name, from_address,
                    subject, header_id, sent_at, created_at, language, text, new_text, has_html, problems,
                    content_hash, copies, is_newcomer)
                \(numbers) i + 1000000, i, NULL, 'in', 'mail', NULL, '', '', '', '', i, i, 'en', '', '', 0, '',
                    \([UInt8](repeating: 1, count: 4)), 1, 0 FROM n
                """)
            try db.execute(
                """
                INSERT INTO ticket_tag (ticket_id, tag)
                SELECT id, CASE WHEN id % 1000 = 0 THEN 'photo' ELSE 'other' END FROM ticket WHERE id % 10 = 0
                """)
            try Self.addTerms(in: db)
            if db.engine == .postgres {
                // As autovacuum leaves it.
                _ = try db.rows("SELECT gin_clean_pending_list('search_row_terms') AS pages")
                for table in ["ticket", "message", "search_row", "ticket_tag"] {
                    try db.execute(SQL(text: "ANALYZE \(table)"))
                }
            }
            return try scene.members.viewer(scene.member, in: db)
        }
        return (scene, viewer)
    }

    private static func addTerms(in db: any Connection) throws {
        let word: SQL = "CASE WHEN id % 1000 = 0 THEN 'everywhere seldom' ELSE 'everywhere' END"
        switch db.engine {
        case .sqlite:
            try db.execute(
                "INSERT INTO search_row (id, ticket_id, message_id) SELECT id, id, id + 1000000 FROM ticket")
            try db.execute(
                """
                INSERT INTO search_terms (rowid, subject, sender, recipients, body) SELECT id, '', '', '', \(word)
                FROM ticket
                """)
        case .postgres:
            try db.execute(
                """
                INSERT INTO search_row (id, ticket_id, message_id, terms)
                SELECT id, id, id + 1000000, to_tsvector('simple', \(word)) FROM ticket
                """)
        }
    }
}
