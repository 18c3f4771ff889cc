import Base
import Hummingbird
import Storage
import Web

/// `/api/v1`: agreed lines in single replies, and where each version was said.
package struct LineAPI: Sendable {
    private let api: APIRoutes
    private let grouping: GroupAnswering

    package init(_ api: APIRoutes, grouping: GroupAnswering) {
        self.api = api
        self.grouping = grouping
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.get("/incidents/:id/uses") { request, context in
            let caller = try await APICaller.require(request, api.access)
            return try await uses(try context.requireID(), caller)
        }
        group.post("/drafts/:id/lines") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await insert(id, $0, $1) }
        }
    }

    private func uses(_ id: ID, _ caller: APICaller) async throws -> Response {
        let found = try await api.desk.database.read { [grouping] db in
            try LineUses.read(id, grouping, visibleTo: caller.viewer, in: db)
        }
        try await api.desk.noteOpened(.ticket, of: found.entries.map(\.ticket.id), by: caller.viewer)
        let items = found.entries.map { entry in
            JSONText.object([
                ("line", APIValues.id(entry.line)), ("ticket", APIValues.id(entry.ticket.id)),
                ("number", JSONText.quote(entry.ticket.number)), ("way", JSONText.quote(entry.way.rawValue)),
                ("message", entry.message.map(APIValues.id) ?? "null"),
            ])
        }
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    /// `line`: the newest version of a language, of an incident the ticket belongs to.
    private func insert(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = api.desk.clock.now()
        // Who may not see the draft learns nothing of what else is wrong.
        _ = try await api.desk.database.read { [desk = api.desk] db in
            try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
        }
        guard let line = ID(try input.requireText("line")) else { throw Failure(.invalid, "error-invalid") }
        return try await api.desk.database.write { [desk = api.desk, grouping] db in
            let draft = try LineInserting(grouping: grouping).insert(
                line, into: id, by: caller.viewer, at: now, in: db)
            return APIValues.draft(draft, try desk.drafts.files(of: id, in: db))
        }
    }
}
