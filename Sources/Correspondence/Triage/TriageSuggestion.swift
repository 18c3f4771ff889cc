import Base

/// What the program thinks of a ticket, or a member decided where it might have thought.
package struct TriageSuggestion: Sendable, Equatable {
    /// What is proposed: a label, a tag, another queue, urgency, junk.
    package enum Target: String, Sendable, CaseIterable { case label, topic, queue, urgency, junk }

    package enum State: String, Sendable {
        /// Waits for a member.
        case open
        /// A member agreed, or did it unasked.
        case accepted
        /// A member said no.
        case dismissed
        /// Done by the program, because the score was high enough; a member may still say no.
        case applied
    }

    package enum Source: String, Sendable {
        case pack, model, member
        /// The model that is shipped with the program.
        case starting
    }

    package var id: ID
    package var ticket: ID
    package var message: ID
    package var target: Target
    /// A label, a tag, the id of a queue, `urgent`, `junk`.
    package var value: String
    /// Percent.
    package var score: Int
    package var source: Source
    /// `en:…`, the entry of the packs; empty for models.
    package var reason: String
    package var state: State
    /// JSON of what was changed, so that it can be taken back.
    package var former: String
    package var member: ID?
    package var decidedAt: Milliseconds?
}
