import Base
import People
import Storage

/// Takes back what a rule did to a ticket: as a change of many, only if the ticket is still as the rule left it.
struct RuleUndoing: Sendable {
    let stores: Filing.Stores
    let members: MemberStore
    let effects: RuleEffectStore

    /// `notFound` where the viewer may not see the ticket or nothing of the kind was done, `conflict` when it was
    /// changed since or undone before.
    func undo(_ id: ID, on ticket: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let now = try stores.tickets.require(ticket, for: .note, visibleTo: viewer, in: db)
        guard let effect = try effects.find(id, in: db), effect.isChange,
            try stores.tickets.target(of: effect.ticket, in: db)?.id == now.id
        else { throw Failure(.notFound, "error-not-found") }
        guard effect.undoneAt == nil else { throw Failure(.conflict, "bulk-undone-already") }
        let trace = Changing.Trace(former: effect.former, later: effect.later)
        let changing = Changing(stores: stores, members: members)
        guard try changing.undo(trace, of: effect.ticket, by: viewer, at: at, in: db) else {
            throw Failure(.conflict, "rule-undo-changed")
        }
        try effects.setUndone(id, by: viewer.memberID, at: at, in: db)
        let event = Event(
            "rule-undone", actor: viewer.memberID, queue: now.queue, ticket: now.id, subject: effect.rule)
        try stores.events.add(event, at: at, in: db)
    }
}
