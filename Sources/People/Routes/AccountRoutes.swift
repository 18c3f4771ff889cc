import Base
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Web

/// One's own account: names, looks, days away, password, sessions.
package struct AccountRoutes: Sendable {
    private let ways: WaysIn
    private let site: Site

    package init(_ ways: WaysIn, site: Site) {
        self.ways = ways
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(SitePaths.account.route) { request, context in
            var state = State()
            let asked = request.uri.queryParameters
            state.done = Self.done[asked["done"].map { String($0) } ?? ""].map { Phrase($0) }
            let key = asked["problem"].map { String($0) } ?? ""
            state.factorProblem = Self.problems.contains(key) ? Phrase(key) : nil
            return try await show(context, state)
        }
        signedIn.post(SitePaths.account.route, use: setProfile)
        signedIn.post(AccountPaths.password.route, use: setPassword)
        signedIn.post(AccountPaths.endOthers.route, use: endOthers)
        signedIn.post(AccountPaths.endSession.route, use: endSession)
    }

    private static let done = [
        "profile": "account-done-profile", "password": "account-done-password", "session": "account-done-session",
    ]
    private static let problems: Set<String> = ["account-code-wrong", "sign-in-busy"]

    /// What a form left behind, shown on the page again.
    private struct State: Sendable {
        var profile: MemberStore.Profile?
        var nameProblem: Phrase?
        var letterProblem: Phrase?
        var awayProblem: Phrase?
        var passwordProblem: Phrase?
        var factorProblem: Phrase?
        var done: Phrase?
        var isWrong: Bool {
            [nameProblem, letterProblem, awayProblem, passwordProblem, factorProblem].contains { $0 != nil }
        }
    }

    private func show(_ context: SignedInContext, _ state: State) async throws -> Response {
        let visitor = context.visitor
        let id = context.viewer.memberID
        let now = ways.clock.now()
        let (member, sessions, codes) = try await ways.database.read { [ways] db in
            (
                try ways.members.require(id, in: db),
                try ways.sessions.all(of: id, visibleTo: context.viewer, at: now, in: db),
                try ways.factors.codesLeft(of: id, in: db)
            )
        }
        let moments = Moments(language: site.strings.supported(visitor.language), zone: visitor.zone, now: now)
        let rows = sessions.map { session in
            SessionRow(
                device: session.name, seen: moments.moment(session.seenAt), made: moments.moment(session.createdAt),
                isThis: session.id == visitor.sessionID, end: Action(AccountPaths.endSession(session.id)))
        }
        let help = Phrase("first-password-help", .number(Password.minimumLength))
        let page = AccountPage(
            done: state.done, problem: state.isWrong ? Phrase("account-problem") : nil,
            profile: profileForm(state.profile ?? .init(member), member, state),
            password: OwnPasswordForm(
                path: AccountPaths.password(), email: member.email, minimumLength: Password.minimumLength, help: help,
                problem: state.passwordProblem),
            factor: FactorState(
                isSet: visitor.hasSecondFactor, setUpPath: AccountPaths.secondFactor(),
                renewPath: AccountPaths.recoveryCodes(), codesLeft: Phrase("account-codes-left", .number(codes)),
                problem: state.factorProblem),
            sessions: rows, endOthers: rows.count > 1 ? Action(AccountPaths.endOthers()) : nil)
        return site.page(page, for: visitor, status: state.isWrong ? .unprocessableContent : .ok)
    }

    private func profileForm(_ profile: MemberStore.Profile, _ member: Member, _ state: State) -> ProfileForm {
        let zones = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") || $0 == "UTC" }
        let organisation = Choice(
            "", Phrase("account-zone-organisation", .text(ways.zone)), isSelected: profile.zone.isEmpty)
        return ProfileForm(
            path: SitePaths.account(), email: member.email, name: Field(profile.name, problem: state.nameProblem),
            letterName: Field(profile.letterName, problem: state.letterProblem),
            languages: site.strings.languages.map {
                Choice($0, .verbatim(site.strings.ownName($0)), isSelected: $0 == profile.language)
            },
            zones: [organisation]
                + zones.map {
                    Choice($0, .verbatim($0.replacing("_", with: " ")), isSelected: $0 == profile.zone)
                },
            themes: Site.themes.map { Choice($0, Phrase("web-theme-\($0)"), isSelected: $0 == profile.theme) },
            usesKeys: profile.usesKeys, awayFrom: profile.awayFrom, awayUntil: profile.awayUntil,
            awayProblem: state.awayProblem)
    }

    @Sendable private func setProfile(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = context.viewer.memberID
        let now = ways.clock.now()
        let member = try await ways.database.read { [ways] db in try ways.members.require(id, in: db) }
        var profile = MemberStore.Profile(member)
        profile.name = form.trimmed("name")
        profile.letterName = form.trimmed("letter-name").isEmpty ? profile.name : form.trimmed("letter-name")
        profile.language = site.strings.supported(form["language"])
        profile.zone = TimeZone(identifier: form["zone"]) == nil ? "" : form["zone"]
        profile.theme = Site.themes.contains(form["theme"]) ? form["theme"] : "auto"
        profile.usesKeys = form.has("keys")
        (profile.awayFrom, profile.awayUntil) = (form.trimmed("away-from"), form.trimmed("away-until"))
        if profile.awayFrom.isEmpty, !profile.awayUntil.isEmpty {
            profile.awayFrom = Moments.today(now, zone: ways.zone)
        }
        var state = State()
        state.profile = profile
        state.nameProblem = ProfileRules.problem(profile.name)
        state.letterProblem = ProfileRules.problem(profile.letterName)
        let isSpan = ProfileRules.isSpan(from: profile.awayFrom, until: profile.awayUntil)
        state.awayProblem = isSpan ? nil : Phrase("account-away-invalid")
        guard !state.isWrong else { return try await show(context, state) }
        try await ways.database.write { [ways, profile] db in
            try ways.members.setProfile(profile, of: id, at: now, in: db)
        }
        return site.redirect(SitePaths.account(query: [("done", "profile")]))
    }

    @Sendable private func setPassword(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let visitor = context.visitor
        let form = try await site.form(request, of: visitor)
        let id = visitor.viewer.memberID
        let now = ways.clock.now()
        var state = State()
        let hash = try await ways.database.write { [ways] db in
            try ways.budget.spend([.account(visitor.email)], at: now, in: db)
            return try ways.members.passwordHash(of: id, in: db)
        }
        guard try await ways.gate.matches(String(form["current"].prefix(1024)), hash: hash) else {
            state.passwordProblem = Phrase("account-password-wrong")
            return try await show(context, state)
        }
        state.passwordProblem = form.passwordProblem(context: [visitor.email, visitor.name, ways.publicHost])
        guard state.passwordProblem == nil else { return try await show(context, state) }
        let new = try await ways.gate.hash(form["password"])
        let device = request.device
        let session = try await ways.database.write { [ways] db in
            try ways.budget.forget(.account(visitor.email), in: db)
            try ways.members.setPassword(new, mustChange: false, of: id, at: now, in: db)
            try ways.mails.tell(.passwordChanged, ways.members.require(id, in: db), at: now, in: db)
            try ways.sessions.closeAll(of: id, in: db)
            return try ways.sessions.open(member: id, device: device, at: now, in: db)
        }
        return site.redirect(
            SitePaths.account(query: [("done", "password")]), session: session, lifetime: SessionStore.absolute)
    }

    // MARK: - Sessions

    @Sendable private func endSession(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let (id, me) = (try context.requireID(), context.viewer.memberID)
        let now = ways.clock.now()
        try await ways.database.write { [ways] db in
            try ways.sessions.close(id, of: me, actor: me, at: now, in: db)
        }
        return site.redirect(SitePaths.account(query: [("done", "session")]))
    }

    @Sendable private func endOthers(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let me = context.viewer.memberID
        let now = ways.clock.now()
        try await ways.database.write { [ways] db in
            try ways.sessions.closeOthers(of: me, but: context.visitor.sessionID, actor: me, at: now, in: db)
        }
        return site.redirect(SitePaths.account(query: [("done", "session")]))
    }
}
