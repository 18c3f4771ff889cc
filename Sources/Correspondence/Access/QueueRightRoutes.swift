import Base
import Hummingbird
import People
import Storage
import Web

/// Rights of members and teams on a queue, for those who keep it.
package struct QueueRightRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.rights.route) { request, context in
            try await show(context, problem: nil, notices: QueueRoutes.notices(request))
        }
        signedIn.post(QueuePaths.memberRights.route) { request, context in
            try await change(request, context) { id, holder, form, at, db in
                let before = try desk.members.rights(of: holder, queue: id, in: db)
                try office.granting.grant(
                    Self.rights(form, instead: before, context.viewer, id), to: holder, queue: id,
                    by: context.viewer, at: at, in: db)
            }
        }
        signedIn.post(QueuePaths.teamRights.route) { request, context in
            try await change(request, context) { id, holder, form, at, db in
                let before = try office.teams.rights(onQueue: id, in: db)[holder] ?? []
                try office.granting.grant(
                    Self.rights(form, instead: before, context.viewer, id), toTeam: holder, queue: id,
                    by: context.viewer, at: at, in: db)
            }
        }
    }

    /// What was ticked; what the viewer does not hold stays as it is, since its box is shown fixed.
    private static func rights(_ form: Form, instead before: Set<Right>, _ viewer: Viewer, _ queue: ID) -> Set<Right> {
        let ticked = Set(Right.allCases.filter { form.has("right-\($0.rawValue)") })
        guard !viewer.isAdministrator else { return ticked }
        return ticked.union(before.subtracting(viewer.rights[queue] ?? []))
    }

    private func change(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (ID, ID, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            guard let holder = ID(form["holder"]) else { throw Failure(.invalid, "error-invalid") }
            try await desk.database.write { db in try body(queue.id, holder, form, now, db) }
        } catch let failure as Failure where failure.code == .refused {
            return try await show(context, problem: Phrase(failure.messageKey))
        }
        return site.redirect(QueuePaths.rights(queue.id) + "?notice=changed")
    }

    // MARK: - The page

    private struct Found: Sendable {
        var members: [Member]
        var teams: [Team]
        var own: [ID: Set<Right>]
        var teamRights: [ID: Set<Right>]
        var seats: [ID: [ID]]
    }

    private func read(_ queue: Queue) async throws -> Found {
        try await desk.database.read { [desk, office] db in
            let teams = try office.teams.all(in: db)
            let teamRights = try office.teams.rights(onQueue: queue.id, in: db)
            var seats: [ID: [ID]] = [:]
            for team in teams where teamRights[team.id] != nil {
                for seat in try office.teams.seats(of: team.id, in: db) {
                    seats[seat.member, default: []].append(team.id)
                }
            }
            return Found(
                members: try desk.members.all(in: db).filter { !$0.isDisabled }, teams: teams,
                own: try desk.members.rights(onQueue: queue.id, in: db), teamRights: teamRights, seats: seats)
        }
    }

    private func show(
        _ context: SignedInContext, problem: Phrase?, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let found = try await read(queue)
        let language = site.strings.supported(context.visitor.language)
        let maker = RightForms(queue: queue.id, viewer: context.viewer)
        let listed = found.members.filter { found.own[$0.id] != nil || found.seats[$0.id] != nil }
        let page = QueueRightsPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: QueuePaths.rights),
            problem: problem,
            about: Phrase(queue.isConfidential ? "queue-rights-confidential" : "queue-rights-administrators"),
            members: listed.map { member in
                maker.form(
                    QueuePaths.memberRights, String(member.id), member.name, found.own[member.id] ?? [],
                    more: more(member, found, language))
            },
            teams: found.teams.filter { found.teamRights[$0.id] != nil }.map {
                maker.form(QueuePaths.teamRights, String($0.id), $0.name, found.teamRights[$0.id] ?? [], more: nil)
            },
            newMember: maker.new(
                QueuePaths.memberRights,
                found.members.filter { found.own[$0.id] == nil && found.seats[$0.id] == nil }.map {
                    Choice(String($0.id), .verbatim($0.name))
                }),
            newTeam: maker.new(
                QueuePaths.teamRights,
                found.teams.filter { found.teamRights[$0.id] == nil }.map {
                    Choice(String($0.id), .verbatim($0.name))
                }))
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    /// What someone has by their teams.
    private func more(_ member: Member, _ found: Found, _ language: String) -> Phrase? {
        let teams = found.seats[member.id] ?? []
        guard !teams.isEmpty else { return nil }
        let rights = teams.reduce(into: Set<Right>()) { $0.formUnion(found.teamRights[$1] ?? []) }
        let names = found.teams.filter { teams.contains($0.id) }.map(\.name).joined(separator: " · ")
        return Phrase("right-by-team", .text(names), .text(office.words(of: rights, language)))
    }
}

/// Makes the forms of a queue's rights for one viewer.
struct RightForms: Sendable {
    let queue: ID
    let viewer: Viewer

    func form(
        _ path: PathPattern, _ holder: String, _ name: String, _ rights: Set<Right>, more: Phrase?
    ) -> RightForm {
        RightForm(path: path(queue), holder: holder, name: name, more: more, choices: [], ticks: ticks(rights))
    }

    /// For whom has none yet; nil where nobody is left.
    func new(_ path: PathPattern, _ choices: [Choice]) -> RightForm? {
        guard !choices.isEmpty else { return nil }
        return RightForm(path: path(queue), holder: "", name: "", more: nil, choices: choices, ticks: ticks([]))
    }

    private func ticks(_ rights: Set<Right>) -> [RightTick] {
        Right.allCases.map {
            RightTick(
                field: "right-\($0.rawValue)", name: Phrase("right-\($0.rawValue)"), isOn: rights.contains($0),
                isFixed: !viewer.isAdministrator && !viewer.may($0, queue: queue))
        }
    }
}
