import Web

/// Mailboxes that are fetched, and servers that take our mail.
struct ConnectionListPage: Page {
    static let template = "correspondence/connection-list"

    let mailboxes: [ConnectionRow]
    let servers: [ConnectionRow]
    let newMailboxPath: String?
    let newServerPath: String
    /// The server of the configuration.
    let configured: String
    let isConfiguredUsed: Bool
    /// POST without fields: back to the configuration's server.
    let useConfigured: Action?
    /// While a test is running the page reloads itself.
    let isWaiting: Bool

    var title: Phrase { Phrase("connection-list-title") }
    var room: String { "queues" }
    var section: String { "connections" }
}

struct ConnectionRow: Sendable {
    let name: String
    /// `login@host:port`
    let place: String
    let queue: String?
    let editPath: String
    let test: Action
    /// How the last test went.
    let tested: ConnectionSign?
    /// How the last look into a mailbox went.
    let fetched: ConnectionSign?
    let isUsed: Bool
    let use: Action?
}

struct ConnectionSign: Sendable {
    let isFine: Bool
    let isWaiting: Bool
    let words: Phrase
    let moment: Moment?
}

/// Adding or changing a mailbox or server. POST with `name`, `host`, `port`, `security`, `login`, `secret`; a mailbox
/// has `queue`, `folder`, `move-to`, `interval` and, when ticked, `oauth` too.
struct ConnectionPage: Page {
    static let template = "correspondence/connection"

    let heading: Phrase
    let listPath: String
    let path: String
    let isMailbox: Bool
    let isNew: Bool
    let name: Field
    let host: Field
    let port: Field
    let security: [Choice]
    let login: Field
    let secret: Field
    let queues: [Choice]
    let folder: String
    let moveTo: String
    let interval: String
    let isOAuth: Bool
    let removal: Action?
    let problem: Phrase?

    var title: Phrase { heading }
    var room: String { "queues" }
    var section: String { "connections" }
}
