import Base
import Storage

/// Members set labels and give tickets back.
///
/// Anyone who may write notes sets a label. Where people are named for it, only they give the ticket back; who set it
/// by mistake takes it off again within ten minutes. "It was not this" is what the models learn from. The child-safety
/// label keeps its own rules (`ChildSafety`): only the people named lift it.
package struct Labelling: Sendable {
    /// How a label ends.
    package enum End: String, Sendable {
        /// It was cared for: everybody may answer again.
        case givenBack = "given-back"
        /// It was none: the packs or a model were wrong, or whoever set it.
        case mistaken
    }

    static let undoTime: Milliseconds = 600_000

    private let stores: Filing.Stores
    private let labels = LabelStore()
    private var suggestions: TriageSuggestionStore { TriageSuggestionStore(ids: stores.tickets.ids) }

    package init(stores: Filing.Stores) { self.stores = stores }

    package func set(
        _ label: SpecialistLabel, on id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let ticket = try stores.tickets.require(id, for: .note, visibleTo: viewer, in: db)
        try suggestions.record(
            .label, label.rawValue, ticket: id, state: .accepted, by: viewer.memberID, at: at, in: db)
        if label == .childSafety {
            return try ChildSafety(stores: stores).set(true, ticket: id, by: viewer, at: at, in: db)
        }
        guard try labels.add(label, to: id, source: .member, member: viewer.memberID, at: at, in: db) else { return }
        try stores.events.add(event("label-set", ticket, label, viewer), at: at, in: db)
        if label == .danger {
            try DangerRecord.note(id, language: ticket.language, by: .person, at: at, in: db)
            try DangerRecord.confirm(id, in: db)
            try stores.danger.raise(ticket, actor: viewer.memberID, stores: stores, at: at, in: db)
        }
    }

    package func end(
        _ label: SpecialistLabel, on id: ID, _ end: End, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let ticket = try stores.tickets.require(id, for: .note, visibleTo: viewer, in: db)
        guard let now = try labels.labels(of: id, in: db).first(where: { $0.label == label }) else {
            throw Failure(.conflict, "label-gone")
        }
        guard try mayEnd(now, viewer, at: at, in: db) else { throw Failure(.refused, "label-not-yours") }
        if label == .childSafety {
            try ChildSafety(stores: stores).set(false, ticket: id, by: viewer, at: at, in: db)
        } else {
            _ = try labels.remove(label, from: id, in: db)
            try stores.events.add(
                event(end == .givenBack ? "label-given-back" : "label-mistaken", ticket, label, viewer), at: at, in: db)
        }
        try suggestions.record(
            .label, label.rawValue, ticket: id, state: end == .givenBack ? .accepted : .dismissed,
            by: viewer.memberID, at: at, in: db)
        if label == .danger {
            let isOwn = now.member == viewer.memberID && at - now.at < Self.undoTime && end == .mistaken
            if isOwn { try DangerRecord.forget(id, in: db) }
            try DangerRecord.judge(id, end == .givenBack ? .confirmed : .mistaken, in: db)
        }
    }

    /// People named; whoever set it, for ten minutes; anybody at the desk while nobody is named.
    func mayEnd(
        _ labelled: LabelStore.Labelled, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        let people = try labels.people(of: labelled.label, in: db)
        if people.contains(viewer.memberID) { return true }
        if labelled.label == .childSafety { return false }
        return people.isEmpty || (labelled.member == viewer.memberID && at - labelled.at < Self.undoTime)
    }

    /// Replaces the people named for a label; for administrators.
    package func setPeople(
        _ members: Set<ID>, of label: SpecialistLabel, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        if label == .childSafety {
            return try ChildSafety(stores: stores).setPeople(members, by: viewer, at: at, in: db)
        }
        for (member, isNamed) in try labels.setPeople(members, of: label, in: db).sorted(by: { $0.key < $1.key }) {
            let event = Event(
                "label-person-changed", actor: viewer.memberID, subject: member,
                data: ["label": label.rawValue, "to": isNamed ? "named" : "dropped"])
            try stores.events.add(event, at: at, in: db)
        }
    }

    private func event(_ kind: String, _ ticket: Ticket, _ label: SpecialistLabel, _ viewer: Viewer) -> Event {
        Event(
            kind, actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, data: ["label": label.rawValue])
    }
}
