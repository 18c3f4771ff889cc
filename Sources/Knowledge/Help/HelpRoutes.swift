import Base
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Text
import Web

/// The public help pages: no account, no cookie, no script. Browsers and proxies may keep them for a minute.
package struct HelpRoutes: Sendable {
    private static let mostInFeed = 50
    private static let longestQuery = 500
    /// What was read yesterday may still be judged.
    private static let oldestDay: Int64 = 1

    private let database: Database
    private let store: KnowledgeStore
    private let site: Site
    private let clock: Clock
    private let zone: String
    /// Where a question goes, in a language.
    private let ask: @Sendable (String) -> String
    private let feedback = FeedbackStore()
    private let budget = HelpBudget()

    package init(
        database: Database, store: KnowledgeStore, site: Site, clock: Clock, zone: String,
        ask: @escaping @Sendable (String) -> String
    ) {
        self.database = database
        self.store = store
        self.site = site
        self.clock = clock
        self.zone = zone
        self.ask = ask
    }

    package func add(to router: Router<WebContext>) {
        router.get(HelpPaths.list.route, use: list)
        router.get(HelpPaths.feed.route, use: feed)
        router.get(HelpPaths.text.route, use: show)
        router.get(HelpPaths.file.route, use: download)
        router.post(HelpPaths.feedback.route, use: judge)
    }

    /// Texts come in more languages than the pages around them: `pt-br` and `uk` can be asked for too.
    private func reading(_ request: Request) -> HelpReading {
        let around = site.language(of: request)
        let asked = request.uri.queryParameters["language"].flatMap { LanguageChain.tag(String($0)) }
        let accepted = (request.headers[.acceptLanguage] ?? "").split(separator: ",").prefix(20).compactMap {
            LanguageChain.tag(String($0.prefix { $0 != ";" }))
        }
        let own = accepted.first { LanguageChain.isSame($0, around) || $0.hasPrefix(around + "-") }
        return HelpReading(store: store, now: clock.now(), language: asked ?? own ?? around, zone: zone)
    }

    /// Those of the pages, and others that this text is in.
    private func languages(
        _ current: String, more: [String] = [], _ path: (String) -> String
    ) -> [HelpLanguage] {
        let all = site.strings.languages
        return (all + more.filter { !all.contains($0) }).map {
            HelpLanguage(
                code: $0, name: site.strings.ownName($0), path: path($0),
                isCurrent: $0 == current || (all.contains($0) && !more.contains(current) && current.hasPrefix($0 + "-"))
            )
        }
    }

    @Sendable private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let reading = reading(request)
        let language = reading.language
        var asked = HelpReading.Asked()
        asked.query = String((request.queryText("query") ?? "").prefix(Self.longestQuery))
        asked.topic = request.queryText("topic").flatMap { $0.isEmpty ? nil : $0 }
        asked.isPress = request.queryText("press") != nil
        asked.cursor = request.queryText("after").flatMap { TextList.Cursor(text: $0) }
        let wanted = asked
        let listed = try await database.read { try reading.list(wanted, in: $0) }
        let page = HelpListPage(
            languages: languages(language) { HelpPaths.list(wanted, $0) }, language: language,
            path: HelpPaths.list(), query: wanted.query, heading: Self.heading(wanted, listed),
            topics: listed.topics.filter { !$0.name.isEmpty }.map {
                CountedHelpLink(
                    name: $0.name, path: HelpPaths.topic($0.name, language), count: Phrase.figure($0.count),
                    isCurrent: $0.name == wanted.topic)
            }, texts: listed.texts, press: listed.press, isSearch: !wanted.query.isEmpty,
            isPart: !wanted.isStart, allPath: HelpPaths.list(language),
            pressPath: HelpPaths.list(HelpReading.Asked(isPress: true), language),
            nextPath: listed.next.map { HelpPaths.list(wanted, language) + "&after=" + $0.text },
            feedPath: HelpPaths.feed(language), askPath: ask(language))
        return site.keptPage(page, for: request)
    }

    private static func heading(_ asked: HelpReading.Asked, _ listed: HelpReading.Listed) -> Phrase {
        if !asked.query.isEmpty {
            // Counting ends with the page.
            return listed.next == nil && asked.cursor == nil
                ? Phrase("help-found", .number(listed.texts.count)) : Phrase("help-found-many")
        }
        return asked.topic.map { Phrase.verbatim($0) } ?? Phrase(asked.isPress ? "help-press" : "help-title")
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let reading = reading(request)
        let slug = context.parameters.get("name") ?? ""
        let shown = try await database.read { try reading.show(slug, in: $0) }
        let (text, language) = (shown.text, reading.language)
        let page = HelpTextPage(
            languages: languages(language, more: shown.languages) { HelpPaths.text(slug, $0) },
            heading: shown.title.words,
            headingLanguage: shown.title.language, notes: shown.notes, paragraphs: shown.paragraphs,
            facts: Self.facts(text, language),
            file: text.kind == .file && text.raw != nil
                ? HelpFile(name: text.fields["filename"] ?? slug, path: HelpPaths.file(slug)) : nil,
            changed: Phrase("help-changed", .text(DateText.day(text.updatedAt, language: language, zone: zone))),
            listPath: HelpPaths.list(language), feedbackPath: HelpPaths.feedback(slug, language),
            seen: seen(slug, day: today), hasThanked: request.uri.queryParameters["thanks"] != nil,
            askPath: ask(language))
        return site.keptPage(page, for: request)
    }

    private static func facts(_ text: KnowledgeText, _ language: String) -> [HelpFact] {
        text.kind.fields.filter { $0 != .expires && !text.field($0).isEmpty }.map { field in
            let value = text.field(field)
            let day = field.isDay ? Placeholder.day(value).map { DateText.day($0, language: language) } : nil
            return HelpFact(name: Phrase("help-fact-\(field.rawValue)"), value: day ?? value)
        }
    }

    @Sendable private func feed(_ request: Request, _ context: WebContext) async throws -> Response {
        let reading = reading(request)
        let language = reading.language
        let entries = try await database.read { [store] db in
            let kinds = HelpReading.articles + HelpReading.press
            let texts = try store.publicTexts(kinds, at: reading.now, limit: Self.mostInFeed, in: db)
            let progress = try store.translations.progress(
                of: texts.map(\.id), languages: LanguageChain.of(language), in: db)
            let titles = store.titles(of: texts, in: language, progress: progress)
            return texts.map { text in
                let title = titles[text.id] ?? (text.title, text.language)
                return HelpFeed.Entry(
                    title: title.title, language: title.language, slug: text.slug, updatedAt: text.updatedAt,
                    createdAt: text.createdAt)
            }
        }
        let xml = HelpFeed(
            title: site.strings.translate(site.strings.supported(language))("help-title", []),
            organisation: site.organisation.name,
            language: language, publicURL: site.publicURL, entries: entries
        ).xml
        return site.kept(xml, type: "application/atom+xml; charset=utf-8", for: request)
    }

    /// Bytes of a file: always to be saved, never shown as a page of ours.
    @Sendable private func download(_ request: Request, _ context: WebContext) async throws -> Response {
        let reading = reading(request)
        let slug = context.parameters.get("name") ?? ""
        let (text, bytes) = try await database.read { [store] db in
            let text = try reading.require(slug, in: db)
            guard text.kind == .file, let raw = text.raw else { throw Failure(.notFound, "error-not-found") }
            return (text, try store.raws.bytes(of: raw, in: db))
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/octet-stream", .cacheControl: "public, max-age=60",
                .contentDisposition: AttachmentHeader.value(text.fields["filename"] ?? slug),
            ], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    // MARK: - Did it help?

    private var today: Int64 { clock.now() / 86_400_000 }

    private func seen(_ slug: String, day: Int64) -> String {
        "\(day).\(Base64URL.encode(Array(site.key.mac("help-seen", Array("\(day) \(slug)".utf8)).prefix(12))))"
    }

    @Sendable private func judge(_ request: Request, _ context: WebContext) async throws -> Response {
        let reading = reading(request)
        let slug = context.parameters.get("name") ?? ""
        let form = try await Form.read(request)
        let day = form["seen"].split(separator: ".").first.flatMap { Int64(String($0)) } ?? 0
        guard seen(slug, day: day) == form["seen"], (today - Self.oldestDay...today).contains(day),
            ["yes", "no"].contains(form["helped"])
        else { throw Failure(.invalid, "error-invalid") }
        try budget.take(context.network, at: clock.now())
        let around = site.language(of: request)
        try await database.write { [feedback, today] db in
            let text = try reading.require(slug, in: db)
            try feedback.note(
                text.id, language: around, hasHelped: form["helped"] == "yes", day: today, in: db)
        }
        return site.redirect(HelpPaths.text(slug, reading.language) + "&thanks=1#feedback")
    }
}
