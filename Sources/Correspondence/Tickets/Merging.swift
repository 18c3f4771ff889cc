import Base
import Outbox
import Storage

/// Makes two tickets one: everything of the source moves to the target, and the source points to it.
struct Merging: Sendable {
    let tickets: TicketStore
    let messages: MessageStore
    let index: SearchIndex
    let facts: FactStore
    let outbox: OutboxStore
    let events: EventStore

    func merge(_ source: ID, into target: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try tickets.hold([source, target], in: db)
        guard source != target, let from = try tickets.find(source, in: db), let to = try tickets.find(target, in: db),
            from.mergedInto == nil, to.mergedInto == nil
        else { throw Failure(.conflict, "error-conflict", details: "merge of a merged ticket") }
        try messages.move(from: source, to: target, in: db)
        try index.move(from: source, to: target, in: db)
        try outbox.moveTicket(from: source, to: target, in: db)
        try facts.merge(source, into: target, in: db)
        try tickets.merge(from, into: to, at: at, in: db)
        let event = Event("ticket-merged", actor: actor, queue: to.queue, ticket: target, subject: source)
        try events.add(event, at: at, in: db)
    }
}

extension TicketStore {
    /// The rows of this store that a merge changes.
    fileprivate func merge(_ source: Ticket, into target: Ticket, at: Milliseconds, in db: any Connection) throws {
        for participant in try participants(of: source.id, in: db) {
            try addParticipant(participant, to: target.id, in: db)
        }
        try db.execute("DELETE FROM participant WHERE ticket_id = \(source.id)")
        try db.execute("DELETE FROM may_belong WHERE ticket_id = \(source.id)")
        let isReopened = source.state.isOpen && !target.state.isOpen
        let state = isReopened ? TicketState.open : target.state
        try db.executeOne(
            """
            UPDATE ticket SET message_count = message_count + \(source.messageCount), version = version + 1,
                state = \(state.rawValue),
                preview = CASE WHEN updated_at < \(source.updatedAt) THEN \(source.preview) ELSE preview END,
                updated_at = CASE WHEN updated_at < \(source.updatedAt) THEN \(source.updatedAt) ELSE updated_at END,
                created_at = CASE WHEN created_at > \(source.createdAt) THEN \(source.createdAt) ELSE created_at END
            WHERE id = \(target.id)
            """)
        try db.executeOne("UPDATE ticket SET merged_into = \(target.id), message_count = 0 WHERE id = \(source.id)")
    }
}
