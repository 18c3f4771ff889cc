import Base
import Storage

/// For those who deliver mail and then work with the ticket it became.
extension Filing.Stores {
    /// The ticket a filed delivery belongs to, merged ones replaced by their target; nil while it waits.
    package func ticket(ofDelivery id: ID, in db: any Connection) throws -> ID? {
        guard let row = try db.first("SELECT message_id FROM delivery WHERE id = \(id)"),
            let message = try row.optionalInt("message_id"), let found = try messages.find(message, in: db)
        else { return nil }
        return try tickets.target(of: found.ticket, in: db)?.id
    }

    /// Makes two tickets one, as a member's decision.
    package func join(_ source: ID, into target: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        try merging.merge(source, into: target, actor: actor, at: at, in: db)
    }
}
