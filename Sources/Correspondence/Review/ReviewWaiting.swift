import Base
import Storage

/// Lists of reviews, each for one viewer.
extension ReviewStore {
    /// Counts and lists stop here.
    static let most = 100

    /// A review with what its line shows.
    package struct Line: Sendable {
        package var review: Review
        /// The ticket's number and subject, or the text's subject.
        package var number: String
        package var subject: String
        package var writer: String
        package var queueName: String
        package var priority: Int
        /// Mail came after it was submitted.
        package var isOnHold: Bool
        /// What the outbox would make of it: the version of the draft is not the submitted one.
        package var neededBy: String
    }

    private static let lineColumns: SQL =
        """
        \(columns), COALESCE(ticket.number, '') AS ticket_number, COALESCE(ticket.subject, '') AS ticket_subject,
        COALESCE(member.name, text_request.author, '') AS writer_name, queue.name AS queue_name,
        COALESCE(ticket.priority, 2) AS priority, COALESCE(text_request.needed_by, '') AS needed_by,
        CASE WHEN draft.id IS NOT NULL AND draft.sent_message IS NULL AND draft.seen_version <> ticket.version
            THEN 1 ELSE 0 END AS is_on_hold,
        (SELECT review_version.subject FROM review_version WHERE review_version.review_id = review.id
            AND review_version.number = review.number) AS version_subject
        """
    private static let lineFrom: SQL =
        """
        \(from) LEFT JOIN member ON member.id = review.writer_id LEFT JOIN draft ON draft.id = review.draft_id
        LEFT JOIN text_request ON text_request.review_id = review.id
        JOIN queue ON queue.id = COALESCE(ticket.queue_id, review.queue_id)
        """

    /// What waits for this viewer now, the most urgent first: asked by name, by language, by queue, or as the lead.
    package func waiting(for viewer: Viewer, in db: any Connection) throws -> [Line] {
        guard let asked = try asked(viewer, in: db) else { return [] }
        return try db.rows(
            """
            SELECT \(Self.lineColumns) \(Self.lineFrom) WHERE \(asked)
            ORDER BY review.due_at, review.id LIMIT \(Self.most)
            """
        ).map(Self.line)
    }

    /// How many of them; stops where the list does.
    package func waitingCount(for viewer: Viewer, in db: any Connection) throws -> Int {
        guard let asked = try asked(viewer, in: db) else { return 0 }
        return Int(
            try db.int(
                """
                SELECT COUNT(*) AS n FROM (SELECT 1 AS one \(Self.from) WHERE \(asked)
                    LIMIT \(Self.most)) AS found
                """))
    }

    /// Whether a review waits for this viewer in its present stage; nil where none ever does. By the index of what
    /// waits, which is short.
    private func asked(_ viewer: Viewer, in db: any Connection) throws -> SQL? {
        let (approved, led) = (viewer.queues(.approve), viewer.queues(.manage))
        guard !approved.isEmpty || !led.isEmpty else { return nil }
        let me = viewer.memberID
        let queue: SQL = "COALESCE(ticket.queue_id, review.queue_id)"
        return """
            review.state = 'submitted' AND review.kind <> 'sample'
                AND COALESCE(review.writer_id, 0) <> \(me) AND COALESCE(review.submitted_by, 0) <> \(me)
                AND NOT EXISTS (SELECT 1 FROM draft_writing WHERE draft_writing.draft_id = review.draft_id
                    AND draft_writing.member_id = \(me))
                AND NOT EXISTS (SELECT 1 FROM trainee WHERE trainee.member_id = \(me) AND trainee.freed_at IS NULL
                    AND trainee.queue_id = \(queue))
                AND ((review.stage = \(Review.Stage.leads.rawValue) AND \(queue) IN \(list: led))
                    OR (\(queue) IN \(list: approved) AND (review.stage <> \(Review.Stage.language.rawValue)
                        OR review.reviewer_id = \(me)
                        OR (review.reviewer_id IS NULL AND (\(try Self.knows(me, in: db)))))))
            """
    }

    /// Whether the member knows the language of a review; who named none is asked about all.
    private static func knows(_ member: ID, in db: any Connection) throws -> SQL {
        let known = Set(
            try db.rows("SELECT language FROM member_language WHERE member_id = \(member)").map {
                ReviewRules.base(try $0.text("language"))
            })
        guard !known.isEmpty else { return "1 = 1" }
        let each = known.sorted().map { language -> SQL in
            "review.language = \(language) OR review.language LIKE \(language + "-%")"
        }
        return SQL.joined(["review.language IS NULL"] + each, by: " OR ")
    }

    /// What the viewer submitted and is not over, and what came back lately; newest first.
    package func own(of viewer: Viewer, in db: any Connection) throws -> [Line] {
        try db.rows(
            """
            SELECT \(Self.lineColumns) \(Self.lineFrom)
            WHERE review.writer_id = \(viewer.memberID) AND review.state <> 'withdrawn'
                AND NOT (review.kind = 'sample' AND review.state = 'submitted')
                AND COALESCE(ticket.queue_id, review.queue_id) IN \(list: viewer.queues(.see))
            ORDER BY review.id DESC LIMIT 30
            """
        ).map(Self.line)
    }

    /// Mails drawn after they left, of others, newest first.
    package func samples(for viewer: Viewer, in db: any Connection) throws -> [Line] {
        try db.rows(
            """
            SELECT \(Self.lineColumns) \(Self.lineFrom)
            WHERE review.state = 'submitted' AND review.kind = 'sample'
                AND COALESCE(ticket.queue_id, review.queue_id) IN \(list: viewer.queues(.approve))
                AND COALESCE(review.writer_id, 0) <> \(viewer.memberID)
            ORDER BY review.id DESC LIMIT 30
            """
        ).map(Self.line)
    }

    /// Texts of colleagues without a seat, newest first.
    package func texts(visibleTo viewer: Viewer, in db: any Connection) throws -> [Line] {
        let queues = Array(Set(viewer.queues(.approve) + viewer.queues(.manage))).sorted()
        return try db.rows(
            """
            SELECT \(Self.lineColumns) \(Self.lineFrom)
            WHERE review.id IN (SELECT review_id FROM text_request ORDER BY review_id DESC LIMIT 200)
                AND review.queue_id IN \(list: queues)
            ORDER BY review.id DESC LIMIT 50
            """
        ).map(Self.line)
    }

    /// What was released without a review, and why: for all who approve there.
    package func released(visibleTo viewer: Viewer, in db: any Connection) throws -> [Line] {
        let queues = Array(Set(viewer.queues(.approve) + viewer.queues(.manage))).sorted()
        return try db.rows(
            """
            SELECT \(Self.lineColumns) \(Self.lineFrom)
            WHERE review.id IN (SELECT id FROM review WHERE verdict <> '' AND state IN ('released', 'sent')
                    ORDER BY id DESC LIMIT 200)
                AND COALESCE(ticket.queue_id, review.queue_id) IN \(list: queues)
            ORDER BY review.id DESC LIMIT 20
            """
        ).map(Self.line)
    }

    /// What the viewer decided, newest first.
    package func decided(by viewer: Viewer, in db: any Connection) throws -> [Line] {
        try db.rows(
            """
            SELECT \(Self.lineColumns) \(Self.lineFrom)
            WHERE review.verdict_by = \(viewer.memberID)
                AND COALESCE(ticket.queue_id, review.queue_id) IN \(list: viewer.queues(.see))
            ORDER BY review.decided_at DESC LIMIT 20
            """
        ).map(Self.line)
    }

    private static func line(_ row: Row) throws -> Line {
        let subject = try row.text("ticket_subject")
        return Line(
            review: try read(row), number: try row.text("ticket_number"),
            subject: subject.isEmpty ? try row.optionalText("version_subject") ?? "" : subject,
            writer: try row.text("writer_name"), queueName: try row.text("queue_name"),
            priority: Int(try row.int("priority")), isOnHold: try row.bool("is_on_hold"),
            neededBy: try row.text("needed_by"))
    }
}
