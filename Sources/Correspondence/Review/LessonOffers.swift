import Base
import Knowledge
import Storage
import Text

/// The table `lesson_offer`: comments that their writer lets others learn from, in the words the writer has read:
/// without names, and without the ticket.
package enum LessonOffers {
    package struct Offer: Sendable, Equatable {
        package var comment: ID
        /// Where the ticket is now.
        package var queue: ID
        package var ticket: ID?
        package var language: String?
        package var passage: String
        package var text: String
        package var at: Milliseconds
        /// The text of knowledge that was made of it.
        package var knowledge: ID?
    }

    /// The words others are to read, as the writer left them; names are taken out of them again.
    package struct Words: Sendable {
        package var passage: String
        package var text: String
    }

    /// What a writer reads before others do: a comment without what leads to a person.
    package struct Preview: Sendable {
        package var comment: Review.Comment
        package var words: Words
        package var taken: [String]
        package var doubtful: [String]
    }

    /// Only for the writer of what the comment is about.
    static func preview(
        _ comment: ID, of review: Review, _ changed: Words? = nil, by viewer: Viewer, names: LessonNames,
        in db: any Connection
    ) throws -> Preview {
        guard review.writer == viewer.memberID else { throw Failure(.refused, "error-refused") }
        let all = try ReviewStore.comments(of: review.id, in: db)
        guard let said = all.first(where: { $0.id == comment }) else { throw Failure(.notFound, "error-not-found") }
        guard try mayTeach(ticket: review.ticket, queue: review.queue, in: db) else {
            throw Failure(.refused, "review-lesson-confidential")
        }
        let words = changed ?? Words(passage: said.passage, text: said.text)
        let tidying = try names.tidying(
            of: comment, ticket: review.ticket, words.passage + "\n" + words.text, visibleTo: viewer, in: db)
        let (passage, text) = (tidying.tidy(words.passage), tidying.tidy(words.text))
        let both = passage.text + "\n" + text.text
        return Preview(
            comment: said, words: Words(passage: passage.text, text: text.text),
            taken: text.taken + passage.taken.filter { !text.taken.contains($0) },
            doubtful: tidying.doubtful(in: both, language: LanguageDetector.detect(both)))
    }

    /// Offers a comment, or takes the offer back; only the writer of what it is about may. What was made of it is put
    /// away with it, unless it was published: then its owner is asked.
    package static func turn(
        _ comment: ID, of review: Review, as words: Words? = nil, by viewer: Viewer, names: LessonNames,
        knowledge: KnowledgeStore, at: Milliseconds, in db: any Connection
    ) throws {
        guard review.writer == viewer.memberID else { throw Failure(.refused, "error-refused") }
        let offered = try db.first(
            """
            SELECT lesson_offer.text_id FROM lesson_offer
            JOIN review_comment ON review_comment.id = lesson_offer.comment_id
            WHERE lesson_offer.comment_id = \(comment) AND review_comment.review_id = \(review.id)
            """)
        if let offer = offered {
            if let text = try offer.optionalInt("text_id") {
                try putAway(text, knowledge, by: viewer, at: at, in: db)
            }
            try db.executeOne("DELETE FROM lesson_offer WHERE comment_id = \(comment)")
            return
        }
        let preview = try preview(comment, of: review, words, by: viewer, names: names, in: db)
        guard preview.words.text.contains(where: \.isLetter) else { throw Failure(.invalid, "review-lesson-empty") }
        guard preview.words.text.utf8.count <= 20_000, preview.words.passage.utf8.count <= 200_000 else {
            throw Failure(.tooLarge, "error-too-large")
        }
        try db.execute(
            """
            INSERT INTO lesson_offer (comment_id, queue_id, language, passage, text, at, text_id)
            VALUES (\(comment), \(review.queue), \(language(of: preview.words.text, review)), \(preview.words.passage),
                \(preview.words.text), \(at), NULL)
            """)
    }

    /// A comment may be in another language than the reply.
    private static func language(of words: String, _ review: Review) -> String? {
        LanguageDetector.detect(words, prior: review.language) ?? review.language
    }

    private static func putAway(
        _ text: ID, _ knowledge: KnowledgeStore, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard let row = try db.first("SELECT * FROM knowledge_text WHERE id = \(text)") else { return }
        let text = try KnowledgeStore.read(row)
        guard text.state != .published else { throw Failure(.refused, "review-lesson-published") }
        if text.state == .draft { try knowledge.archive(text, by: viewer.memberID, at: at, in: db) }
    }

    /// Confidential queues, protected and redacted tickets teach nothing.
    static func mayTeach(ticket: ID?, queue: ID, in db: any Connection) throws -> Bool {
        let isOpen = try db.first("SELECT 1 AS one FROM queue WHERE id = \(queue) AND is_confidential = 0") != nil
        guard isOpen, let ticket else { return isOpen }
        return try db.first(
            """
            SELECT 1 AS one FROM ticket JOIN queue ON queue.id = ticket.queue_id
            WHERE ticket.id = \(ticket) AND ticket.is_protected = 0 AND queue.is_confidential = 0
                AND NOT EXISTS (SELECT 1 FROM message JOIN redaction ON redaction.message_id = message.id
                    WHERE message.ticket_id = ticket.id)
            """) != nil
    }

    private static let columns: SQL = columns(of: "lesson_offer")

    private static func columns(of part: SQL) -> SQL {
        """
        lesson_offer.*, review.ticket_id, COALESCE(ticket.queue_id, review.queue_id) AS queue_now
        FROM \(part) JOIN review_comment ON review_comment.id = lesson_offer.comment_id
        JOIN review ON review.id = review_comment.review_id LEFT JOIN ticket ON ticket.id = review.ticket_id
        """
    }

    /// Of tickets in queues the viewer sees now, newest first.
    package static func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Offer] {
        try db.rows(
            """
            SELECT \(columns(of: """
                (SELECT * FROM lesson_offer WHERE queue_id IN \(list: viewer.queues(.see))
                ORDER BY at DESC LIMIT 200) AS lesson_offer
                """))
            WHERE COALESCE(ticket.queue_id, review.queue_id) IN \(list: viewer.queues(.see))
            ORDER BY lesson_offer.at DESC
            """
        ).map(read)
    }

    static func find(_ comment: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Offer? {
        let found = try db.first("SELECT \(columns) WHERE lesson_offer.comment_id = \(comment)").map(read)
        return found.flatMap { viewer.may(.see, queue: $0.queue) ? $0 : nil }
    }

    /// The comment a text was made of.
    package static func find(ofText text: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Offer? {
        let found = try db.first("SELECT \(columns) WHERE lesson_offer.text_id = \(text)").map(read)
        return found.flatMap { viewer.may(.see, queue: $0.queue) ? $0 : nil }
    }

    /// Texts by comment, of those the viewer may read.
    static func texts(
        of comments: [ID], _ knowledge: KnowledgeStore, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [ID: KnowledgeText] {
        let rows = try db.rows(
            """
            SELECT comment_id, text_id FROM lesson_offer WHERE comment_id IN \(list: comments) AND text_id IS NOT NULL
            """)
        var found: [ID: KnowledgeText] = [:]
        for row in rows {
            found[try row.int("comment_id")] = try knowledge.find(
                try row.int("text_id"), visibleTo: viewer, in: db)
        }
        return found
    }

    private static func read(_ row: Row) throws -> Offer {
        Offer(
            comment: try row.int("comment_id"), queue: try row.int("queue_now"),
            ticket: try row.optionalInt("ticket_id"), language: try row.optionalText("language"),
            passage: try row.text("passage"), text: try row.text("text"), at: try row.int("at"),
            knowledge: try row.optionalInt("text_id"))
    }
}
