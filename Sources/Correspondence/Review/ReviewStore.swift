import Base
import Storage

/// The tables `review`, `review_version`, `review_comment`, `draft_writing` and `clearance`.
package struct ReviewStore: Sendable {
    let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// A review with the queue its ticket is in now.
    static let columns: SQL = "review.*, COALESCE(ticket.queue_id, review.queue_id) AS queue_now"
    static let from: SQL = "FROM review LEFT JOIN ticket ON ticket.id = review.ticket_id"

    // MARK: - Reading

    package func find(_ id: ID, in db: any Connection) throws -> Review? {
        try db.first("SELECT \(Self.columns) \(Self.from) WHERE review.id = \(id)").map(Self.read)
    }

    /// Comments are for writer, reviewers and leads: to all others it is not there.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Review {
        guard let review = try find(id, in: db), try maySee(review, viewer, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        return review
    }

    func maySee(_ review: Review, _ viewer: Viewer, in db: any Connection) throws -> Bool {
        guard viewer.may(.see, queue: review.queue) else { return false }
        if viewer.may(.approve, queue: review.queue) || viewer.may(.manage, queue: review.queue) { return true }
        return try writers(of: review, in: db).contains(viewer.memberID)
    }

    /// The newest review of a draft.
    package func ofDraft(_ draft: ID, in db: any Connection) throws -> Review? {
        try db.first(
            """
            SELECT \(Self.columns) \(Self.from) WHERE review.draft_id = \(draft) AND review.kind = 'draft'
            ORDER BY review.id DESC LIMIT 1
            """
        ).map(Self.read)
    }

    func ofRound(_ round: ID, in db: any Connection) throws -> Review? {
        try db.first(
            "SELECT \(Self.columns) \(Self.from) WHERE review.round_id = \(round) ORDER BY review.id DESC LIMIT 1"
        ).map(Self.read)
    }

    /// Whether mail came on the ticket that the writer has not read.
    func isOnHold(_ review: Review, in db: any Connection) throws -> Bool {
        guard review.state == .submitted, let draft = review.draft else { return false }
        return try db.first(
            """
            SELECT 1 AS one FROM draft JOIN ticket ON ticket.id = draft.ticket_id
            WHERE draft.id = \(draft) AND draft.sent_message IS NULL AND draft.seen_version <> ticket.version
            """) != nil
    }

    /// All of a ticket the caller was allowed to see, oldest first.
    func ofTicket(_ ticket: ID, in db: any Connection) throws -> [Review] {
        try db.rows(
            """
            SELECT \(Self.columns) \(Self.from) WHERE review.ticket_id = \(ticket) ORDER BY review.id
            """
        ).map(Self.read)
    }

    /// Whoever wrote any of it: none of them approves it.
    func writers(of review: Review, in db: any Connection) throws -> Set<ID> {
        var writers = Set([review.writer, review.submittedBy].compactMap { $0 })
        if let draft = review.draft { writers.formUnion(try self.writers(ofDraft: draft, in: db)) }
        return writers
    }

    func writers(ofDraft draft: ID, in db: any Connection) throws -> Set<ID> {
        try Self.writers(ofDraft: draft, in: db)
    }

    static func writers(ofDraft draft: ID, in db: any Connection) throws -> Set<ID> {
        let rows = try db.rows(
            """
            SELECT member_id FROM draft_writing WHERE draft_id = \(draft)
            UNION SELECT author_id FROM draft WHERE id = \(draft)
            UNION SELECT saved_by FROM draft WHERE id = \(draft) AND saved_by IS NOT NULL
            """)
        return Set(try rows.map { try $0.int("member_id") })
    }

    package func versions(of review: ID, in db: any Connection) throws -> [Review.Version] {
        try db.rows("SELECT * FROM review_version WHERE review_id = \(review) ORDER BY number").map {
            Review.Version(
                number: Int(try $0.int("number")), recipients: try $0.text("recipients"),
                subject: try $0.text("subject"), text: try $0.text("text"), at: try $0.int("at"))
        }
    }

    package func comments(of review: ID, in db: any Connection) throws -> [Review.Comment] {
        try Self.comments(of: review, in: db)
    }

    static func comments(of review: ID, in db: any Connection) throws -> [Review.Comment] {
        try db.rows(
            """
            SELECT review_comment.*, CASE WHEN lesson_offer.comment_id IS NULL THEN 0 ELSE 1 END AS is_lesson
            FROM review_comment LEFT JOIN lesson_offer ON lesson_offer.comment_id = review_comment.id
            WHERE review_comment.review_id = \(review) ORDER BY review_comment.id
            """
        ).map {
            Review.Comment(
                id: try $0.int("id"), number: Int(try $0.int("number")), passage: try $0.text("passage"),
                text: try $0.text("text"), member: try $0.int("member_id"), at: try $0.int("at"),
                isLesson: try $0.bool("is_lesson"))
        }
    }

    // MARK: - Writing

    func add(_ review: Review, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO review (id, kind, queue_id, ticket_id, draft_id, message_id, round_id, writer_id, submitted_by,
                reviewer_id, language, state, reasons, hash, note, verdict_by, verdict, sent_by, stage, number,
                returns, submitted_at, due_at, decided_at)
            VALUES (\(review.id), \(review.kind.rawValue), \(review.queue), \(review.ticket), \(review.draft),
                \(review.message), \(review.round), \(review.writer), \(review.submittedBy), \(review.reviewer),
                \(review.language), \(review.state.rawValue), \(Self.text(review.reasons)), \(review.hash),
                \(review.note), NULL, '', NULL, \(review.stage.rawValue), \(review.number), \(review.returns),
                \(review.submittedAt), \(review.dueAt), NULL)
            """)
    }

    /// The same review with other words.
    func resubmit(_ review: Review, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE review SET state = 'submitted', queue_id = \(review.queue), ticket_id = \(review.ticket),
                submitted_by = \(review.submittedBy), reviewer_id = \(review.reviewer),
                language = \(review.language), reasons = \(Self.text(review.reasons)), hash = \(review.hash),
                note = \(review.note), verdict_by = NULL, verdict = '', stage = \(review.stage.rawValue),
                number = \(review.number), submitted_at = \(review.submittedAt), due_at = \(review.dueAt),
                decided_at = NULL
            WHERE id = \(review.id)
            """)
    }

    func addVersion(_ version: Review.Version, by member: ID?, of review: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO review_version (review_id, number, recipients, subject, text, member_id, at)
            VALUES (\(review), \(version.number), \(version.recipients), \(version.subject), \(version.text),
                \(member), \(version.at))
            """)
    }

    func addComment(
        _ remark: Review.Remark, number: Int, by member: ID, to review: ID, at: Milliseconds, in db: any Connection
    ) throws {
        let text = remark.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n")
        guard text.utf8.count <= 20_000, remark.passage.utf8.count <= 200_000 else {
            throw Failure(.tooLarge, "error-too-large")
        }
        try db.execute(
            """
            INSERT INTO review_comment (id, review_id, number, passage, text, member_id, at)
            VALUES (\(try ids.make()), \(review), \(number), \(remark.passage), \(text), \(member), \(at))
            """)
    }

    /// A verdict; `conflict` when another was faster.
    func decide(
        _ review: Review, _ state: Review.State, by member: ID, why: String = "", at: Milliseconds,
        in db: any Connection
    ) throws {
        let returns = review.returns + (state == .returned ? 1 : 0)
        let changed = try db.execute(
            """
            UPDATE review SET state = \(state.rawValue), verdict_by = \(member), verdict = \(why),
                decided_at = \(at), returns = \(returns)
            WHERE id = \(review.id) AND state = \(review.state.rawValue) AND number = \(review.number)
            """)
        guard changed == 1 else { throw Failure(.conflict, "review-decided") }
    }

    func setStage(_ stage: Review.Stage, of review: ID, dueAt: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            "UPDATE review SET stage = \(stage.rawValue), due_at = \(dueAt) WHERE id = \(review)")
    }

    static func text(_ reasons: [Review.Reason]) -> String { reasons.map(\.rawValue).joined(separator: ",") }

    static func read(_ row: Row) throws -> Review {
        Review(
            id: try row.int("id"), kind: Review.Kind(rawValue: try row.text("kind")) ?? .draft,
            queue: try row.int("queue_now"), ticket: try row.optionalInt("ticket_id"),
            draft: try row.optionalInt("draft_id"), message: try row.optionalInt("message_id"),
            round: try row.optionalInt("round_id"), writer: try row.optionalInt("writer_id"),
            submittedBy: try row.optionalInt("submitted_by"), reviewer: try row.optionalInt("reviewer_id"),
            language: try row.optionalText("language"),
            state: Review.State(rawValue: try row.text("state")) ?? .withdrawn,
            reasons: try row.text("reasons").split(separator: ",").compactMap { Review.Reason(rawValue: String($0)) },
            hash: try row.text("hash"), note: try row.text("note"), verdictBy: try row.optionalInt("verdict_by"),
            verdict: try row.text("verdict"), sentBy: try row.optionalInt("sent_by"),
            stage: Review.Stage(rawValue: Int(try row.int("stage"))) ?? .leads, number: Int(try row.int("number")),
            returns: Int(try row.int("returns")), submittedAt: try row.int("submitted_at"),
            dueAt: try row.int("due_at"), decidedAt: try row.optionalInt("decided_at"))
    }
}

// MARK: - Drafts and messages

extension ReviewStore {
    /// Somebody changed the words of a draft.
    static func noteWriter(_ member: ID, of draft: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO draft_writing (draft_id, member_id) VALUES (\(draft), \(member))
            ON CONFLICT (draft_id, member_id) DO NOTHING
            """)
    }

    /// A draft goes: what waited for it waits no more.
    static func noteDeleted(draft: ID, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE review SET state = 'withdrawn' WHERE draft_id = \(draft)
                AND state IN ('submitted', 'returned', 'approved', 'released')
            """)
    }

    /// Letters that are not sent need no review.
    static func noteCancelled(round: ID, in db: any Connection) throws {
        try db.execute(
            "UPDATE review SET state = 'withdrawn' WHERE round_id = \(round) AND state IN ('submitted', 'returned')")
    }

    /// Reviews go where their drafts went.
    static func noteMerged(_ source: ID, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE review SET ticket_id = (SELECT draft.ticket_id FROM draft WHERE draft.id = review.draft_id)
            WHERE ticket_id = \(source) AND draft_id IN (SELECT id FROM draft)
            """)
    }

    /// The mail of a review was taken back: it is approved still, or waits again where sending was the approval.
    static func noteTakenBack(message: ID, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE review SET verdict_by = CASE WHEN sent_by = verdict_by THEN NULL ELSE verdict_by END,
                state = CASE WHEN sent_by = verdict_by THEN 'submitted' WHEN verdict <> '' THEN 'released'
                    ELSE 'approved' END,
                sent_by = NULL, message_id = NULL
            WHERE message_id = \(message) AND state = 'sent'
            """)
        try db.execute("UPDATE review SET message_id = NULL WHERE message_id = \(message) AND state = 'taken-over'")
    }

    /// Whether somebody sent a message in another's name, and may take it back as they may.
    static func sent(_ message: ID, by member: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM clearance WHERE message_id = \(message) AND member_id = \(member)") != nil
    }

    /// Words that are struck from a ticket are struck from what was said of its drafts.
    static func strike(ticket: ID, _ cut: (String) -> String, in db: any Connection) throws {
        let reviews: SQL = "SELECT id FROM review WHERE ticket_id = \(ticket)"
        for row in try db.rows("SELECT * FROM review_version WHERE review_id IN (\(reviews))") {
            try db.executeOne(
                """
                UPDATE review_version SET subject = \(cut(try row.text("subject"))), text = \(cut(try row.text("text")))
                WHERE review_id = \(try row.int("review_id")) AND number = \(try row.int("number"))
                """)
        }
        for row in try db.rows("SELECT * FROM review_comment WHERE review_id IN (\(reviews))") {
            let id = try row.int("id")
            let (passage, text) = (cut(try row.text("passage")), cut(try row.text("text")))
            try db.executeOne("UPDATE review_comment SET passage = \(passage), text = \(text) WHERE id = \(id)")
            guard let offer = try db.first("SELECT * FROM lesson_offer WHERE comment_id = \(id)") else { continue }
            let (offered, said) = (cut(try offer.text("passage")), cut(try offer.text("text")))
            try db.executeOne(
                "UPDATE lesson_offer SET passage = \(offered), text = \(said) WHERE comment_id = \(id)")
        }
        for row in try db.rows("SELECT id, note, verdict FROM review WHERE ticket_id = \(ticket)") {
            try db.executeOne(
                """
                UPDATE review SET note = \(cut(try row.text("note"))), verdict = \(cut(try row.text("verdict")))
                WHERE id = \(try row.int("id"))
                """)
        }
    }
}
