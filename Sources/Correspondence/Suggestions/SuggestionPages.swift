import Base
import Knowledge
import Text
import Web

/// Inside the composer's form: the way to texts that may help. They are asked for when somebody begins to answer or
/// opens the box, so that reading a ticket does not wait for them.
struct SuggestionBox: Sendable {
    /// GET; with `part=1` only what stands inside the box, with `query` what has these words.
    let path: String
}

/// What stands inside the box. A button posts the composer's form with `insert`, the id of a text, to `insertPath`.
struct TextChoicePart: Page {
    static let template = "correspondence/texts-part"

    let query: String
    let items: [TextSuggestionLine]
    let none: Phrase
    let insertPath: String
    /// What is used and what is missing.
    let reportPath: String

    var title: Phrase { Phrase("suggestion-title") }
}

/// The same as a page of its own. GET with `query` and `draft`; POST with `insert` and `draft`, empty for one's own.
struct TextChoicePage: Page {
    static let template = "correspondence/texts"

    let ticket: Link
    let path: String
    let draft: String
    let query: String
    let items: [TextSuggestionLine]
    let none: Phrase
    let insertPath: String
    let reportPath: String

    var title: Phrase { Phrase("suggestion-title") }
    var room: String { "tickets" }
}

struct TextSuggestionLine: Sendable {
    let id: String
    let title: String
    let language: String
    let kind: Phrase
    let path: String
    /// Why it is suggested.
    let reasons: [Phrase]
    /// That it is outdated, or not there in the writer's language.
    let warning: Phrase?
}

struct TextSuggestionMaker: Sendable {
    let ticket: Ticket
    let signs: Signs

    func line(_ suggestion: Suggestion) -> TextSuggestionLine {
        var reasons: [Phrase] = []
        if suggestion.isProposed { reasons.append(Phrase("suggestion-reason-proposed")) }
        if !suggestion.terms.isEmpty {
            let words = suggestion.terms.joined(separator: ", ")
            reasons.append(Phrase("suggestion-reason-words", .text(words)))
        }
        if suggestion.tickets > 0 { reasons.append(Phrase("suggestion-reason-tickets", .number(suggestion.tickets))) }
        let language = ticket.language == nil ? "" : LanguageNames.name(of: suggestion.wanted, in: signs.language)
        return TextSuggestionLine(
            id: String(suggestion.text), title: suggestion.title, language: suggestion.language,
            kind: Phrase("knowledge-kind-\(suggestion.kind.rawValue)"), path: KnowledgePaths.show(suggestion.text),
            reasons: reasons,
            warning: suggestion.state == .whole
                ? nil : Phrase("suggestion-state-\(suggestion.state.rawValue)", .text(language)))
    }
}

/// What is used, how it fares, and what is answered often without a text.
struct SuggestionReportPage: Page {
    static let template = "correspondence/suggestion-report"

    let used: [UsedText]
    let hasUsed: Bool
    let gaps: [GapLine]

    var title: Phrase { Phrase("suggestion-report-title") }
    var room: String { "tickets" }
}

struct UsedText: Sendable {
    let title: String
    let language: String
    let path: String
    let sent: Phrase
    let kept: Phrase
    let answered: Phrase
}

/// Answers that say the same without a text. POST `kind` to `textPath`, nothing to `dismissPath`.
struct GapLine: Sendable {
    let size: Phrase
    let language: String
    let tickets: [Link]
    let textPath: String
    let dismissPath: String
}
