import Web

/// The answer being written. One form with fields `version`, `to`, `cc`, `subject`, `text`, `attachment` (files);
/// its buttons post it to `savePath`, `sendPath` or `attachPath` (that one as multipart).
struct Composer: Sendable {
    let savePath: String
    let sendPath: String
    let attachPath: String?
    let discard: Action?
    /// The draft's version, so that nobody overwrites a colleague's words.
    let version: String
    let to: Field
    let cc: Field
    let subject: Field
    let text: Field
    /// Language of what is written, for spelling.
    let language: String
    let problem: Phrase?
    let attachments: [AttachmentLine]
    let signature: String?
    /// What is quoted below the answer.
    let quote: String?
    /// "Send to Karl": the button names what it does.
    let send: Phrase
    /// "Saved 10:44".
    let saved: Phrase?
    let warning: Phrase?
}

/// A note for the team. POST with field `text`.
struct NoteForm: Sendable {
    let path: String
    let text: Field
}

/// Each property is a small form of its own; absent where the viewer may not change it.
struct TicketProperties: Sendable {
    let state: ChoiceForm?
    let owner: ChoiceForm?
    let queue: ChoiceForm?
    let priority: ChoiceForm?
    let language: ChoiceForm?
    let tags: TagForm?
}

/// A select; POST with field `value`.
struct ChoiceForm: Sendable {
    let path: String
    let choices: [Choice]
    let problem: Phrase?
}

/// Tags, separated by commas; POST with field `value`.
struct TagForm: Sendable {
    let path: String
    let value: String
    let tags: [CountedLink]
    let problem: Phrase?
    /// What others use, to choose from.
    var known: [String] = []
}

/// A new ticket, written by us. POST with `queue`, `to`, `cc`, `subject`, `text`.
struct NewTicketPage: Page {
    static let template = "correspondence/new-ticket"

    let path: String
    let cancelPath: String
    let queues: [Choice]
    let to: Field
    let cc: Field
    let subject: Field
    let text: Field
    let problem: Phrase?
    let warning: Phrase?

    var title: Phrase { Phrase("new-ticket-title") }
    var room: String { "tickets" }
}
