import Web

/// A language the public pages can be read in.
struct LanguageLink: Sendable {
    let code: String
    let name: String
    let path: String
    let isCurrent: Bool
}

/// All forms of the house.
struct FormListPage: Page {
    static let template = "correspondence/forms"

    let languages: [LanguageLink]
    let forms: [Link]

    var title: Phrase { Phrase("form-list-title") }
}

/// One form. POST multipart with `name`, `address`, `subject`, `text`, `files`, `started`; `website` stays empty.
struct FormPage: Page {
    static let template = "correspondence/form"

    let languages: [LanguageLink]
    let heading: String
    let intro: [String]
    let path: String
    let language: String
    let name: Field
    let address: Field
    let subject: Field
    let text: Field
    /// When the form was shown, signed.
    let started: String
    let problem: Phrase?

    var title: Phrase { .verbatim(heading) }
}

/// Where something sent through a form stands. POST to `addPath` (multipart `text`, `files`), `withdrawPath`,
/// `provePath`.
struct FollowPage: Page {
    static let template = "correspondence/follow"

    let languages: [LanguageLink]
    /// Nil until it is filed.
    let number: String?
    let state: Phrase
    let isNew: Bool
    let thread: [FollowItem]
    let language: String
    let addPath: String?
    let withdrawPath: String?
    let provePath: String?
    let isWithdrawn: Bool
    let problem: Phrase?
    let text: Field

    var title: Phrase { Phrase("follow-title") }
}

struct FollowItem: Sendable {
    let isOurs: Bool
    let who: String
    let moment: Moment
    let text: String
    /// Of what a member wrote.
    let formatted: TextBlock?
    let language: String
    let files: [String]
}

/// A queue's form, for those who manage it. POST `open` or `title`, `intro` with `language`.
struct FormSettingsPage: Page {
    static let template = "correspondence/form-settings"

    let queue: String
    let tabs: [Tab]
    let path: String
    let isOpen: Bool
    let publicPath: String
    let canOpen: Bool
    let languages: [LanguageLink]
    let language: String
    let languageName: String
    let heading: Field
    let intro: Field

    var title: Phrase { Phrase("form-settings-title") }
    var room: String { "queues" }
}
