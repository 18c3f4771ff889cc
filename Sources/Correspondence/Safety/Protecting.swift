import Base
import People
import Storage

/// Moves a ticket with all its traces to a confidential queue, in one step, and tells who had read it.
package struct Protecting: Sendable {
    private static let longestReason = 500

    private let stores: Filing.Stores
    private let members: MemberStore
    private let ids: IDMaker

    package init(stores: Filing.Stores, members: MemberStore, ids: IDMaker) {
        self.stores = stores
        self.members = members
        self.ids = ids
    }

    /// A place tickets may be protected into: its name is shown to all who may protect.
    package struct Refuge: Sendable, Equatable {
        package var queue: ID
        package var name: String
    }

    /// Confidential queues whose managers take protected tickets in.
    package func refuges(in db: any Connection) throws -> [Refuge] {
        try db.rows(
            "SELECT id, display_name FROM queue WHERE is_refuge = 1 AND is_confidential = 1 ORDER BY display_name, id"
        ).map { Refuge(queue: try $0.int("id"), name: try $0.text("display_name")) }
    }

    /// Only a confidential queue, and only by who manages it.
    package func setRefuge(_ isRefuge: Bool, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection)
        throws
    {
        guard viewer.may(.manage, queue: queue) else { throw Failure(.notFound, "error-not-found") }
        guard try stores.queues.require(queue, in: db).isConfidential else {
            throw Failure(.invalid, "protect-not-confidential")
        }
        try db.executeOne("UPDATE queue SET is_refuge = \(isRefuge) WHERE id = \(queue)")
        let event = Event(
            "refuge-changed", actor: viewer.memberID, queue: queue, data: ["to": isRefuge ? "on" : "off"])
        try stores.events.add(event, at: at, in: db)
    }

    /// Moves the ticket and all that was merged into it; an owner who may not see the new queue is taken off.
    package func protect(
        _ id: ID, in refuge: ID, reason: String, by viewer: Viewer, at: Milliseconds, _ db: any Connection
    ) throws {
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        guard viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        guard try refuges(in: db).contains(where: { $0.queue == refuge }) else {
            throw Failure(.invalid, "protect-no-refuge")
        }
        guard !reason.isEmpty, reason.count <= Self.longestReason else {
            throw Failure(.invalid, "redaction-reason-missing")
        }
        guard ticket.queue != refuge else { throw Failure(.conflict, "error-conflict") }
        try db.execute(
            """
            INSERT INTO protection (id, ticket_id, from_queue_id, reason, member_id, at)
            VALUES (\(try ids.make()), \(id), \(ticket.queue), \(reason), \(viewer.memberID), \(at))
            """)
        let joined = try db.rows("SELECT * FROM ticket WHERE id IN (\(TicketStore.joined(to: id)))").map(
            TicketStore.read)
        try keepReaders(of: [ticket] + joined, in: refuge, at: at, db)
        for each in [ticket] + joined { try move(each, to: refuge, in: db) }
        try Clocks().refresh(id, at: at, in: db)
        try db.execute("DELETE FROM may_belong WHERE candidate_id = \(id)")
        if try ModelStore(ids: ids).learned(from: id, in: db) {
            try TriageTraining.schedule(after: 0, jobs: stores.jobs, in: db)
        }
        let event = Event("ticket-protected", actor: viewer.memberID, queue: refuge, ticket: id)
        try stores.events.add(event, at: at, in: db)
    }

    private func move(_ ticket: Ticket, to refuge: ID, in db: any Connection) throws {
        let owner = try ticket.owner.flatMap { try members.may(.see, member: $0, queue: refuge, in: db) ? $0 : nil }
        try db.executeOne(
            "UPDATE ticket SET queue_id = \(refuge), owner_id = \(owner), is_protected = 1 WHERE id = \(ticket.id)")
        try db.execute("DELETE FROM answered WHERE ticket_id = \(ticket.id)")
        try db.execute("UPDATE outbox SET queue_id = \(refuge) WHERE ticket_id = \(ticket.id)")
        try db.execute(
            """
            UPDATE message_reference SET queue_id = \(refuge)
            WHERE message_id IN (SELECT id FROM message WHERE ticket_id = \(ticket.id))
            """)
        try stores.facts.noteHandOn(ticket: ticket.id, queue: refuge, in: db)
    }

    /// Read marks tell the last reading only: who read it until now is written down before they read it again.
    private func keepReaders(of tickets: [Ticket], in refuge: ID, at: Milliseconds, _ db: any Connection) throws {
        let rows = try db.rows(
            """
            SELECT DISTINCT ticket_id, member_id FROM ticket_read WHERE ticket_id IN \(list: tickets.map(\.id))
            ORDER BY ticket_id, member_id
            """)
        for row in rows {
            let event = Event(
                Desk.readingKind, actor: try row.int("member_id"), queue: refuge, ticket: try row.int("ticket_id"),
                data: ["what": Opened.before.rawValue])
            try stores.events.add(event, at: at, in: db)
        }
    }

    /// Members who had the ticket, or what was merged into it, before a moment: who opened its page, and who did
    /// something with it.
    package func readers(of id: ID, before at: Milliseconds, in db: any Connection) throws -> [ID] {
        let joined = try db.rows("SELECT id FROM ticket WHERE id IN (\(TicketStore.joined(to: id)))")
        let tickets = try [id] + joined.map { try $0.int("id") }
        return try db.rows(
            """
            SELECT actor_id AS member_id FROM event
            WHERE ticket_id IN \(list: tickets) AND actor_id IS NOT NULL AND at <= \(at)
            UNION SELECT member_id FROM ticket_read WHERE ticket_id IN \(list: tickets) AND at <= \(at)
            ORDER BY member_id
            """
        ).map { try $0.int("member_id") }
    }
}
