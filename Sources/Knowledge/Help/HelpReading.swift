import Base
import Markup
import Storage
import Text
import Web

/// What the public help pages show, read without a viewer: only what everybody may read at this moment.
struct HelpReading: Sendable {
    static let articles: [TextKind] = [.article]
    static let press: [TextKind] = [.pressKit, .keyFigure, .talkingPoints, .file]
    private static let most = 200
    private static let mostPress = 50

    let store: KnowledgeStore
    let now: Milliseconds
    let language: String
    let zone: String

    struct Listed: Sendable {
        var topics: [(name: String, count: Int)]
        var texts: [HelpLink]
        var press: [HelpLink]
    }

    func list(topic: String?, query: String, in db: any Connection) throws -> Listed {
        var filter = TextFilter()
        filter.kinds = query.isEmpty ? Self.articles : Self.articles + Self.press
        filter.topic = topic
        if !query.isEmpty { filter.query = try SearchQuery.parse(query, now: now) }
        let texts = try TextList().publicPage(filter, at: now, limit: Self.most, in: db).texts
        let isStart = topic == nil && query.isEmpty
        let press =
            isStart ? try store.publicTexts(Self.press, at: now, limit: Self.mostPress, in: db) : []
        return Listed(
            topics: query.isEmpty ? try TextList().publicTopics(Self.articles, at: now, in: db) : [],
            texts: try links(texts, in: db), press: try links(press, in: db))
    }

    private func links(_ texts: [KnowledgeText], in db: any Connection) throws -> [HelpLink] {
        let progress = try store.translations.progress(of: texts.map(\.id), in: db)
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
            })
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
