import Base
import People
import Storage

/// Members agree with what the program thinks, or correct it; and take that back.
///
/// Agreeing does what was proposed with the member's own rights; a correction says no to one value and yes to another.
/// Every decision is an example for the next training. One transaction each.
package struct TriageDeciding: Sendable {
    private let stores: Filing.Stores
    private let members: MemberStore
    private var suggestions: TriageSuggestionStore { TriageSuggestionStore(ids: stores.tickets.ids) }
    private var changing: Changing { Changing(stores: stores, members: members) }
    private var hint: DangerHint { DangerHint(stores: stores) }
    private var labelling: Labelling { Labelling(stores: stores) }

    package init(stores: Filing.Stores, members: MemberStore) {
        self.stores = stores
        self.members = members
    }

    package func accept(
        _ id: ID, of ticket: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let found = try require(id, of: ticket, viewer, in: db)
        guard found.state == .open || found.state == .applied else { throw Failure(.conflict, "triage-decided") }
        let former =
            try found.state == .applied ? found.former : carryOut(found.target, found.value, ticket, viewer, at, db)
        try finish(found, .accepted, former: former, viewer, at: at, in: db)
    }

    package func dismiss(
        _ id: ID, of ticket: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let found = try require(id, of: ticket, viewer, in: db)
        guard found.state == .open || found.state == .applied else { throw Failure(.conflict, "triage-decided") }
        if found.state == .applied { try takeBack(found, viewer, at: at, in: db) }
        if found.isDanger { try hint.lower(found, by: viewer.memberID, at: at, in: db) }
        try finish(found, .dismissed, former: found.isDanger ? found.former : "", viewer, at: at, in: db)
    }

    /// Not this value but another one of the same kind.
    package func correct(
        _ id: ID, of ticket: ID, to value: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let found = try require(id, of: ticket, viewer, in: db)
        guard !value.isEmpty, value != found.value else { throw Failure(.invalid, "error-invalid") }
        let clean = found.target == .topic ? TicketStore.cleanTag(value) : value
        try dismiss(id, of: ticket, by: viewer, at: at, in: db)
        let former = try carryOut(found.target, clean, ticket, viewer, at, db)
        if found.target != .label {
            try suggestions.record(
                found.target, clean, ticket: ticket, state: .accepted, by: viewer.memberID, at: at, in: db)
        }
        // The row that was corrected keeps what takes the correction back.
        if let new = try suggestions.ofTicket(ticket, in: db).first(where: {
            $0.target == found.target && $0.value == clean
        }) {
            try suggestions.decide(new.id, .accepted, former: former, by: viewer.memberID, at: at, in: db)
        }
    }

    /// Back to waiting; what the decision had done is undone unless the ticket was changed since.
    package func undo(
        _ id: ID, of ticket: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let found = try require(id, of: ticket, viewer, in: db)
        guard found.member == viewer.memberID else { throw Failure(.conflict, "triage-decided") }
        if found.state == .accepted { try takeBack(found, viewer, at: at, in: db) }
        if found.isDanger, found.state == .dismissed {
            try hint.raiseAgain(found, by: viewer.memberID, at: at, in: db)
        }
        try suggestions.decide(id, .open, former: found.isDanger ? found.former : "", by: nil, at: nil, in: db)
        try stores.events.add(
            Event("triage-undone", actor: viewer.memberID, ticket: ticket, subject: id), at: at, in: db)
    }

    // MARK: - Steps

    private func require(
        _ id: ID, of ticket: ID, _ viewer: Viewer, in db: any Connection
    ) throws -> TriageSuggestion {
        _ = try stores.tickets.require(ticket, for: .note, visibleTo: viewer, in: db)
        return try suggestions.require(id, of: ticket, in: db)
    }

    private func carryOut(
        _ target: TriageSuggestion.Target, _ value: String, _ ticket: ID, _ viewer: Viewer, _ at: Milliseconds,
        _ db: any Connection
    ) throws -> String {
        if target == .label {
            guard let label = SpecialistLabel(rawValue: value) else { throw Failure(.invalid, "error-invalid") }
            try labelling.set(label, on: ticket, by: viewer, at: at, in: db)
            return ""
        }
        let change = try TriageChange.change(target, value)
        let trace = try changing.apply(change, to: ticket, by: viewer, at: at, in: db)
        return try trace.map { try StoredJSON.text(TriageChange(former: $0.former, later: $0.later)) } ?? ""
    }

    private func takeBack(
        _ found: TriageSuggestion, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        if found.target == .label {
            guard let label = SpecialistLabel(rawValue: found.value),
                try LabelStore().labels(of: found.ticket, in: db).contains(where: { $0.label == label })
            else { return }
            return try labelling.end(label, on: found.ticket, .mistaken, by: viewer, at: at, in: db)
        }
        guard !found.former.isEmpty else { return }
        let change: TriageChange = try StoredJSON.value(found.former)
        let trace = Changing.Trace(former: change.former, later: change.later)
        guard try changing.undo(trace, of: found.ticket, by: viewer, at: at, in: db) else {
            throw Failure(.conflict, "triage-changed-since")
        }
    }

    private func finish(
        _ found: TriageSuggestion, _ state: TriageSuggestion.State, former: String, _ viewer: Viewer,
        at: Milliseconds, in db: any Connection
    ) throws {
        try suggestions.decide(found.id, state, former: former, by: viewer.memberID, at: at, in: db)
        let queue = try stores.tickets.find(found.ticket, in: db)?.queue
        let event = Event(
            state == .accepted ? "triage-accepted" : "triage-dismissed", actor: viewer.memberID, queue: queue,
            ticket: found.ticket, subject: found.id, data: ["target": found.target.rawValue])
        try stores.events.add(event, at: at, in: db)
        try TriageTraining.schedule(after: TriageTraining.pause, jobs: stores.jobs, in: db)
    }
}
