import Base
import Hummingbird
import Jobs
import Outbox
import Storage
import Web

/// Queues and what needs care, for administrators.
package struct QueueRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.list.route) { _, context in try await show(context, form: emptyForm) }
        signedIn.post(QueuePaths.list.route, use: addQueue)
        signedIn.get(QueuePaths.edit.route) { _, context in
            let queue = try await require(context)
            return try await showEdit(queue, context, name: Field(queue.name), addresses: nil)
        }
        signedIn.post(QueuePaths.edit.route, use: change)
        signedIn.get(QueuePaths.care.route, use: care)
        signedIn.post(QueuePaths.retry.route, use: retry)
    }

    private func requireAdministrator(_ context: SignedInContext) throws {
        guard context.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
    }

    private func require(_ context: SignedInContext) async throws -> Queue {
        try requireAdministrator(context)
        let id = try context.requireID()
        return try await desk.database.read { [desk] db in
            guard
                let queue = try desk.stores.queues.all(visibleTo: context.viewer, in: db).first(where: { $0.id == id })
            else {
                throw Failure(.notFound, "error-not-found")
            }
            return queue
        }
    }

    private var emptyForm: QueueForm {
        QueueForm(
            path: QueuePaths.list(), isNew: true, name: Field(), addresses: Field(), isShadow: false,
            acknowledgement: Field(), cancelPath: nil)
    }

    private func show(_ context: SignedInContext, form: QueueForm, isWrong: Bool = false) async throws -> Response {
        try requireAdministrator(context)
        let (queues, counts, texts) = try await desk.database.read { [desk] db in
            let queues = try desk.stores.queues.all(visibleTo: context.viewer, in: db)
            let texts = try queues.filter {
                try desk.stores.queues.acknowledgement(of: $0.id, language: nil, in: db) != nil
            }
            return (queues, try desk.search.openCounts(visibleTo: context.viewer, in: db), Set(texts.map(\.id)))
        }
        let rows = queues.map { queue in
            QueueRow(
                name: queue.name, ticketsPath: TicketPaths.list(query: [("query", "queue:\(queue.name)")]),
                openTickets: Int(counts[queue.id] ?? 0), addresses: queue.addresses, isShadow: queue.mode == .shadow,
                acknowledges: texts.contains(queue.id), editPath: QueuePaths.edit(queue.id))
        }
        let page = QueueListPage(queues: rows, form: form)
        return site.page(page, for: context.visitor, status: isWrong ? .unprocessableContent : .ok)
    }

    private static func addresses(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map { EmailAddress.folded(String($0)) }
    }

    @Sendable private func addQueue(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            try await desk.database.write { [desk] db in
                let queue = try desk.stores.queues.add(
                    name: form.trimmed("name"), displayName: form.trimmed("name"),
                    addresses: Self.addresses(form["addresses"]), isList: false, actor: context.viewer.memberID,
                    at: now, in: db)
                try Self.apply(form, to: queue, desk, context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.messageKey.hasPrefix("queue-") {
            let problem = Phrase(failure.messageKey, texts: failure.arguments)
            let isName = failure.messageKey.hasPrefix("queue-name")
            let fields = QueueForm(
                path: QueuePaths.list(), isNew: true, name: Field(form["name"], problem: isName ? problem : nil),
                addresses: Field(form["addresses"], problem: isName ? nil : problem),
                isShadow: form["mode"] == "shadow",
                acknowledgement: Field(form["acknowledgement"]), cancelPath: nil)
            return try await show(context, form: fields, isWrong: true)
        }
        return site.redirect(QueuePaths.list())
    }

    private static func apply(
        _ form: Form, to queue: Queue, _ desk: Desk, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let mode: QueueMode = form["mode"] == "shadow" ? .shadow : .live
        if mode != queue.mode {
            try desk.stores.queues.setMode(mode, of: queue.id, actor: viewer.memberID, at: at, in: db)
        }
        // A queue that is there has a page for its texts, in all languages.
        guard form.has("acknowledgement") else { return }
        try desk.stores.queues.setAcknowledgement(
            subject: queue.displayName, text: form.trimmed("acknowledgement"), language: "en", of: queue.id, in: db)
    }

    private func showEdit(
        _ queue: Queue, _ context: SignedInContext, name: Field, addresses: Field?
    ) async throws -> Response {
        let text = try await desk.database.read { [desk] db in
            try desk.stores.queues.acknowledgement(of: queue.id, language: nil, in: db)?.text ?? ""
        }
        let form = QueueForm(
            path: QueuePaths.edit(queue.id), isNew: false, name: name,
            addresses: addresses ?? Field(queue.addresses.joined(separator: "\n")), isShadow: queue.mode == .shadow,
            acknowledgement: Field(text), cancelPath: QueuePaths.list(),
            acknowledgementsPath: WritingPaths.acknowledgements(queue.id))
        return site.page(
            QueuePage(name: queue.name, form: form), for: context.visitor,
            status: addresses?.problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await require(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            try await desk.database.write { [desk] db in
                try desk.stores.queues.setAddresses(Self.addresses(form["addresses"]), of: queue.id, in: db)
                try Self.apply(form, to: queue, desk, context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.messageKey.hasPrefix("queue-address") {
            let problem = Phrase(failure.messageKey, texts: failure.arguments)
            return try await showEdit(
                queue, context, name: Field(queue.name), addresses: Field(form["addresses"], problem: problem))
        }
        return site.redirect(QueuePaths.list())
    }

    // MARK: - Care

    @Sendable private func care(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        let (mails, jobs, subjects) = try await desk.database.read { [desk] db in
            let mails = try desk.stores.outbox.inNeedOfCare(visibleTo: context.viewer, limit: 100, in: db)
            var subjects: [ID: String] = [:]
            for id in mails.compactMap(\.ticket) { subjects[id] = try desk.stores.tickets.find(id, in: db)?.subject }
            return (mails, try desk.stores.jobs.dead(limit: 100, in: db), subjects)
        }
        let lines = mails.map { mail in
            MailInCare(
                subject: mail.ticket.flatMap { subjects[$0] } ?? mail.headerID,
                recipient: mail.recipients.map(\.address).joined(separator: ", "),
                ticketPath: mail.ticket.map { TicketPaths.show($0) } ?? "", delivery: Self.sign(mail),
                moment: signs.moment(mail.notBefore))
        }
        let dead = jobs.map { dead in
            DeadJob(
                id: String(dead.job.id), kind: dead.job.kind, attempts: dead.job.attempts, detail: dead.error,
                moment: signs.moment(IDMaker.time(of: dead.job.id)), retry: Action(QueuePaths.retry(dead.job.id)),
                drop: nil)
        }
        let page = CarePage(mails: lines, jobs: dead, checks: [], isFine: lines.isEmpty && dead.isEmpty)
        return site.page(page, for: context.visitor)
    }

    private static func sign(_ item: OutboxItem) -> DeliverySign {
        let state: DeliverySign.State = item.state == .failed ? .failed : .doubt
        let said = item.recipients.map(\.reply).filter { !$0.isEmpty }.joined(separator: "\n")
        return DeliverySign(
            state: state, label: Phrase("delivery-\(state.rawValue)"), detail: said.isEmpty ? nil : said, undo: nil,
            resend: item.message.map { Action(MessagePaths.resending($0)) }, settle: nil)
    }

    @Sendable private func retry(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.database.write { [desk] db in try desk.stores.jobs.revive(id, in: db) }
        desk.alarm.ring()
        return site.redirect(QueuePaths.care())
    }
}
