import Web

/// Checklists of the queues the viewer keeps.
struct ChecklistListPage: Page {
    static let template = "rules/checklist-list"

    let tabs: [Tab]
    let newPath: String
    let rows: [WrittenRow]
    let empty: EmptyList?

    var title: Phrase { Phrase("checklist-list-title") }
    var room: String { "queues" }
    var section: String { "rules" }
}

/// Writing a checklist. POST with `name`, `queue`, `items` (one a line) and, when ticked, `blocks`.
struct ChecklistPage: Page {
    static let template = "rules/checklist"

    let heading: Phrase
    let path: String
    let listPath: String
    let name: String
    let queues: [Choice]
    let items: String
    let blocks: Bool
    let problem: Phrase?
    let removal: Action?

    var title: Phrase { heading }
    var room: String { "queues" }
    var section: String { "rules" }
}

/// Checklists on a ticket, and those that may be put there (POST with `value`).
struct TicketChecklists: Sendable {
    let lists: [TicketChecklistBox]
    let path: String
    let choices: [Choice]
    let isOffering: Bool
}

struct TicketChecklistBox: Sendable {
    let name: String
    let progress: Phrase
    let blocks: Bool
    let items: [ChecklistItemLine]
    /// While nothing of it is done.
    let takeOff: Action?
}

/// POST to `path` with `value` on or off.
struct ChecklistItemLine: Sendable {
    let text: String
    let path: String
    let isTicked: Bool
    let who: String?
    let moment: Moment?
}
