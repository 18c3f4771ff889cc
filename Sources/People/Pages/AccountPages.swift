import Web

/// One's own account.
struct AccountPage: Page {
    static let template = "people/account"

    let done: Phrase?
    let problem: Phrase?
    let profile: ProfileForm
    let password: OwnPasswordForm
    let factor: FactorState
    let sessions: [SessionRow]
    /// Absent when there is only this one.
    let endOthers: Action?

    var title: Phrase { Phrase("account-title") }
}

/// POST with `name`, `letter-name`, `language`, `zone`, `theme`, `away-from`, `away-until` and, when ticked, `keys`.
struct ProfileForm: Sendable {
    let path: String
    let email: String
    let name: Field
    let letterName: Field
    let languages: [Choice]
    let zones: [Choice]
    let themes: [Choice]
    let usesKeys: Bool
    let awayFrom: String
    let awayUntil: String
    let awayProblem: Phrase?
}

/// POST with `current`, `password`, `repeated`.
struct OwnPasswordForm: Sendable {
    let path: String
    let email: String
    let minimumLength: Int
    let help: Phrase
    let problem: Phrase?
}

/// POST to `renewPath` with `code`.
struct FactorState: Sendable {
    let isSet: Bool
    let setUpPath: String
    let renewPath: String
    let codesLeft: Phrase
    let problem: Phrase?
}

struct SessionRow: Sendable {
    let device: String
    let seen: Moment
    let made: Moment
    let isThis: Bool
    let end: Action?
}

/// Setting up a second factor. POST with `code` and, when there is one already, `current`.
struct SecondFactorPage: Page {
    static let template = "people/second-factor"

    let path: String
    let isReplacing: Bool
    /// True where they cannot go on without.
    let isDemanded: Bool
    let later: String
    let size: Int
    let picture: String
    let secret: String
    let address: String
    let account: String
    let problem: Phrase?

    var title: Phrase { Phrase("account-factor-title") }
}

/// Shown once, right after they were made.
struct RecoveryCodesPage: Page {
    static let template = "people/recovery-codes"

    let codes: [String]
    let next: String

    var title: Phrase { Phrase("account-codes-title") }
}
