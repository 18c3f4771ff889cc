import Base
import Markup
import Storage
import Text
import Web

/// Makes the page of one text.
struct TextPageMaker: Sendable {
    private static let halfYear: Milliseconds = 182 * 86_400_000

    let library: Library
    let signs: TextSigns
    let viewer: Viewer
    /// What the reader wants it in.
    let language: String

    func page(_ text: KnowledgeText, in db: any Connection) throws -> TextPage {
        let store = library.store
        let rendered = try store.rendered(text, in: language, in: db)
        let progress = try store.translations.progress(of: [text.id], in: db)[text.id] ?? []
        let mayChange = try store.mayChange(text, viewer, in: db)
        let places = try placeNames(of: text, in: db)
        let versions = try store.versions(of: text.id, limit: 100, in: db)
        let names = try library.members.names(of: [text.owner] + versions.compactMap(\.credit), in: db)
        let tags = try store.tags(of: [text.id], in: db)[text.id] ?? []
        let credits = Set(versions.compactMap(\.credit)).compactMap { names[$0] }.sorted()
        return TextPage(
            name: rendered.title.words, nameLanguage: rendered.title.language, kind: signs.kind(text.kind),
            state: signs.state(text), overdue: text.isOverdue(at: signs.now) ? Phrase("knowledge-overdue") : nil,
            audience: Phrase("knowledge-audience-\(text.audience.rawValue)"), owner: names[text.owner] ?? "",
            listPath: KnowledgePaths.list(), languages: readingLanguages(of: text, progress),
            notes: notes(rendered), paragraphs: shown(rendered), facts: facts(text),
            topic: text.topic.isEmpty
                ? nil : Link(.verbatim(text.topic), KnowledgePaths.list(query: [("topic", text.topic)])),
            tags: tags.map { Link(.verbatim($0), KnowledgePaths.list(query: [("tag", $0)])) },
            version: Phrase("knowledge-version", .number(text.version)),
            credits: credits, hasCredits: !credits.isEmpty,
            moment: signs.moment(text.updatedAt), review: text.reviewAt.map { signs.day($0) }, places: places,
            file: try file(text, in: db), actions: actions(text, mayChange: mayChange),
            proposals: try proposals(text, in: db), placeholders: placeholders(rendered),
            origin: try library.origin(text.id, viewer, db), feedback: try feedback(of: text, in: db),
            use: try library.use(text.id, viewer, db))
    }

    private func feedback(of text: KnowledgeText, in db: any Connection) throws -> Phrase? {
        guard text.audience == .public else { return nil }
        let count = try FeedbackStore().count(of: text.id, in: db)
        return Phrase("knowledge-feedback", .number(Int(count.helped)), .number(Int(count.didNot)))
    }

    /// Each language with the page that shows the text in it.
    private func readingLanguages(of text: KnowledgeText, _ progress: [LanguageProgress]) -> [LanguageSignRow] {
        TextRowMaker(library: library, signs: signs).languages(of: text, progress).map {
            LanguageSignRow(
                code: $0.code, name: $0.name, path: KnowledgePaths.show(text.id) + "?language=\($0.code)",
                percent: $0.percent, isWhole: $0.isWhole, isOutdated: $0.isOutdated, label: $0.label)
        }
    }

    private func notes(_ rendered: RenderedText) -> [Phrase] {
        var notes: [Phrase] = []
        let name = signs.name(of: rendered.wanted)
        if rendered.fallbacks > 0 {
            notes.append(Phrase("knowledge-note-fallback", .number(rendered.fallbacks), .text(name)))
        }
        if rendered.outdated > 0 { notes.append(Phrase("knowledge-note-outdated", .number(rendered.outdated))) }
        return notes
    }

    func shown(_ rendered: RenderedText) -> [ShownParagraph] {
        rendered.paragraphs.map { paragraph in
            ShownParagraph(
                pieces: MarkdownPieces.of(paragraph.words), language: paragraph.language,
                foreign: paragraph.language == rendered.wanted ? nil : signs.name(of: paragraph.language),
                isOutdated: paragraph.state == .outdated)
        }
    }

    func facts(_ text: KnowledgeText) -> [TextFact] {
        text.kind.fields.compactMap { field in
            let value = text.field(field)
            guard !value.isEmpty else { return nil }
            return TextFact(
                name: Phrase("knowledge-field-\(field.rawValue)"),
                value: TextRun.runs(of: field.isDay ? signs.day(value) : value), isLarge: field == .value)
        }
    }

    private func placeholders(_ rendered: RenderedText) -> [String] {
        var seen: [String] = []
        for text in Placeholders.all(in: rendered.title.words + "\n" + rendered.markdown).map(\.text)
        where !seen.contains(text) { seen.append(text) }
        return seen
    }

    private func placeNames(of text: KnowledgeText, in db: any Connection) throws -> [String] {
        let places = try library.store.places(of: text.id, in: db)
        let teams = try library.teams.all(in: db).filter { places.teams.contains($0.id) }.map(\.name)
        let queues = try library.queues(viewer, db).filter { places.queues.contains($0.id) }.map(\.name)
        return teams + queues
    }

    private func file(_ text: KnowledgeText, in db: any Connection) throws -> FileLink? {
        guard let raw = text.raw else { return nil }
        return FileLink(
            name: text.fields["filename"] ?? text.slug,
            size: SizeText.text(try library.store.raws.size(of: raw, in: db), language: signs.language),
            path: KnowledgePaths.file(text.id))
    }

    private func actions(_ text: KnowledgeText, mayChange: Bool) -> TextActions {
        func path(_ pattern: PathPattern) -> String? { mayChange ? pattern(text.id) : nil }
        let isDraft = text.state == .draft
        let next = ISO8601.string(signs.now + Self.halfYear).prefix(10)
        return TextActions(
            edit: path(KnowledgePaths.edit), properties: path(KnowledgePaths.properties),
            translate: KnowledgePaths.translation(text.id) + (language == text.language ? "" : "?language=\(language)"),
            propose: KnowledgePaths.proposing(text.id), versions: KnowledgePaths.versions(text.id),
            printing: KnowledgePaths.print(text.id) + "?language=\(language)",
            wikitext: KnowledgePaths.wikitext(text.id) + "?language=\(language)",
            publish: isDraft ? path(KnowledgePaths.publication).map { Action($0) } : nil,
            withdraw: isDraft ? nil : path(KnowledgePaths.withdrawal).map { Action($0) },
            archive: text.state == .archived ? nil : path(KnowledgePaths.archiving).map { Action($0) },
            looked: text.reviewAt == nil ? nil : path(KnowledgePaths.looking).map { Action($0) },
            nextReview: String(next))
    }

    private func proposals(_ text: KnowledgeText, in db: any Connection) throws -> [ProposalRow] {
        let all = try library.proposals.ofText(text.id, limit: 10, in: db)
        let names = try library.members.names(of: all.map(\.author), in: db)
        return all.map { proposal in
            ProposalRow(
                path: KnowledgePaths.proposal(text.id, proposal.id), author: names[proposal.author] ?? "",
                comment: proposal.comment, moment: signs.moment(proposal.createdAt),
                state: proposal.dueAt != nil && proposal.state == .open
                    ? Phrase("proposal-due", .text(signs.exact(proposal.dueAt ?? 0)))
                    : Phrase("proposal-state-\(proposal.state.rawValue)"),
                answer: proposal.answer.isEmpty ? nil : proposal.answer, isOpen: proposal.state == .open)
        }
    }

    func printPage(_ text: KnowledgeText, in db: any Connection) throws -> TextPrintPage {
        let rendered = try library.store.rendered(text, in: language, in: db)
        return TextPrintPage(
            name: rendered.title.words, nameLanguage: rendered.title.language, kind: signs.kind(text.kind),
            facts: facts(text), paragraphs: shown(rendered),
            printed: Phrase("knowledge-printed", .text(signs.exact(signs.now)), .number(text.version)),
            backPath: KnowledgePaths.show(text.id) + "?language=\(language)")
    }
}
