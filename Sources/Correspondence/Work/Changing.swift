import Base
import Jobs
import People
import Storage

/// Does one change to one ticket, for a viewer, inside a transaction; and takes it back.
///
/// Every part is checked against the viewer's rights before any is done. Undoing puts the former parts back only if
/// all of them are still as the change left them; otherwise the ticket stays as it is and the caller is told.
struct Changing: Sendable {
    let stores: Filing.Stores
    let members: MemberStore

    /// Before and after, for the record that undoes it.
    struct Trace: Sendable {
        var former: TicketChange
        var later: TicketChange
    }

    /// Throws `notFound` or `refused` when the viewer may not; nil when nothing changed.
    func apply(
        _ change: TicketChange, to id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Trace? {
        try stores.tickets.hold([id], in: db)
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        guard viewer.may(.note, queue: ticket.queue), ticket.mergedInto == nil else {
            throw Failure(.refused, "error-refused")
        }
        // Settling a ticket, or joining it to another, is a way of answering it.
        if change.mergeInto != nil || change.state.map({ $0 != TicketState.open.rawValue }) ?? false {
            try stores.tickets.requireAnswerable(id, by: viewer, in: db)
        }
        if let target = change.mergeInto { return try merge(ticket, into: target, by: viewer, at: at, in: db) }
        try requireAllowed(change, ticket, viewer, in: db)
        return try traced(change, on: ticket, actor: viewer.memberID, at: at, in: db)
    }

    /// Sets what is asked for, without asking who may; nil when nothing changed.
    func traced(
        _ change: TicketChange, on ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws -> Trace? {
        let former = change.parts(of: ticket, tags: try stores.tickets.tags(of: ticket.id, in: db))
        try set(change, on: ticket.id, actor: actor, at: at, in: db)
        guard let now = try stores.tickets.find(ticket.id, in: db) else { return nil }
        var later = change.parts(of: now, tags: try stores.tickets.tags(of: ticket.id, in: db))
        later.checklist = try change.checklist.flatMap {
            try checklists.put($0, on: now, actor: actor, at: at, in: db)
        }
        return former == later ? nil : Trace(former: former, later: later)
    }

    private var checklists: ChecklistStore { ChecklistStore(ids: stores.tickets.ids, events: stores.events) }

    /// True when it was put back; false when the ticket was changed since.
    func undo(_ trace: Trace, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> Bool {
        if let merge = trace.former.merge { return try undoMerge(merge, by: viewer, at: at, in: db) }
        if let original = trace.former.splitFrom { return try rejoin(id, to: original, by: viewer, at: at, in: db) }
        try stores.tickets.hold([id], in: db)
        guard let ticket = try stores.tickets.find(id, in: db), ticket.mergedInto == nil else { return false }
        let home = trace.former.queue ?? ticket.queue
        guard viewer.may(.note, queue: home) else { return false }
        let now = trace.former.parts(of: ticket, tags: try stores.tickets.tags(of: id, in: db))
        var later = trace.later
        later.checklist = nil
        guard now == later else { return false }
        if let list = trace.later.checklist {
            guard try checklists.takeBack(list, from: ticket, actor: viewer.memberID, at: at, in: db) else {
                return false
            }
        }
        try set(trace.former, on: id, actor: viewer.memberID, at: at, in: db)
        return true
    }

    // MARK: - Rights

    private func requireAllowed(
        _ change: TicketChange, _ ticket: Ticket, _ viewer: Viewer, in db: any Connection
    ) throws {
        if let queue = change.queue, queue != ticket.queue {
            // Seen, or open for handing over; any other is as if it were not there.
            guard viewer.targets.contains(queue) else { throw Failure(.notFound, "error-not-found") }
            _ = try stores.queues.require(queue, in: db)
        }
        if let owner = change.owner.flatMap({ ID($0) }), owner != ticket.owner {
            guard try members.may(.see, member: owner, queue: change.queue ?? ticket.queue, in: db) else {
                throw Failure(.invalid, "owner-cannot-see")
            }
        }
        try requireRiskStays(change, ticket, viewer, in: db)
        if let contact = change.contact, contact != 0, try stores.contacts.find(contact, in: db) == nil {
            throw Failure(.invalid, "error-invalid")
        }
    }

    /// A tag for which the queue wants a review comes off only by who may review: else it would be a way around it.
    private func requireRiskStays(
        _ change: TicketChange, _ ticket: Ticket, _ viewer: Viewer, in db: any Connection
    ) throws {
        guard change.tags != nil || change.removeTags != nil, !viewer.may(.approve, queue: ticket.queue) else { return }
        let risky = try ReviewRules.riskTags(of: ticket.queue, in: db)
        let now = try stores.tickets.tags(of: ticket.id, in: db).filter { risky.contains($0.lowercased()) }
        let kept = change.tags.map { Set($0.map { $0.lowercased() }) }
        let gone = Set((change.removeTags ?? []).map { $0.lowercased() })
        for tag in now where gone.contains(tag.lowercased()) || kept.map({ !$0.contains(tag.lowercased()) }) ?? false {
            throw Failure(.refused, "review-tag-stays", arguments: [tag])
        }
    }

    // MARK: - Setting

    private func set(
        _ change: TicketChange, on id: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        let tickets = stores.tickets
        func now() throws -> Ticket {
            guard let ticket = try tickets.find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
            return ticket
        }
        if let queue = change.queue { try move(try now(), to: queue, actor: actor, at: at, in: db) }
        if let owner = change.owner {
            let ticket = try now()
            let wanted = ID(owner)
            if wanted != ticket.owner { try tickets.setOwner(wanted, of: ticket, actor: actor, at: at, in: db) }
        }
        if let state = change.state.flatMap({ TicketState(rawValue: $0) }) {
            try setState(state, change, of: try now(), actor: actor, at: at, in: db)
        }
        if let priority = change.priority, priority != (try now().priority) {
            try tickets.setPriority(priority, of: try now(), actor: actor, at: at, in: db)
        }
        if let language = change.language {
            try tickets.setLanguage(language.isEmpty ? nil : language, of: try now(), actor: actor, at: at, in: db)
        }
        if let subject = change.subject {
            try tickets.setSubject(subject, of: try now(), actor: actor, at: at, in: db)
        }
        if let contact = change.contact {
            try tickets.setContact(contact == 0 ? nil : contact, of: try now(), actor: actor, at: at, in: db)
        }
        if let proposal = change.proposal {
            try tickets.setProposedText(proposal == 0 ? nil : proposal, of: try now(), actor: actor, at: at, in: db)
        }
        try setTags(change, of: try now(), actor: actor, at: at, in: db)
    }

    private func setTags(
        _ change: TicketChange, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        if let tags = change.tags, tags != (try stores.tickets.tags(of: ticket.id, in: db)) {
            try stores.tickets.setTags(tags, of: ticket, actor: actor, at: at, in: db)
        }
        if change.addTags != nil || change.removeTags != nil {
            try stores.tickets.changeTags(
                add: change.addTags ?? [], remove: change.removeTags ?? [], of: ticket, actor: actor, at: at, in: db)
        }
    }

    private func setState(
        _ state: TicketState, _ change: TicketChange, of ticket: Ticket, actor: ID?, at: Milliseconds,
        in db: any Connection
    ) throws {
        let outcome = change.outcome.flatMap { Outcome(rawValue: $0) }
        try stores.tickets.setState(
            state, outcome: outcome, until: change.until, of: ticket, actor: actor, at: at, in: db)
        if state == .waiting, let until = change.until {
            try stores.jobs.add(Waking.jobName, subject: ticket.id, after: max(0, until - at), in: db)
        }
    }

    /// An owner who may not see the new queue no longer owns the ticket.
    private func move(_ ticket: Ticket, to queue: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        guard queue != ticket.queue else { return }
        try stores.tickets.setQueue(queue, of: ticket, actor: actor, at: at, in: db)
        try stores.tickets.takeAlong(ticket.id, to: queue, in: db)
        if let owner = ticket.owner, try !members.may(.see, member: owner, queue: queue, in: db),
            let moved = try stores.tickets.find(ticket.id, in: db)
        {
            try stores.tickets.setOwner(nil, of: moved, actor: actor, at: at, in: db)
        }
    }

    // MARK: - Merging

    private func merge(
        _ source: Ticket, into id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Trace? {
        guard source.id != id else { return nil }
        let target = try stores.tickets.require(id, visibleTo: viewer, in: db)
        guard viewer.may(.note, queue: target.queue), target.mergedInto == nil else {
            throw Failure(.refused, "error-refused")
        }
        var trace = Trace(former: TicketChange(), later: TicketChange())
        trace.former.merge = try stores.merging.merge(
            source.id, into: id, actor: viewer.memberID, at: at, in: db)
        return trace
    }

    private func undoMerge(_ merge: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> Bool {
        do {
            try stores.merging.undo(merge, actor: viewer.memberID, at: at, in: db)
            return true
        } catch let failure as Failure where failure.code == .conflict {
            return false
        }
    }

    private func rejoin(
        _ id: ID, to original: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        guard let part = try stores.tickets.find(id, in: db), part.mergedInto == nil,
            let whole = try stores.tickets.target(of: original, in: db), whole.id != id,
            viewer.may(.note, queue: part.queue), viewer.may(.note, queue: whole.queue)
        else { return false }
        try stores.merging.merge(id, into: whole.id, actor: viewer.memberID, at: at, in: db)
        return true
    }
}
