import Base
import Storage

/// What is done to a ticket, or to many at once: what is absent stays as it is. Also how a ticket was before, so that
/// it can be undone.
package struct TicketChange: Sendable, Equatable, Codable {
    /// With `outcome` (when closed) and `until` (when waiting, milliseconds UTC).
    package var state: String?
    package var outcome: String?
    package var until: Milliseconds?
    /// A member's id, or empty for nobody.
    package var owner: String?
    package var queue: ID?
    package var priority: Int?
    /// A language tag, or empty for not known.
    package var language: String?
    package var subject: String?
    /// A contact's id, or 0 for none.
    package var contact: ID?
    /// All tags.
    package var tags: [String]?
    package var addTags: [String]?
    package var removeTags: [String]?
    /// A knowledge text to answer with, or 0 for none.
    package var proposal: ID?
    /// A checklist to put on the ticket; in what was done: the one that was put there.
    package var checklist: ID?
    /// All become part of this ticket.
    package var mergeInto: ID?
    /// In what was before: the merge that was made.
    var merge: ID?
    /// In what was before: this ticket was split off that one.
    var splitFrom: ID?

    package init() {}

    package var isEmpty: Bool { self == TicketChange() }

    /// `invalid` for what no ticket can take; checked before anything is done.
    package func validate() throws(Failure) {
        let isFine =
            (state.map { TicketState(rawValue: $0) != nil } ?? true)
            && (outcome.map { $0.isEmpty || Outcome(rawValue: $0) != nil } ?? true)
            && (owner.map { $0.isEmpty || ID($0) != nil } ?? true)
            && (priority.map { (1...4).contains($0) } ?? true)
            && (until == nil || state == TicketState.waiting.rawValue)
            && (outcome ?? "" == "" || state == TicketState.closed.rawValue)
            && !isEmpty
        guard isFine else { throw Failure(.invalid, "error-invalid") }
    }

    /// The same parts of a ticket as it is now.
    func parts(of ticket: Ticket, tags now: [String]) -> TicketChange {
        var found = TicketChange()
        if state != nil {
            found.state = ticket.state.rawValue
            found.outcome = ticket.outcome?.rawValue ?? ""
            found.until = ticket.snoozedUntil
        }
        // A ticket that goes to another queue may lose its owner on the way.
        if owner != nil || queue != nil { found.owner = ticket.owner.map { String($0) } ?? "" }
        if queue != nil { found.queue = ticket.queue }
        if priority != nil { found.priority = ticket.priority }
        if language != nil { found.language = ticket.language ?? "" }
        if subject != nil { found.subject = ticket.subject }
        if contact != nil { found.contact = ticket.contact ?? 0 }
        if proposal != nil { found.proposal = ticket.proposedText ?? 0 }
        if tags != nil || addTags != nil || removeTags != nil { found.tags = now }
        return found
    }
}
