import Web

/// Looking somebody up by an address, and who was erased lately. GET with `address`; POST with `address` opens somebody
/// who only takes part in what others wrote.
struct PeoplePage: Page {
    static let template = "erasure/people"

    let path: String
    let address: Field
    /// Takes part somewhere, but never wrote.
    let isParticipant: Bool
    let erasures: [ErasureRow]

    var title: Phrase { Phrase("erasure-people") }
    var room: String { "safety" }
    var section: String { "people" }
}

struct ErasureRow: Sendable {
    let path: String
    let state: Phrase
    let cause: Phrase
    let by: String
    let moment: Moment
    let tickets: Phrase
}

/// What is held about a person. POST `cause` and `sure` to erase; a copy; reasons for keeping tickets.
struct PersonPage: Page {
    static let template = "erasure/person"

    let name: String
    let addresses: [String]
    let listPath: String
    let counts: [HoldingRow]
    let own: [HeldTicket]
    let others: [HeldTicket]
    let mentions: [HeldTicket]
    /// Texts that name them, for a human to look at.
    let texts: [NamingText]
    let isLearned: Bool
    let isMember: Bool
    let isCut: Bool
    let copy: Action
    let erase: EraseForm
    let problem: Phrase?
    /// An erasure before this: it goes on, or some tickets were kept.
    let former: ErasureRow?

    var title: Phrase { .verbatim(name) }
    var room: String { "safety" }
    var section: String { "people" }
}

struct HoldingRow: Sendable {
    let name: Phrase
    let count: Phrase
    /// The tickets it was counted in; absent where it belongs to none.
    let path: String?
}

/// A text in which the person is named.
struct NamingText: Sendable {
    let title: String
    let language: String
    let path: String
    let moment: Moment
    /// Only in what it said before, or in a proposal.
    let isFormer: Bool
}

struct HeldTicket: Sendable {
    let number: String
    let path: String
    let subject: String
    let state: StateSign
    let moment: Moment
    /// Why it is kept.
    let reason: Phrase?
    let hold: HoldForm?
}

/// POST `reason` and `contact`; an empty reason lifts it.
struct HoldForm: Sendable {
    let path: String
    let contact: String
    let reason: String
    let isHeld: Bool
}

struct EraseForm: Sendable {
    let path: String
    let causes: [Choice]
}

/// Of somebody who was erased only this is left.
struct ErasedPage: Page {
    static let template = "erasure/erased"

    let listPath: String
    let row: ErasureRow
    let isGoingOn: Bool
    let path: String

    var title: Phrase { Phrase("erasure-erased-title") }
    var room: String { "safety" }
    var section: String { "people" }
}

/// How long a queue keeps words. POST `months`, `on`.
struct RetentionPage: Page {
    static let template = "erasure/retention"

    let name: String
    let tabs: [Tab]
    let path: String
    let months: Field
    let isOn: Bool
    /// False for leads: the form is not shown.
    let mayChange: Bool
    /// What would go now, as the rule stands or is typed.
    let due: Phrase?
    let tickets: [HeldTicket]

    var title: Phrase { Phrase("retention-title", .text(name)) }
    var room: String { "queues" }
}
