import Base
import Jobs
import Storage

/// Finds what is answered often without a text: groups of answers that say much the same. The tables `text_gap` and,
/// with `AnswerLearning`, `answered`.
///
/// A job looks at answers that belong to no group yet, in slices; it may run twice: an answer is in a group or not.
/// A group is offered from `fewest` tickets on. A group somebody dismissed stays dismissed.
package struct GapFinding: Sendable {
    package static let jobName = "find-gaps"
    private static let mark = "gaps-looked-at"
    private static let slice = 40
    private static let every: Milliseconds = 3_600_000
    static let fewest = 4
    /// Share of an answer's words another must have to say the same.
    private static let likeness = 0.6

    let database: Database
    let stores: Filing.Stores
    let ids: IDMaker
    let clock: Clock

    package init(database: Database, stores: Filing.Stores, ids: IDMaker, clock: Clock) {
        self.database = database
        self.stores = stores
        self.ids = ids
        self.clock = clock
    }

    package func run(_ job: Job) async throws {
        let isDone = try await look()
        try await database.write { [stores] db in
            try stores.jobs.add(Self.jobName, subject: 0, after: isDone ? Self.every : 200, in: db)
            try stores.jobs.finish(job, in: db)
        }
    }

    /// Whether answers were learned that no slice has looked at.
    static func hasWork(in db: any Connection) throws -> Bool {
        let done = try StoredSetting.text(mark, in: db) ?? "0"
        return try db.first("SELECT 1 AS one FROM answered WHERE message_id > \(ID(done) ?? 0) LIMIT 1") != nil
    }

    /// One slice; true when nothing is left.
    func look() async throws -> Bool {
        let waiting = try await database.read { db in
            let done = try StoredSetting.text(Self.mark, in: db) ?? "0"
            return try db.rows(
                """
                SELECT message_id, text_id, language FROM answered
                WHERE message_id > \(ID(done) ?? 0) ORDER BY message_id LIMIT \(Self.slice)
                """
            ).map { (try $0.int("message_id"), try $0.optionalInt("text_id"), try $0.text("language")) }
        }
        guard let last = waiting.last?.0 else { return true }
        let now = clock.now()
        for (message, text, language) in waiting where text == nil {
            try await database.write { db in try place(message, language, at: now, in: db) }
        }
        try await database.write { db in try StoredSetting.set(Self.mark, String(last), in: db) }
        return false
    }

    /// Joins a group, or makes one with answers like it.
    private func place(_ message: ID, _ language: String, at: Milliseconds, in db: any Connection) throws {
        let own = try db.first("SELECT ticket_id, gap_id FROM answered WHERE message_id = \(message)")
        guard let own, try own.optionalInt("gap_id") == nil else { return }
        let terms = try db.rows(
            "SELECT term FROM answered_term WHERE message_id = \(message) AND side = \(AnswerLearning.answer)"
        ).map { try $0.int("term") }
        guard terms.count >= 5 else { return }
        let like = try Suggesting.similar(terms, side: AnswerLearning.answer, in: db).filter {
            $0.likeness >= Self.likeness
        }
        let rows = try db.rows(
            """
            SELECT message_id, ticket_id, gap_id FROM answered WHERE message_id IN \(list: like.map(\.message))
                AND text_id IS NULL AND language = \(language) ORDER BY message_id
            """)
        if let gap = try rows.compactMap({ try $0.optionalInt("gap_id") }).first {
            try join([message], gap, in: db)
        } else if Set(try rows.map { try $0.int("ticket_id") }).count >= Self.fewest {
            let gap = try ids.make()
            try db.execute(
                """
                INSERT INTO text_gap (id, language, size, state, text_id, found_at, decided_by)
                VALUES (\(gap), \(language), 0, 'open', NULL, \(at), NULL)
                """)
            try join(try rows.map { try $0.int("message_id") }, gap, in: db)
        }
    }

    private func join(_ messages: [ID], _ gap: ID, in db: any Connection) throws {
        try db.execute("UPDATE answered SET gap_id = \(gap) WHERE message_id IN \(list: messages)")
        try db.executeOne(
            """
            UPDATE text_gap SET size = (
                SELECT COUNT(DISTINCT ticket_id) FROM answered WHERE gap_id = \(gap)) WHERE id = \(gap)
            """)
    }
}

/// Reading and deciding about gaps.
package struct GapStore: Sendable {
    package init() {}

    package struct Gap: Sendable, Equatable {
        package var id: ID
        package var language: String
        /// Of tickets the viewer sees.
        package var size: Int
        package var tickets: [ID]
    }

    /// Open groups with enough tickets the viewer sees, the greatest first.
    package func open(visibleTo viewer: Viewer, limit: Int, in db: any Connection) throws -> [Gap] {
        let rows = try db.rows(
            "SELECT id, language FROM text_gap WHERE state = 'open' ORDER BY size DESC, id DESC LIMIT \(3 * limit)")
        return try rows.compactMap { row -> Gap? in
            let gap = try row.int("id")
            let tickets = try tickets(of: gap, viewer, in: db)
            return tickets.count >= GapFinding.fewest
                ? Gap(id: gap, language: try row.text("language"), size: tickets.count, tickets: tickets) : nil
        }.prefix(limit).map { $0 }
    }

    /// Not there and too little of it visible look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Gap {
        let row = try db.first("SELECT language FROM text_gap WHERE id = \(id) AND state = 'open'")
        let tickets = try tickets(of: id, viewer, in: db)
        guard let row, tickets.count >= GapFinding.fewest else { throw Failure(.notFound, "error-not-found") }
        return Gap(id: id, language: try row.text("language"), size: tickets.count, tickets: tickets)
    }

    /// `text` is what was begun for it; nil dismisses it.
    package func decide(_ gap: ID, text: ID?, by member: ID, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE text_gap SET state = \(text == nil ? "dismissed" : "begun"), text_id = \(text),
                decided_by = \(member) WHERE id = \(gap) AND state = 'open'
            """)
    }

    private func tickets(of gap: ID, _ viewer: Viewer, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT DISTINCT answered.ticket_id FROM answered JOIN ticket ON ticket.id = answered.ticket_id
            JOIN queue ON queue.id = ticket.queue_id
            WHERE answered.gap_id = \(gap) AND ticket.is_protected = 0 AND queue.is_confidential = 0
                AND ticket.queue_id IN \(list: viewer.queues(.see))
            ORDER BY answered.ticket_id DESC LIMIT 200
            """
        ).map { try $0.int("ticket_id") }
    }
}
