import Web

/// What will be taken out of a message for good. POST with `kind`, `passage` or `attachment`, and `reason`.
struct RedactionPage: Page {
    static let template = "correspondence/redaction"

    let path: String
    let backPath: String
    let sender: String
    /// The words as they are now, to copy a passage from.
    let text: String
    let language: String
    let passage: Field
    let reason: Field
    let attachments: [Choice]
    let kind: [Choice]
    let problem: Phrase?
    let hasAttachments: Bool

    var title: Phrase { Phrase("redaction-title") }
    var room: String { "tickets" }
}

/// Where a ticket can be protected. POST with `queue` and `reason`.
struct ProtectionPage: Page {
    static let template = "correspondence/protection"

    let path: String
    let backPath: String
    let number: String
    let refuges: [Choice]
    let readers: [String]
    let reason: Field
    let problem: Phrase?

    var title: Phrase { Phrase("protect-title") }
    var room: String { "tickets" }
}

/// Shown once to who protected a ticket, who may not see it any more.
struct ProtectedPage: Page {
    static let template = "correspondence/protected"

    let number: String
    let refuge: String
    let readers: [String]
    let listPath: String

    var title: Phrase { Phrase("protect-done-title") }
    var room: String { "tickets" }
}

/// HTML of a mail in a frame that may run and load nothing.
struct MailViewPage: Page {
    static let template = "correspondence/mail-view"

    let backPath: String
    let subject: String
    let sender: Party
    let framePath: String
    /// Shows the pictures that came with the mail; nil when shown, or when there are none.
    let picturesPath: String?

    var title: Phrase { .verbatim(subject) }
    var room: String { "tickets" }
}

/// People named for child safety, and confidential queues that take protected tickets in.
struct SafetyPage: Page {
    static let template = "correspondence/safety"

    let path: String
    /// Nil for those who are no administrators.
    let people: [Choice]?
    let hasPeople: Bool
    let refuges: [RefugeRow]

    var title: Phrase { Phrase("safety-title") }
    var room: String { "safety" }
}

struct RefugeRow: Sendable {
    let name: String
    let isOn: Bool
    let change: Action
}

/// Senders whose mail a queue files as junk. POST with `address`, and with `value` `on` to block it.
struct BlockedPage: Page {
    static let template = "correspondence/blocked"

    let queue: String
    let tabs: [Tab]
    let path: String
    let rows: [BlockedRow]
    let address: Field
    /// `path`, where a row has a path of its own.
    let listPath: String

    var title: Phrase { Phrase("blocked-title") }
    var room: String { "queues" }
}

struct BlockedRow: Sendable {
    let address: String
    /// What came from them.
    let path: String
    let by: String
    let moment: Moment
}
