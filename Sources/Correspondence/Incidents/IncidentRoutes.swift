import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// The room of incidents and causes.
package struct IncidentRoutes: Sendable {
    let desk: Desk
    let site: Site
    let grouping: GroupAnswering

    package init(desk: Desk, site: Site, grouping: GroupAnswering) {
        self.desk = desk
        self.site = site
        self.grouping = grouping
    }

    var store: IncidentStore { grouping.incidents }
    func signs(_ context: SignedInContext) -> Signs { TicketRoutes(desk: desk, site: site).signs(context) }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.get(IncidentPaths.list.route) { _, context in try await list(.incident, context) }
        group.get(IncidentPaths.causes.route) { _, context in try await list(.cause, context) }
        group.get(IncidentPaths.new.route) { _, context in try await new(context, nil, nil) }
        group.post(IncidentPaths.list.route, use: open)
        group.get(IncidentPaths.show.route) { request, context in
            try await show(try context.requireID(), context, notices: Self.notices(request))
        }
        group.post(IncidentPaths.show.route, use: set)
        addSteps(to: group)
        group.post(IncidentPaths.lines.route, use: write)
        group.post(IncidentPaths.approval.route) { request, context in
            let line = try context.requireID("line")
            return try await change(request, context) { store, id, _, at, db in
                try store.approve(line, of: id, by: context.viewer, at: at, in: db)
            }
        }
        group.post(IncidentPaths.answers.route, use: answer)
        group.get(IncidentPaths.answer.route, use: showAnswer)
        group.post(IncidentPaths.answerUndo.route, use: undoAnswer)
        group.post(IncidentPaths.joining.route, use: joinFromTicket)
    }

    private func addSteps(to group: RouterGroup<SignedInContext>) {
        group.post(IncidentPaths.state.route) { request, context in
            try await change(request, context) { store, id, form, at, db in
                guard let state = Incident.State(rawValue: form["state"]) else {
                    throw Failure(.invalid, "error-invalid")
                }
                try store.setState(state, of: id, by: context.viewer, at: at, in: db)
            }
        }
        group.post(IncidentPaths.tickets.route) { request, context in
            try await change(request, context) { [desk] store, id, form, at, db in
                let ticket = try desk.find(number: form.trimmed("number"), visibleTo: context.viewer, in: db)
                try store.join(
                    ticket.id, to: id, by: context.viewer, at: at, tickets: desk.stores.tickets, in: db)
            }
        }
        group.post(IncidentPaths.item.route, use: step)
        group.post(IncidentPaths.proposed.route) { request, context in
            try await change(request, context) { store, id, _, at, db in
                try store.joinProposed(of: id, by: context.viewer, at: at, in: db)
            }
        }
        group.post(IncidentPaths.links.route) { request, context in
            try await change(request, context) { store, id, form, at, db in
                guard let kind = IncidentItem.Kind(rawValue: form["kind"]) else {
                    throw Failure(.invalid, "error-invalid")
                }
                try store.addLink(
                    kind, url: form.trimmed("url"), name: form.trimmed("name"), to: id, by: context.viewer, at: at,
                    in: db)
            }
        }
        group.post(IncidentPaths.split.route) { request, context in
            try await turn(request, context) { store, id, form, at, db in
                try store.split(
                    form.all("item").compactMap { ID($0) }, off: id, name: form["name"], by: context.viewer, at: at,
                    in: db)
            }
        }
        group.post(IncidentPaths.cause.route) { request, context in
            try await turn(request, context) { store, id, _, at, db in
                try store.makeCause(of: id, by: context.viewer, at: at, in: db)
            }
        }
    }

    static func notices(_ request: Request) -> [Frame.Notice] {
        request.uri.queryParameters["notice"] == "changed" ? [Frame.Notice(.done, Phrase("notice-changed"))] : []
    }

    // MARK: - Lists

    private func list(_ kind: Incident.Kind, _ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let (lines, members) = try await desk.database.read { [store, desk] db in
            (
                try store.all(
                    kind, states: Incident.State.allCases.filter { $0 != .dismissed }, visibleTo: viewer, in: db),
                try desk.members.all(in: db)
            )
        }
        let signs = signs(context)
        let row = { (line: IncidentStore.Line) in
            IncidentRow(
                path: IncidentPaths.show(line.incident.id),
                name: IncidentMaker.name(line.incident, subject: line.subject),
                state: IncidentMaker.state(line.incident), count: Phrase("incident-tickets", .number(line.tickets)),
                owner: members.first { $0.id == line.incident.owner }?.name, moment: signs.moment(line.incident.madeAt))
        }
        let mayOpen = !viewer.queues(.note).isEmpty
        let isCauses = kind == .cause
        let page = IncidentListPage(
            isCauses: kind == .cause, newPath: mayOpen ? IncidentPaths.new() : nil,
            proposed: lines.filter { $0.incident.state == .proposed }.map(row),
            open: lines.filter { !$0.incident.state.isOver && $0.incident.state != .proposed }.map(row),
            over: lines.filter { $0.incident.state.isOver }.map(row),
            empty: lines.isEmpty
                ? EmptyList(
                    heading: isCauses ? Phrase("cause-list-empty") : Phrase("incident-list-empty"),
                    advice: isCauses ? Phrase("cause-list-empty-advice") : Phrase("incident-list-empty-advice"),
                    step: mayOpen ? Link(Phrase("incident-new"), IncidentPaths.new()) : nil) : nil)
        return site.page(page, for: context.visitor)
    }

    private func new(_ context: SignedInContext, _ form: Form?, _ problem: Failure?) async throws -> Response {
        let queues = try await desk.database.read { [desk] db in
            try desk.stores.queues.all(visibleTo: context.viewer, in: db)
        }.filter { context.viewer.may(.note, queue: $0.id) }
        let page = NewIncidentPage(
            path: IncidentPaths.list(),
            kinds: Incident.Kind.allCases.map {
                Choice($0.rawValue, Phrase("incident-new-\($0.rawValue)"), isSelected: $0.rawValue == form?["kind"])
            },
            queues: queues.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: String($0.id) == form?["queue"])
            }, name: form?["name"] ?? "", problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func open(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            let opening = IncidentStore.Opening(
                kind: Incident.Kind(rawValue: form["kind"]) ?? .incident, queue: ID(form["queue"]) ?? 0,
                name: form["name"])
            let id = try await desk.database.write { [store] db in
                try store.open(opening, by: context.viewer, at: now, in: db)
            }
            return site.redirect(IncidentPaths.show(id))
        } catch let failure as Failure where failure.code == .invalid {
            return try await new(context, form, failure)
        }
    }

    // MARK: - One

    func show(
        _ id: ID, _ context: SignedInContext, problem: Failure? = nil, entered: Form? = nil,
        notices: [Frame.Notice] = []
    ) async throws -> Response {
        let view = try await desk.database.read { [grouping] db in
            try IncidentView.read(id, grouping, context.viewer, in: db)
        }
        try await desk.noteOpened(.ticket, of: view.tickets.map(\.ticket.id), by: context.viewer)
        let maker = IncidentMaker(
            view: view, viewer: context.viewer, signs: signs(context),
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) }, entered: entered)
        return site.page(maker.page(), for: context.visitor, notices: notices, status: problem?.status ?? .ok)
    }

    /// One small form of the page; what is wrong is said on the page again.
    private func change(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (IncidentStore, ID, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        try await turn(request, context) { store, id, form, at, db in
            try body(store, id, form, at, db)
            return id
        }
    }

    /// The same, leading to another incident.
    private func turn(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (IncidentStore, ID, Form, Milliseconds, any Connection) throws -> ID
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        do {
            let next = try await desk.database.write { [store] db in try body(store, id, form, now, db) }
            return site.redirect(IncidentPaths.show(next) + "?notice=changed")
        } catch let failure as Failure where [.invalid, .refused, .conflict].contains(failure.code) {
            return try await show(id, context, problem: failure)
        }
    }

    @Sendable private func set(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await change(request, context) { store, id, form, at, db in
            let settings = IncidentStore.Settings(
                name: form["name"], owner: ID(form["owner"]), joins: form.has("joins"), toldURL: form.trimmed("told"))
            try store.set(settings, of: id, by: context.viewer, at: at, in: db)
        }
    }

    /// From its own page, or from the card on a ticket.
    @Sendable private func step(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, item, now) = (try context.requireID(), try context.requireID("item"), desk.clock.now())
        let ticket = try await desk.database.write { [store] db -> ID? in
            _ = try store.require(id, visibleTo: context.viewer, in: db)
            guard let step = IncidentStore.Step(rawValue: form["do"]) else { throw Failure(.invalid, "error-invalid") }
            try store.change(step, item: item, of: id, by: context.viewer, at: now, in: db)
            return try store.item(item, of: id, in: db).ticket
        }
        let back = form["back"] == "ticket" ? ticket.map { TicketPaths.show($0) } : nil
        return site.redirect((back ?? IncidentPaths.show(id)) + "?notice=changed")
    }

    @Sendable private func joinFromTicket(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (ticket, now) = (try context.requireID(), desk.clock.now())
        let id = try await desk.database.write { [store, desk] db -> ID in
            let found = try desk.stores.tickets.require(ticket, for: .note, visibleTo: context.viewer, in: db)
            let id =
                try ID(form["value"])
                ?? store.open(
                    IncidentStore.Opening(kind: .incident, queue: found.queue, name: form["name"]),
                    by: context.viewer, at: now, in: db)
            try store.join(ticket, to: id, by: context.viewer, at: now, tickets: desk.stores.tickets, in: db)
            return id
        }
        return site.redirect(IncidentPaths.show(id) + "?notice=changed")
    }
}
