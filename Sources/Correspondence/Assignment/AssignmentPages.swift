import Web

/// How tickets are given out, queue by queue.
struct AssignmentPage: Page {
    static let template = "rules/assignment"

    let tabs: [Tab]
    let queues: [QueueAssignmentForm]
    let ownPath: String
    let problem: Phrase?

    var title: Phrase { Phrase("assignment-title") }
    var room: String { "queues" }
    var section: String { "rules" }
}

/// POST with `mode` and `cap`.
struct QueueAssignmentForm: Sendable {
    let name: String
    let path: String
    let modes: [Choice]
    let cap: String
    /// Who takes part, by name; said, not counted against each other.
    let takers: [String]
}

/// What a member decides about being given tickets. POST with `queue`…, `cap`, `quiet-from`, `quiet-to`.
struct OwnAssignmentPage: Page {
    static let template = "rules/own-assignment"

    let path: String
    let queues: [Choice]
    let hasQueues: Bool
    let cap: String
    let quietFrom: String
    let quietTo: String
    let languagesPath: String
    let problem: Phrase?

    var title: Phrase { Phrase("assignment-own-title") }
    var room: String { "home" }
}

/// Above a ticket that was proposed or given to somebody. Both are POST without fields.
struct AssignmentSign: Sendable {
    let text: Phrase
    let accept: Action?
    let decline: Action?
}
