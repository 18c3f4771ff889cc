import Base
import People
import Storage

/// The rule itself: asked in the transaction that writes the outbox row, by whatever way a reply leaves.
///
/// What may go is written down (`clearance`), and the outbox takes no answer, forwarded or redirected mail without it:
/// a way of sending that forgets to ask is refused too. An approval counts for exactly the recipients, subject, text
/// and attachments it was given for, and only once.
package struct ReviewGate: Sendable {
    /// By what word a mail leaves.
    enum Way: String, Sendable { case free, approved, released }

    let rules: ReviewRules
    let reviews: ReviewStore

    /// A mail that is about to leave.
    struct Sending: Sendable {
        var draft: Draft?
        /// Of the mail as it was made, not as it is stored.
        var hash: String
        var ticket: Ticket
        /// Who presses the button; their being in training counts.
        var sender: ID
    }

    /// Throws `refused` (`review-needed`, `review-waiting`, `review-changed`) unless it may go.
    func clear(
        _ sending: Sending, message: ID, by presser: ID, at: Milliseconds, in db: any Connection
    ) throws {
        let (way, review) = try way(of: sending, in: db)
        if let review {
            let changed = try db.execute(
                """
                UPDATE review SET state = 'sent', message_id = \(message), sent_by = \(presser)
                WHERE id = \(review.id) AND state = \(review.state.rawValue) AND number = \(review.number)
                """)
            guard changed == 1 else { throw Failure(.conflict, "review-decided") }
        }
        if let draft = sending.draft {
            try db.execute(
                """
                UPDATE review SET message_id = \(message) WHERE draft_id = \(draft.id) AND state = 'taken-over'
                """)
        }
        try db.execute(
            """
            INSERT INTO clearance (message_id, way, review_id, member_id, at)
            VALUES (\(message), \(way.rawValue), \(review?.id), \(presser), \(at))
            """)
    }

    /// The same without sending: for what is sent later.
    func require(_ sending: Sending, in db: any Connection) throws { _ = try way(of: sending, in: db) }

    /// The review that is used up by sending; nil where none is needed.
    private func way(of sending: Sending, in db: any Connection) throws -> (Way, Review?) {
        var needs = try rules.reasons(
            for: sending.sender, ticket: sending.ticket, text: sending.draft?.text ?? "", in: db)
        if try sendsForTrainee(sending, in: db), !needs.contains(.trainee) { needs.append(.trainee) }
        guard let draft = sending.draft else {
            guard needs.isEmpty else { throw Failure(.refused, "review-redirect") }
            return (.free, nil)
        }
        if let review = try reviews.ofDraft(draft.id, in: db) {
            switch review.state {
            case .approved where review.hash == sending.hash: return (.approved, review)
            case .released where review.hash == sending.hash: return (.released, review)
            case .approved, .released:
                if !needs.isEmpty { throw Failure(.refused, "review-changed") }
            case .submitted: throw Failure(.refused, needs.isEmpty ? "review-asked" : "review-waiting")
            case .returned, .sent, .withdrawn, .seen, .takenOver: break
            }
        }
        if needs.isEmpty { return (.free, nil) }
        if try isLetterOfApprovedRound(sending, draft, in: db) { return (.approved, nil) }
        if try GroupAnswerStore.isAgreed(draft, hash: sending.hash, queue: sending.ticket.queue, rules.members, in: db)
        {
            return (.approved, nil)
        }
        throw Failure(.refused, "review-needed")
    }

    /// A trainee's draft is looked at by who may review, also where a colleague presses the button; who takes it over
    /// answers for it.
    private func sendsForTrainee(_ sending: Sending, in db: any Connection) throws -> Bool {
        let queue = sending.ticket.queue
        guard let author = sending.draft?.author, author != sending.sender,
            try rules.isTrainee(author, queue: queue, in: db)
        else { return false }
        return try !rules.members.may(.approve, member: sending.sender, queue: queue, in: db)
    }

    /// One of the letters of a round that was approved as a whole: its words are the round's, its recipient is one of
    /// the people it was approved for.
    private func isLetterOfApprovedRound(
        _ sending: Sending, _ draft: Draft, in db: any Connection
    ) throws -> Bool {
        let row = try db.first(
            """
            SELECT letter_round.*, letter_round_person.address FROM letter_round_person
            JOIN letter_round ON letter_round.id = letter_round_person.round_id
            WHERE letter_round_person.ticket_id = \(draft.ticket) AND letter_round_person.is_sent = 0 LIMIT 1
            """)
        guard let row, let review = try reviews.ofRound(try row.int("id"), in: db),
            review.state == .approved || review.state == .released,
            review.hash == (try RoundReview.hash(ofRound: try row.int("id"), in: db))
        else { return false }
        let files = try RoundReview.files(ofRound: try row.int("id"), in: db)
        var content = Draft.Content(
            to: [try row.text("address")], cc: [], subject: try row.text("subject"), text: try row.text("text"))
        content.from = try row.text("from_address")
        content.hasSignature = try row.bool("has_signature")
        return sending.hash == ReviewHash.of(content, kind: Draft.Kind.answer.rawValue, files: files)
    }
}

/// What is bound when letters to several people are approved as a whole.
enum RoundReview {
    static func files(ofRound round: ID, in db: any Connection) throws -> [ReviewHash.File] {
        try db.rows(
            """
            SELECT letter_round_file.filename, letter_round_file.content_type, raw.sha256
            FROM letter_round_file JOIN raw ON raw.id = letter_round_file.raw_id
            WHERE letter_round_file.round_id = \(round) ORDER BY letter_round_file.id
            """
        ).map {
            ReviewHash.File(
                filename: try $0.text("filename"), contentType: try $0.text("content_type"),
                sha256: Hex.encode(try $0.bytes("sha256")))
        }
    }

    static func hash(ofRound round: ID, in db: any Connection) throws -> String {
        guard let row = try db.first("SELECT * FROM letter_round WHERE id = \(round)") else { return "" }
        let people = try db.rows(
            "SELECT address FROM letter_round_person WHERE round_id = \(round) ORDER BY position")
        var content = Draft.Content(
            to: try people.map { try $0.text("address") }, cc: [], subject: try row.text("subject"),
            text: try row.text("text"))
        content.from = try row.text("from_address")
        content.hasSignature = try row.bool("has_signature")
        return ReviewHash.of(content, kind: "round", files: try files(ofRound: round, in: db))
    }
}
