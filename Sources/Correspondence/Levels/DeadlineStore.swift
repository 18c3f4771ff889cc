import Base
import Foundation
import Storage

/// A date by which a person needs our answer, in the zone they named it in.
package struct Deadline: Sendable, Equatable {
    package var at: Milliseconds
    package var zone: String
    /// When an answer left after it was set.
    package var metAt: Milliseconds?

    package init(at: Milliseconds, zone: String, metAt: Milliseconds? = nil) {
        self.at = at
        self.zone = zone
        self.metAt = metAt
    }
}

/// The table `ticket_deadline`.
package struct DeadlineStore: Sendable {
    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    package static func find(_ ticket: ID, in db: any Connection) throws -> Deadline? {
        try db.first("SELECT * FROM ticket_deadline WHERE ticket_id = \(ticket)").map {
            Deadline(
                at: try $0.int("at"), zone: try $0.text("zone"), metAt: try $0.optionalInt("met_at"))
        }
    }

    /// Sets the date, or takes it away; the ticket's place in lists follows at once.
    package func set(
        _ deadline: Deadline?, of ticket: Ticket, actor: ID, at now: Milliseconds, in db: any Connection
    ) throws {
        if let deadline {
            guard TimeZone(identifier: deadline.zone) != nil, deadline.at > now - 366 * 86_400_000,
                deadline.at < now + 5 * 366 * 86_400_000
            else { throw Failure(.invalid, "deadline-invalid") }
            try db.execute(
                """
                INSERT INTO ticket_deadline (ticket_id, at, zone, set_by, set_at, met_at)
                VALUES (\(ticket.id), \(deadline.at), \(deadline.zone), \(actor), \(now), NULL)
                ON CONFLICT (ticket_id) DO UPDATE SET at = \(deadline.at), zone = \(deadline.zone), set_by = \(actor),
                    set_at = \(now), met_at = NULL
                """)
        } else {
            guard try db.execute("DELETE FROM ticket_deadline WHERE ticket_id = \(ticket.id)") == 1 else { return }
        }
        try Clocks().refresh(ticket.id, at: now, in: db)
        let kind = deadline == nil ? "deadline-removed" : "deadline-set"
        let data = deadline.map { ["at": String($0.at)] } ?? [:]
        try events.add(Event(kind, actor: actor, queue: ticket.queue, ticket: ticket.id, data: data), at: now, in: db)
    }

    /// An answer left: the date is kept, and asks for nothing more.
    static func meet(_ ticket: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE ticket_deadline SET met_at = \(at)
            WHERE ticket_id = \(ticket) AND met_at IS NULL AND set_at <= \(at)
            """)
    }

    /// A merged ticket's date goes with it where the other has none.
    static func merge(_ source: ID, into target: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO ticket_deadline (ticket_id, at, zone, set_by, set_at, met_at)
            SELECT \(target), at, zone, set_by, set_at, met_at FROM ticket_deadline WHERE ticket_id = \(source)
            ON CONFLICT (ticket_id) DO NOTHING
            """)
    }
}
