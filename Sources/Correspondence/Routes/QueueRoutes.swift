import Base
import Hummingbird
import People
import Storage
import Web

/// Queues: the list for those who keep some, adding and settings for administrators.
package struct QueueRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.list.route) { _, context in try await show(context, form: emptyForm) }
        signedIn.post(QueuePaths.list.route, use: addQueue)
        signedIn.get(QueuePaths.edit.route) { request, context in
            let queue = try await office.requireQueue(context)
            guard context.viewer.isAdministrator else { return site.redirect(QueuePaths.rights(queue.id)) }
            return showSettings(queue, context, form(queue), notices: Self.notices(request))
        }
        signedIn.post(QueuePaths.edit.route, use: change)
    }

    /// "Changed." after a form of these pages.
    static func notices(_ request: Request) -> [Frame.Notice] {
        request.uri.queryParameters["notice"] == "changed" ? [Frame.Notice(.done, Phrase("notice-changed"))] : []
    }

    // MARK: - List

    private var emptyForm: QueueForm {
        QueueForm(
            path: QueuePaths.list(), isNew: true, name: Field(), displayName: Field(), addresses: Field(),
            isShadow: false, isList: false, isConfidential: false, usesPlus: true, problem: nil, cancelPath: nil)
    }

    private func show(_ context: SignedInContext, form: QueueForm, isWrong: Bool = false) async throws -> Response {
        let viewer = context.viewer
        guard viewer.isAdministrator || !viewer.queues(.manage).isEmpty else {
            throw Failure(.notFound, "error-not-found")
        }
        let (queues, counts, acknowledging) = try await desk.database.read { [desk] db in
            let queues = try desk.stores.queues.all(keptBy: viewer, in: db)
            let acknowledging = try queues.filter {
                try desk.stores.queues.acknowledgements(of: $0.id, in: db).contains { $0.isOn }
            }
            return (queues, try desk.search.openCounts(visibleTo: viewer, in: db), Set(acknowledging.map(\.id)))
        }
        let rows = queues.map { queue in
            let count = CountedLink(
                Phrase("queue-open"), count: Int(counts[queue.id] ?? 0),
                path: TicketPaths.list(query: [("query", "queue:\(queue.name)")]))
            return QueueRow(
                name: queue.name, tickets: viewer.may(.see, queue: queue.id) ? count : nil,
                addresses: queue.addresses, isShadow: queue.mode == .shadow, isConfidential: queue.isConfidential,
                isList: queue.isList, acknowledges: acknowledging.contains(queue.id),
                editPath: viewer.isAdministrator ? QueuePaths.edit(queue.id) : QueuePaths.rights(queue.id))
        }
        let page = QueueListPage(queues: rows, form: viewer.isAdministrator ? form : nil)
        return site.page(page, for: context.visitor, status: isWrong ? .unprocessableContent : .ok)
    }

    // MARK: - Adding and changing

    private static func settings(_ form: Form) -> QueueStore.Settings {
        QueueStore.Settings(
            name: form.trimmed("name"), displayName: form.trimmed("display-name"),
            addresses: form["addresses"].split(whereSeparator: \.isWhitespace).map {
                EmailAddress.folded(String($0))
            },
            mode: form["mode"] == "shadow" ? .shadow : .live, isList: form.has("list"),
            isConfidential: form.has("confidential"), usesPlus: form.has("plus"))
    }

    private var keeping: QueueKeeping {
        QueueKeeping(queues: desk.stores.queues, members: desk.members, hours: office.hours)
    }

    /// The form again, with what was entered and what is wrong with it.
    private func entered(_ form: Form, _ failure: Failure, id: ID?) -> QueueForm {
        let problem = Phrase(failure.messageKey, texts: failure.arguments)
        let isName = failure.messageKey.hasPrefix("queue-name")
        let isAddress = failure.messageKey.hasPrefix("queue-address")
        return QueueForm(
            path: id.map { QueuePaths.edit($0) } ?? QueuePaths.list(), isNew: id == nil,
            name: Field(form["name"], problem: isName ? problem : nil), displayName: Field(form["display-name"]),
            addresses: Field(form["addresses"], problem: isAddress ? problem : nil),
            isShadow: form["mode"] == "shadow", isList: form.has("list"), isConfidential: form.has("confidential"),
            usesPlus: form.has("plus"), problem: isName || isAddress ? nil : problem,
            cancelPath: id == nil ? nil : QueuePaths.list())
    }

    @Sendable private func addQueue(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            let queue = try await desk.database.write { [keeping] db in
                try keeping.add(Self.settings(form), by: context.viewer, at: now, in: db)
            }
            return site.redirect(QueuePaths.rights(queue.id) + "?notice=changed")
        } catch let failure as Failure where failure.messageKey.hasPrefix("queue-") {
            return try await show(context, form: entered(form, failure, id: nil), isWrong: true)
        }
    }

    private func form(_ queue: Queue) -> QueueForm {
        QueueForm(
            path: QueuePaths.edit(queue.id), isNew: false, name: Field(queue.name),
            displayName: Field(queue.displayName), addresses: Field(queue.addresses.joined(separator: "\n")),
            isShadow: queue.mode == .shadow, isList: queue.isList, isConfidential: queue.isConfidential,
            usesPlus: queue.usesPlus, problem: nil, cancelPath: QueuePaths.list())
    }

    private func showSettings(
        _ queue: Queue, _ context: SignedInContext, _ form: QueueForm, notices: [Frame.Notice] = [],
        isWrong: Bool = false
    ) -> Response {
        let page = QueuePage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: QueuePaths.edit), form: form)
        return site.page(
            page, for: context.visitor, notices: notices, status: isWrong ? .unprocessableContent : .ok)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            try await desk.database.write { [keeping] db in
                try keeping.change(queue.id, to: Self.settings(form), by: context.viewer, at: now, in: db)
            }
            return site.redirect(QueuePaths.edit(queue.id) + "?notice=changed")
        } catch let failure as Failure where failure.messageKey.hasPrefix("queue-") {
            return showSettings(queue, context, entered(form, failure, id: queue.id), isWrong: true)
        }
    }
}
