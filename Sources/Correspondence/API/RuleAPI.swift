import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/rules`, `/macros` and `/checklists`, for those who keep them, and what of these is on tickets.
package struct RuleAPI: Sendable {
    let api: APIRoutes
    var desk: Desk { api.desk }
    var rules: RuleStore { RuleStore(ids: desk.ids, events: desk.stores.events) }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        addRules(to: group)
        addMacros(to: group)
        addChecklists(to: group)
        addTickets(to: group)
    }

    // MARK: - How each goes

    /// A list the caller may read.
    func read(
        _ request: Request, _ body: @escaping @Sendable (APICaller, RuleAPIValues, any Connection) throws -> [String]
    ) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let items = try await desk.database.read { [desk] db in
            try body(caller, try RuleAPIValues.read(desk, in: db), db)
        }
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    func remove(
        _ request: Request, _ body: @escaping @Sendable (Viewer, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let now = desk.clock.now()
        try await desk.database.write { db in try body(caller.viewer, now, db) }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    /// The change of a rule or macro, by the names of the contract, in the writer's reach.
    func change(_ input: APIInput, _ caller: APICaller) async throws -> TicketChange {
        guard let inner = try input.object("change") else { return TicketChange() }
        var change = try await api.read(inner, caller)
        change.checklist = try inner.optionalText("checklist").flatMap { ID($0) }
        change.proposal = try inner.optionalText("proposal").flatMap { ID($0) }
        let read = change
        try await desk.database.read { [desk] db in try caller.viewer.requireReach(read, desk, in: db) }
        return change
    }

    // MARK: - Rules

    private func addRules(to group: RouterGroup<WebContext>) {
        group.get("/rules") { request, _ in
            try await read(request) { [rules] caller, values, db in
                guard caller.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
                return try rules.all(keptBy: caller.viewer, in: db).map(values.rule)
            }
        }
        group.get("/rules/:id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(try await value(try context.requireID(), caller))
        }
        group.post("/rules") { request, _ in
            try await api.write(request, status: 201) { input, caller in try await save(0, input, caller) }
        }
        group.put("/rules/:id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { input, caller in try await save(id, input, caller) }
        }
        group.delete("/rules/:id") { request, context in
            let id = try context.requireID()
            let caller = try await APICaller.require(request, api.access)
            return try await remove(request) { [desk, rules] viewer, now, db in
                try caller.requireMatch(Self.value(rules.require(id, keptBy: viewer, in: db), desk, in: db))
                try rules.setRemoved(true, id, by: viewer, at: now, in: db)
            }
        }
        group.post("/rules/:id/trial") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { input, caller in
                try await trial(id, input, caller)
            }
        }
    }

    private func value(_ id: ID, _ caller: APICaller) async throws -> String {
        try await desk.database.read { [desk, rules] db in
            try Self.value(rules.require(id, keptBy: caller.viewer, in: db), desk, in: db)
        }
    }

    private static func value(_ rule: Rule, _ desk: Desk, in db: any Connection) throws -> String {
        try RuleAPIValues.read(desk, in: db).rule(rule)
    }

    /// Adds one, or saves the next version of the one whose `version` was read.
    private func save(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        guard caller.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
        if id != 0 { _ = try await value(id, caller) }
        let values = try await desk.database.read { [desk] db in try RuleAPIValues.read(desk, in: db) }
        let rule = Rule(
            id: id, queue: try values.home(input, caller.viewer), place: 0, name: try input.requireText("name"),
            body: try values.body(input, change: try await change(input, caller)),
            isOn: try input.optionalBool("on") ?? true,
            version: try input.optionalInt("version") ?? 0, changedAt: 0)
        let now = desk.clock.now()
        let saved = try await desk.database.write { [desk, rules] db in
            if id != 0 {
                try caller.requireMatch(Self.value(rules.require(id, keptBy: caller.viewer, in: db), desk, in: db))
            }
            return try rules.save(rule, by: caller.viewer, at: now, in: db)
        }
        return try await value(saved, caller)
    }

    /// `{"before": cursor}`: which messages it would have fitted.
    private func trial(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let rule = try await desk.database.read { [rules] db in try rules.require(id, keptBy: caller.viewer, in: db) }
        let cursor = try input.optionalText("before").flatMap { RuleTrial.Cursor(text: $0) }
        let found = try await RuleTrial(database: desk.database, stores: desk.stores, zone: desk.zone).run(
            rule, after: cursor, visibleTo: caller.viewer)
        try await desk.noteOpened(.excerpt, of: found.hits.map(\.ticket), by: caller.viewer)
        let items = found.hits.map { hit in
            JSONText.object([
                ("ticket", APIValues.id(hit.ticket)), ("number", JSONText.quote(hit.number)),
                ("message", APIValues.id(hit.message)), ("subject", JSONText.quote(hit.subject)),
                ("at", APIValues.time(hit.at)),
            ])
        }
        return JSONText.object([
            ("items", JSONText.array(items)), ("looked", String(found.looked)),
            ("back", found.back.map(APIValues.time) ?? "null"), ("next", JSONText.quote(found.next?.text)),
        ])
    }
}
