import Base
import Hummingbird
import Storage
import Web

package enum MemberPaths {
    package static let list: PathPattern = "/members"
    package static let show: PathPattern = "/members/:id"
    package static let access: PathPattern = "/members/:id/access"
    static let disabling: PathPattern = "/members/:id/disabling"
    static let enabling: PathPattern = "/members/:id/enabling"
    static let promotion: PathPattern = "/members/:id/administrator"
    static let demotion: PathPattern = "/members/:id/ordinary"
    static let endSessions: PathPattern = "/members/:id/sessions/end"
    static let endSession: PathPattern = "/members/:id/sessions/:session/end"
    static let confirmation: PathPattern = "/members/:id/second-factor/confirmation"
    static let refusal: PathPattern = "/members/:id/second-factor/refusal"
}

/// Members and invitations, for administrators.
package struct MemberRoutes: Sendable {
    let ways: WaysIn
    let site: Site

    package init(_ ways: WaysIn, site: Site) {
        self.ways = ways
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(MemberPaths.list.route) { request, context in
            let done = request.uri.queryParameters["done"].map { String($0) } ?? ""
            return try await show(context, form: emptyForm(context), done: Self.done[done].map { Phrase($0) })
        }
        signedIn.post(InvitationPaths.list.route, use: invite)
        signedIn.post(InvitationPaths.resending.route, use: resend)
        signedIn.post(InvitationPaths.withdrawal.route, use: withdraw)
        signedIn.post(MemberPaths.confirmation.route, use: confirmReset)
        signedIn.post(MemberPaths.refusal.route, use: declineReset)
        addMember(to: signedIn)
    }

    private static let done = [
        "invited": "account-done-invited", "withdrawn": "account-done-withdrawn",
        "confirmed": "account-done-confirmed", "reset": "account-done-reset", "declined": "account-done-declined",
    ]

    func requireAdministrator(_ context: SignedInContext) throws {
        guard context.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
    }

    func moments(_ visitor: Visitor) -> Moments {
        Moments(language: site.strings.supported(visitor.language), zone: visitor.zone, now: ways.clock.now())
    }

    // MARK: - The list

    private func emptyForm(_ context: SignedInContext, link: InvitationLink? = nil) -> MemberForm {
        form(context, InvitationStore.Content(email: "", name: "", isAdministrator: false, language: ""), link: link)
    }

    private func form(
        _ context: SignedInContext, _ content: InvitationStore.Content, name: Phrase? = nil, email: Phrase? = nil,
        link: InvitationLink? = nil
    ) -> MemberForm {
        let language = site.strings.supported(content.language.isEmpty ? context.visitor.language : content.language)
        return MemberForm(
            path: InvitationPaths.list(), name: Field(content.name, problem: name),
            email: Field(content.email, problem: email),
            languages: site.strings.languages.map {
                Choice($0, .verbatim(site.strings.ownName($0)), isSelected: $0 == language)
            }, isAdministrator: content.isAdministrator, link: link, pickedTeams: content.teams.map { String($0) })
    }

    private func show(
        _ context: SignedInContext, form: MemberForm, done: Phrase? = nil, isWrong: Bool = false
    ) async throws -> Response {
        try requireAdministrator(context)
        let now = ways.clock.now()
        let (members, invitations, wishes, factors, teams) = try await ways.database.read { [ways] db in
            (
                try ways.members.all(in: db), try ways.invitations.all(visibleTo: context.viewer, in: db),
                try ways.resets.all(visibleTo: context.viewer, at: now, in: db),
                try ways.factors.members(in: db), try ways.teams.all(in: db)
            )
        }
        let moments = moments(context.visitor)
        let rows = members.map { member in
            MemberRow(
                name: member.name, path: MemberPaths.show(member.id), email: member.email,
                isAdministrator: member.isAdministrator, isDisabled: member.isDisabled,
                lacksSecondFactor: !factors.contains(member.id),
                away: moments.away(member, organisation: ways.zone), lastSeen: member.seenAt.map(moments.moment))
        }
        var form = form
        form.teams = teams.map {
            Choice(String($0.id), .verbatim($0.name), isSelected: form.pickedTeams.contains(String($0.id)))
        }
        form.hasTeams = !teams.isEmpty
        let page = MemberListPage(
            done: done, members: rows, invitations: invitations.map { row($0, moments) },
            lost: wishes.compactMap { row($0, members, moments, context.viewer) }, form: form)
        return site.page(page, for: context.visitor, status: isWrong ? .unprocessableContent : .ok)
    }

    private func row(_ invitation: Invitation, _ moments: Moments) -> InvitationRow {
        let state: (key: String, isWarning: Bool) =
            if invitation.expiresAt <= moments.now { ("account-invitation-expired", true) } else {
                switch invitation.mailState {
                case .none: ("account-invitation-shown", false)
                case .queued: ("account-invitation-queued", false)
                case .handedOver: ("account-invitation-sent", false)
                case .inDoubt: ("account-invitation-doubt", true)
                case .failed: ("account-invitation-failed", true)
                }
            }
        return InvitationRow(
            name: invitation.name, email: invitation.email, isAdministrator: invitation.isAdministrator,
            state: Phrase(state.key), isWarning: state.isWarning, sent: moments.moment(invitation.createdAt),
            resend: Action(InvitationPaths.resending(invitation.id)),
            withdraw: Action(InvitationPaths.withdrawal(invitation.id)))
    }

    private func row(
        _ wish: FactorResetStore.Wish, _ members: [Member], _ moments: Moments, _ viewer: Viewer
    ) -> LostRow? {
        guard let member = members.first(where: { $0.id == wish.member }) else { return nil }
        let isOwn = wish.member == viewer.memberID
        let first = members.first { $0.id == wish.confirmedBy }
        let isMine = wish.confirmedBy == viewer.memberID
        return LostRow(
            name: member.name, email: member.email, asked: moments.moment(wish.askedAt),
            confirmed: first.map { Phrase("account-reset-confirmed-by", .text($0.name)) },
            confirm: isOwn || isMine ? nil : Action(MemberPaths.confirmation(wish.member)),
            decline: isOwn ? nil : Action(MemberPaths.refusal(wish.member)))
    }

    // MARK: - Invitations

    @Sendable private func invite(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        let sent = try await site.form(request, of: context.visitor)
        let content = InvitationStore.Content(
            email: sent.trimmed("email"), name: sent.trimmed("name"), isAdministrator: sent.has("administrator"),
            language: site.strings.supported(sent["language"]), teams: sent.all("team").compactMap { ID($0) })
        if let problem = ProfileRules.problem(content.name) {
            return try await show(context, form: form(context, content, name: problem), isWrong: true)
        }
        do {
            return try await answer(try await Inviting(ways).invite(content, by: context.viewer), context)
        } catch let failure as Failure where failure.code == .invalid || failure.code == .conflict {
            return try await show(
                context, form: form(context, content, email: Phrase(failure.messageKey)), isWrong: true)
        }
    }

    @Sendable private func resend(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        return try await answer(
            try await Inviting(ways).resend(try context.requireID(), by: context.viewer), context)
    }

    /// Where no mail could leave, the link is shown, this one time.
    private func answer(_ sent: Inviting.Sent, _ context: SignedInContext) async throws -> Response {
        guard let link = sent.link else { return site.redirect(MemberPaths.list(query: [("done", "invited")])) }
        let shown = InvitationLink(email: sent.invitation.email, link: link)
        return try await show(context, form: emptyForm(context, link: shown))
    }

    @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = ways.clock.now()
        try await ways.database.write { [ways] db in
            try ways.invitations.withdraw(id, by: context.viewer, at: now, in: db)
        }
        return site.redirect(MemberPaths.list(query: [("done", "withdrawn")]))
    }

    // MARK: - Lost second factors

    @Sendable private func confirmReset(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let isReset = try await LostFactor(ways).confirm(try context.requireID(), by: context.viewer)
        return site.redirect(MemberPaths.list(query: [("done", isReset ? "reset" : "confirmed")]))
    }

    @Sendable private func declineReset(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        try await LostFactor(ways).decline(try context.requireID(), by: context.viewer)
        return site.redirect(MemberPaths.list(query: [("done", "declined")]))
    }
}
