import Base
import Storage

/// A paragraph as a reader gets it.
package struct RenderedParagraph: Sendable, Equatable {
    package var id: ID
    package var words: String
    /// What `words` are in: another than was asked for where nothing else is there.
    package var language: String
    /// Of the translation shown; `reviewed` for the source itself.
    package var state: TranslationState
}

/// A text in the language asked for, or what stands in for it.
package struct RenderedText: Sendable, Equatable {
    package var text: KnowledgeText
    /// What was asked for.
    package var wanted: String
    package var title: RenderedParagraph
    package var paragraphs: [RenderedParagraph]

    private var all: [RenderedParagraph] { [title] + paragraphs }

    /// Markdown, with placeholders.
    package var markdown: String { Paragraphs.joined(paragraphs.map(\.words)) }
    /// Languages in it, the most frequent first.
    package var languages: [String] {
        let counts = Dictionary(grouping: all, by: \.language).mapValues(\.count)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }
    /// Paragraphs in another language than was asked for; a region's spelling is no other language.
    package var fallbacks: Int { all.count { !LanguageChain.isSame($0.language, wanted) } }
    /// Paragraphs whose source says something else by now.
    package var outdated: Int { all.count { $0.state == .outdated } }
    /// All of it in the language asked for, and as new as the source.
    package var isWhole: Bool { fallbacks == 0 && outdated == 0 }
}

extension KnowledgeStore {
    /// How languages may be mixed.
    package enum Mixing: Sendable {
        /// Each paragraph in the nearest language it has: for reading.
        case byParagraph
        /// All in one language, the nearest that has every paragraph: for letters.
        case oneLanguage
    }

    /// A text in the first language of the chain that it has; drafts of translations are never shown. The viewer was
    /// asked when `text` was read.
    package func rendered(
        _ text: KnowledgeText, in language: String, mixing: Mixing = .byParagraph, in db: any Connection
    ) throws -> RenderedText {
        let wanted = LanguageChain.normal(language)
        let chain = LanguageChain.of(wanted)
        let source = try paragraphs.current(of: text.id, in: db)
        let known = try translations.translations(of: text.id, into: chain, in: db)
        guard let title = source.first, title.position == 0 else {
            throw Failure(.internal, "error-internal", details: "text \(text.id) has no title")
        }
        func render(_ paragraph: SourceParagraph, _ chain: [String]) -> RenderedParagraph {
            if !paragraph.isNeutral {
                for language in chain {
                    if language == text.language { break }
                    guard let made = known[language]?[paragraph.id], made.stored != .draft else { continue }
                    return RenderedParagraph(
                        id: paragraph.id, words: made.words, language: language,
                        state: made.state(against: paragraph.words))
                }
            }
            let language = paragraph.isNeutral ? wanted : text.language
            return RenderedParagraph(id: paragraph.id, words: paragraph.words, language: language, state: .reviewed)
        }
        var used = chain
        if mixing == .oneLanguage {
            let whole = chain.first { language in
                language == text.language
                    || source.allSatisfy { paragraph in
                        paragraph.isNeutral || known[language]?[paragraph.id].map { $0.stored != .draft } == true
                    }
            }
            used = whole.map { [$0] } ?? [text.language]
        }
        return RenderedText(
            text: text, wanted: wanted, title: render(title, used),
            paragraphs: source.dropFirst().map { render($0, used) })
    }

    // MARK: - For everybody

    /// A text that everybody may read at this moment, by its name; nil for all others, whoever asks.
    package func publicText(slug: String, at now: Milliseconds, in db: any Connection) throws -> KnowledgeText? {
        try db.first(
            """
            SELECT knowledge_text.* FROM knowledge_text
            WHERE knowledge_text.slug = \(slug) AND \(TextVisibility.isPublic(at: now))
            """
        ).map(Self.read)
    }

    /// Texts of these kinds that everybody may read at this moment, newest change first.
    package func publicTexts(
        _ kinds: [TextKind], topic: String? = nil, at now: Milliseconds, limit: Int, in db: any Connection
    ) throws -> [KnowledgeText] {
        var filter = TextFilter()
        filter.kinds = kinds
        filter.topic = topic
        return try TextList().publicPage(filter, at: now, limit: limit, in: db).texts
    }

    /// Titles in the nearest language each text has, by text.
    package func titles(
        of texts: [KnowledgeText], in language: String, progress: [ID: [LanguageProgress]]
    ) -> [ID: (title: String, language: String)] {
        let chain = LanguageChain.of(language)
        var titles: [ID: (title: String, language: String)] = [:]
        for text in texts {
            var found = (title: text.title, language: text.language)
            for language in chain {
                if language == text.language { break }
                if let known = progress[text.id]?.first(where: { $0.language == language }), !known.title.isEmpty {
                    found = (known.title, language)
                    break
                }
            }
            titles[text.id] = found
        }
        return titles
    }

    /// Values of key figures for placeholders, by slug: published ones the viewer may read, not expired.
    package func figures(
        _ slugs: [String], visibleTo viewer: Viewer, at now: Milliseconds, in db: any Connection
    ) throws -> [String: String] {
        guard !slugs.isEmpty else { return [:] }
        var figures: [String: String] = [:]
        let rows = try db.rows(
            """
            SELECT knowledge_text.* FROM knowledge_text
            WHERE knowledge_text.kind = 'key-figure' AND knowledge_text.slug IN \(list: slugs)
                AND \(TextVisibility.readable(by: viewer))
            """)
        for text in try rows.map(Self.read) where text.isUsable(at: now) { figures[text.slug] = text.field(.value) }
        return figures
    }
}
