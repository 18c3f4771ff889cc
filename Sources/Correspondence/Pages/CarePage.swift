import Web

/// What needs care, for administrators: mail in doubt, mail that failed, jobs that gave up, what `doctor` finds.
struct CarePage: Page {
    static let template = "correspondence/care"

    let mails: [MailInCare]
    let jobs: [DeadJob]
    let checks: [Check]
    let isFine: Bool

    var title: Phrase { Phrase("care-title") }
    var room: String { "care" }
}

struct MailInCare: Sendable {
    let subject: String
    let recipient: String
    let ticketPath: String
    let delivery: DeliverySign
    let moment: Moment
}

struct DeadJob: Sendable {
    let id: String
    let kind: String
    let attempts: Int
    /// For administrators: the log's words.
    let detail: String
    let moment: Moment
    let retry: Action
    let drop: Action?
}

/// A line of the doctor's report.
struct Check: Sendable {
    enum State: String, PageCase { case fine, warning, broken }

    let state: State
    let what: Phrase
    let advice: Phrase?
}
