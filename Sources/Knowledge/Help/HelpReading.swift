import Base
import Markup
import Storage
import Text
import Web

/// What the public help pages show, read without a viewer: only what everybody may read at this moment.
struct HelpReading: Sendable {
    static let articles: [TextKind] = [.article]
    static let press: [TextKind] = [.pressKit, .keyFigure, .talkingPoints, .file]
    private static let most = 40
    /// On the page that everything begins with.
    private static let mostPress = 12
    private static let mostWords = 40

    let store: KnowledgeStore
    let now: Milliseconds
    let language: String
    let zone: String

    struct Listed: Sendable {
        var topics: [(name: String, count: Int)]
        var texts: [HelpLink]
        var press: [HelpLink]
        /// Where the next page of texts begins.
        var next: TextList.Cursor?
    }

    /// What of all there is: articles, those of a topic, what is for journalists, or what has these words.
    struct Asked: Sendable {
        var topic: String?
        var query = ""
        var isPress = false
        var cursor: TextList.Cursor?

        var isStart: Bool { topic == nil && query.isEmpty && !isPress && cursor == nil }
    }

    func list(_ asked: Asked, in db: any Connection) throws -> Listed {
        let query = asked.query
        var filter = TextFilter()
        filter.kinds = asked.isPress ? Self.press : query.isEmpty ? Self.articles : Self.articles + Self.press
        filter.topic = asked.topic
        if !query.isEmpty { filter.query = try search(query) }
        let page = try TextList().publicPage(filter, at: now, after: asked.cursor, limit: Self.most, in: db)
        let press =
            asked.isStart ? try store.publicTexts(Self.press, at: now, limit: Self.mostPress, in: db) : []
        let hasTopics = query.isEmpty && !asked.isPress
        return Listed(
            topics: hasTopics ? try TextList().publicTopics(Self.articles, at: now, in: db) : [],
            texts: try links(page.texts, in: db), press: try links(press, in: db), next: page.next)
    }

    /// What the public types is words and phrases: a colon asks for no field, and a long question is cut.
    private func search(_ query: String) throws -> SearchQuery {
        let words = query.split { $0.isWhitespace || $0 == ":" }.prefix(Self.mostWords)
        return try SearchQuery.parse(words.joined(separator: " "), now: now)
    }

    private func links(_ texts: [KnowledgeText], in db: any Connection) throws -> [HelpLink] {
        let progress = try store.translations.progress(
            of: texts.map(\.id), languages: LanguageChain.of(language), in: db)
        let titles = store.titles(of: texts, in: language, progress: progress)
        return texts.map { text in
            let title = titles[text.id] ?? (text.title, text.language)
            return HelpLink(
                title: title.title, language: title.language, path: HelpPaths.text(text.slug, language),
                value: text.field(.value))
        }
    }

    // MARK: - One text

    struct Shown: Sendable {
        var text: KnowledgeText
        var title: RenderedParagraph
        var notes: [Phrase]
        var paragraphs: [HelpParagraph]
        /// In which it can be read, at least in part.
        var languages: [String]
    }

    /// `notFound` for what is not published, whatever the reason.
    func require(_ slug: String, in db: any Connection) throws -> KnowledgeText {
        guard let text = try store.publicText(slug: slug, at: now, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        return text
    }

    func show(_ slug: String, in db: any Connection) throws -> Shown {
        let text = try require(slug, in: db)
        let rendered = try store.rendered(text, in: language, in: db)
        var notes: [Phrase] = []
        if rendered.fallbacks > 0 { notes.append(Phrase("help-not-translated")) }
        if rendered.outdated > 0 { notes.append(Phrase("help-outdated")) }
        var values = Placeholders.Values(now: now, zone: zone)
        values.figures = try figures(in: rendered.markdown, in: db)
        return Shown(
            text: text, title: rendered.title, notes: notes,
            paragraphs: rendered.paragraphs.map { paragraph in
                let filled = Placeholders.fill(paragraph.words, with: values, language: paragraph.language)
                return HelpParagraph(pieces: MarkdownPieces.of(filled.text), language: paragraph.language)
            }, languages: try languages(of: text, in: db))
    }

    private func languages(of text: KnowledgeText, in db: any Connection) throws -> [String] {
        let known = try store.translations.progress(of: [text.id], in: db)[text.id] ?? []
        return [text.language] + known.filter { $0.translated + $0.outdated + $0.reviewed > 0 }.map(\.language)
    }

    private func figures(in markdown: String, in db: any Connection) throws -> [String: String] {
        var figures: [String: String] = [:]
        for placeholder in Placeholders.all(in: markdown) where placeholder.kind == .figure {
            if let figure = try store.publicText(slug: placeholder.argument, at: now, in: db),
                figure.kind == .keyFigure
            {
                figures[figure.slug] = figure.field(.value)
            }
        }
        return figures
    }
}
