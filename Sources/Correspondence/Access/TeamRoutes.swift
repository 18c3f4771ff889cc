import Base
import Hummingbird
import People
import Storage
import Web

/// Teams, for administrators and for those who lead one.
package struct TeamRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(AccessPaths.teams.route) { _, context in try await showList(context, name: Field()) }
        signedIn.post(AccessPaths.teams.route, use: addTeam)
        signedIn.get(AccessPaths.team.route) { request, context in
            try await show(context, notices: QueueRoutes.notices(request))
        }
        signedIn.post(AccessPaths.team.route) { request, context in
            try await change(request, context, isForAdministrators: true) { team, form, at, db in
                try office.teams.rename(
                    team.id, to: form.trimmed("name"), actor: context.viewer.memberID, at: at, in: db)
            }
        }
        signedIn.post(AccessPaths.teamRemoval.route, use: remove)
        signedIn.post(AccessPaths.seats.route) { request, context in
            try await change(request, context) { team, form, at, db in
                try office.granting.seat(
                    ID(form["member"]) ?? 0, in: team.id, isLead: false, by: context.viewer, at: at, in: db)
            }
        }
        signedIn.post(AccessPaths.leading.route) { request, context in
            let member = try context.requireID("member")
            return try await change(request, context) { team, form, at, db in
                try office.granting.seat(
                    member, in: team.id, isLead: form.has("lead"), by: context.viewer, at: at, in: db)
            }
        }
        signedIn.post(AccessPaths.unseating.route) { request, context in
            let member = try context.requireID("member")
            return try await change(request, context) { team, _, at, db in
                try office.granting.unseat(member, from: team.id, by: context.viewer, at: at, in: db)
            }
        }
    }

    // MARK: - List

    private func showList(_ context: SignedInContext, name: Field) async throws -> Response {
        guard context.viewer.isAdministrator || !context.viewer.ledTeams.isEmpty else {
            throw Failure(.notFound, "error-not-found")
        }
        let (teams, sizes) = try await desk.database.read { [teams = office.teams] db in
            (try teams.all(visibleTo: context.viewer, in: db), try teams.sizes(in: db))
        }
        let page = TeamListPage(
            teams: teams.map {
                CountedLink(.verbatim($0.name), count: Int(sizes[$0.id] ?? 0), path: AccessPaths.team($0.id))
            }, form: context.viewer.isAdministrator ? TeamForm(path: AccessPaths.teams(), name: name) : nil)
        return site.page(page, for: context.visitor, status: name.problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func addTeam(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            let team = try await desk.database.write { [teams = office.teams] db in
                try teams.add(name: form.trimmed("name"), actor: context.viewer.memberID, at: now, in: db)
            }
            return site.redirect(AccessPaths.team(team.id))
        } catch let failure as Failure where failure.messageKey.hasPrefix("team-name") {
            let problem = Phrase(failure.messageKey, texts: failure.arguments)
            return try await showList(context, name: Field(form["name"], problem: problem))
        }
    }

    // MARK: - One team

    private func show(
        _ context: SignedInContext, problem: Phrase? = nil, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let viewer = context.viewer
        let id = try context.requireID()
        let (team, seats, members, rights, queues) = try await desk.database.read { [desk, teams = office.teams] db in
            let team = try teams.require(id, visibleTo: viewer, in: db)
            let queues = try desk.stores.queues.all(in: db).filter {
                viewer.mayKeep(queue: $0.id) || viewer.may(.see, queue: $0.id)
            }
            return (
                team, try teams.seats(of: id, in: db), try desk.members.all(in: db),
                try teams.rights(ofTeam: id, in: db), queues
            )
        }
        let language = site.strings.supported(context.visitor.language)
        let rows = members.compactMap { member -> SeatRow? in
            guard let seat = seats.first(where: { $0.member == member.id }) else { return nil }
            let mayRemove = viewer.isAdministrator || !seat.isLead
            return SeatRow(
                name: member.name, isLead: seat.isLead,
                lead: viewer.isAdministrator ? Action(AccessPaths.leading(id, member.id)) : nil,
                removal: mayRemove ? Action(AccessPaths.unseating(id, member.id)) : nil)
        }
        let page = TeamPage(
            name: team.name, listPath: AccessPaths.teams(),
            rename: viewer.isAdministrator ? TeamForm(path: AccessPaths.team(id), name: Field(team.name)) : nil,
            seats: rows, seatPath: AccessPaths.seats(id),
            choices: members.filter { member in !member.isDisabled && !seats.contains { $0.member == member.id } }
                .map { Choice(String($0.id), .verbatim($0.name)) },
            rights: queues.filter { rights[$0.id] != nil }.map {
                TeamRight(
                    queue: $0.name, path: viewer.mayKeep(queue: $0.id) ? QueuePaths.rights($0.id) : nil,
                    rights: office.words(of: rights[$0.id] ?? [], language))
            },
            removal: viewer.isAdministrator ? Action(AccessPaths.teamRemoval(id)) : nil, problem: problem)
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func change(
        _ request: Request, _ context: SignedInContext, isForAdministrators: Bool = false,
        _ body: @escaping @Sendable (Team, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        if isForAdministrators { try office.requireAdministrator(context) }
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        do {
            try await desk.database.write { [teams = office.teams] db in
                try body(try teams.require(id, visibleTo: context.viewer, in: db), form, now, db)
            }
        } catch let failure as Failure where failure.messageKey.hasPrefix("team-") {
            return try await show(context, problem: Phrase(failure.messageKey, texts: failure.arguments))
        }
        return site.redirect(AccessPaths.team(id) + "?notice=changed")
    }

    @Sendable private func remove(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let response = try await change(request, context, isForAdministrators: true) { team, _, at, db in
            try office.teams.remove(team.id, actor: context.viewer.memberID, at: at, in: db)
        }
        return response.status == .seeOther ? site.redirect(AccessPaths.teams()) : response
    }
}
