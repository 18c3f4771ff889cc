import Base
import Storage

/// Draws some of the mails that left without a review, for learning. The lot falls by the message's id: the same for
/// whoever draws, and nobody can know or choose it before the mail is written.
package struct ReviewSampling: Sendable {
    private let rules: ReviewRules
    private let reviews: ReviewStore

    package init(rules: ReviewRules, reviews: ReviewStore) {
        self.rules = rules
        self.reviews = reviews
    }

    /// 0 to 99.
    static func lot(_ message: ID) -> Int {
        let bytes = SHA256Digest.of("review-sample \(message)").prefix(4)
        return Int(bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % 100)
    }

    /// In the transaction that records that a mail was handed over.
    package func draw(message id: ID, at: Milliseconds, in db: any Connection) throws {
        guard
            let row = try db.first(
                """
                SELECT message.ticket_id, message.author_id, message.subject, message.new_text, message.language,
                    ticket.queue_id
                FROM clearance JOIN message ON message.id = clearance.message_id
                    JOIN ticket ON ticket.id = message.ticket_id
                WHERE clearance.message_id = \(id) AND clearance.way = 'free' AND message.kind = 'mail'
                    AND message.author_id IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM review WHERE review.message_id = \(id))
                """)
        else { return }
        let queue = try row.int("queue_id")
        let rule = try rules.rule(of: queue, in: db)
        guard Self.lot(id) < rule.samplePercent else { return }
        let writer = try row.int("author_id")
        let text = try row.text("new_text")
        let review = Review(
            id: try reviews.ids.make(), kind: .sample, queue: queue, ticket: try row.int("ticket_id"), draft: nil,
            message: id, round: nil, writer: writer, submittedBy: writer, reviewer: nil,
            language: try row.optionalText("language"), state: .submitted, reasons: [.sample], hash: "", note: "",
            verdictBy: nil, verdict: "", sentBy: nil, stage: .queue, number: 1, returns: 0, submittedAt: at, dueAt: at,
            decidedAt: nil)
        try reviews.add(review, in: db)
        let version = Review.Version(
            number: 1, recipients: "", subject: try row.text("subject"), text: text, at: at)
        try reviews.addVersion(version, by: writer, of: review.id, in: db)
    }
}
