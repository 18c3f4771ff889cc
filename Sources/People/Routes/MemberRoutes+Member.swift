import Base
import Hummingbird
import Storage
import Web

/// One member's page, for administrators: what they are, their sessions, and whether they may come in.
extension MemberRoutes {
    func addMember(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(MemberPaths.show.route, use: showMember)
        signedIn.post(MemberPaths.disabling.route) { request, context in
            try await change(request, context) { id, actor, now, db in
                guard id != actor else { throw Failure(.refused, "error-refused") }
                try ways.members.disable(id, actor: actor, at: now, in: db)
            }
        }
        signedIn.post(MemberPaths.enabling.route) { request, context in
            try await change(request, context) { id, actor, now, db in
                try ways.members.enable(id, actor: actor, at: now, in: db)
            }
        }
        signedIn.post(MemberPaths.promotion.route) { request, context in
            try await change(request, context) { id, actor, now, db in
                try ways.members.setAdministrator(true, of: id, actor: actor, at: now, in: db)
            }
        }
        signedIn.post(MemberPaths.demotion.route) { request, context in
            try await change(request, context) { id, actor, now, db in
                try ways.members.setAdministrator(false, of: id, actor: actor, at: now, in: db)
            }
        }
        signedIn.post(MemberPaths.endSessions.route) { request, context in
            try await change(request, context) { id, actor, now, db in
                try ways.sessions.closeOthers(of: id, actor: actor, at: now, in: db)
            }
        }
        signedIn.post(MemberPaths.endSession.route) { request, context in
            let session = try context.requireID("session")
            return try await change(request, context) { id, actor, now, db in
                try ways.sessions.close(session, of: id, actor: actor, at: now, in: db)
            }
        }
    }

    private typealias Change = @Sendable (ID, ID, Milliseconds, any Connection) throws -> Void

    private func change(_ request: Request, _ context: SignedInContext, _ body: @escaping Change) async throws
        -> Response
    {
        try requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = ways.clock.now()
        try await ways.database.write { [ways] db in
            _ = try ways.members.require(id, in: db)
            try body(id, context.viewer.memberID, now, db)
        }
        // Who gave up being an administrator has no way to this page any more.
        let isStill = try await ways.database.read { [ways] db in
            try ways.members.find(context.viewer.memberID, in: db)?.isAdministrator ?? false
        }
        return site.redirect(isStill ? MemberPaths.show(id) + "?done=1" : SitePaths.home())
    }

    @Sendable private func showMember(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        let id = try context.requireID()
        let now = ways.clock.now()
        let (member, sessions, hasFactor, others) = try await ways.database.read { [ways] db in
            (
                try ways.members.require(id, in: db),
                try ways.sessions.all(of: id, visibleTo: context.viewer, at: now, in: db),
                try ways.factors.exists(of: id, in: db),
                try ways.members.administrators(in: db).filter { $0.id != id }
            )
        }
        let moments = moments(context.visitor)
        let isSelf = id == context.viewer.memberID
        let isLast = member.isAdministrator && others.isEmpty
        let rows = sessions.map { session in
            SessionRow(
                device: session.name, seen: moments.moment(session.seenAt), made: moments.moment(session.createdAt),
                isThis: session.id == context.visitor.sessionID, end: Action(MemberPaths.endSession(id, session.id)))
        }
        let page = MemberPage(
            name: member.name, letterName: member.letterName, email: member.email, listPath: MemberPaths.list(),
            isAdministrator: member.isAdministrator, isDisabled: member.isDisabled, hasSecondFactor: hasFactor,
            away: moments.away(member, organisation: ways.zone), lastSeen: member.seenAt.map(moments.moment),
            sessions: rows, endSessions: rows.isEmpty ? nil : Action(MemberPaths.endSessions(id)),
            disable: member.isDisabled || isSelf || isLast ? nil : Action(MemberPaths.disabling(id)),
            enable: member.isDisabled ? Action(MemberPaths.enabling(id)) : nil,
            makeAdministrator: member.isAdministrator || member.isDisabled
                ? nil : Action(MemberPaths.promotion(id)),
            makeOrdinary: member.isAdministrator && !isLast ? Action(MemberPaths.demotion(id)) : nil,
            done: request.uri.queryParameters["done"] == nil ? nil : Phrase("account-done-member"),
            access: Link(Phrase("member-access-title", .text(member.name)), MemberPaths.access(id)))
        return site.page(page, for: context.visitor)
    }
}
