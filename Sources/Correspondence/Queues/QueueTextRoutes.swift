import Base
import Hummingbird
import Storage
import Web

/// Signature of a queue, with the way to its acknowledgements, for those who keep it.
package struct QueueTextRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.texts.route, use: show)
        signedIn.post(QueuePaths.signature.route) { request, context in
            try await change(request, context) { keeping, id, form, at, db in
                try keeping.setSignature(form["signature"], of: id, by: context.viewer, at: at, in: db)
            }
        }
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let rule = try await desk.database.read { db in try LanguageRule.of(queue.id, in: db) }
        var page = QueueTextsPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: QueuePaths.texts),
            signaturePath: QueuePaths.signature(queue.id), signature: Field(queue.signature),
            signatureHelp: Phrase("queue-signature-help", .text("{{name}}")),
            acknowledgementsPath: WritingPaths.acknowledgements(queue.id))
        page.rulePath = SuggestionPaths.rule(queue.id)
        page.rules = LanguageRule.allCases.map {
            Choice($0.rawValue, Phrase("suggestion-rule-\($0.rawValue)"), isSelected: $0 == rule)
        }
        return site.page(page, for: context.visitor, notices: QueueRoutes.notices(request))
    }

    private func change(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (QueueKeeping, ID, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        let keeping = QueueKeeping(queues: desk.stores.queues, members: desk.members, hours: office.hours)
        try await desk.database.write { db in try body(keeping, id, form, now, db) }
        return site.redirect(QueuePaths.texts(id) + "?notice=changed")
    }
}
