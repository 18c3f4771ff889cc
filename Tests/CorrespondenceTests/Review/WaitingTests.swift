import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// What waits for a reviewer: the list, its count, and what they cost.
struct WaitingTests {
    @Test(arguments: TestDatabase.kinds) func `what waits for others pushes nothing of mine out`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let reviewer = try scene.viewer(.reviewer)
            let reviews = scene.reviewing.reviews
            try await database.write { db in
                for number in 0..<120 {
                    try reviews.add(try Self.review(scene, due: Int64(number), language: "ja"), in: db)
                }
                try reviews.add(try Self.review(scene, due: 1000, language: "en-gb"), in: db)
                try reviews.add(try Self.review(scene, due: 1001, language: nil), in: db)
                try reviews.add(
                    try Self.review(scene, due: 1002, language: "ja", reviewer: reviewer.memberID), in: db)
                try reviews.add(
                    try Self.review(scene, due: 1003, language: "en", reviewer: scene.other.memberID), in: db)
                try reviews.add(try Self.review(scene, due: 1004, language: "ja", stage: .queue), in: db)
            }

            let (lines, count) = try await database.read { db in
                (try reviews.waiting(for: reviewer, in: db), try reviews.waitingCount(for: reviewer, in: db))
            }
            #expect(lines.map(\.review.dueAt) == [1000, 1001, 1002, 1004])
            #expect(count == 4)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the count is that of the list for everybody`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let reviews = scene.reviewing.reviews
            let languages = ["en", "de-at", "ja", nil]
            try await database.write { db in
                for number in 0..<24 {
                    var review = try Self.review(
                        scene, due: Int64(number), language: languages[number % 4],
                        stage: [.language, .queue, .leads][number % 3])
                    let someone = try scene.viewer(ReviewScene.Role.allCases[number % 5]).memberID
                    if number % 2 == 0 { review.writer = someone } else { review.submittedBy = someone }
                    try reviews.add(review, in: db)
                }
            }
            for viewer in Array(scene.people.values) + [scene.other] {
                let (lines, count) = try await database.read { db in
                    (try reviews.waiting(for: viewer, in: db), try reviews.waitingCount(for: viewer, in: db))
                }
                #expect(lines.count == count)
                let isOwn = lines.contains { [$0.review.writer, $0.review.submittedBy].contains(viewer.memberID) }
                #expect(!isOwn)
            }
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let counts = try await database.read { db in
                (try reviews.waitingCount(for: trainee, in: db), try reviews.waitingCount(for: lead, in: db))
            }
            #expect(counts.0 == 0)
            #expect(counts.1 > 5)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `to count what waits reads no more than what waits`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (reviewer, reviews) = (try scene.viewer(.reviewer), scene.reviewing.reviews)
            let plans = try await database.write { db in
                let numbers: SQL = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                try db.execute(
                    """
                    INSERT INTO review (id, kind, queue_id, ticket_id, draft_id, message_id, round_id, writer_id,
                        submitted_by, reviewer_id, language, state, reasons, hash, note, verdict_by, verdict, sent_by,
                        stage, number, returns, submitted_at, due_at, decided_at)
                    \(numbers) SELECT i, 'draft', \(scene.scene.queue.id), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                        'en', CASE WHEN i % 1000 = 0 THEN 'submitted' ELSE 'sent' END, '', '', '', NULL, '', NULL, 0,
                        1, 0, i, i, NULL FROM n
                    """)
                if db.engine == .postgres { try db.execute("ANALYZE review") }
                #expect(try reviews.waitingCount(for: reviewer, in: db) == 20)
                let watched = Watched(db)
                _ = try reviews.waitingCount(for: reviewer, in: watched)
                return try watched.plans()
            }
            let plan = try #require(plans.last?.plan)
            #expect(plan.contains { $0.contains("review_waiting") }, "\(plan)")
            #expect(!plan.contains { $0 == "SCAN review" || $0.contains("Seq Scan on review ") }, "\(plan)")
        }
    }

    private static func review(
        _ scene: ReviewScene, due: Int64, language: String?, reviewer: ID? = nil, stage: Review.Stage = .language
    ) throws -> Review {
        Review(
            id: try scene.reviewing.reviews.ids.make(), kind: .text, queue: scene.scene.queue.id, ticket: nil,
            draft: nil, message: nil, round: nil, writer: nil, submittedBy: nil, reviewer: reviewer,
            language: language, state: .submitted, reasons: [.link], hash: "", note: "", verdictBy: nil, verdict: "",
            sentBy: nil, stage: stage, number: 1, returns: 0, submittedAt: 1, dueAt: due, decidedAt: nil)
    }
}
