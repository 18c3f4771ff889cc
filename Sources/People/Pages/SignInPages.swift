import Web

/// Signing in. POST with `email`, `password`, `next`.
struct SignInPage: Page {
    static let template = "people/sign-in"

    let path: String
    let email: String
    let problem: Phrase?
    /// What was just done, such as a new password.
    let done: Phrase?
    /// Where to go afterwards: a path of ours, checked by the route.
    let next: String
    let forgottenPath: String
    /// Said where the address is neither HTTPS nor loopback: the browser will not keep the cookie.
    let needsHTTPS: Bool

    var title: Phrase { Phrase("sign-in-title") }
}

/// The second step. POST with `code`, `next`; or to `lostPath` with nothing.
struct CodePage: Page {
    static let template = "people/code"

    let path: String
    let next: String
    let problem: Phrase?
    let lostPath: String
    let backPath: String

    var title: Phrase { Phrase("account-code-title") }
}

/// What was asked for is on its way, or waits for others. Tells nothing of who has an account.
struct AnswerPage: Page {
    static let template = "people/answer"

    let heading: Phrase
    let text: Phrase
    let link: Link

    var title: Phrase { heading }
}

/// Choosing a password at the first sign-in. POST with `password`, `repeated`.
struct FirstPasswordPage: Page {
    static let template = "people/first-password"

    let path: String
    let email: String
    let minimumLength: Int
    /// "15 characters or more."
    let help: Phrase
    let problem: Phrase?

    var title: Phrase { Phrase("first-password-title") }
}

/// Asking for a link by mail. POST with `email`.
struct ForgottenPasswordPage: Page {
    static let template = "people/forgotten-password"

    let path: String
    let problem: Phrase?
    let backPath: String

    var title: Phrase { Phrase("account-forgotten-title") }
}

/// A new password by a link. POST with `password`, `repeated` and, where asked for, `code`.
struct NewPasswordPage: Page {
    static let template = "people/new-password"

    let path: String
    let email: String
    let minimumLength: Int
    let help: Phrase
    let problem: Phrase?
    let needsCode: Bool
    let lostPath: String

    var title: Phrase { Phrase("account-new-password-title") }
}

/// Coming in by an invitation. POST with `name`, `letter-name`, `password`, `repeated`.
struct InvitedPage: Page {
    static let template = "people/invited"

    let path: String
    let email: String
    let name: Field
    let letterName: Field
    let minimumLength: Int
    let help: Phrase
    let problem: Phrase?

    var title: Phrase { Phrase("account-invited-title") }
}
