import Web

/// Signing in. POST with `email`, `password`, `next`.
struct SignInPage: Page {
    static let template = "people/sign-in"

    let path: String
    let email: String
    let problem: Phrase?
    /// Where to go afterwards: a path of ours, checked by the route.
    let next: String
    /// Said where the address is neither HTTPS nor loopback: the browser will not keep the cookie.
    let needsHTTPS: Bool

    var title: Phrase { Phrase("sign-in-title") }
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
