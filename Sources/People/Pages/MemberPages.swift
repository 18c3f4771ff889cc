import Web

/// Members and invitations, for administrators. POST with `name`, `email`, `language`, `administrator`.
struct MemberListPage: Page {
    static let template = "people/member-list"

    let done: Phrase?
    let members: [MemberRow]
    let invitations: [InvitationRow]
    let lost: [LostRow]
    let form: MemberForm

    var title: Phrase { Phrase("member-list-title") }
    var room: String { "members" }
}

struct MemberRow: Sendable {
    let name: String
    let path: String
    let email: String
    let isAdministrator: Bool
    let isDisabled: Bool
    let lacksSecondFactor: Bool
    let away: Phrase?
    let lastSeen: Moment?
}

struct InvitationRow: Sendable {
    let name: String
    let email: String
    let isAdministrator: Bool
    let state: Phrase
    let isWarning: Bool
    let sent: Moment
    let resend: Action
    let withdraw: Action
}

/// Someone who lost their second factor. Both actions are absent for oneself.
struct LostRow: Sendable {
    let name: String
    let email: String
    let asked: Moment
    /// Who confirmed already.
    let confirmed: Phrase?
    let confirm: Action?
    let decline: Action?
}

struct MemberForm: Sendable {
    let path: String
    let name: Field
    let email: Field
    let languages: [Choice]
    let isAdministrator: Bool
    /// Shown once, where no mail can leave.
    let link: InvitationLink?
    /// POST `team`, several; empty where there is none.
    var teams: [Choice] = []
    var hasTeams: Bool = false
    var pickedTeams: [String] = []
}

struct InvitationLink: Sendable {
    let email: String
    let link: String
}

/// One member, for administrators.
struct MemberPage: Page {
    static let template = "people/member"

    let name: String
    let letterName: String
    let email: String
    let listPath: String
    let isAdministrator: Bool
    let isDisabled: Bool
    let hasSecondFactor: Bool
    let away: Phrase?
    let lastSeen: Moment?
    let sessions: [SessionRow]
    let endSessions: Action?
    /// Absent for oneself and for the last administrator.
    let disable: Action?
    let enable: Action?
    let makeAdministrator: Action?
    let makeOrdinary: Action?
    let done: Phrase?
    /// What they may: teams and rights.
    var access: Link?

    var title: Phrase { .verbatim(name) }
    var room: String { "members" }
}
