import Base
import Storage

/// One change to one ticket or to many, with what undoes it.
package struct Bulk: Sendable, Equatable {
    package enum State: String, Sendable { case running, done, undoing, undone }

    package var id: ID
    package var member: ID
    package var change: TicketChange
    /// What the tickets were found by; nil when they were picked.
    package var query: String?
    /// Of the tickets found by the query, the last that was looked at.
    var lastID: ID
    package var state: State
    /// How many tickets there were to change; a count that stops at 1,000.
    package var total: Int
    /// The page it was asked for on.
    package var back: String
    package var createdAt: Milliseconds
}

/// How far it got.
package struct BulkCounts: Sendable, Equatable {
    package var waiting = 0
    package var changed = 0
    /// Refused, gone or already as wanted.
    package var skipped = 0
    package var undone = 0
    /// Changed since, so not undone.
    package var kept = 0
}

/// The tables `bulk` and `bulk_item`.
package struct BulkStore: Sendable {
    enum ItemState: String, Sendable { case waiting, changed, skipped, undone, kept }

    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    func add(
        _ change: TicketChange, tickets: [ID], query: String?, total: Int, back: String, member: ID,
        at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO bulk (id, member_id, change, query, last_id, state, total, back, created_at, changed_at)
            VALUES (\(id), \(member), \(try StoredJSON.text(change)), \(query), 0, 'running', \(total), \(back),
                \(at), \(at))
            """)
        for ticket in try known(Set(tickets).sorted(), in: db) {
            try addItem(ticket, to: id, state: .waiting, trace: nil, in: db)
        }
        return id
    }

    /// Those that there are; whether they may be seen shows when they are changed.
    private func known(_ tickets: [ID], in db: any Connection) throws -> [ID] {
        guard !tickets.isEmpty else { return [] }
        return try db.rows("SELECT id FROM ticket WHERE id IN \(list: tickets) ORDER BY id").map { try $0.int("id") }
    }

    func addItem(
        _ ticket: ID, to id: ID, state: ItemState, trace: Changing.Trace?, in db: any Connection
    ) throws {
        let former = try trace.map { try StoredJSON.text($0.former) } ?? "{}"
        let later = try trace.map { try StoredJSON.text($0.later) } ?? "{}"
        try db.execute(
            """
            INSERT INTO bulk_item (bulk_id, ticket_id, state, former, later)
            VALUES (\(id), \(ticket), \(state.rawValue), \(former), \(later))
            ON CONFLICT (bulk_id, ticket_id) DO UPDATE
            SET state = excluded.state, former = excluded.former, later = excluded.later
            """)
    }

    func setItem(_ ticket: ID, of id: ID, state: ItemState, in db: any Connection) throws {
        try db.executeOne(
            "UPDATE bulk_item SET state = \(state.rawValue) WHERE bulk_id = \(id) AND ticket_id = \(ticket)")
    }

    func find(_ id: ID, in db: any Connection) throws -> Bulk? {
        try db.first("SELECT * FROM bulk WHERE id = \(id)").map(Self.read)
    }

    /// Only whoever asked for it sees it.
    package func require(_ id: ID, of viewer: Viewer, in db: any Connection) throws -> Bulk {
        guard let bulk = try find(id, in: db), bulk.member == viewer.memberID else {
            throw Failure(.notFound, "error-not-found")
        }
        return bulk
    }

    func items(of id: ID, state: ItemState, limit: Int, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT ticket_id FROM bulk_item WHERE bulk_id = \(id) AND state = \(state.rawValue)
            ORDER BY ticket_id LIMIT \(limit)
            """
        ).map { try $0.int("ticket_id") }
    }

    func trace(of ticket: ID, in id: ID, _ db: any Connection) throws -> Changing.Trace? {
        try db.first("SELECT former, later FROM bulk_item WHERE bulk_id = \(id) AND ticket_id = \(ticket)").map {
            Changing.Trace(
                former: try StoredJSON.value(try $0.text("former")), later: try StoredJSON.value(try $0.text("later")))
        }
    }

    func setState(_ state: Bulk.State, of id: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE bulk SET state = \(state.rawValue), changed_at = \(at) WHERE id = \(id)")
    }

    /// How long a change of many can be undone and looked at.
    package static let kept: Milliseconds = 90 * 86_400_000

    /// Some of what is older than that: rows of its tickets first; returns how many.
    package func forgetOld(at now: Milliseconds, limit: Int, in db: any Connection) throws -> Int {
        let id = max(0, now - Self.kept - IDMaker.epoch) << 21
        guard let oldest = try db.first("SELECT id FROM bulk WHERE id < \(id) ORDER BY id LIMIT 1")?.int("id") else {
            return 0
        }
        let items = try db.execute(
            """
            DELETE FROM bulk_item WHERE bulk_id = \(oldest) AND ticket_id IN (
                SELECT ticket_id FROM bulk_item WHERE bulk_id = \(oldest) ORDER BY ticket_id LIMIT \(limit))
            """)
        return items > 0 ? items : try db.execute("DELETE FROM bulk WHERE id = \(oldest)")
    }

    func setLast(_ last: ID, of id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE bulk SET last_id = \(last) WHERE id = \(id)")
    }

    package func counts(of id: ID, in db: any Connection) throws -> BulkCounts {
        var counts = BulkCounts()
        for row in try db.rows(
            "SELECT state, COUNT(*) AS n FROM bulk_item WHERE bulk_id = \(id) GROUP BY state")
        {
            let n = Int(try row.int("n"))
            switch ItemState(rawValue: try row.text("state")) {
            case .waiting: counts.waiting = n
            case .changed: counts.changed = n
            case .skipped, nil: counts.skipped = n
            case .undone: counts.undone = n
            case .kept: counts.kept = n
            }
        }
        counts.skipped += try absent(of: id, in: db)
        return counts
    }

    /// Picked tickets that there are none of: skipped like those that may not be seen.
    private func absent(of id: ID, in db: any Connection) throws -> Int {
        Int(
            try db.int(
                """
                SELECT COALESCE(MAX(total - (SELECT COUNT(*) FROM bulk_item WHERE bulk_id = \(id))), 0) AS n
                FROM bulk WHERE id = \(id) AND query IS NULL
                """))
    }

    private static func read(_ row: Row) throws -> Bulk {
        Bulk(
            id: try row.int("id"), member: try row.int("member_id"),
            change: try StoredJSON.value(try row.text("change")), query: try row.optionalText("query"),
            lastID: try row.int("last_id"), state: Bulk.State(rawValue: try row.text("state")) ?? .done,
            total: Int(try row.int("total")), back: try row.text("back"), createdAt: try row.int("created_at"))
    }
}
