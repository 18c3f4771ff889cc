import Base
import Hummingbird
import People
import Storage
import Text
import Web

/// The list of texts, its filters, and the choice of what to write.
package struct KnowledgeListRoutes: Sendable {
    static let pageLength = 50
    /// Each line of what was found says where.
    static let foundLength = 20
    private static let excerptLength = 160
    private static let usual = Foresight()

    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.list.route, use: list)
    }

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let asked = ListQuery(request, reader: library.site.strings.supported(context.visitor.language))
        let signs = library.signs(context)
        let viewer = context.viewer
        do {
            let filter = try asked.filter(viewer, now: signs.now)
            let page = try await library.database.read { [library] db in
                try db.foresee(Self.usual, by: viewer.memberID, about: [])
                return try Self.page(asked, filter, viewer, signs, library, in: db)
            }
            return library.site.page(page, for: context.visitor)
        } catch let failure as Failure where failure.code == .invalid {
            let page = try await library.database.read { [library] db in
                try Self.page(
                    asked, nil, viewer, signs, library,
                    problem: Phrase(failure.messageKey, texts: failure.arguments), in: db)
            }
            return library.site.page(page, for: context.visitor, status: .unprocessableContent)
        }
    }

    /// A page of the list; without a filter nothing but the problem.
    private static func page(
        _ asked: ListQuery, _ filter: TextFilter?, _ viewer: Viewer, _ signs: TextSigns, _ library: Library,
        problem: Phrase? = nil, in db: any Connection
    ) throws -> KnowledgeListPage {
        let list = TextList()
        let counts = try list.counts(visibleTo: viewer, in: db)
        let length = asked.query.isEmpty ? pageLength : foundLength
        let (found, count) =
            try filter.map { try list.found($0, visibleTo: viewer, after: asked.cursor, limit: length, in: db) }
            ?? (nil, 0)
        let texts = found?.texts ?? []
        let rows = try TextRowMaker(library: library, signs: signs).rows(texts, filter?.query, in: db)
        return KnowledgeListPage(
            count: Phrase("knowledge-count", .number(Int(count))), newPath: KnowledgePaths.new(),
            views: try asked.views(viewer, signs, in: db), kinds: asked.kinds(counts.kinds, signs),
            topics: asked.topics(counts.topics), filter: asked.form(library, signs), rows: rows,
            empty: texts.isEmpty && problem == nil ? empty(asked, hasTexts: !counts.kinds.isEmpty) : nil,
            problem: problem, newerPath: asked.cursor == nil ? nil : asked.path(),
            olderPath: found?.next.map { asked.path(after: $0) })
    }

    private static func empty(_ asked: ListQuery, hasTexts: Bool) -> TextEmpty {
        if hasTexts {
            return TextEmpty(
                heading: Phrase("knowledge-none-heading"), advice: Phrase("knowledge-none-advice"),
                step: Link(Phrase("knowledge-none-step"), KnowledgePaths.list()))
        }
        return TextEmpty(
            heading: Phrase("knowledge-empty-heading"), advice: Phrase("knowledge-empty-advice"),
            step: Link(Phrase("knowledge-empty-step"), KnowledgePaths.new()))
    }
}

/// What the address of the list asks for.
struct ListQuery: Sendable {
    let query: String
    let kind: TextKind?
    let topic: String
    let tag: String
    /// `mine`, `proposed`, `overdue` or `archived`.
    let view: String
    let language: String
    let need: TextFilter.Need?
    let cursor: TextList.Cursor?

    init(_ request: Request, reader: String) {
        func value(_ name: String) -> String {
            String((request.queryText(name) ?? "").prefix(2000))
        }
        query = value("query")
        kind = TextKind(rawValue: value("kind"))
        topic = value("topic")
        tag = value("tag")
        view = ["mine", "proposed", "overdue", "archived"].contains(value("view")) ? value("view") : ""
        let asked = LanguageChain.normal(value("language"))
        language = asked.isEmpty || asked.utf8.count > 20 ? reader : asked
        need = TextFilter.Need(rawValue: value("need"))
        cursor = TextList.Cursor(text: value("after"))
    }

    func filter(_ viewer: Viewer, now: Milliseconds) throws -> TextFilter {
        var filter = TextFilter()
        filter.kinds = kind.map { [$0] } ?? []
        filter.topic = topic.isEmpty ? nil : topic
        filter.tag = tag.isEmpty ? nil : tag
        filter.language = language
        filter.need = need
        filter.query = try SearchQuery.parse(query, now: now)
        switch view {
        case "mine": filter.owner = viewer.memberID
        case "proposed":
            filter.owner = viewer.memberID
            filter.hasProposals = true
        case "overdue": filter.dueBefore = now
        case "archived": filter.state = .archived
        default: break
        }
        return filter
    }

    func path(
        kind: TextKind?? = nil, topic: String? = nil, view: String? = nil, after: TextList.Cursor? = nil
    ) -> String {
        KnowledgePaths.list(query: [
            ("query", query), ("kind", (kind ?? self.kind)?.rawValue ?? ""), ("topic", topic ?? self.topic),
            ("tag", tag),
            ("view", view ?? self.view), ("language", need == nil ? "" : language), ("need", need?.rawValue ?? ""),
            ("after", after?.text ?? ""),
        ])
    }

    // MARK: - Beside the list

    func views(_ viewer: Viewer, _ signs: TextSigns, in db: any Connection) throws -> [CountedLink] {
        func count(_ change: (inout TextFilter) -> Void) throws -> Int {
            var filter = TextFilter()
            change(&filter)
            return Int(try TextList().count(filter, visibleTo: viewer, in: db))
        }
        let mine = try count { $0.owner = viewer.memberID }
        let proposed = try count {
            $0.owner = viewer.memberID
            $0.hasProposals = true
        }
        let overdue = try count { $0.dueBefore = signs.now }
        let archived = try count { $0.state = .archived }
        let all = [("mine", mine), ("proposed", proposed), ("overdue", overdue), ("archived", archived)]
        return all.filter { $0.1 > 0 || $0.0 == view }.map {
            CountedLink(
                Phrase("knowledge-view-\($0.0)"), count: $0.1, path: KnowledgePaths.list(query: [("view", $0.0)]),
                isCurrent: view == $0.0)
        }
    }

    func kinds(_ counts: [TextKind: Int], _ signs: TextSigns) -> [CountedLink] {
        let all = CountedLink(
            Phrase("knowledge-kinds-all"), count: counts.values.reduce(0, +), path: path(kind: .some(nil)),
            isCurrent: kind == nil && view.isEmpty)
        return [all]
            + TextKind.allCases.filter { counts[$0] != nil || $0 == kind }.map {
                CountedLink(
                    Phrase("knowledge-kinds-\($0.rawValue)"), count: counts[$0] ?? 0, path: path(kind: .some($0)),
                    isCurrent: kind == $0)
            }
    }

    func topics(_ counts: [(name: String, count: Int)]) -> [CountedLink] {
        counts.prefix(30).map {
            let isCurrent = topic == $0.name
            return CountedLink(
                .verbatim($0.name), count: $0.count, path: path(topic: isCurrent ? "" : $0.name), isCurrent: isCurrent)
        }
    }

    func form(_ library: Library, _ signs: TextSigns) -> TextFilterForm {
        let kept = [("kind", kind?.rawValue ?? ""), ("topic", topic), ("tag", tag), ("view", view)]
        let codes = library.site.strings.languages
        let all = codes.contains(language) ? codes : codes + [language]
        return TextFilterForm(
            path: KnowledgePaths.list(), query: query,
            kept: kept.filter { !$0.1.isEmpty }.map { KeptValue(name: $0.0, value: $0.1) },
            languages: all.map { Choice($0, .verbatim(signs.name(of: $0)), isSelected: $0 == language) },
            needs: [Choice("", Phrase("knowledge-need-any"), isSelected: need == nil)]
                + TextFilter.Need.allCases.map {
                    Choice($0.rawValue, Phrase("knowledge-need-\($0.rawValue)"), isSelected: $0 == need)
                })
    }
}

/// Makes the lines of the list.
struct TextRowMaker: Sendable {
    private static let excerptLength = 160
    private static let mostLanguages = 12

    let library: Library
    let signs: TextSigns

    func rows(_ texts: [KnowledgeText], _ query: SearchQuery?, in db: any Connection) throws -> [TextRow] {
        let store = library.store
        let ids = texts.map(\.id)
        let progress = try store.translations.progress(of: ids, in: db)
        let tags = try store.tags(of: ids, in: db)
        let names = try library.members.names(of: texts.map(\.owner), in: db)
        let titles = store.titles(of: texts, in: signs.language, progress: progress)
        let wanted = query.map { $0.expression.wanted } ?? []
        let matched = try TextIndex.languages(of: ids, with: wanted, in: db)
        let excerpts = wanted.isEmpty ? [:] : try excerpts(of: texts, query, matched, in: db)
        return texts.map { text in
            let title = titles[text.id] ?? (text.title, text.language)
            let excerpt = excerpts[text.id]
            let hindrance = text.hindrance(at: signs.now)
            let all = languages(of: text, progress[text.id] ?? [])
            let whole = all.filter(\.isWhole)
            return TextRow(
                path: KnowledgePaths.show(text.id), kind: signs.kind(text.kind), title: title.title,
                language: title.language, excerpt: excerpt?.0 ?? [], excerptLanguage: excerpt?.1 ?? "",
                hasExcerpt: excerpt != nil, topic: text.topic.isEmpty ? nil : text.topic, tags: tags[text.id] ?? [],
                owner: names[text.owner] ?? "",
                moment: signs.moment(text.updatedAt), state: hindrance == nil ? nil : signs.state(text),
                audience: text.audience == .team ? nil : Phrase("knowledge-audience-\(text.audience.rawValue)"),
                overdue: text.isOverdue(at: signs.now) ? Phrase("knowledge-overdue") : nil,
                languages: all.filter { !$0.isWhole }, whole: whole.map(\.code).joined(separator: " "),
                wholeLabel: Phrase("knowledge-whole", .text(whole.map(\.name).joined(separator: ", "))))
        }
    }

    func languages(of text: KnowledgeText, _ progress: [LanguageProgress]) -> [LanguageSignRow] {
        let translation = KnowledgePaths.translation(text.id)
        let source = LanguageSignRow(
            code: text.language, name: signs.name(of: text.language),
            path: KnowledgePaths.show(text.id) + "?language=\(text.language)", percent: 100, isWhole: true,
            isOutdated: false, label: Phrase("knowledge-progress-source", .text(signs.name(of: text.language))))
        let others = progress.prefix(Self.mostLanguages).map { known in
            let name = signs.name(of: known.language)
            return LanguageSignRow(
                code: known.language, name: name, path: translation + "?language=\(known.language)",
                percent: known.percent(of: text.paragraphs), isWhole: known.isWhole(of: text.paragraphs),
                isOutdated: known.outdated > 0,
                label: known.outdated > 0
                    ? Phrase("knowledge-progress-outdated", .text(name), .number(known.outdated))
                    : Phrase("knowledge-progress", .text(name), .number(known.percent(of: text.paragraphs))))
        }
        return [source] + others
    }

    /// The words around what was found in each text, in a language it was found in.
    private func excerpts(
        of texts: [KnowledgeText], _ query: SearchQuery?, _ matched: [ID: Set<String>], in db: any Connection
    ) throws -> [ID: ([TextRun], String)] {
        guard let query else { return [:] }
        let chain = LanguageChain.of(signs.language)
        let languages = texts.map { text in
            let found = matched[text.id] ?? []
            return chain.first { found.contains($0) } ?? found.sorted().first ?? text.language
        }
        let words = try TextIndex.words(of: zip(texts, languages).map { ($0.id, $1) }, in: db)
        var excerpts: [ID: ([TextRun], String)] = [:]
        for (text, language) in zip(texts, languages) {
            let pieces = Excerpt.make(of: words[text.id] ?? "", matching: query, length: Self.excerptLength)
            if !pieces.isEmpty {
                excerpts[text.id] = (pieces.map { TextRun($0.text, isMarked: $0.isMatch) }, language)
            }
        }
        return excerpts
    }
}
