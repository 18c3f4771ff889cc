import Web

/// Incidents, or causes, of the queues the viewer sees: what is proposed first.
struct IncidentListPage: Page {
    static let template = "incidents/list"

    let isCauses: Bool
    let newPath: String?
    let proposed: [IncidentRow]
    let open: [IncidentRow]
    let over: [IncidentRow]
    let empty: EmptyList?

    var title: Phrase { Phrase(isCauses ? "incident-causes-title" : "incident-list-title") }
    var room: String { "incidents" }
    var section: String { isCauses ? "causes" : "" }
}

struct IncidentRow: Sendable {
    let path: String
    let name: Phrase
    let state: Phrase
    let count: Phrase
    let owner: String?
    let moment: Moment
}

/// Opening one by hand. POST with `kind`, `queue`, `name`.
struct NewIncidentPage: Page {
    static let template = "incidents/new"

    let path: String
    let kinds: [Choice]
    let queues: [Choice]
    let name: String
    let problem: Phrase?

    var title: Phrase { Phrase("incident-new") }
    var room: String { "incidents" }
}

/// One incident or cause.
struct IncidentPage: Page {
    static let template = "incidents/show"

    let heading: Phrase
    let isCause: Bool
    let state: Phrase
    let isProposed: Bool
    let owner: String?
    let counts: [Phrase]
    let told: ToldLine?
    let cause: Link?
    let makeCause: Action?
    let settings: IncidentSettings?
    let states: [IncidentStep]
    let statePath: String
    let lines: [LineCard]
    let lineForm: LineForm?
    let sending: SendingBox?
    let answers: [Link]
    let hasAnswers: Bool
    let tickets: [IncidentTicket]
    let hidden: Phrase?
    let mayWork: Bool
    let hasProposed: Bool
    let proposedPath: String
    let ticketsPath: String
    let splitPath: String
    let links: [IncidentLink]
    let linkForm: IncidentLinkForm?
    let problem: Phrase?

    var title: Phrase { heading }
    var room: String { "incidents" }
    var section: String { isCause ? "causes" : "" }
}

/// Where others were told of the cause.
struct ToldLine: Sendable {
    let url: String
    let text: Phrase
}

/// POST with `name`, `owner`, `joins`, `told`.
struct IncidentSettings: Sendable {
    let path: String
    let name: String
    let owners: [Choice]
    let joins: Bool
    let toldURL: String
    let isOpen: Bool
}

/// A state it may be brought into. POST with `state`.
struct IncidentStep: Sendable {
    let value: String
    let name: Phrase
    let isMain: Bool
}

/// What is said in one language, with its old versions.
struct LineCard: Sendable {
    let language: LanguageSign
    let version: Phrase
    let text: [String]
    let by: Phrase
    let expiry: Phrase
    let isExpired: Bool
    let speakers: Phrase
    let approval: Phrase
    let isApproved: Bool
    let approve: Action?
    let uses: Phrase
    let usesPath: String
    let old: [OldLine]
    let hasOld: Bool
}

struct OldLine: Sendable {
    let head: Phrase
    let text: String
    let uses: Phrase
    let usesPath: String
}

/// POST with `language`, `text`, `expires`, `speaker` (several).
struct LineForm: Sendable {
    let path: String
    let languages: [Choice]
    let text: String
    let expires: String
    let zone: String
    let speakers: [Choice]
    let isOpen: Bool
}

/// Answering everybody. POST with `everybody` where all are to hear again.
struct SendingBox: Sendable {
    let path: String
    let summary: Phrase
    let languages: [Phrase]
    let held: Phrase?
    let maySend: Bool
    let again: Phrase?
}

/// One ticket of an incident. Steps are POST with `do`.
struct IncidentTicket: Sendable {
    let item: String
    let number: String
    let subject: String
    let path: String
    let sender: String
    let state: StateSign
    let language: LanguageSign?
    let isProposed: Bool
    let differs: Bool
    let isAnswered: Bool
    let problem: Phrase?
    let stepPath: String
}

struct IncidentLink: Sendable {
    let kind: Phrase
    let name: String
    let url: String
    let stepPath: String
}

/// POST with `kind`, `url`, `name`.
struct IncidentLinkForm: Sendable {
    let path: String
    let kinds: [Choice]
}

/// What became of one answer to all.
struct GroupAnswerPage: Page {
    static let template = "incidents/answer"

    let heading: Phrase
    let backPath: String
    let selfPath: String
    let status: Phrase
    let undo: RoundUndo?
    let isMoving: Bool
    let people: [GroupPerson]

    var title: Phrase { Phrase("incident-answer-title") }
    var room: String { "incidents" }
}

struct GroupPerson: Sendable {
    let name: String
    let number: String
    let path: String
    let language: LanguageSign?
    let line: Phrase?
    let state: Phrase
    let isSent: Bool
    let problem: Phrase?
}

/// On a ticket's page: the incidents it belongs to, and joining one.
struct TicketIncidents: Sendable {
    let cards: [TicketIncidentCard]
    /// POST with `value`: an incident, or `new` with `name`.
    let joinPath: String?
    let choices: [Choice]
}

struct TicketIncidentCard: Sendable {
    let name: Phrase
    let path: String
    let text: Phrase
    let isProposed: Bool
    let differs: Bool
    let stepPath: String?
    let joinLabel: Phrase
}
