import Base
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

/// What is due is found by an index on both engines, among many tickets.
@Suite struct LevelPlanTests {
    private static let tickets = 20_000

    @Test(arguments: TestDatabase.kinds) func `lists by what is due and the look for steps read no whole table`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await Self.fill(scene)
            let viewer = try await scene.again()
            for (text, sort) in [
                ("state:open", TicketSort.due), ("", .due), ("is:overdue", .due), ("is:soon", .due),
                ("has:deadline", .due), ("is:overdue owner:me OR owner:none", .due),
            ] {
                let query = try SearchQuery.parse(text, now: 10_000_000)
                let plans = try await database.read { db in
                    let watched = Watched(db)
                    let page = try TicketSearch().page(
                        query, visibleTo: viewer, sort: sort, limit: 50, in: watched)
                    _ = try TicketSearch().page(
                        query, visibleTo: viewer, sort: sort, after: page.next, limit: 50, in: watched)
                    return try watched.plans()
                }
                for (statement, plan) in plans { Self.check(plan, "\(text): \(statement)") }
            }
            let plan = try await database.read { db in
                let watched = Watched(db)
                _ = try Escalating.due(at: 5, in: watched)
                return try watched.plans()
            }
            for (statement, lines) in plan { Self.check(lines, statement) }
        }
    }

    /// Row 27 of the desks' table: the next ticket in a language one knows.
    @Test(arguments: TestDatabase.kinds, [[], ["de"], ["de", "ja", "pt-br"]])
    func `row 27: the next ticket to be answered is found without a look at the rest`(
        kind: TestDatabase, languages: [String]
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await Self.fill(scene)
            let plans = try await database.write { [scene] db in
                let watched = Watched(db)
                let wish = TicketStore.Wish(
                    member: scene.member.id, queues: [scene.queue.id], languages: languages, except: nil)
                _ = try scene.stores.tickets.takeNext(wish, at: 5, in: watched)
                return try watched.plans()
            }
            #expect(!plans.isEmpty)
            for (statement, plan) in plans {
                Self.check(plan, statement)
                // PostgreSQL may sort what it expects to be a row or two; lives in danger are few.
                let isSorted =
                    kind == .sqlite && !statement.contains("label = 'danger'")
                    && plan.contains("USE TEMP B-TREE FOR ORDER BY")
                #expect(!isSorted, "\(statement)\n\(plan.joined(separator: "\n"))")
            }
        }
    }

    private static func fill(_ scene: Scene) async throws {
        let (queue, member) = (scene.queue.id, scene.member.id)
        try await scene.database.write { db in
            try db.execute(
                """
                INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id,
                    sender, preview, merged_into, message_count, version, created_at, updated_at, due_rank, due_at,
                    step_at)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(tickets))
                SELECT i, CAST(i AS TEXT), \(queue), '', CASE WHEN i % 50 = 0 THEN 'new' ELSE 'closed' END, 'en', 2,
                    CASE WHEN i % 7 = 0 THEN \(member) END, NULL, '', '', NULL, 1, 1, i * 1000, i * 1000,
                    CASE WHEN i % 500 = 0 THEN 0 WHEN i % 50 = 0 THEN 1 ELSE 2 END,
                    CASE WHEN i % 50 = 0 THEN i * 1000 ELSE 0 END, CASE WHEN i % 50 = 0 THEN i * 1000 END
                FROM n
                """)
        }
        try await scene.database.administer("ANALYZE")
    }

    private static func check(_ plan: [String], _ what: String) {
        for (index, line) in plan.enumerated() where index == 0 || !plan[index - 1].contains("->  Limit") {
            let isWhole = line == "SCAN ticket" || line.contains("Seq Scan on ticket ")
            #expect(!isWhole, "\(what)\n\(plan.joined(separator: "\n"))")
        }
    }
}
