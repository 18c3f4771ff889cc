import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/tickets/{id}/texts` and `/drafts/{id}/texts`: texts that may help to answer, and putting one into a draft.
package struct SuggestionAPI: Sendable {
    private static let most = 50

    private let api: APIRoutes
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.get("/tickets/:id/texts") { request, context in try await list(request, try context.requireID()) }
        group.post("/drafts/:id/texts") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await insert(id, $0, $1) }
        }
    }

    /// By what the mail is about, or with `query` by words; best first.
    private func list(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let limit = request.uri.queryParameters["limit"].map { Int($0) ?? 0 } ?? 5
        guard (1...Self.most).contains(limit) else { throw HTTPError(.badRequest) }
        let query = request.queryText("query") ?? ""
        let found = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let (suggesting, now) = (desk.answering.suggesting, desk.clock.now())
            return query.trimming.isEmpty
                ? try suggesting.suggestions(
                    for: ticket, limit: limit, visibleTo: caller.viewer, at: now, in: db)
                : try suggesting.found(query, for: ticket, limit: limit, visibleTo: caller.viewer, at: now, in: db)
        }
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return APIRoutes.json(APIValues.page(found.map(Self.value), next: nil))
    }

    private static func value(_ suggestion: Suggestion) -> String {
        JSONText.object([
            ("id", APIValues.id(suggestion.text)), ("kind", JSONText.quote(suggestion.kind.rawValue)),
            ("title", JSONText.quote(suggestion.title)), ("language", JSONText.quote(suggestion.language)),
            ("state", JSONText.quote(suggestion.state.rawValue)),
            ("words", JSONText.array(suggestion.terms.map { JSONText.quote($0) })),
            ("tickets", String(suggestion.tickets)),
        ])
    }

    /// `text` is the id of a text; with `version`, only over that version of the draft.
    private func insert(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        let (ticket, answer) = try await desk.database.write { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
            guard let text = ID(try input.requireText("text")) else { throw Failure(.invalid, "error-invalid") }
            if let seen = try input.optionalInt("version"), Int64(seen) != draft.version {
                throw Failure(.conflict, "draft-collision")
            }
            let saved = try desk.inserting.insert(text, into: id, by: caller.viewer, at: now, in: db)
            return (saved.ticket, APIValues.draft(saved, try desk.drafts.files(of: id, in: db)))
        }
        try await desk.noteOpened(.ticket, of: [ticket], by: caller.viewer)
        return answer
    }
}
