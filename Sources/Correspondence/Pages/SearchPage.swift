import Web

/// What a search found, newest first, with excerpts.
struct SearchPage: Page {
    static let template = "correspondence/search"

    let filter: TicketFilter
    let count: Phrase
    let results: [SearchResult]
    let olderPath: String?
    /// Said when the search stopped at a date.
    let limit: Phrase?
    let empty: EmptyList?

    var title: Phrase { Phrase("search-title", .text(filter.query)) }
    var room: String { "tickets" }
}

struct SearchResult: Sendable {
    let path: String
    let number: String
    let subject: [TextRun]
    let excerpts: [Excerpt]
    let sender: String
    let queue: String
    let language: LanguageSign?
    let state: StateSign
    let age: Moment
}

/// A piece of a message with the words that were looked for marked.
struct Excerpt: Sendable {
    let runs: [TextRun]
    let language: String?
    let path: String
}
