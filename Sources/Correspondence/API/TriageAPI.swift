import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/tickets/{id}/labels` and `/suggestions`: what a ticket is, who may answer it, what triage thinks.
package struct TriageAPI: Sendable {
    private let desk: Desk
    private let access: APIAccess
    private let idempotency: IdempotencyStore

    package init(desk: Desk, access: APIAccess, idempotency: IdempotencyStore) {
        self.desk = desk
        self.access = access
        self.idempotency = idempotency
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/tickets/:id/labels") { request, context in try await labels(request, try context.requireID()) }
        api.post("/tickets/:id/labels") { request, context in
            let id = try context.requireID()
            return try await write(request) { try await setLabel(id, $0, $1) }
        }
        api.get("/tickets/:id/suggestions") { request, context in
            try await suggestions(request, try context.requireID())
        }
        api.post("/tickets/:id/suggestions/:suggestion") { request, context in
            let (id, suggestion) = (try context.requireID(), try context.requireID("suggestion"))
            return try await write(request) { try await decide(suggestion, of: id, $0, $1) }
        }
    }

    private func write(
        _ request: Request, _ body: @Sendable (APIInput, APICaller) async throws -> String
    ) async throws -> Response {
        let writing = APIWriting(
            database: desk.database, access: access, idempotency: idempotency, clock: desk.clock)
        return try await writing.run(request, status: 200, body)
    }

    // MARK: - Reading

    private func labels(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await labelValues(id, caller)
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return APIRoutes.json(text)
    }

    private func suggestions(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await suggestionValues(id, caller)
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return APIRoutes.json(text)
    }

    private func labelValues(_ id: ID, _ caller: APICaller) async throws -> String {
        try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let view = try TriageView.read(ticket, desk, caller.viewer, in: db)
            let items = view.labelled.map { each in
                JSONText.object([
                    ("label", JSONText.quote(each.label.rawValue)), ("source", JSONText.quote(each.source.rawValue)),
                    ("member", each.member.map(APIValues.id) ?? "null"), ("at", "\"\(ISO8601.string(each.at))\""),
                    ("people", JSONText.array((view.people[each.label] ?? []).map(APIValues.id))),
                ])
            }
            return JSONText.object([
                ("items", JSONText.array(items)), ("next", "null"), ("mayAnswer", view.isClosed ? "false" : "true"),
            ])
        }
    }

    /// What waits for a decision or was done by the program; queues only where the caller may move the ticket to.
    private func suggestionValues(_ id: ID, _ caller: APICaller) async throws -> String {
        try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let view = try TriageView.read(ticket, desk, caller.viewer, in: db)
            return APIValues.page((view.open + view.applied).map(Self.value), next: nil)
        }
    }

    private static func value(_ each: TriageSuggestion) -> String {
        JSONText.object([
            ("id", APIValues.id(each.id)), ("target", JSONText.quote(each.target.rawValue)),
            ("value", JSONText.quote(each.value)), ("score", String(each.score)),
            ("source", JSONText.quote(each.source.rawValue)), ("state", JSONText.quote(each.state.rawValue)),
        ])
    }

    // MARK: - Writing

    /// `{"label": …}` sets it; with `"end": "given-back"` or `"mistaken"` it is taken off.
    private func setLabel(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        guard let label = SpecialistLabel(rawValue: try input.requireText("label")) else {
            throw Failure(.invalid, "error-invalid")
        }
        let words = try input.optionalText("end")
        let end = words.flatMap { Labelling.End(rawValue: $0) }
        guard words == nil || end != nil else { throw Failure(.invalid, "error-invalid") }
        try await desk.database.write { [desk] db in
            let labelling = Labelling(stores: desk.stores)
            if let end {
                try labelling.end(label, on: id, end, by: caller.viewer, at: now, in: db)
            } else {
                try labelling.set(label, on: id, by: caller.viewer, at: now, in: db)
            }
        }
        desk.alarm.ring()
        return try await labelValues(id, caller)
    }

    /// `{"decision": "accept" | "dismiss" | "correct" | "undo", "value": …}`
    private func decide(_ suggestion: ID, of id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        let (decision, value) = (try input.requireText("decision"), try input.optionalText("value") ?? "")
        try await desk.database.write { [desk] db in
            try TriageDeciding(stores: desk.stores, members: desk.members).decide(
                decision, suggestion, of: id, value: value, by: caller.viewer, at: now, in: db)
        }
        desk.alarm.ring()
        return try await suggestionValues(id, caller)
    }
}
