import Markup
import Web

/// Another language of the same page.
struct HelpLanguage: Sendable {
    let code: String
    let name: String
    let path: String
    let isCurrent: Bool
}

/// What the public may read: by topic, or found by words. GET with `query`.
struct HelpListPage: Page {
    static let template = "knowledge/help"

    let languages: [HelpLanguage]
    let language: String
    let path: String
    let query: String
    /// The topic that was chosen, or that words were looked for.
    let heading: Phrase
    let topics: [CountedHelpLink]
    let texts: [HelpLink]
    /// For journalists: press kits, key figures, files.
    let press: [HelpLink]
    let isSearch: Bool
    let isPart: Bool
    let allPath: String
    /// All that is for journalists.
    let pressPath: String
    let nextPath: String?
    let feedPath: String
    let askPath: String

    var title: Phrase { heading }
}

struct CountedHelpLink: Sendable {
    let name: String
    let path: String
    let count: Phrase
    let isCurrent: Bool
}

struct HelpLink: Sendable {
    let title: String
    let language: String
    let path: String
    /// The value of a key figure.
    let value: String
}

/// One text for the public. POST to `feedbackPath` with `helped` and `seen`.
struct HelpTextPage: Page {
    static let template = "knowledge/help-text"

    let languages: [HelpLanguage]
    let heading: String
    let headingLanguage: String
    let notes: [Phrase]
    let paragraphs: [HelpParagraph]
    let facts: [HelpFact]
    let file: HelpFile?
    let changed: Phrase
    let listPath: String
    let feedbackPath: String
    /// The day and the text, signed.
    let seen: String
    let hasThanked: Bool
    let askPath: String

    var title: Phrase { .verbatim(heading) }
}

struct HelpParagraph: Sendable {
    let pieces: [MarkdownPiece]
    let language: String
}

struct HelpFact: Sendable {
    let name: Phrase
    let value: String
}

struct HelpFile: Sendable {
    let name: String
    let path: String
}
