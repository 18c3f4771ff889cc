import Base
import Storage

/// Events as one viewer may read them.
///
/// An event of a ticket is as visible as the ticket is now, and as the queue it was in then. What is about no ticket
/// shows to those who see its queue, and all of it to administrators: grants and settings of confidential queues too.
/// Who read what is for those who manage the queue.
package struct EventReading: Sendable {
    package init() {}

    /// What to look for. Times are milliseconds UTC, `to` not included.
    package struct Filter: Sendable, Equatable {
        package var member: ID?
        package var queue: ID?
        package var kind: String?
        package var from: Milliseconds?
        package var to: Milliseconds?

        package init(
            member: ID? = nil, queue: ID? = nil, kind: String? = nil, from: Milliseconds? = nil,
            to: Milliseconds? = nil
        ) {
            self.member = member
            self.queue = queue
            self.kind = kind
            self.from = from
            self.to = to
        }
    }

    /// Sealed events before a cursor, newest first.
    package func before(
        _ seq: Int64?, _ filter: Filter, limit: Int, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [StoredEvent] {
        var conditions: [SQL] = ["event.seq < \(seq ?? Int64.max)", Self.visible(to: viewer)]
        if let member = filter.member {
            conditions.append("event.actor_id = \(member)")
        }
        if let queue = filter.queue { conditions.append("event.queue_id = \(queue)") }
        if let kind = filter.kind { conditions.append("event.kind = \(kind)") }
        if let from = filter.from {
            conditions.append("event.at >= \(from) AND event.seq >= \(try Self.seq(at: from, in: db))")
        }
        if let to = filter.to {
            conditions.append("event.at < \(to) AND event.seq <= \(try Self.seq(at: to, in: db, isAfter: true))")
        }
        return try db.rows(
            """
            SELECT event.* FROM event WHERE \(SQL.joined(conditions, by: " AND "))
            ORDER BY event.seq DESC LIMIT \(limit)
            """
        ).map(EventStore.read)
    }

    /// A bound for the place in the chain of what happened at a time, an hour wide: ids are ordered by time.
    private static func seq(at time: Milliseconds, in db: any Connection, isAfter: Bool = false) throws -> Int64 {
        let slack: Milliseconds = isAfter ? 3_600_000 : -3_600_000
        let id = max(0, time + slack - IDMaker.epoch) << 21
        let row =
            isAfter
            ? try db.first("SELECT seq FROM event WHERE id >= \(id) AND seq IS NOT NULL ORDER BY id LIMIT 1")
            : try db.first("SELECT seq FROM event WHERE id < \(id) AND seq IS NOT NULL ORDER BY id DESC LIMIT 1")
        return try row?.optionalInt("seq") ?? (isAfter ? Int64.max : 0)
    }

    /// The kinds there are, each found by one step in the index.
    package func kinds(in db: any Connection) throws -> [String] {
        var kinds: [String] = []
        while kinds.count < 500 {
            let row = try db.first(
                """
                SELECT kind FROM event WHERE kind > \(kinds.last ?? "") AND seq IS NOT NULL ORDER BY kind LIMIT 1
                """)
            guard let kind = try row?.text("kind") else { break }
            kinds.append(kind)
        }
        return kinds
    }

    /// The history of a ticket the viewer may see, oldest first; without who read it.
    package func history(
        of ticket: ID, visibleTo viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> [StoredEvent] {
        try db.rows(
            """
            SELECT * FROM event WHERE ticket_id = \(ticket) AND kind <> 'confidential-read'
                AND (queue_id IS NULL OR queue_id IN \(list: viewer.queues(.see)))
            ORDER BY id LIMIT \(limit)
            """
        ).map(EventStore.read)
    }

    /// A condition on `event`.
    static func visible(to viewer: Viewer) -> SQL {
        let queues = viewer.queues(.see)
        let other: SQL = viewer.isAdministrator ? "1 = 1" : "event.queue_id IN \(list: queues)"
        return """
            (event.kind <> 'confidential-read' OR event.queue_id IN \(list: viewer.queues(.manage)))
            AND ((event.ticket_id IS NULL AND \(other))
                OR ((event.queue_id IS NULL OR event.queue_id IN \(list: queues)) AND EXISTS (
                    SELECT 1 FROM ticket LEFT JOIN ticket AS target ON target.id = ticket.merged_into
                    WHERE ticket.id = event.ticket_id AND ticket.queue_id IN \(list: queues)
                        AND (target.id IS NULL OR target.queue_id IN \(list: queues)))))
            """
    }
}
