import Base
import Storage

/// The table `lesson_offer`: comments that their writer lets others learn from. No names, no ticket.
package enum LessonOffers {
    package struct Offer: Sendable, Equatable {
        package var comment: ID
        package var queue: ID
        package var language: String?
        package var passage: String
        package var text: String
        package var at: Milliseconds
    }

    /// Offers a comment, or takes the offer back; only the writer of what it is about may.
    static func turn(
        _ comment: ID, of review: Review, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard review.writer == viewer.memberID else { throw Failure(.refused, "error-refused") }
        let row = try db.first("SELECT * FROM review_comment WHERE id = \(comment) AND review_id = \(review.id)")
        guard let row else { throw Failure(.notFound, "error-not-found") }
        if try db.execute("DELETE FROM lesson_offer WHERE comment_id = \(comment)") == 1 { return }
        try db.execute(
            """
            INSERT INTO lesson_offer (comment_id, queue_id, language, passage, text, at)
            VALUES (\(comment), \(review.queue), \(review.language), \(try row.text("passage")),
                \(try row.text("text")), \(at))
            """)
    }

    /// Of tickets in queues the viewer sees now, newest first.
    package static func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Offer] {
        try db.rows(
            """
            SELECT lesson_offer.* FROM lesson_offer
            JOIN review_comment ON review_comment.id = lesson_offer.comment_id
            JOIN review ON review.id = review_comment.review_id LEFT JOIN ticket ON ticket.id = review.ticket_id
            WHERE COALESCE(ticket.queue_id, review.queue_id) IN \(list: viewer.queues(.see))
            ORDER BY lesson_offer.at DESC LIMIT 200
            """
        ).map {
            Offer(
                comment: try $0.int("comment_id"), queue: try $0.int("queue_id"),
                language: try $0.optionalText("language"), passage: try $0.text("passage"), text: try $0.text("text"),
                at: try $0.int("at"))
        }
    }
}
