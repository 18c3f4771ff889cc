import Base
import Hummingbird
import Storage
import Web

/// Macros: written by administrators and leads, used by whoever may change a ticket.
package struct MacroRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.get(MacroPaths.list.route, use: list)
        group.get(MacroPaths.new.route) { _, context in
            try requireKeeper(context)
            let home = context.viewer.isAdministrator ? nil : context.viewer.queues(.manage).first
            return try await show(
                Macro(id: 0, queue: home, name: "", body: MacroBody(), version: 0), context)
        }
        group.post(MacroPaths.list.route) { request, context in try await save(0, request, context) }
        group.get(MacroPaths.macro.route) { _, context in
            let id = try context.requireID()
            return try await show(
                try await desk.database.read { [macros] db in try macros.require(id, keptBy: context.viewer, in: db) },
                context)
        }
        group.post(MacroPaths.macro.route) { request, context in
            try await save(try context.requireID(), request, context)
        }
        for (path, isRemoved) in [(MacroPaths.removal, true), (MacroPaths.returning, false)] {
            group.post(path.route) { request, context in
                _ = try await site.form(request, of: context.visitor)
                let (id, now) = (try context.requireID(), desk.clock.now())
                try await desk.database.write { [macros] db in
                    try macros.setRemoved(isRemoved, id, by: context.viewer, at: now, in: db)
                }
                return site.redirect(MacroPaths.list() + (isRemoved ? "?removed=\(id)" : ""))
            }
        }
        group.post(MacroPaths.using.route, use: use)
    }

    private var macros: MacroStore { desk.macros }

    private func requireKeeper(_ context: SignedInContext) throws(Failure) {
        guard context.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
    }

    // MARK: - Using

    /// One click: done and recorded as one change, with its undo.
    @Sendable private func use(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let change = try await desk.change(
            ofMacro: ID(form["value"]) ?? 0, onTicket: id, by: context.viewer)
        let record = try await desk.bulking.changeOne(
            id, change, back: TicketPaths.show(id), by: context.viewer)
        // Who hands a ticket over may not see it any more.
        let isSeen = change.queue.map { context.viewer.may(.see, queue: $0) } ?? true
        let path = isSeen ? TicketPaths.show(id) : TicketPaths.list()
        return site.redirect(record.map { BulkRoutes.adding($0, to: path) } ?? path)
    }

    // MARK: - Writing

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireKeeper(context)
        let viewer = context.viewer
        let removed = request.uri.queryParameters["removed"].flatMap { ID(String($0)) }
        let (found, words, gone) = try await desk.database.read { [desk, macros] db in
            (
                try macros.all(keptBy: viewer, in: db), try ChangeWords.read(desk, viewer, in: db),
                try removed.map { try macros.require($0, keptBy: viewer, in: db) }
            )
        }
        let rows = found.map { macro in
            WrittenRow(
                name: macro.name, path: MacroPaths.macro(macro.id), queue: words.home(macro.queue),
                parts: words.phrases(of: macro.body))
        }
        let empty = EmptyList(
            heading: Phrase("macro-list-empty"), advice: Phrase("macro-list-empty-advice"),
            step: Link(Phrase("macro-new"), MacroPaths.new()))
        let page = MacroListPage(
            tabs: RuleTabs.tabs(MacroPaths.list), newPath: MacroPaths.new(), rows: rows,
            empty: rows.isEmpty ? empty : nil)
        let notice = gone.flatMap { macro in
            macro.removedAt.map { _ in
                Frame.Notice(
                    .done, Phrase("rule-removed", .text(macro.name)),
                    action: Frame.NoticeAction(Phrase("web-undo"), MacroPaths.returning(macro.id)))
            }
        }
        return site.page(page, for: context.visitor, notices: notice.map { [$0] } ?? [])
    }

    private func show(_ macro: Macro, _ context: SignedInContext, problem: Phrase? = nil) async throws -> Response {
        let viewer = context.viewer
        let offer = try await desk.database.read { [desk] db in try ChangeForm.Offer.read(desk, viewer, in: db) }
        let keep = Choice("", Phrase("bulk-keep"))
        let change = macro.body.change
        let state = change.state.map { state in
            (change.outcome ?? "").isEmpty ? state : "\(state):\(change.outcome ?? "")"
        }
        let page = MacroPage(
            heading: macro.id == 0 ? Phrase("macro-new") : .verbatim(macro.name),
            path: macro.id == 0 ? MacroPaths.list() : MacroPaths.macro(macro.id), listPath: MacroPaths.list(),
            name: macro.name, queues: offer.homes(selected: macro.queue, viewer),
            states: [keep]
                + Signs.stateChoices(of: nil).map { Choice($0.value, $0.name, isSelected: $0.value == state) },
            snoozes: [keep]
                + Snoozing.choices.map {
                    Choice($0.0, Phrase("snooze-\($0.0)"), isSelected: $0.0 == macro.body.snooze)
                }, change: ChangeForm(change, offer, withMe: true), problem: problem,
            removal: macro.id == 0 ? nil : Action(MacroPaths.removal(macro.id)))
        return site.page(page, for: context.visitor, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func save(_ id: ID, _ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireKeeper(context)
        let form = try await site.form(request, of: context.visitor)
        if id != 0 {
            _ = try await desk.database.read { [macros] db in try macros.require(id, keptBy: context.viewer, in: db) }
        }
        let viewer = context.viewer
        let now = desk.clock.now()
        var body = MacroBody(change: ChangeForm.read(form))
        if !form["state"].isEmpty { body.change.setState(form["state"]) }
        body.snooze = form["snooze"].isEmpty ? nil : form["snooze"]
        let macro = Macro(id: id, queue: ID(form["queue"]), name: form.trimmed("name"), body: body, version: 0)
        do {
            guard viewer.mayKeepRules(of: macro.queue) else { throw Failure(.invalid, "error-invalid") }
            try await desk.database.write { [desk, macros] db in
                try viewer.requireReach(macro.body.change, desk, in: db)
                try macros.save(macro, by: viewer, at: now, in: db)
            }
            return site.redirect(MacroPaths.list() + "?notice=changed")
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(macro, context, problem: Phrase(failure.messageKey, texts: failure.arguments))
        }
    }
}

extension Desk {
    package var macros: MacroStore { MacroStore(ids: ids, events: stores.events) }
    package var checklists: ChecklistStore { ChecklistStore(ids: ids, events: stores.events) }
    package var assignments: AssignmentStore { AssignmentStore(ids: ids, events: stores.events) }
    var assigning: Assigning { Assigning(stores: stores, members: members, zone: zone) }

    /// What a macro does now, for this member; `notFound` for one that is not for the ticket's queue.
    func change(ofMacro id: ID, onTicket ticket: ID, by viewer: Viewer) async throws -> TicketChange {
        let now = clock.now()
        return try await database.read { [self] db in
            let queue = try stores.tickets.require(ticket, for: .note, visibleTo: viewer, in: db).queue
            let macro = try macros.require(id, usableBy: viewer, in: db)
            guard macro.queue == nil || macro.queue == queue else { throw Failure(.notFound, "error-not-found") }
            return try macro.body.change(by: viewer, at: now, snoozing(for: viewer, in: db))
        }
    }

    /// The same for many tickets, of whichever queues.
    func change(ofMacro id: ID, by viewer: Viewer) async throws -> TicketChange {
        let now = clock.now()
        return try await database.read { [self] db in
            let macro = try macros.require(id, usableBy: viewer, in: db)
            return try macro.body.change(by: viewer, at: now, snoozing(for: viewer, in: db))
        }
    }

    private func snoozing(for viewer: Viewer, in db: any Connection) throws -> Snoozing {
        snoozing(in: try members.find(viewer.memberID, in: db)?.zone ?? "")
    }
}

extension ChangeWords {
    /// Where a rule, macro or checklist belongs.
    func home(_ queue: ID?) -> Phrase {
        queue.map { Phrase.verbatim(queues[$0] ?? "…") } ?? Phrase("rule-queue-all")
    }

    func phrases(of body: MacroBody) -> [Phrase] {
        phrases(of: body.change)
            + (body.snooze.map { [Phrase("change-snooze", .phrase(Phrase("snooze-\($0)")))] } ?? [])
    }
}
