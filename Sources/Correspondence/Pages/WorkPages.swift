import Web

/// My day: what waits for this member, each line one click from the work.
struct HomePage: Page {
    static let template = "correspondence/home"

    /// Takes the next ticket; POST without fields.
    let next: Action
    let newTicketPath: String?
    let sections: [HomeSection]
    /// While the member has not said which languages they know.
    let languagesPath: String?
    let settingsPath: String
    let empty: EmptyList?
    var columns = TicketColumns()
    var keysPath = WorkPaths.keys()
    var reviews: ReviewTeaser?

    var title: Phrase { Phrase("home-title") }
    var room: String { "home" }
}

struct HomeSection: Sendable {
    let heading: Phrase
    let all: CountedLink
    let rows: [TicketRow]
}

/// The form below a list that changes many tickets. POST with `ticket`…, or `all`; `do` names a button.
struct BulkForm: Sendable {
    let path: String
    /// The page to come back to, and its query.
    let back: String
    let query: String
    /// "All 214 that match".
    let all: Phrase
    let states: [Choice]
    let owners: [Choice]
    let queues: [Choice]
    let priorities: [Choice]
    let snoozes: [Choice]
    let tags: [String]
    var macros: [Choice] = []
    var hasMacros = false
}

/// What a change of many came to.
struct BulkPage: Page {
    static let template = "correspondence/bulk"

    let heading: Phrase
    let lines: [Phrase]
    let isRunning: Bool
    let reloadPath: String
    let backPath: String
    let undo: Action?

    var title: Phrase { heading }
    var room: String { "tickets" }
}

/// Which columns a list shows.
struct TicketColumns: Sendable {
    var number = false
    var priority = false
    var tags = false
    var language = true
    var sender = true
    var queue = true
    var owner = true
    var age = true
}

/// A filter somebody saved.
struct SavedFilterLine: Sendable {
    let name: String
    let path: String
    let isCurrent: Bool
    let isShared: Bool
    let remove: Action?
    /// The words of the filter, in the form that changes one's own.
    var query = ""
    var change: Action?
}

/// Saving what the list shows now. POST with `name`, `query`, `sort`, `shared`.
struct FilterForm: Sendable {
    let path: String
    let query: String
    let sort: String
}

/// How a member likes to work: languages, columns, order. POST with `language`…, `column`…, `sort`.
struct WorkSettingsPage: Page {
    static let template = "correspondence/work-settings"

    let path: String
    let languages: [Choice]
    let columns: [Choice]
    let sorts: [Choice]
    let filters: [SavedFilterLine]
    var assignmentPath = AssignmentPaths.own()

    var title: Phrase { Phrase("work-title") }
    var room: String { "home" }
}

/// All keys, as a page.
struct KeysPage: Page {
    static let template = "web/keys-page"

    var title: Phrase { Phrase("web-keys-title") }
}

/// Messages of a ticket, to choose those that become a new one. POST with `message`…, `subject`.
struct SplitPage: Page {
    static let template = "correspondence/split"

    let path: String
    let cancelPath: String
    let number: String
    let messages: [SplitLine]
    let subject: String
    let problem: Phrase?

    var title: Phrase { Phrase("split-title") }
    var room: String { "tickets" }
}

struct SplitLine: Sendable {
    let value: String
    let sender: String
    let start: String
    let moment: Moment
    let isPicked: Bool
}

/// What can be done with a ticket besides answering it.
struct TicketWork: Sendable {
    let ticketID: String
    let next: Action
    let snooze: SnoozeForm
    let subject: ValueForm
    let contact: ValueForm
    let merging: ValueForm
    let splitPath: String?
    let junk: Action?
    let links: [LinkLine]
    let linkForm: LinkForm
    let merges: [MergeLine]
}

/// POST with `value` (a choice) or `date`.
struct SnoozeForm: Sendable {
    let path: String
    let choices: [Choice]
    let until: Phrase?
}

/// One field; POST with `value`.
struct ValueForm: Sendable {
    let path: String
    let value: String
}

struct LinkLine: Sendable {
    let label: Phrase
    let name: String
    let number: String?
    let path: String
    let state: StateSign?
    let isOutside: Bool
    let remove: Action
}

/// POST with `kind`, `value` (a number or an address), `name`.
struct LinkForm: Sendable {
    let path: String
    let kinds: [Choice]
}

/// A ticket that was joined into this one.
struct MergeLine: Sendable {
    let number: String
    let undo: Action
}
