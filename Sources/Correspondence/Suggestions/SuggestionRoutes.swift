import Base
import Hummingbird
import Knowledge
import Storage
import Web

enum SuggestionPaths {
    static let insert: PathPattern = "/tickets/:id/draft/texts"
    static let texts: PathPattern = "/tickets/:id/texts"
    static let report: PathPattern = "/suggestions"
    static let gapText: PathPattern = "/suggestions/:id/text"
    static let gapDismissal: PathPattern = "/suggestions/:id/dismissal"
    static let rule: PathPattern = "/queues/:id/language-rule"

    /// Texts for a draft; nil for one's own answer, begun or not.
    static func choice(_ ticket: ID, draft: ID?) -> String {
        texts(ticket) + "?draft=" + (draft.map { String($0) } ?? "")
    }
}

/// Inserting texts, what is used and what is missing, and the rule of a queue for outdated languages.
package struct SuggestionRoutes: Sendable {
    private static let shown = 30

    private let desk: Desk
    private let site: Site
    private let pages: WritingPages

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
        pages = WritingPages(desk: desk, site: site)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        TextChoosing(desk: desk, site: site).add(to: signedIn)
        signedIn.post(SuggestionPaths.insert.route, use: insert)
        signedIn.get(SuggestionPaths.report.route) { _, context in try await report(context) }
        signedIn.post(SuggestionPaths.gapText.route, use: beginText)
        signedIn.post(SuggestionPaths.gapDismissal.route, use: dismiss)
        signedIn.post(SuggestionPaths.rule.route, use: setRule)
    }

    @Sendable private func insert(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (read, ticket, now) = (DraftForm(form), try context.requireID(), desk.clock.now())
        do {
            let draft = try await read.save(ticket, desk, by: context.viewer)
            let saved = try await desk.database.write { [desk] db in
                try desk.inserting.insert(
                    ID(form["insert"]) ?? 0, into: draft.id, by: context.viewer, at: now, in: db)
            }
            return site.redirect(pages.path(of: saved, context.viewer) + "?notice=draft-saved#answer")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(read, ticket: ticket, failure, context)
        }
    }

    // MARK: - What is used and what is missing

    private func report(_ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let page = try await desk.database.read { [desk] db in
            let store = desk.answering.insertions
            let used = try store.used(visibleTo: viewer, limit: Self.shown, in: db).compactMap { id -> UsedText? in
                guard let text = try desk.answering.knowledge.find(id, visibleTo: viewer, in: db) else { return nil }
                let use = try store.use(of: id, visibleTo: viewer, in: db)
                return UsedText(
                    title: text.title, language: text.language, path: KnowledgePaths.show(id),
                    sent: Phrase("suggestion-used-sent", .number(use.sent)),
                    kept: Phrase("suggestion-used-kept", .number(use.kept)),
                    answered: Phrase("suggestion-used-answered", .number(use.answered)))
            }
            let gaps = try GapStore().open(visibleTo: viewer, limit: Self.shown, in: db).map { gap in
                GapLine(
                    size: Phrase("suggestion-gap", .number(gap.size)), language: gap.language,
                    tickets: try gap.tickets.prefix(5).compactMap { id in
                        try desk.stores.tickets.find(id, in: db).map {
                            Link(.verbatim($0.subject.isEmpty ? "#" + $0.number : $0.subject), TicketPaths.show(id))
                        }
                    }, textPath: SuggestionPaths.gapText(gap.id), dismissPath: SuggestionPaths.gapDismissal(gap.id))
            }
            return SuggestionReportPage(used: used, hasUsed: !used.isEmpty, gaps: gaps)
        }
        return site.page(page, for: context.visitor)
    }

    /// A template or an article, empty but for what is to be filled: letters are not copied.
    @Sendable private func beginText(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now, viewer) = (try context.requireID(), desk.clock.now(), context.viewer)
        guard let kind = TextKind(rawValue: form["kind"]), kind == .template || kind == .article else {
            throw Failure(.invalid, "error-invalid")
        }
        let language = context.visitor.language
        let title = site.strings.translate(language)("suggestion-gap-title", [])
        let text = try await desk.database.write { [desk] db in
            let gap = try GapStore().require(id, visibleTo: viewer, in: db)
            let text = try desk.answering.knowledge.add(
                kind, language: gap.language.isEmpty ? language : gap.language,
                TextContent(title: title, body: "{{fill:\(title)}}"),
                TextProperties(audience: .team, owner: viewer.memberID), by: viewer.memberID, at: now, in: db)
            try GapStore().decide(id, text: text.id, by: viewer.memberID, in: db)
            return text.id
        }
        return site.redirect(KnowledgePaths.show(text))
    }

    @Sendable private func dismiss(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.database.write { db in
            _ = try GapStore().require(id, visibleTo: context.viewer, in: db)
            try GapStore().decide(id, text: nil, by: context.viewer.memberID, in: db)
        }
        return site.redirect(SuggestionPaths.report())
    }

    // MARK: - The rule

    @Sendable private func setRule(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        let rule = LanguageRule(rawValue: form["rule"])
        try await desk.database.write { [desk] db in
            guard context.viewer.mayKeep(queue: id), let rule else {
                throw rule == nil && context.viewer.mayKeep(queue: id)
                    ? Failure(.invalid, "error-invalid") : Failure(.notFound, "error-not-found")
            }
            _ = try desk.stores.queues.require(id, in: db)
            try LanguageRule.set(rule, of: id, by: context.viewer, events: desk.stores.events, at: now, in: db)
        }
        return site.redirect(QueuePaths.texts(id) + "?notice=changed")
    }
}
