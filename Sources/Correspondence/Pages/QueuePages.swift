import Web

/// Queues, for those who keep them; with the form to add one for administrators.
struct QueueListPage: Page {
    static let template = "correspondence/queue-list"

    let queues: [QueueRow]
    let form: QueueForm?

    var title: Phrase { Phrase("queue-list-title") }
    var room: String { "queues" }
}

struct QueueRow: Sendable {
    let name: String
    /// Absent where the viewer does not see the tickets.
    let tickets: CountedLink?
    let addresses: [String]
    let isShadow: Bool
    let isConfidential: Bool
    let isList: Bool
    let acknowledges: Bool
    /// To the queue's own pages, where one may change it.
    let editPath: String
}

/// Adding or changing a queue. POST with `name`, `display-name`, `addresses` (one a line), `mode` and, when ticked,
/// `list`, `confidential`, `plus`.
struct QueueForm: Sendable {
    let path: String
    let isNew: Bool
    let name: Field
    let displayName: Field
    let addresses: Field
    let isShadow: Bool
    let isList: Bool
    let isConfidential: Bool
    let usesPlus: Bool
    let problem: Phrase?
    let cancelPath: String?
    /// The page of all its confirmations of receipt, instead of the field, once the queue is there.
    var acknowledgementsPath: String?
}

/// What one queue is; the same form.
struct QueuePage: Page {
    static let template = "correspondence/queue"

    let name: String
    let tabs: [Tab]
    let form: QueueForm

    var title: Phrase { Phrase.verbatim(name) }
    var room: String { "queues" }
}

/// What a queue says by itself. The signature is POST with `signature`.
struct QueueTextsPage: Page {
    static let template = "correspondence/queue-texts"

    let name: String
    let tabs: [Tab]
    let signaturePath: String
    let signature: Field
    let signatureHelp: Phrase
    let acknowledgementsPath: String

    /// What happens when a text is used in a language it is outdated in.
    var rulePath = ""
    var rules: [Choice] = []

    var title: Phrase { Phrase("queue-texts-title", .text(name)) }
    var room: String { "queues" }
}
