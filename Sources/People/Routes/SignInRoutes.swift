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

    private let database: Database
    private let members: MemberStore
    private let sessions: SessionStore
    private let site: Site
    private let proxies: [String]

    package init(database: Database, members: MemberStore, sessions: SessionStore, site: Site, proxies: [String]) {
        self.database = database
        self.members = members
        self.sessions = sessions
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
        if let reference = site.session(of: request) { context.visitor = try await visitor(reference) }
        return try await next(request, context)
    }

    private func visitor(_ reference: String) async throws -> Visitor? {
        let now = site.clock.now()
        let found = try await database.read { [members, sessions] db -> (Visitor, Milliseconds)? in
            guard let (member, seenAt) = try sessions.find(reference, at: now, in: db) else { return nil }
            let visitor = Visitor(
                viewer: try members.viewer(member, in: db), name: member.name, email: member.email,
                language: member.language,
                mustChangePassword: member.mustChangePassword, session: reference)
            return (visitor, seenAt)
        }
        if let found, found.1 < now - Self.touchInterval {
            try await database.write { [sessions] db in try sessions.touch(reference, at: now, in: db) }
        }
        return found?.0
    }
}

/// Signing in and out, the first password, one's own language.
package struct SignInRoutes: Sendable {
    private let database: Database
    private let members: MemberStore
    private let sessions: SessionStore
    private let signIn: SignIn
    private let gate: PasswordGate
    private let site: Site

    package init(
        database: Database, members: MemberStore, sessions: SessionStore, signIn: SignIn, gate: PasswordGate, site: Site
    ) {
        self.database = database
        self.members = members
        self.sessions = sessions
        self.signIn = signIn
        self.gate = gate
        self.site = site
    }

    package func add(to router: Router<WebContext>, signedIn: RouterGroup<SignedInContext>) {
        router.get(SitePaths.signIn.route) { request, _ in show(request, email: "", problem: nil) }
        router.post(SitePaths.signIn.route, use: enter)
        signedIn.post(SitePaths.signOut.route, use: leave)
        signedIn.get(SitePaths.firstPassword.route) { request, context in
            showFirstPassword(context.visitor, problem: nil)
        }
        signedIn.post(SitePaths.firstPassword.route, use: setFirstPassword)
        signedIn.post(SitePaths.preferences.route, use: setPreferences)
    }

    private func show(
        _ request: Request, email: String, problem: Phrase?, next: String? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        let host = request.head.authority ?? ""
        let isLocal = ["127.0.0.1", "localhost", "[::1]"].contains { host.hasPrefix($0) }
        let page = SignInPage(
            path: SitePaths.signIn(), email: email, problem: problem,
            next: Self.ownPath(next ?? request.uri.queryParameters["next"].map(String.init) ?? ""),
            needsHTTPS: !site.isSecure && !isLocal)
        return site.page(page, for: request, status: status)
    }

    @Sendable private func enter(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        do {
            let session = try await signIn.signIn(
                email: form.trimmed("email"), password: form["password"], network: context.network)
            var response = site.redirect(Self.ownPath(form["next"]))
            response.headers[.setCookie] = site.cookie(session, maxAge: Int(SessionStore.absolute / 1000))
            return response
        } catch let failure as Failure where failure.code == .refused || failure.code == .tooMany {
            return show(
                request, email: form.trimmed("email"), problem: Phrase(failure.messageKey), next: form["next"],
                status: failure.code == .refused ? .unprocessableContent : .tooManyRequests)
        }
    }

    @Sendable private func leave(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        try await database.write { [sessions] db in try sessions.close(context.visitor.session, in: db) }
        var response = site.redirect(SitePaths.signIn())
        response.headers[.setCookie] = site.cookie("", maxAge: 0)
        if let name = HTTPField.Name("Clear-Site-Data") {
            response.headers[name] = "\"cache\", \"cookies\", \"storage\""
        }
        return response
    }

    private func showFirstPassword(_ visitor: Visitor, problem: Phrase?) -> Response {
        let page = FirstPasswordPage(
            path: SitePaths.firstPassword(), email: visitor.email, minimumLength: Password.minimumLength,
            help: Phrase("first-password-help", .number(Password.minimumLength)), problem: problem)
        return site.page(page, for: visitor, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func setFirstPassword(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let visitor = context.visitor
        let form = try await site.form(request, of: visitor)
        let password = form["password"]
        if password.count < Password.minimumLength || password.count > Password.maximumLength {
            return showFirstPassword(visitor, problem: Phrase("first-password-short", .number(Password.minimumLength)))
        }
        if password != form["repeated"] {
            return showFirstPassword(visitor, problem: Phrase("first-password-different"))
        }
        let hash = try await gate.hash(password)
        let now = site.clock.now()
        let session = try await database.write { [members, sessions] db in
            try members.setPassword(hash, mustChange: false, of: visitor.viewer.memberID, at: now, in: db)
            // Whoever knew the first password is signed out; a new reference for the one who chose.
            try sessions.closeAll(of: visitor.viewer.memberID, in: db)
            return try sessions.open(member: visitor.viewer.memberID, at: now, in: db)
        }
        var response = site.redirect(SitePaths.tickets())
        response.headers[.setCookie] = site.cookie(session, maxAge: Int(SessionStore.absolute / 1000))
        return response
    }

    @Sendable private func setPreferences(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let language = site.strings.supported(form["language"])
        try await database.write { [members] db in
            try members.setLanguage(language, of: context.viewer.memberID, in: db)
        }
        return site.redirect(SitePaths.tickets())
    }

    /// A path on this site, never another one's address.
    private static func ownPath(_ text: String) -> String {
        let isOwn =
            text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\")
            && text.unicodeScalars.allSatisfy { $0.value > 32 }
        return isOwn ? text : SitePaths.tickets()
    }
}
