import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Who is behind a request: the session cookie, looked up once.
package struct SessionMiddleware: RouterMiddleware {
    package typealias Context = WebContext

    /// How stale the mark of a session's use may be: not every page writes.
    private static let touchInterval: Milliseconds = 5 * 60_000
    /// How long before its end a postponement is called to mind.
    private static let reminder: Milliseconds = 30 * 86_400_000
    private static let usual = Foresight()

    private let ways: WaysIn
    private let site: Site
    private let proxies: [String]

    package init(_ ways: WaysIn, site: Site, proxies: [String]) {
        self.ways = ways
        self.site = site
        self.proxies = proxies
    }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if proxies.contains(context.network), let name = HTTPField.Name("X-Forwarded-For"),
            let client = request.headers[name]?.split(separator: ",").last
        {
            context.network = client.trimmingCharacters(in: .whitespaces)
        }
        if let reference = site.session(of: request) {
            context.visitor = try await visitor(reference)
            if request.method == .get { context.visitor?.path = request.uri.string }
        }
        return try await next(request, context)
    }

    private func visitor(_ reference: String) async throws -> Visitor? {
        let now = site.clock.now()
        let found = try await ways.database.read { [ways] db -> (Visitor, Milliseconds)? in
            guard let session = try ways.sessions.find(reference, at: now, in: db) else { return nil }
            let member = session.member
            try db.foresee(Self.usual, by: member.id, about: [])
            var visitor = Visitor(
                viewer: try ways.members.viewer(member, in: db), name: member.name, email: member.email,
                language: member.language, mustChangePassword: member.mustChangePassword, session: reference)
            visitor.theme = member.theme
            visitor.usesKeys = member.usesKeys
            visitor.zone = member.zone.isEmpty ? ways.zone : member.zone
            visitor.sessionID = session.id
            visitor.hasSecondFactor = session.hasSecondFactor
            visitor.needsSecondFactor =
                !session.hasSecondFactor && ways.policy.demands(of: visitor.viewer, at: now)
            if session.notices > 0 {
                visitor.notices = try ways.notices.all(of: member.id, in: db).map(Self.notice)
            }
            visitor.notices += reminder(visitor, at: now)
            return (visitor, session.seenAt)
        }
        if let found, found.1 < now - Self.touchInterval {
            try await ways.database.write { [ways] db in try ways.sessions.touch(reference, at: now, in: db) }
        }
        return found?.0
    }

    private static func notice(_ notice: MemberNotice) -> Frame.Notice {
        let link: Link? =
            switch notice.kind {
            case .secondFactorAsked: Link(Phrase("member-list-title"), notice.kind.path)
            case .webhookSwitchedOff: Link(Phrase("webhook-list-title"), notice.kind.path)
            default: nil
            }
        return Frame.Notice(
            .warning, Phrase(notice.kind.messageKey),
            action: Frame.NoticeAction(Phrase("account-notice-seen"), AccountPaths.dismissal(notice.id)), link: link)
    }

    /// Soon nothing goes without a second factor any more.
    private func reminder(_ visitor: Visitor, at now: Milliseconds) -> [Frame.Notice] {
        guard !visitor.hasSecondFactor, ways.policy.asks(of: visitor.viewer), now < ways.policy.from,
            now >= ways.policy.from - Self.reminder
        else { return [] }
        return [
            Frame.Notice(
                .warning, Phrase("account-factor-soon"),
                link: Link(Phrase("account-factor-set-up"), AccountPaths.secondFactor()))
        ]
    }
}

/// A member with a first password chooses their own, and one who reads mail sets up a second factor, before anything
/// else.
package struct StepsBeforeWork: RouterMiddleware {
    package typealias Context = WebContext

    private let site: Site

    package init(site: Site) { self.site = site }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if context.visitor?.mustChangePassword == true { return site.redirect(SitePaths.firstPassword()) }
        if context.visitor?.needsSecondFactor == true { return site.redirect(AccountPaths.secondFactor()) }
        return try await next(request, context)
    }
}
