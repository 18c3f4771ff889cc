import Base
import HTTPTypes
import Hummingbird
import Knowledge
import People
import Storage
import Text
import Web

/// `/api/v1/texts`: list and search, read, write, change, versions, translations and files.
package struct KnowledgeAPI: Sendable {
    let library: Library
    let access: APIAccess
    let writing: APIWriting

    package init(_ library: Library, access: APIAccess, idempotency: IdempotencyStore) {
        self.library = library
        self.access = access
        writing = APIWriting(
            database: library.database, access: access, idempotency: idempotency, clock: library.clock)
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/texts") { request, _ in try await list(request) }
        api.post("/texts") { request, _ in try await writing.run(request, status: 201, create) }
        api.get("/texts/:id") { request, context in
            let caller = try await APICaller.require(request, access)
            let language = request.uri.queryParameters["language"].map { String($0) }
            return APIRoutes.json(try await value(try context.requireID(), language, caller))
        }
        api.patch("/texts/:id") { request, context in
            let id = try context.requireID()
            return try await writing.run(request, status: 200) { try await change(id, $0, $1) }
        }
        api.get("/texts/:id/versions") { request, context in try await versions(request, try context.requireID()) }
        api.get("/texts/:id/translations") { request, context in
            try await translations(request, try context.requireID())
        }
        api.post("/texts/:id/translations") { request, context in
            let id = try context.requireID()
            return try await writing.run(request, status: 200) { try await translate(id, $0, $1) }
        }
        addFiles(to: api)
    }

    // MARK: - Reading

    private func list(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        func parameter(_ name: String) -> String? { request.queryText(name) }
        var filter = TextFilter()
        if let kind = parameter("kind") {
            guard let kind = TextKind(rawValue: kind) else { throw HTTPError(.badRequest) }
            filter.kinds = [kind]
        }
        if let need = parameter("need") {
            guard let need = TextFilter.Need(rawValue: need) else { throw HTTPError(.badRequest) }
            filter.need = need
            filter.language = parameter("language") ?? "en"
        }
        filter.topic = parameter("topic")
        filter.tag = parameter("tag")
        filter.query = try SearchQuery.parse(parameter("query") ?? "", now: library.clock.now())
        let limit = parameter("limit").map { Int($0) ?? 0 } ?? 50
        guard (1...200).contains(limit) else { throw HTTPError(.badRequest) }
        var cursor: TextList.Cursor?
        if let text = parameter("cursor") {
            guard let known = TextList.Cursor(text: text) else { throw HTTPError(.badRequest) }
            cursor = known
        }
        let (asked, after) = (filter, cursor)
        return try await library.database.read { [library] db in
            let page = try TextList().page(asked, visibleTo: caller.viewer, after: after, limit: limit, in: db)
            let tags = try library.store.tags(of: page.texts.map(\.id), in: db)
            let items = page.texts.map { Self.brief($0, tags: tags[$0.id] ?? []) }
            return APIRoutes.json(APIValues.page(items.map { JSONText.object($0) }, next: page.next?.text))
        }
    }

    private static func brief(_ text: KnowledgeText, tags: [String]) -> [(String, String)] {
        func time(_ time: Milliseconds?) -> String { time.map { "\"\(ISO8601.string($0))\"" } ?? "null" }
        return [
            ("id", APIValues.id(text.id)), ("name", JSONText.quote(text.slug)),
            ("kind", JSONText.quote(text.kind.rawValue)), ("title", JSONText.quote(text.title)),
            ("language", JSONText.quote(text.language)), ("audience", JSONText.quote(text.audience.rawValue)),
            ("state", JSONText.quote(text.state.rawValue)), ("topic", JSONText.quote(text.topic)),
            ("tags", JSONText.array(tags.map { JSONText.quote($0) })), ("owner", APIValues.id(text.owner)),
            ("version", String(text.version)), ("publishAt", time(text.publishAt)),
            ("embargoUntil", time(text.embargoUntil)), ("reviewAt", time(text.reviewAt)),
            ("createdAt", time(text.createdAt)), ("updatedAt", time(text.updatedAt)),
        ]
    }

    private func require(_ id: ID, _ caller: APICaller, in db: any Connection) throws -> KnowledgeText {
        try library.store.require(id, visibleTo: caller.viewer, in: db)
    }

    /// A confidential text that is read leaves a trace here too.
    func open(_ id: ID, _ caller: APICaller) async throws -> KnowledgeText {
        let now = library.clock.now()
        let text = try await library.database.read { try require(id, caller, in: $0) }
        if text.audience == .confidential {
            try await library.database.write { [library] db in
                try library.store.noteOpened(text, by: caller.viewer, at: now, in: db)
            }
        }
        return text
    }

    func value(_ id: ID, _ language: String?, _ caller: APICaller) async throws -> String {
        let text = try await open(id, caller)
        return try await library.database.read { [library] db in
            try Self.value(text, language, library.store, in: db)
        }
    }

    private static func value(
        _ text: KnowledgeText, _ language: String?, _ store: KnowledgeStore, in db: any Connection
    ) throws -> String {
        let rendered = try store.rendered(text, in: language ?? text.language, in: db)
        let progress = try store.translations.progress(of: [text.id], in: db)[text.id] ?? []
        let tags = try store.tags(of: [text.id], in: db)[text.id] ?? []
        let said = try FeedbackStore().count(of: text.id, in: db)
        let fields = text.fields.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quote($0.value)) }
        return JSONText.object(
            brief(text, tags: tags) + [
                ("text", JSONText.quote(rendered.markdown)), ("fields", JSONText.object(fields)),
                ("paragraphs", JSONText.array(([rendered.title] + rendered.paragraphs).map(paragraph))),
                ("translations", JSONText.array(progress.map { Self.progress($0, of: text.paragraphs) })),
                ("helped", String(said.helped)), ("didNotHelp", String(said.didNot)),
            ])
    }

    private static func paragraph(_ paragraph: RenderedParagraph) -> String {
        JSONText.object([
            ("id", APIValues.id(paragraph.id)), ("text", JSONText.quote(paragraph.words)),
            ("language", JSONText.quote(paragraph.language)), ("state", JSONText.quote(paragraph.state.rawValue)),
        ])
    }

    private static func progress(_ progress: LanguageProgress, of all: Int) -> String {
        JSONText.object([
            ("language", JSONText.quote(progress.language)), ("title", JSONText.quote(progress.title)),
            ("paragraphs", String(all)), ("translated", String(progress.translated)),
            ("reviewed", String(progress.reviewed)), ("outdated", String(progress.outdated)),
            ("draft", String(progress.draft)), ("missing", String(progress.missing(of: all))),
        ])
    }

    private func versions(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        _ = try await open(id, caller)
        let items = try await library.database.read { [library] db in
            try library.store.versions(of: id, limit: 200, in: db).map { version in
                JSONText.object([
                    ("number", String(version.number)), ("title", JSONText.quote(version.title)),
                    ("text", JSONText.quote(version.body)), ("author", APIValues.id(version.author)),
                    ("credit", version.credit.map { APIValues.id($0) } ?? "null"),
                    ("note", JSONText.quote(version.note)), ("at", "\"\(ISO8601.string(version.at))\""),
                ])
            }
        }
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    private func translations(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await open(id, caller)
        let asked = request.uri.queryParameters["language"].map { LanguageChain.normal(String($0)) }
        guard let language = asked, language != text.language else { throw HTTPError(.badRequest) }
        let items = try await library.database.read { [library] db in
            let known = try library.store.translations.translations(of: id, into: language, in: db)
            return try library.store.paragraphs.current(of: id, in: db).map { paragraph in
                let made = known[paragraph.id]
                let state = made?.state(against: paragraph.words) ?? .missing
                return JSONText.object([
                    ("id", APIValues.id(paragraph.id)), ("source", JSONText.quote(paragraph.words)),
                    ("text", JSONText.quote(made?.words)), ("state", JSONText.quote(state.rawValue)),
                    ("madeFrom", JSONText.quote(made?.sourceWords)),
                ])
            }
        }
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    // MARK: - Writing

    @Sendable private func create(_ input: APIInput, _ caller: APICaller) async throws -> String {
        guard let kind = TextKind(rawValue: try input.requireText("kind")) else {
            throw Failure(.invalid, "error-invalid")
        }
        let content = TextContent(
            title: try input.requireText("title"), body: try input.optionalText("text") ?? "",
            fields: try Self.fields(input, over: [:], kind) ?? [:], note: try input.optionalText("note") ?? "")
        let language = try input.requireText("language")
        let now = library.clock.now()
        let text = try await library.database.write { [library] db in
            let properties = try properties(
                input, over: TextProperties(audience: .team, owner: caller.viewer.memberID), in: db)
            return try library.store.add(
                kind, language: language, content, properties, by: caller.viewer.memberID, at: now, in: db)
        }
        return JSONText.object([("id", APIValues.id(text.id))])
    }

    /// New words and fields need `version`, the one they were written over; a state is `published` (from `publishAt`
    /// on), `draft` or `archived`.
    private func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = library.clock.now()
        let member = caller.viewer.memberID
        try await library.database.write { [library] db in
            var text = try library.store.requireChangeable(id, by: caller.viewer, in: db)
            try caller.requireMatch(Self.value(text, nil, library.store, in: db))
            let (title, body) = (try input.optionalText("title"), try input.optionalText("text"))
            let fields = try Self.fields(input, over: text.fields, text.kind)
            if title != nil || body != nil || fields != nil {
                guard let seen = try input.optionalInt("version") else { throw Failure(.invalid, "error-invalid") }
                let content = TextContent(
                    title: title ?? text.title, body: try body ?? library.store.body(of: id, in: db),
                    fields: fields ?? text.fields, note: try input.optionalText("note") ?? "")
                text = try library.store.save(content, of: text, seen: seen, by: member, at: now, in: db)
            }
            let known = try library.store.properties(of: text, in: db)
            try library.store.setProperties(
                try properties(input, over: known, in: db), of: text, by: member, at: now, in: db)
            let state = try input.optionalText("state")
            guard !input.has("publishAt") || state == "published" else { throw Failure(.invalid, "error-invalid") }
            switch state {
            case nil: break
            case "published":
                try library.store.publish(text, from: Self.moment("publishAt", input), by: member, at: now, in: db)
            case "draft": try library.store.withdraw(text, by: member, at: now, in: db)
            case "archived": try library.store.archive(text, by: member, at: now, in: db)
            default: throw Failure(.invalid, "error-invalid")
            }
        }
        return try await value(id, nil, caller)
    }

    /// One paragraph in one language.
    private func translate(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = library.clock.now()
        try await library.database.write { [library] db in
            let text = try require(id, caller, in: db)
            guard let paragraph = ID(try input.requireText("paragraph")) else {
                throw Failure(.invalid, "error-invalid")
            }
            let language = LanguageChain.normal(try input.requireText("language"))
            let known = try library.store.translations.translations(of: id, into: language, in: db)[paragraph]
            let entry = TranslationEntry(
                paragraph: paragraph, words: try input.requireText("text"),
                isDraft: try input.optionalBool("draft") ?? false,
                seen: known?.at ?? 0)
            _ = try library.store.translations.save(
                [entry], of: text, into: language, by: caller.viewer.memberID, at: now, in: db)
        }
        return try await value(id, try input.requireText("language"), caller)
    }
}
