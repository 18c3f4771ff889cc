import Base

/// Why somebody is called. The key `oncall-reason-…` says it in words.
package enum PageReason: String, Sendable, CaseIterable {
    /// Somebody's life may be in danger.
    case danger
    /// A service level asks for it.
    case level
    /// A member asks for help with a ticket.
    case help
    /// A rota tries itself.
    case trial
}

/// One call for a person of a rota: it goes on under one id until somebody has it.
package struct Paged: Sendable, Equatable {
    package enum State: String, Sendable { case open, held }

    package var id: ID
    package var rota: ID
    package var reason: PageReason
    /// Nil for a trial.
    package var queue: ID?
    package var state: State
    package var openedAt: Milliseconds
    /// When the last step was recorded.
    package var movedAt: Milliseconds
    package var nextAt: Milliseconds
    package var outsideAt: Milliseconds
    /// Who is being called, and since when.
    package var person: ID?
    package var personSince: Milliseconds
    package var steps: Int
    /// Nil while it is held by the outside address.
    package var heldBy: ID?
    package var heldAt: Milliseconds?
    package var joinedAt: Milliseconds
    package var toldAt: Milliseconds
}

/// What was done for a page; each is recorded once.
package struct PageStep: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A person is called for the first time; called again.
        case call, again
        /// The outside address is called; called again.
        case outside
        case outsideAgain = "outside-again"
        /// Somebody has it; gave it back; is told that more tickets came.
        case held, returned, more
    }

    package var id: ID
    package var page: ID
    package var position: Int
    package var kind: Kind
    package var member: ID?
    package var at: Milliseconds
    package var mail: ID?
    /// An `OutboxState`, empty where no mail can leave.
    package var mailState: String
    /// How often the mail went out anew because nobody knew what became of it.
    package var repeats: Int
}
