import Base
import Hummingbird
import People
import Storage
import Web

/// `/api/v1/teams` and `/api/v1/queues/{id}/rights`: who may what, for those who decide about it.
package struct AccessAPI: Sendable {
    private let office: Office
    private let access: APIAccess

    package init(_ office: Office, access: APIAccess) {
        self.office = office
        self.access = access
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/teams") { request, _ in try await teams(request) }
        api.get("/queues/:id/rights") { request, context in try await rights(request, try context.requireID()) }
    }

    /// All teams for administrators, for others those they lead.
    private func teams(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await office.desk.database.read { [teams = office.teams] db in
            let items = try teams.all(visibleTo: caller.viewer, in: db).map { team in
                let seats = try teams.seats(of: team.id, in: db)
                return JSONText.object([
                    ("id", APIValues.id(team.id)), ("name", JSONText.quote(team.name)),
                    ("members", JSONText.array(seats.map { APIValues.id($0.member) })),
                    ("leads", JSONText.array(seats.filter(\.isLead).map { APIValues.id($0.member) })),
                ])
            }
            return APIValues.page(items, next: nil)
        }
        return APIRoutes.json(text)
    }

    /// Grants on a queue the caller keeps: to members and to teams.
    private func rights(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await office.desk.database.read { [office] db in
            let queue = try office.desk.stores.queues.require(id, keptBy: caller.viewer, in: db)
            return try Self.grants(on: queue.id, office, in: db)
        }
        return APIRoutes.json(text)
    }

    static func grants(on queue: ID, _ office: Office, in db: any Connection) throws -> String {
        let own = try office.desk.members.rights(onQueue: queue, in: db)
        let teams = try office.teams.rights(onQueue: queue, in: db)
        let items =
            own.sorted { $0.key < $1.key }.map { grant(member: $0.key, team: nil, $0.value) }
            + teams.sorted { $0.key < $1.key }.map { grant(member: nil, team: $0.key, $0.value) }
        return APIValues.page(items, next: nil)
    }

    static func grant(member: ID?, team: ID?, _ rights: Set<Right>) -> String {
        JSONText.object([
            ("member", member.map(APIValues.id) ?? "null"), ("team", team.map(APIValues.id) ?? "null"),
            ("rights", APIValues.rights(rights)),
        ])
    }
}
