import Web

/// Goals of a queue and what is done when they come near. POST `first-1` `next-1` … `-4` in open hours.
struct LevelsPage: Page {
    static let template = "levels/queue"

    let name: String
    let tabs: [Tab]
    let path: String
    let stepsPath: String
    let hoursPath: String
    let problem: Phrase?
    let goals: [GoalLine]
    let steps: [StepLine]
    let bases: [Choice]
    let actions: [Choice]
    let targets: [Choice]
    /// Nil where a rota takes this queue's pages.
    let oncallPath: String?
    /// Overdue tickets of the queue now.
    let overdue: CountedLink

    var title: Phrase { Phrase("level-title", .text(name)) }
    var room: String { "queues" }
}

struct GoalLine: Sendable {
    let priority: Int
    let name: Phrase
    let first: String
    let next: String
}

struct StepLine: Sendable {
    let text: Phrase
    let remove: Action
}

/// When a member is not to be disturbed, and how much they take on.
struct PacePage: Page {
    static let template = "levels/pace"

    let path: String
    let settingsPath: String
    let from: String
    let until: String
    let mostTickets: String
    let mostMails: String
    let zone: String
    let problem: Phrase?

    var title: Phrase { Phrase("pace-title") }
}

/// In the ticket: what is due, by when, and the date a person named.
struct DueBox: Sendable {
    /// "First answer due in 3 hours".
    let line: Phrase?
    let isOver: Bool
    let moment: Moment?
    /// "The person needs it by 3 December 2026 at 18:00 (America/New_York)".
    let deadline: Phrase?
    let isMet: Bool
    let path: String
    let mayChange: Bool
    let day: String
    let time: String
    let zones: [Choice]
    let isSet: Bool
    /// A date found in what they wrote, to be taken over.
    let proposal: DeadlineProposal?
    /// The clock pauses.
    let pause: Phrase?
}

/// POST as it stands, to take it over.
struct DeadlineProposal: Sendable {
    let day: String
    let time: String
    let zone: String
    let text: Phrase
}
