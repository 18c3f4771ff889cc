import Web

/// A letter to several people, each alone: what became of it. POST without fields to `undo`.
struct RoundPage: Page {
    static let template = "correspondence/round"

    let subject: String
    let status: Phrase
    let undo: RoundUndo?
    /// Not finished: the page is worth loading again.
    let isMoving: Bool
    let selfPath: String
    let people: [RoundPerson]

    var title: Phrase { Phrase("round-title") }
    var room: String { "tickets" }
}

struct RoundUndo: Sendable {
    let path: String
    let seconds: Int
}

struct RoundPerson: Sendable {
    let address: String
    /// Their ticket, by its number.
    let ticket: Link?
    let problem: Phrase?
    let isSent: Bool
}

/// Noting a call or talk. POST with `queue`, `channel`, `direction` (`in`, `out`), `name`, `address`, `at`, `subject`,
/// `text`.
struct CallPage: Page {
    static let template = "correspondence/call"

    let path: String
    /// The ticket it goes to; a new one otherwise.
    let ticket: Link?
    let cancelPath: String
    let queues: [Choice]
    let channels: [Choice]
    let isOutgoing: Bool
    let name: String
    let address: String
    let at: String
    let zone: String
    let subject: String
    let text: String
    let contacts: [ContactChoice]
    let problem: Phrase?

    var title: Phrase { Phrase("call-title") }
    var room: String { "tickets" }
}

/// Confirmations of receipt of a queue, one text for each language. POST with `language`, `subject`, `text` and, when
/// ticked, `on`.
struct AcknowledgementsPage: Page {
    static let template = "correspondence/acknowledgements"

    let queue: String
    let path: String
    let backPath: String
    let placeholders: [PlaceholderLine]
    /// On what the waiting time rests.
    let basis: Phrase
    let texts: [AcknowledgementForm]

    var title: Phrase { Phrase("acknowledgements-title", .text(queue)) }
    var room: String { "queues" }
}

struct AcknowledgementForm: Sendable {
    let language: String
    let name: String
    let subject: String
    let text: Field
    let isOn: Bool
    /// There is a text, or it was just entered.
    let isOpen: Bool
}

/// A name in double braces and what it stands for; `today` is what it would say now.
struct PlaceholderLine: Sendable {
    let name: String
    let meaning: Phrase
    let today: String?
}
