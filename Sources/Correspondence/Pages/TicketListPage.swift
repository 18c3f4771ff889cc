import Web

/// Tickets, one line each. The filter is GET with field `query`.
struct TicketListPage: Page {
    static let template = "correspondence/ticket-list"

    let views: [CountedLink]
    let queues: [CountedLink]
    let filter: TicketFilter
    /// "12 tickets", "more than 1,000 tickets".
    let count: Phrase
    let rows: [TicketRow]
    let newerPath: String?
    let olderPath: String?
    let newTicketPath: String?
    /// What an empty list teaches.
    let empty: EmptyList?
    var live: LiveList?

    var title: Phrase { Phrase("ticket-list-title") }
    var room: String { "tickets" }
}

/// The filter field and its words as chips.
struct TicketFilter: Sendable {
    let path: String
    let query: String
    let problem: Phrase?
    let chips: [FilterChip]
    let clearPath: String?
}

struct FilterChip: Sendable {
    let words: String
    let removePath: String
}

/// Why there is nothing, and the first step.
struct EmptyList: Sendable {
    let heading: Phrase
    let advice: Phrase
    let step: Link?
}

struct TicketRow: Sendable {
    let path: String
    let number: String
    let subject: String
    /// The start of the last message.
    let excerpt: String
    let sender: String
    let language: LanguageSign?
    let queue: String
    let owner: String?
    let state: StateSign
    let isUnread: Bool
    let hasAttachments: Bool
    let messages: Int
    let clock: TicketClock?
    let age: Moment
}

/// The language of a text: its tag for `lang`, and its name in the reader's language.
struct LanguageSign: Sendable {
    let code: String
    let name: String
}

/// A ticket's state with its words.
struct StateSign: Sendable {
    enum Name: String, PageCase { case new, open, waiting, answered, closed, junk }

    let name: Name
    let label: Phrase

    init(_ name: Name) {
        self.name = name
        label = Phrase("ticket-state-\(name.rawValue)")
    }
}

/// Time left or over; only where it matters.
struct TicketClock: Sendable {
    let label: Phrase
    let isOver: Bool
}
