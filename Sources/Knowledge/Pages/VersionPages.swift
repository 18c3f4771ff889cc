import Text
import Web

/// A stretch of two versions put together.
struct ChangedRun: Sendable {
    let text: String
    let isAdded: Bool
    let isRemoved: Bool

    static func runs(from old: String, to new: String, language: String) -> [ChangedRun] {
        WordDifference(from: old, to: new, locale: language).parts.map {
            ChangedRun(text: $0.text, isAdded: $0.kind == .added, isRemoved: $0.kind == .removed)
        }
    }
}

/// The versions of a text, newest first.
struct VersionListPage: Page {
    static let template = "knowledge/versions"

    let name: String
    let textPath: String
    let versions: [VersionRow]

    var title: Phrase { Phrase("knowledge-versions-title", .text(name)) }
    var room: String { "knowledge" }
}

struct VersionRow: Sendable {
    let number: Int
    let path: String
    let author: String
    let credit: Phrase?
    let note: String
    let moment: Moment
    let restore: Action?
    let isNewest: Bool
}

/// What one version changed against another.
struct VersionPage: Page {
    static let template = "knowledge/version"

    let name: String
    let language: String
    let listPath: String
    let heading: Phrase
    let others: [Link]
    let changes: [ParagraphChange]
    let restore: Action?
    let needsPath: String?

    var title: Phrase { heading }
    var room: String { "knowledge" }
}

struct ParagraphChange: Sendable {
    /// Of a field; nil for a paragraph.
    var field: Phrase?
    let runs: [ChangedRun]
    let isChanged: Bool

    /// Fields of a text that are not what they were.
    static func fields(
        _ kind: TextKind, from old: [String: String], to new: [String: String], language: String
    ) -> [ParagraphChange] {
        kind.fields.compactMap { field in
            let (before, after) = (old[field.rawValue] ?? "", new[field.rawValue] ?? "")
            guard before != after else { return nil }
            return ParagraphChange(
                field: Phrase("knowledge-field-\(field.rawValue)"),
                runs: ChangedRun.runs(from: before, to: after, language: language), isChanged: true)
        }
    }
}

/// Per paragraph that a version changed: is a new translation needed? POST with `waive`, ids of paragraphs.
struct NeedsPage: Page {
    static let template = "knowledge/needs"

    let name: String
    let language: String
    let textPath: String
    let path: String
    let paragraphs: [NeedRow]

    var title: Phrase { Phrase("knowledge-needs-title") }
    var room: String { "knowledge" }
}

struct NeedRow: Sendable {
    let id: String
    let runs: [ChangedRun]
    /// Languages whose translation was right before this change.
    let languages: [String]
    /// Ticked beforehand where only signs changed, no word.
    let isSmall: Bool
}

/// A text beside its translation. POST with `words-ID`, `draft-ID`, `seen-ID`, `review` and `action`.
struct TranslationPage: Page {
    static let template = "knowledge/translation"

    let name: String
    let textPath: String
    let path: String
    let sourceLanguage: String
    let sourceName: String
    let target: String
    let targetName: String
    let languages: [Choice]
    let progress: Phrase
    let percent: Int
    let rows: [TranslationRow]
    let problem: Phrase?
    let mayReview: Bool

    var title: Phrase { Phrase("knowledge-translation-title", .text(name), .text(targetName)) }
    var room: String { "knowledge" }
}

struct TranslationRow: Sendable {
    let id: String
    let isTitle: Bool
    let isNeutral: Bool
    let source: String
    let words: String
    let lines: Int
    let seen: String
    let state: TranslationSign
    let isDraft: Bool
    /// What changed in the source since it was translated.
    let changes: [ChangedRun]
    let hasChanges: Bool
    /// Ticked that an outdated translation fits the changed source.
    let isStillRight: Bool
    let mayReview: Bool
    let who: Phrase?
    /// Placeholders of the source that the translation lacks.
    let missing: Phrase?
    /// What somebody else saved meanwhile.
    let other: String?
    let problem: Phrase?
}

/// A state with its words; the sign is not colour alone.
struct TranslationSign: Sendable {
    let state: TranslationStateName
    let name: Phrase
}

enum TranslationStateName: String, PageCase { case missing, draft, translated, outdated, reviewed }

/// One proposed change, for its owner to decide.
struct ProposalPage: Page {
    static let template = "knowledge/proposal"

    let name: String
    let language: String
    let textPath: String
    let author: String
    let comment: String
    let moment: Moment
    let changes: [ParagraphChange]
    let accept: Action?
    let decline: Action?
    let decided: Phrase?
    let answer: String?
    let due: Phrase?
    let problem: Phrase?

    var title: Phrase { Phrase("proposal-title", .text(name)) }
    var room: String { "knowledge" }
}
