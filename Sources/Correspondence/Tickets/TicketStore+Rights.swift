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
