import Base
import Storage

/// How long a queue keeps words after a ticket was closed. Off unless a queue's keeper says otherwise.
package struct Retention: Sendable, Equatable {
    static let mostMonths = 240

    package var queue: ID
    /// Of thirty days.
    package var months: Int
    package var isOn: Bool

    /// Tickets closed before this are to go.
    func limit(at now: Milliseconds) -> Milliseconds { now - Milliseconds(months) * 30 * 86_400_000 }
}

/// The table `queue_retention`.
package struct RetentionStore: Sendable {
    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    package func find(_ queue: ID, in db: any Connection) throws -> Retention? {
        try db.first("SELECT * FROM queue_retention WHERE queue_id = \(queue)").map(Self.read)
    }

    func all(in db: any Connection) throws -> [Retention] {
        try db.rows("SELECT * FROM queue_retention WHERE is_on = 1 ORDER BY queue_id").map(Self.read)
    }

    /// For administrators.
    package func set(_ retention: Retention, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        guard (1...Retention.mostMonths).contains(retention.months) else {
            throw Failure(.invalid, "retention-months-wrong")
        }
        try db.execute(
            """
            INSERT INTO queue_retention (queue_id, months, is_on, member_id, changed_at)
            VALUES (\(retention.queue), \(retention.months), \(retention.isOn), \(viewer.memberID), \(at))
            ON CONFLICT (queue_id) DO UPDATE SET months = excluded.months, is_on = excluded.is_on,
                member_id = excluded.member_id, changed_at = excluded.changed_at
            """)
        let to = retention.isOn ? String(retention.months) : "off"
        let event = Event(
            "retention-changed", actor: viewer.memberID, queue: retention.queue, data: ["months": to])
        try events.add(event, at: at, in: db)
    }

    /// Closed tickets that are past their time and still hold words, oldest first.
    package func due(_ retention: Retention, at now: Milliseconds, after: ID = 0, limit: Int, in db: any Connection)
        throws -> [ID]
    {
        try db.rows(
            "SELECT ticket.id \(Self.due(retention, now)) AND ticket.id > \(after) ORDER BY ticket.id LIMIT \(limit)"
        ).map { try $0.int("id") }
    }

    /// How many there are; counting stops at a thousand.
    package func countDue(_ retention: Retention, at now: Milliseconds, in db: any Connection) throws -> Int {
        Int(
            try db.int(
                "SELECT COUNT(*) AS n FROM (SELECT 1 AS one \(Self.due(retention, now)) LIMIT 1000) AS due"))
    }

    private static func due(_ retention: Retention, _ now: Milliseconds) -> SQL {
        """
        FROM fact JOIN ticket ON ticket.id = fact.ticket_id
        WHERE fact.queue_id = \(retention.queue) AND ticket.queue_id = \(retention.queue)
            AND fact.closed_at < \(retention.limit(at: now)) AND fact.closed_at IS NOT NULL
            AND ticket.state IN ('closed', 'junk')
            AND NOT EXISTS (SELECT 1 FROM ticket_hold WHERE ticket_hold.ticket_id = ticket.id)
            AND NOT EXISTS (
                SELECT 1 FROM ticket_label
                WHERE ticket_label.ticket_id = ticket.id AND ticket_label.label = 'child-safety')
            AND EXISTS (
                SELECT 1 FROM message WHERE message.ticket_id = ticket.id AND NOT EXISTS (
                    SELECT 1 FROM erased_message WHERE erased_message.message_id = message.id))
        """
    }

    private static func read(_ row: Row) throws -> Retention {
        Retention(
            queue: try row.int("queue_id"), months: Int(try row.int("months")), isOn: try row.bool("is_on"))
    }
}
