import Base
import Markup
import Text
import Web

/// A word about a text: published, draft, overdue.
struct TextSign: Sendable {
    let name: Phrase
    let isWarning: Bool

    init(_ name: Phrase, isWarning: Bool) {
        self.name = name
        self.isWarning = isWarning
    }
}

/// Texts under a filter.
struct KnowledgeListPage: Page {
    static let template = "knowledge/list"

    let count: Phrase
    let newPath: String
    let views: [CountedLink]
    let kinds: [CountedLink]
    let topics: [CountedLink]
    let filter: TextFilterForm
    let rows: [TextRow]
    let empty: TextEmpty?
    let problem: Phrase?
    let newerPath: String?
    let olderPath: String?

    var title: Phrase { Phrase("knowledge-title") }
    var room: String { "knowledge" }
}

/// GET with `query`, `language` and `need`; the rest of the filter goes along.
struct TextFilterForm: Sendable {
    let path: String
    let query: String
    let kept: [KeptValue]
    let languages: [Choice]
    let needs: [Choice]
}

struct KeptValue: Sendable {
    let name: String
    let value: String
}

struct TextRow: Sendable {
    let path: String
    let kind: Phrase
    let title: String
    let language: String
    let excerpt: [TextRun]
    let excerptLanguage: String
    let hasExcerpt: Bool
    let topic: String?
    let tags: [String]
    let owner: String
    let moment: Moment
    let state: TextSign?
    let audience: Phrase?
    let overdue: Phrase?
    /// Languages in which there is something to do.
    let languages: [LanguageSignRow]
    /// Codes of those in which it is whole and up to date, and the same in words.
    let whole: String
    let wholeLabel: Phrase
}

/// How far one language is, with the page where one goes on.
struct LanguageSignRow: Sendable {
    let code: String
    let name: String
    let path: String
    let percent: Int
    let isWhole: Bool
    let isOutdated: Bool
    let label: Phrase
}

/// What to do where there is nothing yet.
struct TextEmpty: Sendable {
    let heading: Phrase
    let advice: Phrase
    let step: Link?
}

/// Which kind of text to write.
struct KindChoicePage: Page {
    static let template = "knowledge/kinds"

    let kinds: [KindChoice]

    var title: Phrase { Phrase("knowledge-new") }
    var room: String { "knowledge" }
}

struct KindChoice: Sendable {
    let name: Phrase
    let about: Phrase
    let path: String
}
