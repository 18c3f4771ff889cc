import Base
import Foundation
import Knowledge
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Suggestions cost a bounded number of rows: with 5,000 texts and, where `LIAISON_TEST_LARGE` is set, 100,000 answered
/// tickets they come within 50 ms; else with 4,000.
@Suite struct SuggestionPaceTests {
    private static let isLarge = ProcessInfo.processInfo.environment["LIAISON_TEST_LARGE"] != nil
    private static let tickets = isLarge ? 100_000 : 4_000
    private static let question = "grandfather photograph licence reuse attribution permission archive publisher"

    /// Answers with 24 words each, of which eight are of 400 and the others rare; one in three used a text.
    private static func fill(_ desk: SuggestionScene, _ text: ID, _ db: any Connection) throws {
        let numbers: SQL = """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(tickets)) SELECT
            """
        let first: Int64 = 1_000
        try db.execute(
            """
            INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id,
                sender, preview, merged_into, message_count, version, created_at, updated_at)
            \(numbers) i + \(first), CAST(i AS TEXT), \(desk.scene.queue.id), '', 'answered', 'en', 2, NULL, NULL, '',
                '', NULL, 1, 1, i * 1000, i * 1000 FROM n
            """)
        try db.execute(
            """
            INSERT INTO message (id, ticket_id, raw_id, direction, kind, author_id, from_name, from_address,
                subject, header_id, sent_at, created_at, language, text, new_text, has_html, problems,
                content_hash, copies, is_newcomer)
            \(numbers) i + 1000000, i + \(first), NULL, 'out', 'mail', NULL, '', '', '', '', i, i, 'en', '', '', 0, '',
                \([UInt8](repeating: 1, count: 4)), 1, 0 FROM n
            """)
        try db.execute(
            """
            INSERT INTO answered (message_id, ticket_id, text_id, language, gap_id)
            \(numbers) i + 1000000, i + \(first), CASE WHEN i % 3 = 0 THEN \(text) END, 'en', NULL FROM n
            """)
        for (place, word) in LessonTerms.of(question).enumerated() {
            // From a word in every second letter to one in every thousandth.
            let every = [2, 5, 10, 50, 100, 300, 600, 1000][place % 8]
            try db.execute(
                """
                INSERT INTO answered_term (term, side, message_id)
                \(numbers) \(LessonTerms.hash(word)), 0, i + 1000000 FROM n WHERE i % \(every) = 0
                """)
        }
        for place in 0..<16 {
            try db.execute(
                """
                INSERT INTO answered_term (term, side, message_id)
                \(numbers) i % \(200 + 400 * place) + 1000000 * \(place + 1), 0, i + 1000000 FROM n
                """)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `suggestions come within 50 ms, by indexes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let text = try await desk.addText(
                "Photograph and licence", "You may reuse the photograph. \(Self.question)")
            for index in 0..<(Self.isLarge ? 5_000 : 200) {
                _ = try await desk.addText(
                    "Text \(index)", "Words number \(index) about photographs, archives \(index % 40) and publishers.")
            }
            try await database.write { db in try Self.fill(desk, text.id, db) }
            if kind == .postgres {
                try await database.write { db in
                    for table in ["ticket", "message", "answered", "answered_term", "knowledge_text", "knowledge_row"] {
                        try db.execute(SQL(text: "ANALYZE \(table)"))
                    }
                }
            }
            let ticket = try await desk.ask(Self.question, id: "1@people.example")

            var times: [Duration] = []
            var found: [Suggestion] = []
            for _ in 0..<9 {
                let begun = ContinuousClock.now
                found = try await desk.suggestions(ticket)
                times.append(ContinuousClock.now - begun)
            }

            #expect(found.first?.text == text.id)
            #expect((found.first?.tickets ?? 0) > 0)
            let median = times.sorted()[times.count / 2]
            print("suggestions with \(Self.tickets) answered tickets on \(kind): \(median)")
            // A machine that builds at the same time is slow; the bound is for one that does not.
            #expect(median < .milliseconds(Self.isLarge ? 50 : 250))
            try await Self.checkPlan(database)
        }
    }

    private static func checkPlan(_ database: Database) async throws {
        let plan = try await database.read { db in
            let isLite = db.engine == .sqlite
            let (explain, column) = isLite ? ("EXPLAIN QUERY PLAN ", "detail") : ("EXPLAIN ", "QUERY PLAN")
            return try db.rows(
                SQL(text: explain) + """
                    SELECT term, message_id FROM answered_term WHERE term = \(Int64(7)) AND side = 0
                    ORDER BY message_id DESC LIMIT 150
                    """
            ).map { try $0.text(column) }
        }.joined(separator: "\n")
        #expect(!plan.contains("SCAN answered_term") && !plan.contains("Seq Scan") && !plan.contains("Sort"), "\(plan)")
    }
}
