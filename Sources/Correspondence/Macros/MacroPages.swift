import Web

/// Macros of the queues the viewer keeps.
struct MacroListPage: Page {
    static let template = "rules/macro-list"

    let tabs: [Tab]
    let newPath: String
    let rows: [WrittenRow]
    let empty: EmptyList?

    var title: Phrase { Phrase("macro-list-title") }
    var room: String { "queues" }
    var section: String { "rules" }
}

/// A macro or checklist in a list.
struct WrittenRow: Sendable {
    let name: String
    let path: String
    let queue: Phrase
    let parts: [Phrase]
}

/// Writing a macro. POST with `name`, `queue`, `state`, `snooze` and the fields of `ChangeForm`.
struct MacroPage: Page {
    static let template = "rules/macro"

    let heading: Phrase
    let path: String
    let listPath: String
    let name: String
    let queues: [Choice]
    let states: [Choice]
    let snoozes: [Choice]
    let change: ChangeForm
    let problem: Phrase?
    let removal: Action?

    var title: Phrase { heading }
    var room: String { "queues" }
    var section: String { "rules" }
}

/// Macros to use on a ticket, by name. POST with `value`.
struct MacroMenu: Sendable {
    let path: String
    let macros: [MacroLine]
}

struct MacroLine: Sendable {
    let value: String
    let name: String
    let parts: [Phrase]
}
