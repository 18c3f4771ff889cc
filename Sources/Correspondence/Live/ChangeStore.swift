import Base
import Storage

/// Sealed events as one viewer may see them: for streams, for the API, for webhooks.
package struct ChangeStore: Sendable {
    /// A part of the history after a cursor.
    package struct Part: Sendable {
        package var events: [StoredEvent]
        /// Where the next part begins; everything up to here was looked at.
        package var cursor: Int64
        /// Whether more waits behind the cursor.
        package var hasMore: Bool
    }

    /// Sequence numbers looked at in one call: whoever sees little reads no longer than who sees all.
    static let window: Int64 = 5000

    package init() {}

    /// Events the viewer may read (`EventReading`) of queues they see; for administrators also events of no queue, when
    /// `withoutQueue`.
    package func after(
        _ seq: Int64, visibleTo viewer: Viewer, withoutQueue: Bool = false, limit: Int, in db: any Connection
    ) throws -> Part {
        let head = try db.int("SELECT COALESCE(MAX(seq), 0) AS seq FROM event")
        // A cursor may be any number; only from one that lies behind the head is anything added up.
        guard seq < head else { return Part(events: [], cursor: max(0, min(seq, head)), hasMore: false) }
        let end = min(head, max(0, seq) + Self.window)
        let general: SQL =
            withoutQueue && viewer.isAdministrator ? "OR event.queue_id IS NULL" : ""
        let queues = viewer.queues(.see)
        let events = try db.rows(
            """
            SELECT event.* FROM event WHERE event.seq > \(seq) AND event.seq <= \(end)
                AND \(EventReading.visible(to: viewer))
                AND (event.ticket_id IS NOT NULL OR event.queue_id IN \(list: queues) \(general))
            ORDER BY event.seq LIMIT \(limit)
            """
        ).map(EventStore.read)
        let cursor = events.count == limit ? events.last?.seq ?? end : end
        return Part(events: events, cursor: cursor, hasMore: cursor < head)
    }

    /// Tickets that something a list shows has happened to since a cursor, by others than the viewer; at most `limit`.
    package func ticketsChanged(
        after seq: Int64, visibleTo viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> [ID] {
        try db.rows(
            """
            SELECT DISTINCT event.ticket_id AS id FROM event JOIN ticket ON ticket.id = event.ticket_id
            WHERE event.seq > \(seq) AND event.kind IN \(list: Self.listed)
                AND (event.actor_id IS NULL OR event.actor_id <> \(viewer.memberID))
                AND ticket.queue_id IN \(list: viewer.queues(.see))
            LIMIT \(limit)
            """
        ).map { try $0.int("id") }
    }

    private static let listed = [
        "ticket-opened", "message-arrived", "message-joined", "draft-sent", "state-changed", "owner-changed",
        "queue-changed",
    ]
}
