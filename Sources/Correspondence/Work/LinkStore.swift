import Base
import Foundation
import Storage

/// What a ticket is linked with, seen from that ticket.
package struct TicketLink: Sendable {
    /// `cause`: the other ticket is the cause of this one; `effect`: the other way round.
    package enum Kind: String, Sendable, CaseIterable { case related, cause, effect, address }

    package var id: ID
    package var kind: Kind
    /// nil for an address.
    package var other: Ticket?
    package var url: String
    package var name: String
}

/// The table `ticket_link`.
package struct LinkStore: Sendable {
    private static let most = 50
    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Both ways; tickets the viewer may not see are left out.
    package func links(of ticket: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> [TicketLink] {
        let rows = try db.rows(
            """
            SELECT id AS link_id, ticket_id AS source_id, other_id, kind, url, name FROM ticket_link
            WHERE ticket_id = \(ticket) OR other_id = \(ticket) ORDER BY id LIMIT \(Self.most * 4)
            """)
        return try rows.compactMap { row in
            let source = try row.int("source_id")
            let kind = try row.text("kind")
            guard let other = try row.optionalInt("other_id") else {
                return TicketLink(
                    id: try row.int("link_id"), kind: .address, other: nil, url: try row.text("url"),
                    name: try row.text("name"))
            }
            let shown = source == ticket ? other : source
            guard let found = try db.first("SELECT * FROM ticket WHERE id = \(shown)").map(TicketStore.read),
                viewer.may(.see, queue: found.queue)
            else { return nil }
            // Kept as: ticket_id is the cause of other_id.
            let seen: TicketLink.Kind = kind == "related" ? .related : source == ticket ? .effect : .cause
            return TicketLink(id: try row.int("link_id"), kind: seen, other: found, url: "", name: "")
        }
    }

    /// The same link twice is one. `kind` says what the other ticket is to this one.
    @discardableResult package func add(
        _ kind: TicketLink.Kind, from ticket: Ticket, to other: Ticket, actor: ID, at: Milliseconds,
        in db: any Connection
    ) throws -> ID {
        guard ticket.id != other.id, kind != .address else { throw Failure(.invalid, "link-itself") }
        let (source, target) = kind == .cause ? (other, ticket) : (ticket, other)
        let name = kind == .related ? "related" : "cause"
        let known = try db.first(
            """
            SELECT id FROM ticket_link WHERE kind = \(name) AND ticket_id = \(source.id) AND other_id = \(target.id)
            """)
        if let known { return try known.int("id") }
        return try insert(name, source.id, target.id, url: "", name: "", on: ticket, actor: actor, at: at, in: db)
    }

    /// Only `http` and `https`.
    @discardableResult package func add(
        url: String, name: String, to ticket: Ticket, actor: ID, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard url.utf8.count <= 2000, name.count <= 200, let parts = URLComponents(string: url),
            ["http", "https"].contains(parts.scheme?.lowercased() ?? ""), !(parts.host ?? "").isEmpty
        else { throw Failure(.invalid, "link-address-invalid") }
        return try insert("address", ticket.id, nil, url: url, name: name, on: ticket, actor: actor, at: at, in: db)
    }

    private func insert(
        _ kind: String, _ source: ID, _ other: ID?, url: String, name: String, on ticket: Ticket, actor: ID,
        at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let count = try db.int("SELECT COUNT(*) AS n FROM ticket_link WHERE ticket_id = \(source)")
        guard count < Self.most else { throw Failure(.tooMany, "link-too-many", isTemporary: false) }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO ticket_link (id, ticket_id, other_id, kind, url, name, actor_id, created_at)
            VALUES (\(id), \(source), \(other), \(kind), \(url), \(name), \(actor), \(at))
            """)
        try events.add(
            Event(
                "link-added", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: id, data: ["kind": kind]),
            at: at, in: db)
        return id
    }

    package func remove(_ id: ID, from ticket: Ticket, actor: ID, at: Milliseconds, in db: any Connection) throws {
        let removed = try db.execute(
            "DELETE FROM ticket_link WHERE id = \(id) AND (ticket_id = \(ticket.id) OR other_id = \(ticket.id))")
        guard removed == 1 else { throw Failure(.notFound, "error-not-found") }
        try events.add(
            Event("link-removed", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: id), at: at, in: db)
    }
}
