import Base
import Hummingbird
import Storage
import Web

/// Checklists: written by administrators and leads, ticked by whoever may change the ticket.
package struct ChecklistRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.get(ChecklistPaths.list.route, use: list)
        group.get(ChecklistPaths.new.route) { _, context in
            try requireKeeper(context)
            let home = context.viewer.isAdministrator ? nil : context.viewer.queues(.manage).first
            let list = Checklist(id: 0, queue: home, name: "", items: [], blocks: false, version: 0)
            return try await show(list, context)
        }
        group.post(ChecklistPaths.list.route) { request, context in try await save(0, request, context) }
        group.get(ChecklistPaths.checklist.route) { _, context in
            let id = try context.requireID()
            return try await show(
                try await desk.database.read { [lists] db in try lists.require(id, keptBy: context.viewer, in: db) },
                context)
        }
        group.post(ChecklistPaths.checklist.route) { request, context in
            try await save(try context.requireID(), request, context)
        }
        for (path, isRemoved) in [(ChecklistPaths.removal, true), (ChecklistPaths.returning, false)] {
            group.post(path.route) { request, context in
                _ = try await site.form(request, of: context.visitor)
                let (id, now) = (try context.requireID(), desk.clock.now())
                try await desk.database.write { [lists] db in
                    try lists.setRemoved(isRemoved, id, by: context.viewer, at: now, in: db)
                }
                return site.redirect(ChecklistPaths.list() + (isRemoved ? "?removed=\(id)" : ""))
            }
        }
        addTicket(to: group)
    }

    private var lists: ChecklistStore { desk.checklists }

    private func requireKeeper(_ context: SignedInContext) throws(Failure) {
        guard context.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
    }

    // MARK: - On a ticket

    private func addTicket(to group: RouterGroup<SignedInContext>) {
        group.post(ChecklistPaths.putting.route) { request, context in
            let form = try await site.form(request, of: context.visitor)
            let id = try context.requireID()
            var change = TicketChange()
            change.checklist = ID(form["value"]) ?? 0
            let record = try await desk.bulking.changeOne(
                id, change, back: TicketPaths.show(id), by: context.viewer)
            let path = TicketPaths.show(id)
            return site.redirect((record.map { BulkRoutes.adding($0, to: path) } ?? path) + "#checklists")
        }
        group.post(ChecklistPaths.takingOff.route) { request, context in
            try await change(request, context) { [lists] ticket, _, at, db in
                try lists.takeOff(
                    try context.requireID("list"), from: ticket, by: context.viewer, at: at, in: db)
            }
        }
        group.post(ChecklistPaths.ticking.route) { request, context in
            try await change(request, context) { [lists] ticket, form, at, db in
                try lists.tick(
                    form["value"] != "off", Int(try context.requireID("item")), of: try context.requireID("list"),
                    on: ticket, by: context.viewer, at: at, in: db)
            }
        }
    }

    private func change(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (Ticket, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, for: .note, visibleTo: context.viewer, in: db)
            try body(ticket, form, now, db)
        }
        return site.redirect(TicketPaths.show(id) + "#checklists")
    }

    // MARK: - Writing

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireKeeper(context)
        let viewer = context.viewer
        let removed = request.uri.queryParameters["removed"].flatMap { ID(String($0)) }
        let (found, words, gone) = try await desk.database.read { [desk, lists] db in
            (
                try lists.all(keptBy: viewer, in: db), try ChangeWords.read(desk, viewer, in: db),
                try removed.map { try lists.require($0, keptBy: viewer, in: db) }
            )
        }
        let rows = found.map { list in
            WrittenRow(
                name: list.name, path: ChecklistPaths.checklist(list.id), queue: words.home(list.queue),
                parts: [Phrase("checklist-count", .number(list.items.count))]
                    + (list.blocks ? [Phrase("checklist-blocks-short")] : []))
        }
        let empty = EmptyList(
            heading: Phrase("checklist-list-empty"), advice: Phrase("checklist-list-empty-advice"),
            step: Link(Phrase("checklist-new"), ChecklistPaths.new()))
        let page = ChecklistListPage(
            tabs: RuleTabs.tabs(ChecklistPaths.list), newPath: ChecklistPaths.new(), rows: rows,
            empty: rows.isEmpty ? empty : nil)
        let notice = gone.flatMap { list in
            list.removedAt.map { _ in
                Frame.Notice(
                    .done, Phrase("rule-removed", .text(list.name)),
                    action: Frame.NoticeAction(Phrase("web-undo"), ChecklistPaths.returning(list.id)))
            }
        }
        return site.page(page, for: context.visitor, notices: notice.map { [$0] } ?? [])
    }

    private func show(
        _ list: Checklist, _ context: SignedInContext, problem: Phrase? = nil
    ) async throws -> Response {
        let viewer = context.viewer
        let offer = try await desk.database.read { [desk] db in try ChangeForm.Offer.read(desk, viewer, in: db) }
        let page = ChecklistPage(
            heading: list.id == 0 ? Phrase("checklist-new") : .verbatim(list.name),
            path: list.id == 0 ? ChecklistPaths.list() : ChecklistPaths.checklist(list.id),
            listPath: ChecklistPaths.list(), name: list.name, queues: offer.homes(selected: list.queue, viewer),
            items: list.items.joined(separator: "\n"), blocks: list.blocks, problem: problem,
            removal: list.id == 0 ? nil : Action(ChecklistPaths.removal(list.id)))
        return site.page(page, for: context.visitor, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func save(_ id: ID, _ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireKeeper(context)
        let form = try await site.form(request, of: context.visitor)
        if id != 0 {
            _ = try await desk.database.read { [lists] db in try lists.require(id, keptBy: context.viewer, in: db) }
        }
        let now = desk.clock.now()
        let list = Checklist(
            id: id, queue: ID(form["queue"]), name: form.trimmed("name"),
            items: form["items"].split(separator: "\n").map(String.init), blocks: form.has("blocks"), version: 0)
        do {
            guard context.viewer.mayKeepRules(of: list.queue) else { throw Failure(.invalid, "error-invalid") }
            try await desk.database.write { [lists] db in
                _ = try lists.save(list, by: context.viewer, at: now, in: db)
            }
            return site.redirect(ChecklistPaths.list())
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(list, context, problem: Phrase(failure.messageKey, texts: failure.arguments))
        }
    }
}
