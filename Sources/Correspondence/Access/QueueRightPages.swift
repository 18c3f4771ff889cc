import Web

/// Who may what in a queue.
struct QueueRightsPage: Page {
    static let template = "correspondence/queue-rights"

    let name: String
    let tabs: [Tab]
    let problem: Phrase?
    /// Said where not everybody with rights is listed.
    let about: Phrase
    let members: [RightForm]
    let teams: [RightForm]
    let newMember: RightForm?
    let newTeam: RightForm?

    var title: Phrase { Phrase("queue-rights-title", .text(name)) }
    var room: String { "queues" }
}

/// The rights of one member or team. POST with `holder` and a field `right-…` for each that is ticked.
struct RightForm: Sendable {
    let path: String
    let holder: String
    let name: String
    /// What they have besides, and by what.
    let more: Phrase?
    /// Whom one may choose, in place of a given holder.
    let choices: [Choice]
    let ticks: [RightTick]
}

struct RightTick: Sendable {
    let field: String
    let name: Phrase
    let isOn: Bool
    /// Not for this viewer to give or take.
    let isFixed: Bool
}
