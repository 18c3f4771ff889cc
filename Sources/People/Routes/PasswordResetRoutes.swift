import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// A forgotten password: asking for a link, and using it. For anybody; answers alike for known and unknown addresses.
package struct PasswordResetRoutes: Sendable {
    private let ways: WaysIn
    private let resetting: PasswordResetting
    private let site: Site

    package init(_ ways: WaysIn, resetting: PasswordResetting, site: Site) {
        self.ways = ways
        self.resetting = resetting
        self.site = site
    }

    package func add(to router: Router<WebContext>) {
        router.get(PasswordPaths.forgotten.route) { request, _ in showForgotten(request, problem: nil) }
        router.post(PasswordPaths.forgotten.route, use: ask)
        router.get(PasswordPaths.show.route, use: showNew)
        router.post(PasswordPaths.show.route, use: setNew)
        router.post(PasswordPaths.lost.route, use: askForFactorReset)
    }

    private func showForgotten(_ request: Request, problem: Failure?) -> Response {
        let page = ForgottenPasswordPage(
            path: PasswordPaths.forgotten(), problem: problem.map { Phrase($0.messageKey) },
            backPath: SitePaths.signIn())
        return site.page(page, for: request, status: problem?.status ?? .ok)
    }

    @Sendable private func ask(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        let email = form.trimmed("email")
        guard EmailAddress.isPlausible(email) else {
            return showForgotten(request, problem: Failure(.invalid, "member-email-invalid"))
        }
        do {
            try await resetting.ask(email: email, network: context.network)
        } catch let failure as Failure where failure.code == .tooMany {
            return showForgotten(request, problem: failure)
        }
        let page = AnswerPage(
            heading: Phrase("account-forgotten-title"), text: Phrase("account-forgotten-sent"),
            link: Link(Phrase("account-back-to-sign-in"), SitePaths.signIn()))
        return site.page(page, for: request)
    }

    // MARK: - The link

    private func reference(_ context: WebContext) -> String { context.parameters.get("reference") ?? "" }

    /// The page that a link gets which was used, or is too old, or never was one.
    private func tooLate(_ request: Request) -> Response {
        let page = AnswerPage(
            heading: Phrase("account-link-old-title"), text: Phrase("account-link-old"),
            link: Link(Phrase("account-forgotten-title"), PasswordPaths.forgotten()))
        return site.page(page, for: request, status: .notFound)
    }

    private func show(_ request: Request, _ context: WebContext, problem: Phrase?, status: HTTPResponse.Status = .ok)
        async throws -> Response
    {
        let reference = reference(context)
        guard let (member, needsCode) = try await resetting.find(link: reference) else { return tooLate(request) }
        let page = NewPasswordPage(
            path: PasswordPaths.link(reference), email: member.email, minimumLength: Password.minimumLength,
            help: Phrase("first-password-help", .number(Password.minimumLength)), problem: problem,
            needsCode: needsCode, lostPath: PasswordPaths.link(reference) + "/lost-second-factor")
        return site.page(page, for: request, status: status)
    }

    @Sendable private func showNew(_ request: Request, _ context: WebContext) async throws -> Response {
        try await show(request, context, problem: nil)
    }

    @Sendable private func setNew(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        let reference = reference(context)
        guard let (member, _) = try await resetting.find(link: reference) else { return tooLate(request) }
        if let problem = form.passwordProblem(context: [member.email, member.name, ways.publicHost]) {
            return try await show(request, context, problem: problem, status: .unprocessableContent)
        }
        do {
            try await resetting.finish(
                link: reference, password: form["password"], code: form["code"], network: context.network)
        } catch let failure as Failure where failure.code == .refused {
            return try await show(
                request, context, problem: Phrase(failure.messageKey), status: .unprocessableContent)
        } catch let failure as Failure where failure.code == .tooMany {
            return try await show(request, context, problem: Phrase(failure.messageKey), status: failure.status)
        } catch let failure as Failure where failure.code == .notFound {
            return tooLate(request)
        }
        var response = site.redirect(SitePaths.signIn(query: [("done", "password")]))
        response.headers[.setCookie] = site.cookie("", maxAge: 0)
        return response
    }

    @Sendable private func askForFactorReset(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await Form.read(request)
        guard let (member, _) = try await resetting.find(link: reference(context)) else { return tooLate(request) }
        try await LostFactor(ways).ask(member)
        let page = AnswerPage(
            heading: Phrase("account-lost-title"), text: Phrase("account-lost-asked"),
            link: Link(Phrase("account-back-to-sign-in"), SitePaths.signIn()))
        return site.page(page, for: request)
    }
}
