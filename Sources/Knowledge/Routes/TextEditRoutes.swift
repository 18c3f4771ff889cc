import Base
import Hummingbird
import Jobs
import People
import Storage
import Text
import Web

/// Writing texts: new ones, new versions, and proposals of those who may only read.
package struct TextEditRoutes: Sendable {
    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.new.route) { request, context in try newPage(request, context) }
        signedIn.post(KnowledgePaths.new.route, use: create)
        signedIn.get(KnowledgePaths.edit.route) { request, context in
            try await edit(context, isProposal: false, entered: nil, problem: nil)
        }
        signedIn.post(KnowledgePaths.edit.route, use: save)
        signedIn.get(KnowledgePaths.proposing.route) { request, context in
            try await edit(context, isProposal: true, entered: nil, problem: nil)
        }
        signedIn.post(KnowledgePaths.proposing.route, use: propose)
    }

    // MARK: - New

    private func newPage(
        _ request: Request, _ context: SignedInContext, entered: Form? = nil, problem: Failure? = nil
    ) throws -> Response {
        let asked = entered?["kind"] ?? request.uri.queryParameters["kind"].map { String($0) } ?? ""
        let signs = library.signs(context)
        guard let kind = TextKind(rawValue: asked) else {
            let kinds = TextKind.allCases.map {
                KindChoice(
                    name: signs.kind($0), about: Phrase("knowledge-about-\($0.rawValue)"),
                    path: KnowledgePaths.new(query: [("kind", $0.rawValue)]))
            }
            return library.site.page(KindChoicePage(kinds: kinds), for: context.visitor)
        }
        var page = TextEditPageMaker(library: library, signs: signs).new(kind)
        page.entered = entered
        page.problem = problem
        return library.site.page(page.page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func create(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        guard let kind = TextKind(rawValue: form["kind"]) else { throw Failure(.invalid, "error-invalid") }
        let now = library.clock.now()
        let member = context.viewer.memberID
        do {
            let text = try await library.database.write { [library] db in
                let content = try Self.content(form, kind, library, in: db)
                return try library.store.add(
                    kind, language: form.trimmed("language"), content, TextProperties(audience: .team, owner: member),
                    by: member, at: now, in: db)
            }
            return library.site.redirect(KnowledgePaths.properties(text.id))
        } catch let failure as Failure where Self.isForPeople(failure) {
            return try newPage(request, context, entered: form, problem: failure)
        }
    }

    /// What a form holds of a text; a file's bytes are stored here.
    private static func content(
        _ form: Form, _ kind: TextKind, _ library: Library, in db: any Connection
    ) throws -> TextContent {
        var content = TextContent(
            title: form.trimmed("title"), body: form["body"], fields: fields(form, kind),
            note: String(form.trimmed("note").prefix(500)))
        if kind == .file, let file = form.files.first(where: { $0.name == "file" && !$0.bytes.isEmpty }) {
            content.raw = try library.store.raws.add(file.bytes, in: db)
            content.fields["filename"] = file.filename
            content.fields["content-type"] = file.contentType
        }
        return content
    }

    private static func fields(_ form: Form, _ kind: TextKind) -> [String: String] {
        var fields: [String: String] = [:]
        for field in kind.fields { fields[field.rawValue] = form.trimmed("field-\(field.rawValue)") }
        return fields
    }

    static func isForPeople(_ failure: Failure) -> Bool {
        failure.messageKey.hasPrefix("knowledge-") || failure.messageKey.hasPrefix("placeholder-")
            || failure.messageKey.hasPrefix("proposal-")
    }

    // MARK: - Again

    private func edit(
        _ context: SignedInContext, isProposal: Bool, entered: Form?, problem: Failure?
    ) async throws -> Response {
        let id = try context.requireID()
        let signs = library.signs(context)
        let page = try await library.database.read { [library] db in
            let text =
                isProposal
                ? try library.store.require(id, visibleTo: context.viewer, in: db)
                : try library.store.requireChangeable(id, by: context.viewer, in: db)
            var page = TextEditPageMaker(library: library, signs: signs).again(
                text, body: try library.store.body(of: id, in: db), isProposal: isProposal)
            page.entered = entered
            page.problem = problem
            return page.page
        }
        return library.site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func save(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = library.clock.now()
        let due = form.trimmed("at")
        do {
            if !due.isEmpty { return try await plan(form, until: due, context) }
            let (text, isChanged) = try await library.database.write { [library] db in
                let text = try library.store.requireChangeable(id, by: context.viewer, in: db)
                var content = try Self.content(form, text.kind, library, in: db)
                for name in ["filename", "content-type"] where content.raw == nil {
                    content.fields[name] = text.fields[name]
                }
                let saved = try library.store.save(
                    content, of: text, seen: Int(form["seen"]) ?? 0, by: context.viewer.memberID, at: now, in: db)
                let isTranslated = try !(library.store.translations.progress(of: [id], in: db)[id] ?? []).isEmpty
                let changes = try library.store.changes(of: saved, to: saved.version, in: db)
                return (saved, isTranslated && saved.version != text.version && !changes.isEmpty)
            }
            let needs = KnowledgePaths.needs(id, ID(text.version))
            return library.site.redirect(isChanged ? needs : KnowledgePaths.show(id) + "?notice=saved")
        } catch let failure as Failure where Self.isForPeople(failure) && failure.messageKey != "knowledge-not-yours" {
            return try await edit(context, isProposal: false, entered: form, problem: failure)
        }
    }

    /// A change its owner puts off: a proposal that accepts itself.
    private func plan(_ form: Form, until: String, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let now = library.clock.now()
        let at = try FormMoment.require(until, zone: library.zone(of: context))
        guard at > now else { throw Failure(.invalid, "knowledge-day-past") }
        try await library.database.write { [library] db in
            let text = try library.store.requireChangeable(id, by: context.viewer, in: db)
            _ = try library.proposals.add(
                title: form.trimmed("title"), body: form["body"], fields: Self.fields(form, text.kind),
                comment: form.trimmed("note"), for: text,
                base: Int(form["seen"]) ?? 0, by: context.viewer.memberID, dueAt: at, at: now, in: db)
            try library.jobs.add(PlannedChanges.jobName, subject: id, after: at - now, in: db)
        }
        library.alarm.ring()
        return library.site.redirect(KnowledgePaths.show(id) + "?notice=planned")
    }

    // MARK: - Proposing

    @Sendable private func propose(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = library.clock.now()
        do {
            try await library.database.write { [library] db in
                let text = try library.store.require(id, visibleTo: context.viewer, in: db)
                _ = try library.proposals.add(
                    title: form.trimmed("title"), body: form["body"], fields: Self.fields(form, text.kind),
                    comment: form.trimmed("note"), for: text,
                    base: Int(form["seen"]) ?? 0, by: context.viewer.memberID, at: now, in: db)
            }
            return library.site.redirect(KnowledgePaths.show(id) + "?notice=proposed")
        } catch let failure as Failure where Self.isForPeople(failure) {
            return try await edit(context, isProposal: true, entered: form, problem: failure)
        }
    }
}

/// Makes planned changes when their time has come. The job is a row that becomes ready then; a second one finds nothing
/// to do.
package struct PlannedChanges: Sendable {
    package static let jobName = "knowledge-change"

    private let database: Database
    private let proposals: ProposalStore
    private let jobs: JobStore
    private let clock: Clock

    package init(database: Database, proposals: ProposalStore, jobs: JobStore, clock: Clock) {
        self.database = database
        self.proposals = proposals
        self.jobs = jobs
        self.clock = clock
    }

    package func run(_ job: Job) async throws {
        // The database's clock decided that it is time; ours may be a little behind.
        let now = clock.now() + 1000
        try await database.write { [jobs, proposals] db in
            try jobs.finish(job, in: db)
            _ = try proposals.acceptDue(at: now, limit: 20, in: db)
        }
    }
}
