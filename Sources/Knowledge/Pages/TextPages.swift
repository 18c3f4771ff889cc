import Markup
import Web

/// One text to read, in the reader's language as far as it goes.
struct TextPage: Page {
    static let template = "knowledge/text"

    let name: String
    let nameLanguage: String
    let kind: Phrase
    let state: TextSign
    let overdue: Phrase?
    let audience: Phrase
    let owner: String
    let listPath: String
    let languages: [LanguageSignRow]
    /// Why part of it is in another language or behind the source.
    let notes: [Phrase]
    let paragraphs: [ShownParagraph]
    let facts: [TextFact]
    let topic: Link?
    let tags: [Link]
    let version: Phrase
    let credits: [String]
    let hasCredits: Bool
    let moment: Moment
    let review: String?
    let places: [String]
    let file: FileLink?
    let actions: TextActions
    let proposals: [ProposalRow]
    let placeholders: [String]
    /// What it was made of.
    let origin: Link?
    /// What readers of public help said of it.
    let feedback: Phrase?
    let use: TextUse?

    var title: Phrase { .verbatim(name) }
    var room: String { "knowledge" }
}

/// How a text was used in letters: sentences, and the page that counts all texts.
package struct TextUse: Sendable {
    let sentences: [Phrase]
    let path: String

    package init(sentences: [Phrase], path: String) {
        self.sentences = sentences
        self.path = path
    }
}

struct ShownParagraph: Sendable {
    let pieces: [MarkdownPiece]
    let language: String
    /// Said where it is not the language asked for.
    let foreign: String?
    let isOutdated: Bool
}

struct TextFact: Sendable {
    let name: Phrase
    let value: [TextRun]
    let isLarge: Bool
}

struct FileLink: Sendable {
    let name: String
    let size: String
    let path: String
}

/// What this reader may do; a path is absent where they may not.
struct TextActions: Sendable {
    let edit: String?
    let properties: String?
    let translate: String
    let propose: String
    let versions: String
    let printing: String
    let wikitext: String
    /// POST with `at`, empty for now.
    let publish: Action?
    let withdraw: Action?
    let archive: Action?
    /// POST with `next`, a day.
    let looked: Action?
    /// Half a year on, as a day.
    let nextReview: String
}

struct ProposalRow: Sendable {
    let path: String
    let author: String
    let comment: String
    let moment: Moment
    let state: Phrase
    let answer: String?
    let isOpen: Bool
}

/// Writing a text, new or again, or proposing a change of it.
struct TextEditPage: Page {
    static let template = "knowledge/edit"

    let heading: Phrase
    let backPath: String
    let path: String
    let seen: Int
    let name: Field
    let body: Field
    let bodyLabel: Phrase
    let fields: [FieldRow]
    let note: Field
    let noteLabel: Phrase
    let isNew: Bool
    let isProposal: Bool
    /// The owner may put a change off until a moment.
    let mayPlan: Bool
    let takesFile: Bool
    let language: Field
    let languages: [Choice]
    let kind: String
    let placeholders: [PlaceholderHelp]
    let problem: Phrase?
    let button: Phrase

    var title: Phrase { heading }
    var room: String { "knowledge" }
}

struct FieldRow: Sendable {
    let id: String
    let name: Phrase
    let value: String
    let isDay: Bool
}

struct PlaceholderHelp: Sendable {
    let text: String
    let meaning: Phrase
}

/// Who a text is for, whose it is, and under what it is found.
struct TextPropertiesPage: Page {
    static let template = "knowledge/properties"

    let name: String
    let textPath: String
    let path: String
    let audiences: [Choice]
    let teams: [Choice]
    let queues: [Choice]
    let owners: [Choice]
    let topic: String
    let topics: [String]
    let tags: String
    let review: String
    let embargo: String
    let slug: String
    let problem: Phrase?

    var title: Phrase { Phrase("knowledge-properties-title", .text(name)) }
    var room: String { "knowledge" }
}

/// A text on paper.
struct TextPrintPage: Page {
    static let template = "knowledge/print"

    let name: String
    let nameLanguage: String
    let kind: Phrase
    let facts: [TextFact]
    let paragraphs: [ShownParagraph]
    let printed: Phrase
    let backPath: String

    var title: Phrase { .verbatim(name) }
}
