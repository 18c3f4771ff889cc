import Base
import Hummingbird
import Storage
import Web

/// How long a queue keeps words after closing: for administrators.
package struct RetentionRoutes: Sendable {
    private static let shown = 20
    /// What stands in the field of a queue without a rule.
    private static let usual = 24

    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ErasurePaths.retention.route) { request, context in
            let queue = try await requireQueue(context)
            let typed = request.queryText("months").flatMap { Int($0) }
            return try await show(queue, context, months: typed, notices: QueueRoutes.notices(request))
        }
        signedIn.post(ErasurePaths.retention.route, use: change)
    }

    /// An administrator's, of a queue they lead: confidential ones are left to those in them.
    private func requireQueue(_ context: SignedInContext) async throws -> Queue {
        try office.requireAdministrator(context)
        let queue = try await office.requireQueue(context)
        guard context.viewer.may(.manage, queue: queue.id) else { throw Failure(.notFound, "error-not-found") }
        return queue
    }

    private func show(
        _ queue: Queue, _ context: SignedInContext, months: Int? = nil, problem: Phrase? = nil, typed: String? = nil,
        notices: [Frame.Notice] = []
    ) async throws -> Response {
        let store = RetentionStore(events: desk.stores.events)
        let now = desk.clock.now()
        let signs = office.signs(context)
        let (rule, count, tickets) = try await desk.database.read { [desk] db in
            var rule = try store.find(queue.id, in: db) ?? Retention(queue: queue.id, months: Self.usual, isOn: false)
            if let months, (1...Retention.mostMonths).contains(months) { rule.months = months }
            let due = try store.due(rule, at: now, limit: Self.shown, in: db)
            let tickets = try due.compactMap { try desk.stores.tickets.find($0, in: db) }
            return (rule, try store.countDue(rule, at: now, in: db), tickets)
        }
        try await desk.noteOpened(.ticket, of: tickets.map(\.id), by: context.viewer)
        let page = RetentionPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: ErasurePaths.retention),
            path: ErasurePaths.retention(queue.id), months: Field(typed ?? String(rule.months), problem: problem),
            isOn: rule.isOn,
            due: count == 0 ? nil : Phrase("retention-due", .number(count), .number(rule.months)),
            tickets: tickets.map { ErasureRoutes.line($0, nil, nil, signs) })
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        let rule = Retention(
            queue: queue.id, months: Int(form.trimmed("months")) ?? 0, isOn: form["on"] == "on")
        do {
            try await desk.database.write { [desk] db in
                try RetentionStore(events: desk.stores.events).set(rule, by: context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(
                queue, context, problem: Phrase(failure.messageKey), typed: form.trimmed("months"))
        }
        return site.redirect(ErasurePaths.retention(queue.id) + "?notice=changed")
    }
}
