import Base

/// How far one paragraph is in one language.
package enum TranslationState: String, Sendable, CaseIterable {
    case missing, draft, translated, outdated, reviewed
}

/// A paragraph in another language, and the source it was made from.
package struct Translation: Sendable, Equatable {
    package var paragraph: ID
    package var language: String
    package var words: String
    package var sourceWords: String
    /// `draft`, `translated` or `reviewed`; what is outdated shows by comparing the sources.
    package var stored: TranslationState
    package var author: ID
    package var reviewer: ID?
    package var at: Milliseconds

    package func state(against source: String) -> TranslationState {
        stored != .draft && sourceWords != source ? .outdated : stored
    }
}

/// What a translator saves of one paragraph.
package struct TranslationEntry: Sendable, Equatable {
    package var paragraph: ID
    package var words: String
    package var isDraft: Bool
    /// The moment of the translation the translator saw; 0 when there was none.
    package var seen: Milliseconds
    /// Words that are the same as before are right for the source as it is now. Said of each paragraph: a page that
    /// sends all of them must not say it of those nobody looked at.
    package var isStillRight: Bool

    package init(paragraph: ID, words: String, isDraft: Bool, seen: Milliseconds, isStillRight: Bool = true) {
        self.paragraph = paragraph
        self.words = words
        self.isDraft = isDraft
        self.seen = seen
        self.isStillRight = isStillRight
    }
}

/// How far a text is in one language.
package struct LanguageProgress: Sendable, Equatable {
    package var text: ID
    package var language: String
    /// Empty while it has none.
    package var title: String
    package var draft: Int
    package var translated: Int
    package var outdated: Int
    package var reviewed: Int

    /// Paragraphs that say what the source says.
    package var current: Int { translated + reviewed }

    package func missing(of all: Int) -> Int { max(0, all - draft - translated - outdated - reviewed) }
    package func percent(of all: Int) -> Int { all == 0 ? 100 : 100 * current / all }
    /// Whole in this language, and as new as the source.
    package func isWhole(of all: Int) -> Bool { current >= all }
}
