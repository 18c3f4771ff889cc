import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Signing in by password and code, signing out, the first password, one's own looks.
package struct SignInRoutes: Sendable {
    private let ways: WaysIn
    private let signIn: SignIn
    private let site: Site

    package init(_ ways: WaysIn, site: Site) {
        self.ways = ways
        self.site = site
        signIn = SignIn(ways)
    }

    package func add(to router: Router<WebContext>, signedIn: RouterGroup<SignedInContext>) {
        router.get(SitePaths.signIn.route) { request, _ in show(request, email: "", problem: nil) }
        router.post(SitePaths.signIn.route, use: enter)
        router.get(AccountPaths.code.route, use: awaitCode)
        router.post(AccountPaths.code.route, use: enterCode)
        router.post(AccountPaths.lost.route, use: askForReset)
        signedIn.post(SitePaths.signOut.route, use: leave)
        signedIn.get(SitePaths.firstPassword.route) { request, context in
            showFirstPassword(context.visitor, problem: nil)
        }
        signedIn.post(SitePaths.firstPassword.route, use: setFirstPassword)
        signedIn.post(SitePaths.preferences.route, use: setPreferences)
    }

    // MARK: - The password

    private func show(
        _ request: Request, email: String, problem: Phrase?, next: String? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        let host = request.head.authority ?? ""
        let isLocal = ["127.0.0.1", "localhost", "[::1]"].contains { host.hasPrefix($0) }
        let done = request.uri.queryParameters["done"] == "password" ? Phrase("account-done-new-password") : nil
        let page = SignInPage(
            path: SitePaths.signIn(), email: email, problem: problem, done: done,
            next: OwnPath.checked(next ?? request.uri.queryParameters["next"].map(String.init) ?? ""),
            forgottenPath: PasswordPaths.forgotten(), needsHTTPS: !site.isSecure && !isLocal)
        return site.page(page, for: request, status: status)
    }

    @Sendable private func enter(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        do {
            let entry = try await signIn.signIn(
                email: form.trimmed("email"), password: form["password"], network: context.network,
                device: request.device)
            let next = OwnPath.checked(form["next"])
            let isOpen = entry.stage == .open
            return site.redirect(
                isOpen ? next : AccountPaths.code(query: [("next", next)]), session: entry.session,
                lifetime: isOpen ? SessionStore.absolute : SessionStore.codeTime)
        } catch let failure as Failure where failure.code == .refused || failure.code == .tooMany {
            return show(
                request, email: form.trimmed("email"), problem: Phrase(failure.messageKey), next: form["next"],
                status: failure.code == .refused ? .unprocessableContent : .tooManyRequests)
        }
    }

    // MARK: - The code

    private func showCode(_ request: Request, next: String, problem: Failure?) -> Response {
        let page = CodePage(
            path: AccountPaths.code(), next: OwnPath.checked(next), problem: problem.map { Phrase($0.messageKey) },
            lostPath: AccountPaths.lost(), backPath: SitePaths.signIn())
        return site.page(page, for: request, status: problem?.status ?? .ok)
    }

    @Sendable private func awaitCode(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let reference = site.session(of: request), try await signIn.awaited(reference) != nil else {
            return site.redirect(SitePaths.signIn())
        }
        return showCode(request, next: request.uri.queryParameters["next"].map(String.init) ?? "", problem: nil)
    }

    @Sendable private func enterCode(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        guard let reference = site.session(of: request) else { return site.redirect(SitePaths.signIn()) }
        do {
            let session = try await signIn.enter(
                code: form["code"], after: reference, network: context.network, device: request.device)
            return site.redirect(OwnPath.checked(form["next"]), session: session, lifetime: SessionStore.absolute)
        } catch let failure as Failure where failure.code == .notFound {
            return show(request, email: "", problem: Phrase("account-code-late"), next: form["next"])
        } catch let failure as Failure where failure.code == .refused {
            return showCode(request, next: form["next"], problem: Failure(.invalid, failure.messageKey))
        } catch let failure as Failure where failure.code == .tooMany {
            return showCode(request, next: form["next"], problem: failure)
        }
    }

    @Sendable private func askForReset(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await Form.read(request)
        guard let reference = site.session(of: request), let member = try await signIn.awaited(reference) else {
            return site.redirect(SitePaths.signIn())
        }
        try await LostFactor(ways).ask(member)
        let page = AnswerPage(
            heading: Phrase("account-lost-title"), text: Phrase("account-lost-asked"),
            link: Link(Phrase("account-back-to-sign-in"), SitePaths.signIn()))
        return site.page(page, for: request)
    }

    // MARK: - Leaving

    @Sendable private func leave(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        try await ways.database.write { [ways] db in try ways.sessions.close(context.visitor.session, in: db) }
        var response = site.redirect(SitePaths.signIn())
        response.headers[.setCookie] = site.cookie("", maxAge: 0)
        if let name = HTTPField.Name("Clear-Site-Data") {
            response.headers[name] = "\"cache\", \"cookies\", \"storage\""
        }
        return response
    }

    // MARK: - The first password

    private func showFirstPassword(_ visitor: Visitor, problem: Phrase?) -> Response {
        let page = FirstPasswordPage(
            path: SitePaths.firstPassword(), email: visitor.email, minimumLength: Password.minimumLength,
            help: Phrase("first-password-help", .number(Password.minimumLength)), problem: problem)
        return site.page(page, for: visitor, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func setFirstPassword(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let visitor = context.visitor
        let form = try await site.form(request, of: visitor)
        guard visitor.mustChangePassword else { return site.redirect(SitePaths.account()) }
        let names = [visitor.email, visitor.name, ways.publicHost]
        if let problem = form.passwordProblem(context: names) { return showFirstPassword(visitor, problem: problem) }
        let hash = try await ways.gate.hash(form["password"])
        let now = ways.clock.now()
        let (member, device) = (visitor.viewer.memberID, request.device)
        let session = try await ways.database.write { [ways] db in
            try ways.members.setPassword(hash, mustChange: false, of: member, at: now, in: db)
            // Whoever knew the first password is signed out; a new reference for the one who chose.
            try ways.sessions.closeAll(of: member, in: db)
            return try ways.sessions.open(member: member, device: device, at: now, in: db)
        }
        return site.redirect(SitePaths.home(), session: session, lifetime: SessionStore.absolute)
    }

    @Sendable private func setPreferences(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let language = site.strings.supported(form["language"])
        let theme = Site.themes.contains(form["theme"]) ? form["theme"] : "auto"
        try await ways.database.write { [ways] db in
            try ways.members.setLooks(
                language: language, theme: theme, usesKeys: form.has("keys"), of: context.viewer.memberID, in: db)
        }
        return site.redirect(OwnPath.checked(form["next"]))
    }
}

/// Paths to go on to that a form or an address brought along.
enum OwnPath {
    /// A path on this site, never another one's address; the home page for anything else.
    static func checked(_ text: String) -> String {
        let isOwn =
            text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\")
            && text.unicodeScalars.allSatisfy { $0.value > 32 }
        return isOwn ? text : SitePaths.home()
    }
}

extension Request {
    /// Browser and system, no finer.
    var device: String { DeviceName.coarse(headers[.userAgent] ?? "") }
}

extension Site {
    /// Goes on with a new session.
    func redirect(_ path: String, session: String, lifetime: Milliseconds) -> Response {
        var response = redirect(path)
        response.headers[.setCookie] = cookie(session, maxAge: Int(lifetime / 1000))
        return response
    }
}

extension Form {
    /// What is wrong with `password` and `repeated`; nil when nothing is.
    func passwordProblem(context: [String]) -> Phrase? {
        if let key = PasswordRules.problem(self["password"], context: context) {
            return Phrase(key, list: [.number(Password.minimumLength)])
        }
        return self["password"] == self["repeated"] ? nil : Phrase("first-password-different")
    }
}
