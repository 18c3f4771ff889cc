import Base
import Hummingbird
import People
import Storage
import Web

/// Proposals of a text: looking at one, accepting it, or saying why not.
package struct ProposalRoutes: Sendable {
    private let library: Library

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.proposal.route) { _, context in try await show(context, problem: nil) }
        signedIn.post(KnowledgePaths.acceptance.route) { request, context in
            try await decide(request, context) { proposal, answer, now, db in
                let text = try library.proposals.accept(proposal, answer: answer, by: context.viewer, at: now, in: db)
                return KnowledgePaths.needs(text.id, ID(text.version)) + "?notice=saved"
            }
        }
        signedIn.post(KnowledgePaths.refusal.route) { request, context in
            let id = try context.requireID()
            return try await decide(request, context) { proposal, answer, now, db in
                try library.proposals.decline(proposal, answer: answer, by: context.viewer, at: now, in: db)
                return KnowledgePaths.show(id) + "?notice=changed"
            }
        }
    }

    private func show(_ context: SignedInContext, problem: Failure?) async throws -> Response {
        let (id, number) = (try context.requireID(), try context.requireID("proposal"))
        let signs = library.signs(context)
        let page = try await library.database.read { [library] db in
            let (proposal, text) = try library.proposals.require(number, visibleTo: context.viewer, in: db)
            guard text.id == id else { throw Failure(.notFound, "error-not-found") }
            let mayDecide = try proposal.state == .open && library.store.mayChange(text, context.viewer, in: db)
            let names = try library.members.names(
                of: [proposal.author] + [proposal.decidedBy].compactMap { $0 }, in: db)
            let base = try library.store.requireVersion(proposal.base, of: id, in: db)
            return ProposalPage(
                name: text.title, language: text.language, textPath: KnowledgePaths.show(id),
                author: names[proposal.author] ?? "", comment: proposal.comment,
                moment: signs.moment(proposal.createdAt),
                changes: ParagraphChange.fields(
                    text.kind, from: base.fields, to: proposal.fields ?? base.fields, language: text.language)
                    + Self.changes(base, proposal, text.language),
                accept: mayDecide ? Action(KnowledgePaths.acceptance(id, number)) : nil,
                decline: mayDecide ? Action(KnowledgePaths.refusal(id, number)) : nil,
                decided: proposal.decidedBy.map {
                    Phrase("proposal-\(proposal.state.rawValue)-by", .text(names[$0] ?? ""))
                }, answer: proposal.answer.isEmpty ? nil : proposal.answer,
                due: proposal.state == .open
                    ? proposal.dueAt.map { Phrase("proposal-due", .text(signs.exact($0))) } : nil,
                problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        }
        return library.site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    private static func changes(_ base: TextVersion, _ proposal: Proposal, _ language: String) -> [ParagraphChange] {
        let words = [proposal.title] + Paragraphs.split(proposal.body)
        let old = Array(
            zip(base.paragraphs, [base.title] + Paragraphs.split(base.body)).map { (id: $0.0, words: $0.1) })
        let found = ParagraphMatching.ids(from: Array(old.dropFirst()), to: Array(words.dropFirst()))
        var after = base
        after.title = proposal.title
        after.body = proposal.body
        // Paragraphs that are new get ids nobody has.
        after.paragraphs = [base.paragraphs.first ?? 0] + found.enumerated().map { $0.element ?? -ID($0.offset) - 1 }
        return VersionRoutes.changes(from: base, to: after, language: language)
    }

    private func decide(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (ID, String, Milliseconds, any Connection) throws -> String
    ) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let (id, number) = (try context.requireID(), try context.requireID("proposal"))
        let now = library.clock.now()
        do {
            let path = try await library.database.write { [library] db in
                let (_, text) = try library.proposals.require(number, visibleTo: context.viewer, in: db)
                guard text.id == id else { throw Failure(.notFound, "error-not-found") }
                return try body(number, form.trimmed("answer"), now, db)
            }
            return library.site.redirect(path)
        } catch let failure as Failure where failure.messageKey.hasPrefix("proposal-") {
            return try await show(context, problem: failure)
        }
    }
}
