import Base
import Outbox
import Storage

/// Makes two tickets one: everything of the source moves to the target, and the source points to it.
///
/// A merge by a person is recorded and can be undone: everything that moved returns; what came after stays with the
/// target, and what was changed on the target since is left as it is. A target that was merged itself since is put
/// back first.
struct Merging: Sendable {
    let ids: IDMaker
    let tickets: TicketStore
    let messages: MessageStore
    let index: SearchIndex
    let facts: FactStore
    let outbox: OutboxStore
    let events: EventStore

    private var drafts: DraftMoving { DraftMoving(ids: ids) }
    private var records: MergeStore { MergeStore(ids: ids) }

    /// Returns the record that undoes it; nil when the program merged (history in the wrong order).
    @discardableResult func merge(
        _ source: ID, into target: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws -> ID? {
        try tickets.hold([source, target], in: db)
        guard source != target, let from = try tickets.find(source, in: db), let to = try tickets.find(target, in: db),
            from.mergedInto == nil, to.mergedInto == nil
        else { throw Failure(.conflict, "error-conflict", details: "merge of a merged ticket") }
        let before = try actor == nil ? nil : records.gather(from, into: to, in: db)
        try messages.move(from: source, to: target, in: db)
        try index.move(from: source, to: target, in: db)
        try outbox.moveTicket(from: source, to: target, in: db)
        try facts.merge(source, into: target, in: db)
        try LabelStore.copy(from: source, to: target, in: db)
        try IncidentStore.follow(source, into: target, ids: ids, at: at, in: db)
        try tickets.merge(from, into: to, at: at, in: db)
        try drafts.move(from: source, to: target, at: at, in: db)
        try ReviewStore.noteMerged(source, in: db)
        try FollowStore().copy(from: source, to: target, in: db)
        try DeadlineStore.merge(source, into: target, in: db)
        for ticket in [source, target] { try Clocks().refresh(ticket, at: at, in: db) }
        var record: ID?
        if let before, let merged = try tickets.find(target, in: db) {
            record = try records.add(before, from: source, into: merged, actor: actor, at: at, in: db)
        }
        let data = record.map { ["merge": String($0)] } ?? [:]
        try events.add(
            Event("ticket-merged", actor: actor, queue: to.queue, ticket: target, subject: source, data: data),
            at: at, in: db)
        return record
    }

    /// Everything merged returns. `conflict` when it was undone before, or when the target was merged since.
    func undo(_ id: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        guard let merge = try records.find(id, in: db), merge.undoneAt == nil,
            let target = try tickets.find(merge.target, in: db), let source = try tickets.find(merge.source, in: db),
            source.mergedInto == target.id
        else { throw Failure(.conflict, "merge-undone-already") }
        try tickets.hold([source.id, target.id], in: db)
        guard target.mergedInto == nil else { throw Failure(.conflict, "merge-undo-later") }
        let moved = try records.messages(of: id, stillIn: target.id, in: db)
        for message in moved {
            try messages.move(message, to: source.id, in: db)
            try index.move(message: message, to: source.id, in: db)
            try outbox.moveMessage(message, to: source.id, in: db)
        }
        try records.restore(merge, target: target, source: source, in: db)
        try facts.unmerge(merge.former, source: source.id, target: target.id, in: db)
        try IncidentStore.unfollow(source.id, from: target.id, in: db)
        try records.setUndone(id, at: at, in: db)
        for ticket in [source.id, target.id] { try Clocks().refresh(ticket, at: at, in: db) }
        for (ticket, other) in [(target, source.id), (source, target.id)] {
            let event = Event(
                "merge-undone", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: other)
            try events.add(event, at: at, in: db)
        }
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
                state = \(state.rawValue), outcome = \(isReopened ? "" : target.outcome?.rawValue ?? ""),
                snoozed_until = \(isReopened ? nil : target.snoozedUntil),
                preview = CASE WHEN updated_at < \(source.updatedAt) THEN \(source.preview) ELSE preview END,
                updated_at = CASE WHEN updated_at < \(source.updatedAt) THEN \(source.updatedAt) ELSE updated_at END,
                created_at = CASE WHEN created_at > \(source.createdAt) THEN \(source.createdAt) ELSE created_at END
            WHERE id = \(target.id)
            """)
        try db.executeOne("UPDATE ticket SET merged_into = \(target.id), message_count = 0 WHERE id = \(source.id)")
    }
}
