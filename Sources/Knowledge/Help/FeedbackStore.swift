import Base
import Storage

/// The table `knowledge_feedback`: how often a text helped, by day and language. Who said so is kept nowhere.
package struct FeedbackStore: Sendable {
    package struct Count: Sendable, Equatable {
        package var helped: Int64
        package var didNot: Int64
    }

    package init() {}

    package func note(
        _ text: ID, language: String, hasHelped: Bool, day: Int64, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO knowledge_feedback (text_id, language, day, helped, did_not)
            VALUES (\(text), \(language), \(day), \(hasHelped ? 1 : 0), \(hasHelped ? 0 : 1))
            ON CONFLICT (text_id, language, day) DO UPDATE SET
                helped = knowledge_feedback.helped + excluded.helped,
                did_not = knowledge_feedback.did_not + excluded.did_not
            """)
    }

    /// Of a text the caller may read, in all languages.
    package func count(of text: ID, in db: any Connection) throws -> Count {
        let row = try db.first(
            """
            SELECT CAST(COALESCE(SUM(helped), 0) AS BIGINT) AS helped,
                CAST(COALESCE(SUM(did_not), 0) AS BIGINT) AS did_not
            FROM knowledge_feedback WHERE text_id = \(text)
            """)
        return Count(helped: try row?.int("helped") ?? 0, didNot: try row?.int("did_not") ?? 0)
    }
}
