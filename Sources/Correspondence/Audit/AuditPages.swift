import Web

/// What happened, for administrators. GET with `member`, `queue`, `kind`, `from`, `to`, `before`.
struct AuditPage: Page {
    static let template = "correspondence/audit"

    let path: String
    let members: [Choice]
    let queues: [Choice]
    let kinds: [Choice]
    let from: Field
    let to: Field
    let rows: [AuditRow]
    let olderPath: String?
    let newestPath: String?
    /// The same events as JSON lines.
    let linesPath: String
    let clearPath: String?

    var title: Phrase { Phrase("audit-title") }
    var room: String { "care" }
    var section: String { "audit" }
}

struct AuditRow: Sendable {
    /// Place in the chain of events.
    let number: Int
    let moment: Moment
    /// Absent where the program or a person outside did it.
    let who: String?
    let what: Phrase
    let ticket: Link?
    let queue: String?
}
