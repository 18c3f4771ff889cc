import Web

/// Rules, in the order in which they run.
struct RuleListPage: Page {
    static let template = "rules/rule-list"

    let tabs: [Tab]
    let newPath: String
    let groups: [RuleGroup]
    let empty: EmptyList?

    var title: Phrase { Phrase("rule-list-title") }
    var room: String { "queues" }
    var section: String { "rules" }
}

/// Rules of one queue, or of all.
struct RuleGroup: Sendable {
    let name: Phrase
    let rows: [RuleRow]
}

/// The paths are POST: `switching` with `value` on or off, `moving` with up or down.
struct RuleRow: Sendable {
    let name: String
    let path: String
    let isOn: Bool
    let conditions: [Phrase]
    let effects: [Phrase]
    let fitted: Phrase
    let switchPath: String
    let movePath: String
    let isFirst: Bool
    let isLast: Bool
}

/// Writing a rule. POST as `RuleForm` reads it, with `do` = `save`, `try` or
/// `further`; the last goes on from `before`.
struct RulePage: Page {
    static let template = "rules/rule"

    let tabs: [Tab]
    let heading: Phrase
    let path: String
    let listPath: String
    let form: RuleFields
    let problem: Phrase?
    let trial: RuleTrialBox?
    let versions: [RuleVersionLine]
    let removal: Action?

    var title: Phrase { heading }
    var room: String { "queues" }
    var section: String { "rules" }
}

struct RuleFields: Sendable {
    let version: Int
    let name: String
    let queues: [Choice]
    let isOn: Bool
    let occasions: [Choice]
    let lines: [RuleLine]
    let senders: [Choice]
    let files: [Choice]
    let hours: [Choice]
    let weekdays: [Choice]
    let from: String
    let to: String
    let hasTime: Bool
    let change: ChangeForm
    let teams: [Choice]
    let members: [Choice]
    let tells: Bool
    let acknowledges: [Choice]
    let stops: Bool
}

struct RuleLine: Sendable {
    let number: Int
    let groups: [Choice]
    let places: [Choice]
    let words: String
}

/// What a rule would have fitted.
struct RuleTrialBox: Sendable {
    let finding: Phrase
    let looked: Phrase
    let hits: [RuleHitLine]
    /// `before` of the next try; absent at the end.
    let next: String?
    /// Applies the saved rule to the tickets of the list; POST with `ticket`….
    let application: RuleApplication?
}

struct RuleHitLine: Sendable {
    let number: String
    let subject: String
    let sender: String
    let path: String
    let moment: Moment
    let language: LanguageSign?
}

struct RuleApplication: Sendable {
    let path: String
    let tickets: [String]
    let label: Phrase
}

struct RuleVersionLine: Sendable {
    let label: Phrase
    let who: String?
    let moment: Moment
    let conditions: [Phrase]
    let effects: [Phrase]
    /// Absent for the newest.
    let restore: Action?
}
