import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/filters`: queries that are kept, one's own and those shared with everybody.
package struct FilterAPI: Sendable {
    private let api: APIRoutes
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1/filters")
        group.get { request, _ in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(
                try await desk.database.read { [desk] db in
                    let all = try desk.filters.filters(for: caller.viewer, in: db)
                    return APIValues.page(all.map { Self.value($0, caller.viewer) }, next: nil)
                })
        }
        group.post { request, _ in try await api.write(request, status: 201, add) }
        group.get(":id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return APIRoutes.json(
                try await desk.database.read { [desk] db in
                    Self.value(try desk.filters.require(id, visibleTo: caller.viewer, in: db), caller.viewer)
                })
        }
        group.patch(":id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await change(id, $0, $1) }
        }
        group.delete(":id") { request, context in try await remove(request, try context.requireID()) }
    }

    @Sendable private func add(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let filter = SavedFilter(
            id: 0, member: caller.viewer.memberID, name: try input.requireText("name"),
            query: try input.requireText("query"), sort: try Self.sort(input) ?? .updated,
            isShared: try input.optionalBool("shared") ?? false)
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            let id = try desk.filters.add(filter, at: now, in: db)
            return Self.value(try desk.filters.require(id, visibleTo: caller.viewer, in: db), caller.viewer)
        }
    }

    private func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            var filter = try desk.filters.require(id, visibleTo: caller.viewer, in: db)
            try caller.requireMatch(Self.value(filter, caller.viewer))
            filter.name = try input.optionalText("name") ?? filter.name
            filter.query = try input.optionalText("query") ?? filter.query
            filter.sort = try Self.sort(input) ?? filter.sort
            filter.isShared = try input.optionalBool("shared") ?? filter.isShared
            try desk.filters.change(filter, by: caller.viewer, at: now, in: db)
            return Self.value(try desk.filters.require(id, visibleTo: caller.viewer, in: db), caller.viewer)
        }
    }

    private func remove(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            if caller.ifMatch != nil {
                let filter = try desk.filters.require(id, visibleTo: caller.viewer, in: db)
                try caller.requireMatch(Self.value(filter, caller.viewer))
            }
            try desk.filters.remove(id, by: caller.viewer, at: now, in: db)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private static func sort(_ input: APIInput) throws -> TicketSort? {
        guard let text = try input.optionalText("sort") else { return nil }
        guard let sort = TicketSort(rawValue: text) else { throw Failure(.invalid, "error-invalid") }
        return sort
    }

    private static func value(_ filter: SavedFilter, _ viewer: Viewer) -> String {
        JSONText.object([
            ("id", APIValues.id(filter.id)), ("name", JSONText.quote(filter.name)),
            ("query", JSONText.quote(filter.query)), ("sort", JSONText.quote(filter.sort.rawValue)),
            ("shared", filter.isShared ? "true" : "false"),
            ("own", filter.member == viewer.memberID ? "true" : "false"),
        ])
    }
}
