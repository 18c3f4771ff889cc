import Web

/// What needs care, for administrators: mail in doubt, mail that failed, jobs that gave up, what `doctor` finds.
struct CarePage: Page {
    static let template = "correspondence/care"

    let mails: [MailInCare]
    let jobs: [DeadJob]
    let checks: [Check]
    /// Has the doctor look again.
    let checkAgain: Action
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
package struct Check: Sendable, Equatable {
    package enum State: String, PageCase { case fine, warning, broken }

    package let state: State
    package let what: Phrase
    package let advice: Phrase?

    package init(_ state: State, _ what: Phrase, advice: Phrase? = nil) {
        self.state = state
        self.what = what
        self.advice = advice
    }
}
