import Base
import Knowledge
import Storage

/// The tables `notice`, `notice_choice` and `notice_setting`.
package struct NoticeStore: Sendable {
    /// Counts stop here.
    static let countLimit = 100
    /// Notices are kept for half a year.
    static let kept: Milliseconds = 183 * 86_400_000

    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// A notice with what its line shows.
    package struct Line: Sendable {
        package var notice: Notice
        package var number: String
        package var subject: String
        package var language: String?
        package var actor: String?
    }

    // MARK: - Reading

    private static let from: SQL =
        """
        FROM notice LEFT JOIN ticket ON ticket.id = notice.ticket_id LEFT JOIN review ON review.id = notice.review_id
        LEFT JOIN knowledge_text ON knowledge_text.id = notice.text_id
        """

    /// What it is about is seen by the viewer now; a column that is absent is in no list.
    private static func visible(to viewer: Viewer) -> SQL {
        """
        (ticket.queue_id IN \(list: viewer.queues(.see)) OR review.queue_id IN \(list: viewer.queues(.see))
            OR (notice.text_id IS NOT NULL AND \(KnowledgeStore.readable(by: viewer))))
        """
    }

    /// Notices not yet read of tickets the viewer may see; stops at 100.
    package static func unread(visibleTo viewer: Viewer, in db: any Connection) throws -> Int {
        Int(
            try db.int(
                """
                SELECT COUNT(*) AS n FROM (SELECT 1 AS one \(from)
                    WHERE notice.member_id = \(viewer.memberID) AND notice.read_at IS NULL
                        AND \(visible(to: viewer)) LIMIT \(countLimit)) AS found
                """))
    }

    /// Newest first, of tickets the viewer may see now; before `id` where it is given.
    package func page(
        before id: ID?, visibleTo viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> [Line] {
        try db.rows(
            """
            SELECT notice.*, COALESCE(ticket.number, '') AS number,
                COALESCE(ticket.subject, knowledge_text.title, review_version.subject, '') AS subject,
                COALESCE(ticket.language, knowledge_text.language, review.language) AS language,
                member.name AS actor_name
            \(Self.from) LEFT JOIN member ON member.id = notice.actor_id
                LEFT JOIN review_version ON review_version.review_id = review.id
                    AND review_version.number = review.number
            WHERE notice.member_id = \(viewer.memberID) AND notice.id < \(id ?? ID.max)
                AND \(Self.visible(to: viewer))
            ORDER BY notice.id DESC LIMIT \(limit)
            """
        ).map { row in
            Line(
                notice: try Self.read(row), number: try row.text("number"), subject: try row.text("subject"),
                language: try row.optionalText("language"), actor: try row.optionalText("actor_name"))
        }
    }

    /// For the program itself, which asks for the rights of the member it is about.
    func find(_ id: ID, in db: any Connection) throws -> Notice? {
        try db.first("SELECT * FROM notice WHERE id = \(id)").map(Self.read)
    }

    /// A notice of the viewer whose ticket they may see.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Notice {
        let row = try db.first(
            """
            SELECT notice.* \(Self.from)
            WHERE notice.id = \(id) AND notice.member_id = \(viewer.memberID) AND \(Self.visible(to: viewer))
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.read(row)
    }

    /// Whether its reader may see now what it is about.
    func isVisible(_ id: ID, to viewer: Viewer, in db: any Connection) throws -> Bool {
        let row = try db.first(
            "SELECT 1 AS one \(Self.from) WHERE notice.id = \(id) AND \(Self.visible(to: viewer))")
        return row != nil
    }

    // MARK: - Making and marking

    /// False when the member has a notice of this event already.
    func add(_ notice: Notice, event: ID, mail: NoticeMailState, in db: any Connection) throws -> Bool {
        try db.execute(
            """
            INSERT INTO notice (id, member_id, event_id, kind, ticket_id, review_id, text_id, actor_id, message_id, at,
                read_at, mail)
            VALUES (\(notice.id), \(notice.member), \(event), \(notice.kind.rawValue), \(notice.ticket),
                \(notice.review), \(notice.text), \(notice.actor), \(notice.message), \(notice.at), NULL,
                \(mail.rawValue))
            ON CONFLICT (member_id, event_id) DO NOTHING
            """) == 1
    }

    package func markRead(_ id: ID, of member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE notice SET read_at = \(at) WHERE id = \(id) AND member_id = \(member) AND read_at IS NULL
            """)
    }

    /// All of a member, or all of theirs about a ticket. Returns how many.
    @discardableResult package func markAllRead(
        of member: ID, ticket: ID? = nil, at: Milliseconds, in db: any Connection
    ) throws -> Int {
        let about: SQL = ticket.map { "AND ticket_id = \($0)" } ?? ""
        return try db.execute(
            "UPDATE notice SET read_at = \(at) WHERE member_id = \(member) AND read_at IS NULL \(about)")
    }

    /// Whether the member has unread notices about a ticket.
    package func hasUnread(about ticket: ID, of member: ID, in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one FROM notice WHERE member_id = \(member) AND ticket_id = \(ticket) AND read_at IS NULL
            LIMIT 1
            """) != nil
    }

    /// Some of the oldest, once they are half a year old; returns how many.
    func forgetOld(at now: Milliseconds, limit: Int, in db: any Connection) throws -> Int {
        let id = max(0, now - Self.kept - IDMaker.epoch) << 21
        return try db.execute(
            "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE id < \(id) ORDER BY id LIMIT \(limit))")
    }

    // MARK: - Mail

    /// Moves the mail of a notice from one state to another; false when it was not there.
    func moveMail(
        _ id: ID, from: NoticeMailState, to: NoticeMailState, in db: any Connection
    ) throws -> Bool {
        try db.execute(
            "UPDATE notice SET mail = \(to.rawValue) WHERE id = \(id) AND mail = \(from.rawValue)") == 1
    }

    /// Notices that wait for a member's digest, oldest first.
    func forDigest(of member: ID, limit: Int, in db: any Connection) throws -> [Notice] {
        try db.rows(
            """
            SELECT * FROM notice WHERE member_id = \(member) AND mail = 'digest' ORDER BY id LIMIT \(limit)
            """
        ).map(Self.read)
    }

    /// Members for whom a digest waits.
    func membersWithDigest(in db: any Connection) throws -> [ID] {
        try db.rows("SELECT DISTINCT member_id FROM notice WHERE mail = 'digest' ORDER BY member_id").map {
            try $0.int("member_id")
        }
    }

    // MARK: - Choices

    package func setting(of member: ID, in db: any Connection) throws -> NoticeSetting {
        var ways: [NoticeKind: NoticeWay] = [:]
        for row in try db.rows("SELECT kind, way FROM notice_choice WHERE member_id = \(member)") {
            guard let kind = NoticeKind(rawValue: try row.text("kind")) else { continue }
            ways[kind] = NoticeWay(rawValue: try row.text("way"))
        }
        let row = try db.first("SELECT * FROM notice_setting WHERE member_id = \(member)")
        return NoticeSetting(
            ways: ways, digestHour: try row.map { Int(try $0.int("digest_hour")) } ?? NoticeSetting.usualHour,
            hidesReading: try row?.bool("hides_reading") ?? false)
    }

    package func set(_ setting: NoticeSetting, of member: ID, in db: any Connection) throws {
        guard (0...23).contains(setting.digestHour) else { throw Failure(.invalid, "error-invalid") }
        for (kind, way) in setting.ways.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try db.execute(
                """
                INSERT INTO notice_choice (member_id, kind, way)
                VALUES (\(member), \(kind.rawValue), \(way.rawValue))
                ON CONFLICT (member_id, kind) DO UPDATE SET way = \(way.rawValue)
                """)
        }
        try db.execute(
            """
            INSERT INTO notice_setting (member_id, digest_hour, digest_day, hides_reading)
            VALUES (\(member), \(setting.digestHour), '', \(setting.hidesReading))
            ON CONFLICT (member_id) DO UPDATE
                SET digest_hour = \(setting.digestHour), hides_reading = \(setting.hidesReading)
            """)
    }

    /// Marks a day's digest as made; false when it was made already.
    func beginDigest(of member: ID, day: String, in db: any Connection) throws -> Bool {
        try db.execute(
            """
            INSERT INTO notice_setting (member_id, digest_hour, digest_day, hides_reading)
            VALUES (\(member), \(NoticeSetting.usualHour), '', 0) ON CONFLICT (member_id) DO NOTHING
            """)
        return try db.execute(
            """
            UPDATE notice_setting SET digest_day = \(day) WHERE member_id = \(member) AND digest_day <> \(day)
            """) == 1
    }

    /// The day of a member's last digest.
    func digestDay(of member: ID, in db: any Connection) throws -> String {
        try db.first("SELECT digest_day FROM notice_setting WHERE member_id = \(member)")?.text("digest_day") ?? ""
    }

    /// Those of the members who hide that they read.
    static func hidingReading(_ members: Set<ID>, in db: any Connection) throws -> Set<ID> {
        let rows = try db.rows(
            """
            SELECT member_id FROM notice_setting
            WHERE member_id IN \(list: members.sorted()) AND hides_reading = 1
            """)
        return Set(try rows.map { try $0.int("member_id") })
    }

    private static func read(_ row: Row) throws -> Notice {
        Notice(
            id: try row.int("id"), member: try row.int("member_id"),
            kind: NoticeKind(rawValue: try row.text("kind")) ?? .message, about: try about(row),
            actor: try row.optionalInt("actor_id"), message: try row.optionalInt("message_id"),
            at: try row.int("at"), isRead: try row.optionalInt("read_at") != nil)
    }
    private static func about(_ row: Row) throws -> NoticeSubject {
        if let review = try row.optionalInt("review_id") { return .review(review) }
        if let text = try row.optionalInt("text_id") { return .text(text) }
        return .ticket(try row.int("ticket_id"))
    }
}
