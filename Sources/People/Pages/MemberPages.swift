import Web

/// Members, for administrators; with the form to add one. POST with `name`, `email`, `administrator`.
struct MemberListPage: Page {
    static let template = "people/member-list"

    let members: [MemberRow]
    let form: MemberForm

    var title: Phrase { Phrase("member-list-title") }
    var room: String { "members" }
}

struct MemberRow: Sendable {
    let name: String
    /// What they may.
    let accessPath: String
    let email: String
    let isAdministrator: Bool
    let isDisabled: Bool
    let lastSeen: Moment?
    /// Absent for oneself and for the last administrator.
    let disable: Action?
    let enable: Action?
}

struct MemberForm: Sendable {
    let path: String
    let name: Field
    let email: Field
    let isAdministrator: Bool
    /// Shown once, after adding.
    let firstPassword: FirstPassword?
}

struct FirstPassword: Sendable {
    let email: String
    let password: String
}
