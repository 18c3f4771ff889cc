import Base
import Storage

/// The table `ticket_hold`: tickets that must be kept as they are, with the reason, whatever is to be erased.
package struct HoldStore: Sendable {
    static let longestReason = 500

    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    /// Why a ticket is kept.
    package enum Reason: Sendable, Equatable {
        /// Somebody said so, in these words.
        case held(String)
        /// It may be needed as evidence.
        case childSafety
    }

    package static func reason(_ ticket: ID, in db: any Connection) throws -> Reason? {
        if let row = try db.first("SELECT reason FROM ticket_hold WHERE ticket_id = \(ticket)") {
            return .held(try row.text("reason"))
        }
        return try ChildSafety.isSet(on: ticket, in: db) ? .childSafety : nil
    }

    /// By who manages the queue. An empty reason lifts it.
    package func set(
        _ reason: String, on ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.may(.manage, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        guard reason.count <= Self.longestReason else { throw Failure(.invalid, "redaction-reason-missing") }
        try db.execute("DELETE FROM ticket_hold WHERE ticket_id = \(ticket.id)")
        if !reason.isEmpty {
            try db.execute(
                """
                INSERT INTO ticket_hold (ticket_id, reason, member_id, at)
                VALUES (\(ticket.id), \(reason), \(viewer.memberID), \(at))
                """)
        }
        let kind = reason.isEmpty ? "hold-lifted" : "hold-set"
        try events.add(
            Event(kind, actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id), at: at, in: db)
    }
}
