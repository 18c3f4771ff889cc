import Web

/// Before a mail is sent on. Forwarding: POST with `manner` (`attached`, `inline`). Redirecting: POST with `to` and,
/// when
/// ticked, `close`.
struct ForwardPage: Page {
    static let template = "correspondence/forward"

    let ticket: Link
    let subject: String
    let isRedirect: Bool
    let path: String
    let to: Field
    /// Whether there are bytes that can be attached.
    let hasOriginal: Bool
    /// The message, alone.
    let message: [ThreadItem]
    /// The ticket's, as it is shown here.
    let version: String
    let problem: Phrase?

    var title: Phrase { Phrase(isRedirect ? "redirect-title" : "forward-title") }
    var room: String { "tickets" }
}

/// Every arrival of a message that is shown once.
struct CopiesPage: Page {
    static let template = "correspondence/copies"

    let ticket: Link
    let subject: String
    let copies: [CopyLine]

    var title: Phrase { Phrase("copies-title") }
    var room: String { "tickets" }
}

struct CopyLine: Sendable {
    let moment: Moment
    let recipient: String
    let sender: String
    /// `lmtp`, `imap`, …
    let way: String
    let path: String
}

/// A ticket on paper.
struct PrintPage: Page {
    static let template = "correspondence/print"

    let ticket: Link
    let number: String
    let subject: String
    let state: StateSign
    let queue: String
    let owner: String?
    let language: LanguageSign?
    let printed: String
    let withNotes: Bool
    /// The same with notes, or without.
    let otherPath: String
    let items: [ThreadItem]

    var title: Phrase { Phrase("ticket-title", .text(number), .text(subject)) }
    var room: String { "tickets" }
}
