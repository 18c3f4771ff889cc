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
    var sorts: [CountedLink] = []
    var columns = TicketColumns()
    var bulk: BulkForm?
    var saved: [SavedFilterLine] = []
    var save: FilterForm?
    var next: Action?
    var settingsPath = WorkPaths.settings()

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
    /// Whole queries to begin with, without a script.
    var examples: [String] = []
    /// Where a script asks for words that go on; absent where there is none.
    var completions = WorkPaths.completions()
    var sort = ""
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
    let messages: Phrase
    let clock: TicketClock?
    let age: Moment
    var id = ""
    var isPickable = false
    /// Said where it is not the usual one, or where the column is shown.
    var priority: PrioritySign?
    var tags: [String] = []
    /// "away until 3 January": where the owner is.
    var ownerAway: Phrase?
    /// A letter goes out by itself then.
    var isLater = false
    var later: Phrase?
    var laterExact = ""
    /// Of a ticket about a life; says so in words.
    var danger: Phrase?
    /// Of one that may be: somebody shall look.
    var perhaps: Phrase?
}

/// A priority with its words; high and urgent are marked.
struct PrioritySign: Sendable {
    enum Name: String, PageCase { case low, normal, high, urgent }

    let name: Name
    let label: Phrase

    init(_ priority: Int) {
        name = Name.allCases[min(max(priority, 1), 4) - 1]
        label = Phrase("ticket-priority-\(name.rawValue)")
    }
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
