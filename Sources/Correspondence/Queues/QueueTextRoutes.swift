import Base
import Hummingbird
import Storage
import Text
import Web

/// Signature and acknowledgements of a queue, for those who keep it.
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
        signedIn.post(QueuePaths.acknowledgements.route) { request, context in
            try await change(request, context) { keeping, id, form, at, db in
                guard site.strings.languages.contains(form["language"]) else {
                    throw Failure(.invalid, "error-invalid")
                }
                let new = QueueStore.Acknowledgement(
                    language: form["language"], subject: form.trimmed("subject"),
                    text: form.trimmed("text"), isOff: form.has("off"))
                try keeping.setAcknowledgement(new, of: id, by: context.viewer, at: at, in: db)
            }
        }
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let signs = office.signs(context)
        let texts = try await desk.database.read { [desk] db in
            try desk.stores.queues.acknowledgements(of: queue.id, in: db)
        }
        let path = QueuePaths.acknowledgements(queue.id)
        let missing = site.strings.languages.filter { language in !texts.contains { $0.language == language } }
        let page = QueueTextsPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: QueuePaths.texts),
            signaturePath: QueuePaths.signature(queue.id), signature: Field(queue.signature),
            signatureHelp: Phrase("queue-signature-help", .text("{{name}}")),
            numberHelp: Phrase("queue-acknowledgement-number", .text("{{number}}")),
            acknowledgements: texts.map { text in
                AcknowledgementForm(
                    path: path, language: signs.language(text.language), languages: [], subject: Field(text.subject),
                    text: Field(text.text), isOff: text.isOff)
            },
            new: missing.isEmpty
                ? nil
                : AcknowledgementForm(
                    path: path, language: nil,
                    languages: missing.map { language in
                        Choice(
                            language, .verbatim(LanguageNames.name(of: language, in: signs.language)),
                            isSelected: language == signs.language)
                    }, subject: Field(queue.displayName), text: Field(), isOff: false))
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
