import Base
import Hummingbird
import Storage
import Text
import Web

/// What a confirmation of receipt says of the time people wait.
package enum WaitingPhrase {
    /// "usually within 2 days", or that it takes as long as it takes.
    package static func usual(_ time: WaitingTime?) -> Phrase {
        switch time?.usual {
        case .hours(let hours): Phrase("waiting-hours", .number(hours))
        case .days(let days): Phrase("waiting-days", .number(days))
        case .weeks(let weeks): Phrase("waiting-weeks", .number(weeks))
        case nil: Phrase("waiting-unknown")
        }
    }

    static func span(_ time: Milliseconds) -> Phrase {
        switch WaitingTime.Span(time) {
        case .hours(let hours): Phrase("waiting-span-hours", .number(hours))
        case .days(let days): Phrase("waiting-span-days", .number(days))
        case .weeks(let weeks): Phrase("waiting-span-weeks", .number(weeks))
        }
    }
}

/// Confirmations of receipt of a queue, for who manages it.
package struct AcknowledgementRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(WritingPaths.acknowledgements.route) { _, context in
            try await show(context, entered: nil, problem: nil)
        }
        signedIn.post(WritingPaths.acknowledgements.route, use: change)
    }

    private func show(
        _ context: SignedInContext, entered: QueueStore.AcknowledgementEntry?, problem: Failure?
    ) async throws -> Response {
        let id = try context.requireID()
        guard context.viewer.may(.manage, queue: id) else { throw Failure(.notFound, "error-not-found") }
        let now = desk.clock.now()
        let (queue, known, time) = try await desk.database.read { [desk] db in
            (
                try desk.stores.queues.require(id, in: db), try desk.stores.queues.acknowledgements(of: id, in: db),
                try WaitingTime.of(queue: id, at: now, in: db)
            )
        }
        let language = site.strings.supported(context.visitor.language)
        let basis =
            time.map {
                Phrase(
                    "acknowledgements-basis", .phrase(WaitingPhrase.span($0.median)),
                    .phrase(WaitingPhrase.span($0.ninetieth)), .number($0.count))
            } ?? Phrase("acknowledgements-no-basis")
        let texts = site.strings.languages.map { code in
            let entry = entered?.language == code ? entered : known.first { $0.language == code }
            let wrong = entered?.language == code ? problem : nil
            return AcknowledgementForm(
                language: code, name: LanguageNames.name(of: code, in: language), subject: entry?.subject ?? "",
                text: Field(entry?.text ?? "", problem: wrong.map { Phrase($0.messageKey, texts: $0.arguments) }),
                isOn: entry?.isOn ?? true, isOpen: entry != nil)
        }
        let page = AcknowledgementsPage(
            queue: queue.name, path: WritingPaths.acknowledgements(id),
            backPath: context.viewer.isAdministrator ? QueuePaths.edit(id) : TicketPaths.list(),
            placeholders: [
                PlaceholderLine(
                    name: "{{ticket.number}}", meaning: Phrase("acknowledgements-number"), today: nil),
                PlaceholderLine(
                    name: "{{queue.name}}", meaning: Phrase("acknowledgements-queue"), today: queue.displayName),
                PlaceholderLine(
                    name: "{{waiting}}", meaning: Phrase("acknowledgements-waiting"),
                    today: WaitingPhrase.usual(time).text(site.strings.translate(language))),
            ], basis: basis, texts: texts)
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        guard context.viewer.may(.manage, queue: id) else { throw Failure(.notFound, "error-not-found") }
        guard site.strings.languages.contains(form["language"]) else { throw Failure(.invalid, "error-invalid") }
        let now = desk.clock.now()
        let entry = QueueStore.AcknowledgementEntry(
            language: form["language"], subject: form.trimmed("subject"), text: form.trimmed("text"),
            isOn: form.has("on"))
        do {
            try await desk.database.write { [desk] db in
                let queue = try desk.stores.queues.require(id, in: db)
                var entry = entry
                if entry.subject.isEmpty { entry.subject = queue.displayName }
                try desk.stores.queues.setAcknowledgement(
                    entry, of: id, actor: context.viewer.memberID, at: now, in: db)
            }
        } catch let failure as Failure where [.invalid, .tooLarge].contains(failure.code) {
            return try await show(context, entered: entry, problem: failure)
        }
        return site.redirect(WritingPaths.acknowledgements(id) + "#text-\(entry.language)")
    }
}
