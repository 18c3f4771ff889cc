import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/audit`: everything that happened and that an administrator may read, newest first.
package struct AuditAPI: Sendable {
    private let api: APIRoutes

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        router.group("/api/v1").get("/audit") { request, _ in try await list(request) }
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        guard caller.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        let limit = try api.limit(request)
        let before = try api.number("cursor", request)
        var filter = EventReading.Filter()
        filter.member = try id("member", request)
        filter.queue = try id("queue", request)
        filter.kind = request.uri.queryParameters["kind"].map(String.init)
        filter.from = try time("from", request)
        filter.to = try time("to", request)
        let asked = filter
        let events = try await api.desk.database.read { db in
            try EventReading().before(
                before == 0 ? nil : before, asked, limit: limit, visibleTo: caller.viewer, in: db)
        }
        let next = events.count == limit ? events.last?.seq : nil
        return APIRoutes.json(APIValues.page(events.map(APIValues.event), next: next.map { String($0) }))
    }

    private func id(_ name: Substring, _ request: Request) throws -> ID? {
        try request.uri.queryParameters[name].map { text in
            guard let id = ID(text) else { throw HTTPError(.badRequest) }
            return id
        }
    }

    private func time(_ name: Substring, _ request: Request) throws -> Milliseconds? {
        try request.uri.queryParameters[name].map { text in
            guard let time = APITime.parse(String(text)) else { throw HTTPError(.badRequest) }
            return time
        }
    }
}
