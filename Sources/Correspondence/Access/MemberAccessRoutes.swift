import Base
import Hummingbird
import People
import Storage
import Web

/// What a member may, and all API tokens; for administrators.
package struct MemberAccessRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(AccessPaths.member.route) { request, context in
            try await show(context, problem: nil, notices: QueueRoutes.notices(request))
        }
        signedIn.get(AccessPaths.tokens.route, use: showTokens)
        signedIn.post(AccessPaths.revoking.route, use: revoke)
    }

    private func show(
        _ context: SignedInContext, problem: Phrase?, notices: [Frame.Notice] = []
    ) async throws -> Response {
        try office.requireAdministrator(context)
        let id = try context.requireID()
        let (member, viewer, seats, teams, queues) = try await desk.database.read { [desk, office] db in
            let member = try desk.members.require(id, in: db)
            return (
                member, try desk.members.viewer(member, in: db), try office.teams.seats(ofMember: id, in: db),
                try office.teams.all(in: db), try desk.stores.queues.all(in: db)
            )
        }
        let language = site.strings.supported(context.visitor.language)
        let page = MemberAccessPage(
            name: member.name, email: member.email, listPath: MemberPaths.list(),
            isAdministrator: member.isAdministrator, isDisabled: member.isDisabled,
            accountPath: MemberPaths.show(id),
            problem: problem,
            teams: teams.filter { team in seats.contains { $0.team == team.id } }.map {
                CountedLink(.verbatim($0.name), count: 0, path: AccessPaths.team($0.id))
            },
            rights: queues.filter { viewer.rights[$0.id] != nil }.map {
                TeamRight(
                    queue: $0.name, path: QueuePaths.rights($0.id),
                    rights: office.words(of: viewer.rights[$0.id] ?? [], language))
            })
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    // MARK: - Tokens

    @Sendable private func showTokens(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let signs = office.signs(context)
        let tokens = try await desk.database.read { [tokens = office.tokens] db in
            try tokens.all(visibleTo: context.viewer, in: db)
        }
        let page = TokenListPage(
            tokens: tokens.map {
                TokenRow(
                    name: $0.name, member: $0.memberName, memberPath: AccessPaths.member($0.member),
                    scope: Phrase("token-scope-\($0.scope.rawValue)"), moment: signs.moment($0.createdAt),
                    revoking: Action(AccessPaths.revoking($0.id)))
            })
        return site.page(page, for: context.visitor, notices: QueueRoutes.notices(request))
    }

    @Sendable private func revoke(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [tokens = office.tokens] db in
            try tokens.revoke(id, by: context.viewer, at: now, in: db)
        }
        return site.redirect(AccessPaths.tokens() + "?notice=changed")
    }
}
