import Base
import HTTPTypes
import Hummingbird
import Logging

/// Headers of every answer: nothing may be loaded, framed or run but what is ours.
package struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    private let isSecure: Bool

    package init(isSecure: Bool) { self.isSecure = isSecure }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        for (name, value) in [
            ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"),
        ] {
            if let field = HTTPField.Name(name) { response.headers[field] = value }
        }
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }
}

/// Changes come from our own pages only: `Sec-Fetch-Site`, else `Origin`, must say so. Bearer tokens need neither.
package struct SameOrigin<Context: RequestContext>: RouterMiddleware {
    private let publicURL: String

    package init(publicURL: String) { self.publicURL = publicURL }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let isChange = request.method != .get && request.method != .head && request.method != .options
        if isChange, request.headers[.authorization] == nil, !isSame(request) {
            throw Failure(.refused, "error-refused")
        }
        return try await next(request, context)
    }

    private func isSame(_ request: Request) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name] {
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.headers[.origin] else { return true }
        if origin == publicURL { return true }
        return request.head.authority.map { origin == "http://\($0)" || origin == "https://\($0)" } ?? false
    }
}

/// Turns failures into answers: a page, or a problem object (RFC 9457) under `/api/`.
package struct FailureAnswers: RouterMiddleware {
    package typealias Context = WebContext

    private let site: Site
    private let log: Logger

    package init(site: Site, log: Logger) {
        self.site = site
        self.log = log
    }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch is SignInNeeded {
            let wanted = request.method == .get ? request.uri.string : ""
            return site.redirect(SitePaths.signIn(query: [("next", wanted)]))
        } catch let error as HTTPError where error.status == .notFound {
            return answer(Failure(.notFound, "error-not-found"), request, context)
        } catch let error as HTTPError where error.status.code < 500 {
            return answer(Failure(.invalid, "error-invalid"), request, context, status: error.status)
        } catch let refusal as APIRefusal {
            var response = answer(refusal.failure, request, context, status: refusal.status)
            response.headers.append(contentsOf: refusal.headers)
            return response
        } catch let failure as Failure {
            if failure.code == .internal || failure.code == .unavailable {
                log.error("request failed", metadata: ["id": "\(context.id)", "failure": "\(failure)"])
            }
            return answer(failure, request, context)
        } catch {
            log.error("request failed", metadata: ["id": "\(context.id)", "error": "\(type(of: error))"])
            return answer(Failure(.internal, "error-internal"), request, context)
        }
    }

    private func answer(
        _ failure: Failure, _ request: Request, _ context: WebContext, status: HTTPResponse.Status? = nil
    ) -> Response {
        let status = status ?? failure.status
        if request.uri.path.hasPrefix("/api/") { return Problem.response(failure, status: status) }
        let phrase = Phrase(failure.messageKey, texts: failure.arguments)
        let home = SitePaths.home()
        let page =
            switch failure.code {
            case .notFound: ErrorPage.notFound(homePath: home)
            case .unavailable, .full, .configuration: ErrorPage.unavailable(homePath: home, reference: context.id)
            case .internal: ErrorPage.failed(homePath: home, reference: context.id)
            default: ErrorPage.refused(phrase, homePath: home)
            }
        if let visitor = context.visitor { return site.page(page, for: visitor, status: status) }
        return site.page(page, for: request, status: status)
    }
}

/// RFC 9457.
package enum Problem {
    package static func response(_ failure: Failure, status: HTTPResponse.Status) -> Response {
        let title = JSONText.quote(failure.messageKey)
        let text =
            "{\"type\":\"about:blank\",\"title\":\(title),\"status\":\(status.code),"
            + "\"code\":\"\(failure.code.rawValue)\"}"
        var headers = HTTPFields()
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension Failure {
    package var status: HTTPResponse.Status {
        switch code {
        case .invalid: .unprocessableContent
        case .notFound: .notFound
        case .conflict: .conflict
        case .refused: .forbidden
        case .tooLarge: .contentTooLarge
        case .tooMany: .tooManyRequests
        case .unavailable, .configuration: .serviceUnavailable
        case .full: HTTPResponse.Status(code: 507)
        case .internal: .internalServerError
        }
    }
}

extension Phrase {
    /// A message key with plain arguments.
    package init(_ key: String, texts: [String]) {
        self.init(key, list: texts.map { .text($0) })
    }
}
