import Web

/// Queues, for administrators; with the form to add one. POST with `name`, `addresses`, `mode`, `acknowledgement`.
struct QueueListPage: Page {
    static let template = "correspondence/queue-list"

    let queues: [QueueRow]
    let form: QueueForm

    var title: Phrase { Phrase("queue-list-title") }
    var room: String { "queues" }
}

struct QueueRow: Sendable {
    let name: String
    let ticketsPath: String
    let openTickets: Int
    let addresses: [String]
    let isShadow: Bool
    let acknowledges: Bool
    /// To the queue's own page, where one may change it.
    let editPath: String?
}

/// Adding or changing a queue. `addresses` one a line.
struct QueueForm: Sendable {
    let path: String
    let isNew: Bool
    let name: Field
    let addresses: Field
    let isShadow: Bool
    let acknowledgement: Field
    let cancelPath: String?
    /// The page of all its confirmations of receipt, instead of the field, once the queue is there.
    var acknowledgementsPath: String?
}

/// One queue to change; the same form.
struct QueuePage: Page {
    static let template = "correspondence/queue"

    let name: String
    let form: QueueForm

    var title: Phrase { Phrase.verbatim(name) }
    var room: String { "queues" }
}
