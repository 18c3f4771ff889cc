import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Lists of reviews, lessons and notices look at what they show, not at all there is: their plans on both engines.
struct ReviewPlanTests {
    private static let reviews = 20_000

    @Test(arguments: TestDatabase.kinds) func `no list of reviews reads whole tables`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, viewer) = try await Self.crowd(database)
            let plans = try await database.read { db in
                // As on disks without heads: else the planner thinks two hundred rows dearer than all tickets.
                if kind == .postgres { try db.execute("SET LOCAL random_page_cost = 1.1") }
                let watched = Watched(db)
                let (store, rules) = (scene.reviewing.reviews, scene.rules)
                #expect(try store.waiting(for: viewer, in: watched).count > 10)
                #expect(try store.own(of: viewer, in: watched).count == 30)
                #expect(try store.samples(for: viewer, in: watched).count == 30)
                #expect(try store.texts(visibleTo: viewer, in: watched).count == 50)
                #expect(try store.released(visibleTo: viewer, in: watched).count == 20)
                #expect(try store.decided(by: viewer, in: watched).count == 20)
                #expect(try store.ofTicket(77, in: watched).count == 1)
                _ = try store.ofDraft(77, in: watched)
                _ = try store.versions(of: 77, in: watched)
                #expect(try store.comments(of: 100, in: watched).count == 1)
                _ = try rules.trainings(of: viewer.memberID, in: watched)
                return try watched.plans()
            }
            #expect(plans.count >= 11)
            for (statement, plan) in plans { Self.check(plan, statement) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `lessons, sources and notices are found by what they belong to`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, viewer) = try await Self.crowd(database)
            let plans = try await database.read { db in
                // As on disks without heads: else the planner thinks two hundred rows dearer than all tickets.
                if kind == .postgres { try db.execute("SET LOCAL random_page_cost = 1.1") }
                let watched = Watched(db)
                let sources = scene.scene.answering.sources
                #expect(try LessonOffers.all(visibleTo: viewer, in: watched).count == 200)
                _ = try LessonOffers.find(1100, visibleTo: viewer, in: watched)
                _ = try LessonOffers.find(ofText: 5, visibleTo: viewer, in: watched)
                _ = try scene.lessonNames.tidying(
                    of: 1100, ticket: 77, "As with Maria Schmidt.", visibleTo: viewer, in: watched)
                _ = try sources.ofDraft(77, watched)
                _ = try sources.ofMessage(77, watched)
                let notices = NoticeStore(ids: scene.reviewing.reviews.ids)
                #expect(try notices.page(before: nil, visibleTo: viewer, limit: 50, in: watched).count == 50)
                #expect(try NoticeStore.unread(visibleTo: viewer, in: watched) == NoticeStore.countLimit)
                _ = try TextToldStore.find(77, in: watched)
                return try watched.plans()
            }
            #expect(plans.count >= 7)
            for (statement, plan) in plans { Self.check(plan, statement) }
        }
    }

    private static func check(_ plan: [String], _ what: String) {
        let grown = [
            "review", "review_version", "review_comment", "ticket", "message", "draft", "insertion", "notice",
            "text_request", "lesson_offer", "knowledge_text", "draft_writing",
        ]
        // What is newest is walked along an index down to a limit first (SQLite names that part as the table).
        let parts = plan.filter { $0.hasPrefix("CO-ROUTINE ") || $0.hasPrefix("MATERIALIZE ") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
        for (index, line) in plan.enumerated() where index == 0 || !plan[index - 1].contains("->  Limit") {
            let isWhole = grown.contains { table in
                (line == "SCAN \(table)" && !parts.contains(table) && table != "text_request")
                    || line.contains("Seq Scan on \(table) ")
            }
            #expect(!isWhole, "\(what)\n\(plan.joined(separator: "\n"))")
        }
    }

    /// A review of each of many tickets: nearly all sent, some waiting, some drawn, some released, some of texts.
    private static func crowd(_ database: Database) async throws -> (ReviewScene, Viewer) {
        let scene = try await ReviewScene(database)
        let viewer = scene.other
        let writer = try scene.viewer(.trainee).memberID
        let (queue, me) = (scene.scene.queue.id, viewer.memberID)
        try await database.write { db in
            try addReviews(queue: queue, me: me, writer: writer, in: db)
            try addAround(queue: queue, me: me, writer: writer, in: db)
            if db.engine == .postgres {
                // As autovacuum leaves it.
                for table in [
                    "ticket", "review", "review_version", "review_comment", "lesson_offer", "text_request", "notice",
                    "knowledge_text",
                ] { try db.execute(SQL(text: "ANALYZE \(table)")) }
            }
        }
        return (scene, viewer)
    }

    private static func numbers(_ count: Int) -> SQL {
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) SELECT"
    }

    private static func addReviews(queue: ID, me: ID, writer: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id,
                sender, preview, merged_into, message_count, version, created_at, updated_at)
            \(numbers(Self.reviews)) i, 'n' || CAST(i AS TEXT), \(queue), '', 'open', 'en', 2, NULL, NULL, '',
                '', NULL, 1, 1, i, i FROM n
            """)
        try db.execute(
            """
            INSERT INTO review (id, kind, queue_id, ticket_id, draft_id, message_id, round_id, writer_id,
                submitted_by, reviewer_id, language, state, reasons, hash, note, verdict_by, verdict, sent_by,
                stage, number, returns, submitted_at, due_at, decided_at)
            \(numbers(Self.reviews)) i,
                CASE WHEN i % 100 = 5 THEN 'sample' WHEN i % 20 = 3 THEN 'text' ELSE 'draft' END, \(queue),
                CASE WHEN i % 20 = 3 THEN NULL ELSE i END, i, NULL, NULL,
                CASE WHEN i % 7 = 0 THEN \(me) ELSE \(writer) END, \(writer), NULL, 'en',
                CASE WHEN i % 100 IN (5, 11) THEN 'submitted' ELSE 'sent' END, 'trainee', '', '',
                CASE WHEN i % 100 IN (5, 11) THEN NULL WHEN i % 9 = 0 THEN \(me) ELSE \(writer) END,
                CASE WHEN i % 100 = 12 THEN 'Late.' ELSE '' END, NULL, 1, 1, 0, i, i,
                CASE WHEN i % 100 IN (5, 11) THEN NULL ELSE i END FROM n
            """)
        try db.execute(
            """
            INSERT INTO review_version (review_id, number, recipients, subject, text, member_id, at)
            SELECT id, 1, '', '', '', NULL, id FROM review
            """)
    }

    /// Comments, offers, texts of colleagues, notices and texts of knowledge.
    private static func addAround(queue: ID, me: ID, writer: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO review_comment (id, review_id, number, passage, text, member_id, at)
            SELECT id + 1000, id, 1, '', 'Why?', \(me), id FROM review
            """)
        try db.execute(
            """
            INSERT INTO lesson_offer (comment_id, queue_id, language, passage, text, at, text_id)
            SELECT id, \(queue), 'en', '', '', at, NULL FROM review_comment
            """)
        let link: ID = 1
        try db.execute(
            """
            INSERT INTO text_link (id, queue_id, name, member_id, created_at, closed_at)
            VALUES (\(link), \(queue), 'Outreach', \(me), 1, NULL)
            """)
        try db.execute(
            """
            INSERT INTO text_request (review_id, link_id, author, sort, goal, audience, place, needed_by)
            SELECT id, \(link), '', 'post', '', '', '', '' FROM review WHERE kind = 'text'
            """)
        try db.execute(
            """
            INSERT INTO notice (id, member_id, event_id, kind, ticket_id, review_id, text_id, actor_id, message_id,
                at, read_at, mail)
            SELECT id, CASE WHEN id % 2 = 0 THEN \(me) ELSE \(writer) END, id, 'review', ticket_id,
                CASE WHEN ticket_id IS NULL THEN id END, NULL, NULL, id, id,
                CASE WHEN id % 40 = 0 THEN NULL ELSE id END, 'none'
            FROM review
            """)
        try db.execute(
            """
            INSERT INTO knowledge_text (id, slug, kind, title, language, owner_id, audience, is_open, topic, state,
                publish_at, embargo_until, review_at, expires_at, fields, raw_id, version, paragraphs, created_at,
                updated_at)
            \(numbers(5000)) i, 't' || CAST(i AS TEXT), 'template', '', 'en', \(me), 'team', 1, '', 'published',
                NULL, NULL, NULL, NULL, '{}', NULL, 1, 0, i, i FROM n
            """)
    }
}
