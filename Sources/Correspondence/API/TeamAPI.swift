import Base
import Hummingbird
import People
import Storage
import Web

/// `/api/v1/teams` and `/api/v1/queues/{id}/rights`: changes, by who decides about them (`Granting`).
package struct TeamAPI: Sendable {
    private let api: APIRoutes
    private let office: Office
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes, office: Office) {
        self.api = api
        self.office = office
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.post("/teams") { request, _ in
            try await api.write(request, status: 201) { input, caller in
                guard caller.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
                let (name, now) = (try input.requireText("name"), desk.clock.now())
                return try await desk.database.write { [teams = office.teams] db in
                    let team = try teams.add(name: name, actor: caller.viewer.memberID, at: now, in: db)
                    return try Self.value(team, teams, in: db)
                }
            }
        }
        group.get("/teams/:id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return APIRoutes.json(
                try await desk.database.read { [teams = office.teams] db in
                    try Self.value(try teams.require(id, visibleTo: caller.viewer, in: db), teams, in: db)
                })
        }
        group.patch("/teams/:id") { request, context in
            try await change(request, context, isForAdministrators: true) { team, input, caller, at, db in
                try office.teams.rename(
                    team.id, to: try input.requireText("name"), actor: caller.viewer.memberID, at: at, in: db)
            }
        }
        group.delete("/teams/:id") { request, context in
            try await remove(request, context) { team, caller, at, db in
                guard caller.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
                try caller.requireMatch(Self.value(team, office.teams, in: db))
                try office.teams.remove(team.id, actor: caller.viewer.memberID, at: at, in: db)
            }
        }
        group.put("/teams/:id/members/:member") { request, context in
            let member = try context.requireID("member")
            return try await change(request, context) { team, input, caller, at, db in
                try office.granting.seat(
                    member, in: team.id, isLead: try input.optionalBool("lead") ?? false, by: caller.viewer, at: at,
                    in: db)
            }
        }
        group.delete("/teams/:id/members/:member") { request, context in
            let member = try context.requireID("member")
            return try await remove(request, context) { team, caller, at, db in
                guard try office.teams.seats(of: team.id, in: db).contains(where: { $0.member == member }) else {
                    throw Failure(.notFound, "error-not-found")
                }
                try office.granting.unseat(member, from: team.id, by: caller.viewer, at: at, in: db)
            }
        }
        group.put("/queues/:id/rights") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await grant(id, $0, $1) }
        }
    }

    static func value(_ team: Team, _ teams: TeamStore, in db: any Connection) throws -> String {
        let seats = try teams.seats(of: team.id, in: db)
        return JSONText.object([
            ("id", APIValues.id(team.id)), ("name", JSONText.quote(team.name)),
            ("members", JSONText.array(seats.map { APIValues.id($0.member) })),
            ("leads", JSONText.array(seats.filter(\.isLead).map { APIValues.id($0.member) })),
        ])
    }

    private func change(
        _ request: Request, _ context: WebContext, isForAdministrators: Bool = false,
        _ body: @escaping @Sendable (Team, APIInput, APICaller, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let id = try context.requireID()
        return try await api.write(request, status: 200) { input, caller in
            let now = desk.clock.now()
            return try await desk.database.write { [teams = office.teams] db in
                let team = try teams.require(id, visibleTo: caller.viewer, in: db)
                guard caller.viewer.isAdministrator || !isForAdministrators else {
                    throw Failure(.refused, "error-refused")
                }
                if isForAdministrators { try caller.requireMatch(Self.value(team, teams, in: db)) }
                try body(team, input, caller, now, db)
                return try Self.value(try teams.require(id, visibleTo: caller.viewer, in: db), teams, in: db)
            }
        }
    }

    private func remove(
        _ request: Request, _ context: WebContext,
        _ body: @escaping @Sendable (Team, APICaller, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let (id, now) = (try context.requireID(), desk.clock.now())
        try await desk.database.write { [teams = office.teams] db in
            try body(try teams.require(id, visibleTo: caller.viewer, in: db), caller, now, db)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    /// All rights of one member or one team on the queue.
    private func grant(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        _ = try await desk.database.read { [desk] db in
            try desk.stores.queues.require(id, keptBy: caller.viewer, in: db)
        }
        let names = try input.optionalTexts("rights") ?? []
        let rights = Set(names.compactMap { Right(rawValue: $0) })
        let member = try input.optionalText("member").map { ID($0) ?? 0 }
        let team = try input.optionalText("team").map { ID($0) ?? 0 }
        guard rights.count == Set(names).count, (member == nil) != (team == nil) else {
            throw Failure(.invalid, "error-invalid", details: "rights, and either member or team")
        }
        return try await desk.database.write { [office] db in
            if caller.ifMatch != nil {
                _ = try office.desk.stores.queues.require(id, keptBy: caller.viewer, in: db)
                try caller.requireMatch(try AccessAPI.grants(on: id, office, in: db))
            }
            if let member {
                try office.granting.grant(rights, to: member, queue: id, by: caller.viewer, at: now, in: db)
                return AccessAPI.grant(
                    member: member, team: nil, try office.desk.members.rights(of: member, queue: id, in: db))
            }
            try office.granting.grant(rights, toTeam: team ?? 0, queue: id, by: caller.viewer, at: now, in: db)
            return AccessAPI.grant(
                member: nil, team: team, try office.teams.rights(onQueue: id, in: db)[team ?? 0] ?? [])
        }
    }
}
