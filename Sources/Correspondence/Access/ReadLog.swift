import Base
import Storage

/// What was opened of a confidential ticket.
package enum Opened: String, Sendable, CaseIterable {
    case ticket, messages, original, html, attachment, excerpt
    /// Somebody had read it before it was protected.
    case before
}

extension Desk {
    /// The kind of the events that say who read what in a confidential queue.
    static let readingKind = "confidential-read"

    /// Records that the viewer opens something of these tickets, where their queue is confidential. Called before
    /// anything of it is shown: what cannot be recorded is not shown.
    package func noteOpened(
        _ what: Opened, of tickets: [ID], subject: ID? = nil, by viewer: Viewer
    ) async throws {
        guard !viewer.confidentialQueues.isEmpty, !tickets.isEmpty else { return }
        let queues = viewer.confidentialQueues.sorted()
        let opened = try await database.read { db in
            try db.rows(
                "SELECT id, queue_id FROM ticket WHERE id IN \(list: tickets) AND queue_id IN \(list: queues)"
            ).map { (try $0.int("id"), try $0.int("queue_id")) }
        }
        guard !opened.isEmpty else { return }
        let now = clock.now()
        try await database.write { [stores] db in
            for (ticket, queue) in opened {
                let event = Event(
                    Self.readingKind, actor: viewer.memberID, queue: queue, ticket: ticket, subject: subject,
                    data: ["what": what.rawValue])
                try stores.events.add(event, at: now, in: db)
            }
        }
    }
}

/// Who read what in a confidential queue, newest first, for those who manage it.
package struct ReadLog: Sendable {
    package init() {}

    package func page(
        queue: ID, before id: ID?, limit: Int, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [StoredEvent] {
        guard viewer.may(.manage, queue: queue) else { throw Failure(.notFound, "error-not-found") }
        return try db.rows(
            """
            SELECT * FROM event WHERE queue_id = \(queue) AND kind = 'confidential-read' AND id < \(id ?? ID.max)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(EventStore.read)
    }
}
