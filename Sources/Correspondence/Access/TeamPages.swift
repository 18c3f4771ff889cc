import Web

/// Teams: all for administrators, for others those they lead. POST with `name` adds one.
struct TeamListPage: Page {
    static let template = "correspondence/team-list"

    let teams: [CountedLink]
    let form: TeamForm?

    var title: Phrase { Phrase("team-list-title") }
    var room: String { "members" }
    var section: String { "teams" }
}

struct TeamForm: Sendable {
    let path: String
    let name: Field
}

/// One team: who is in it, and what it may.
struct TeamPage: Page {
    static let template = "correspondence/team"

    let name: String
    let listPath: String
    let rename: TeamForm?
    let seats: [SeatRow]
    /// POST with `member`.
    let seatPath: String
    let choices: [Choice]
    let rights: [TeamRight]
    let removal: Action?
    let problem: Phrase?

    var title: Phrase { Phrase("team-title", .text(name)) }
    var room: String { "members" }
    var section: String { "teams" }
}

struct SeatRow: Sendable {
    let name: String
    let isLead: Bool
    /// POST with `lead` to make one, without to make none; absent for who may not.
    let lead: Action?
    let removal: Action?
}

struct TeamRight: Sendable {
    let queue: String
    let path: String?
    let rights: String
}

/// What one member may, and by what.
struct MemberAccessPage: Page {
    static let template = "correspondence/member-access"

    let name: String
    let email: String
    let listPath: String
    let isAdministrator: Bool
    let isDisabled: Bool
    /// POST with `administrator` to make one, without to make none.
    let accountPath: String
    let problem: Phrase?
    let teams: [CountedLink]
    let rights: [TeamRight]

    var title: Phrase { Phrase("member-access-title", .text(name)) }
    var room: String { "members" }
}

/// API tokens of all members.
struct TokenListPage: Page {
    static let template = "correspondence/token-list"

    let tokens: [TokenRow]

    var title: Phrase { Phrase("token-list-title") }
    var room: String { "members" }
    var section: String { "tokens" }
}

struct TokenRow: Sendable {
    let name: String
    let member: String
    let memberPath: String
    let scope: Phrase
    let moment: Moment
    let revoking: Action
}
