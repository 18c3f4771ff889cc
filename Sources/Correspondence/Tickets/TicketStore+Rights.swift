import Base
import Storage

/// Changes by a person: each asks for the right it needs, in the transaction of the change. The functions with `actor:`
/// are for the program itself.
extension TicketStore {
    /// `notFound` for who may not see the ticket, `refused` for who sees it without this right.
    package func require(
        _ id: ID, for right: Right, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> Ticket {
        let ticket = try require(id, visibleTo: viewer, in: db)
        try requireRight(right, to: ticket, viewer)
        return ticket
    }

    package func setState(
        _ state: TicketState, of ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try requireRight(.note, to: ticket, viewer)
        try setState(state, of: ticket, actor: viewer.memberID, at: at, in: db)
    }

    /// An owner who could not open the ticket is refused. `mayOwn` says whether a member sees the queue.
    package func setOwner(
        _ owner: ID?, of ticket: Ticket, by viewer: Viewer, mayOwn: (ID) throws -> Bool, at: Milliseconds,
        in db: any Connection
    ) throws {
        try requireRight(.note, to: ticket, viewer)
        if let owner, owner != ticket.owner, try !mayOwn(owner) { throw Failure(.invalid, "owner-cannot-see") }
        try setOwner(owner, of: ticket, actor: viewer.memberID, at: at, in: db)
    }

    package func setPriority(
        _ priority: Int, of ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try requireRight(.note, to: ticket, viewer)
        try setPriority(priority, of: ticket, actor: viewer.memberID, at: at, in: db)
    }

    package func setTags(
        _ tags: [String], of ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try requireRight(.note, to: ticket, viewer)
        try setTags(tags, of: ticket, actor: viewer.memberID, at: at, in: db)
    }

    /// Into a queue the viewer sees, or may hand over to; any other is as if it were not there.
    package func move(
        _ ticket: Ticket, to queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try requireRight(.note, to: ticket, viewer)
        guard viewer.targets.contains(queue) else { throw Failure(.notFound, "error-not-found") }
        guard queue != ticket.queue else { return }
        try setQueue(queue, of: ticket, actor: viewer.memberID, at: at, in: db)
        // What was joined to it goes along, so that nothing of it stays in the old queue.
        try db.execute("UPDATE ticket SET queue_id = \(queue) WHERE merged_into = \(ticket.id)")
    }

    package func admit(
        _ address: String, to ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try requireRight(.note, to: ticket, viewer)
        try admit(address, to: ticket.id, actor: viewer.memberID, at: at, in: db)
    }

    private func requireRight(_ right: Right, to ticket: Ticket, _ viewer: Viewer) throws(Failure) {
        guard viewer.may(.see, queue: ticket.queue) else { throw Failure(.notFound, "error-not-found") }
        guard viewer.may(right, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
    }
}
