import Base
import Foundation
import HTTPTypes
import Hummingbird
import Text

/// What all pages share: templates, strings, static files, form tokens.
package struct Site: Sendable {
    package let renderer: Renderer
    package let strings: Strings
    package let files: StaticFiles
    package let publicURL: String
    package let key: InstanceKey
    package let random: Randomness
    package let clock: Clock
    /// Whose desk this is.
    package let organisation: OrganisationName
    /// Rooms of the rail for a viewer.
    package let rooms: @Sendable (Viewer) -> [Frame.Room]

    package init(
        renderer: Renderer, strings: Strings, files: StaticFiles, publicURL: String, key: InstanceKey,
        random: Randomness,
        clock: Clock, organisation: OrganisationName, rooms: @escaping @Sendable (Viewer) -> [Frame.Room]
    ) {
        self.renderer = renderer
        self.strings = strings
        self.files = files
        self.publicURL = publicURL
        self.key = key
        self.random = random
        self.clock = clock
        self.organisation = organisation
        self.rooms = rooms
    }

    package static let themes = ["auto", "light", "dark"]

    /// Cookies need HTTPS beyond loopback.
    package var isSecure: Bool { publicURL.hasPrefix("https://") }

    package var cookieName: String { isSecure ? "__Host-liaison" : "liaison" }

    package func cookie(_ session: String, maxAge: Int) -> String {
        "\(cookieName)=\(session); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(maxAge)" + (isSecure ? "; Secure" : "")
    }

    /// The session's reference a request brings.
    package func session(of request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == cookieName {
                    return String(parts[1])
                }
            }
        }
        return nil
    }

    // MARK: - Pages

    /// A page for someone who has signed in.
    package func page(
        _ page: some Page, for visitor: Visitor, notices: [Frame.Notice] = [], query: String = "",
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let language = strings.supported(visitor.language)
        var frame = Frame(
            language: language, direction: strings.direction(language), theme: visitor.theme, assets: files.assets,
            person: Frame.Person(
                name: visitor.name, email: visitor.email, signOutPath: SitePaths.signOut(),
                accountPath: SitePaths.account()),
            rooms: rooms(visitor.viewer).map { $0.waiting(visitor.waiting[$0.id] ?? $0.count ?? 0) },
            search: Frame.Search(path: SitePaths.search(), query: query),
            newTicketPath: visitor.viewer.queues(.send).isEmpty ? nil : SitePaths.newTicket(),
            preferences: preferences(visitor, language), formToken: formToken(session: visitor.session),
            notices: visitor.notices + notices)
        frame.bell = visitor.bell
        frame.live = visitor.live
        frame.organisation = organisation.name.isEmpty ? nil : organisation.name
        return html(renderer.render(page, in: frame, translate: strings.translateForPage(language)), status: status)
    }

    /// A page for anybody, in the best language their browser asks for.
    package func page(_ page: some Page, for request: Request, status: HTTPResponse.Status = .ok) -> Response {
        html(text(of: page, for: request), status: status)
    }

    /// A page for anybody as HTML.
    func text(of page: some Page, for request: Request) -> String {
        let language = language(of: request)
        var frame = Frame(
            language: language, direction: strings.direction(language), assets: files.assets, formToken: "")
        frame.organisation = organisation.name.isEmpty ? nil : organisation.name
        return renderer.render(page, in: frame, translate: strings.translateForPage(language))
    }

    /// `?language=`, else the best the browser asks for.
    package func language(of request: Request) -> String {
        request.uri.queryParameters["language"].map { strings.supported(String($0)) }
            ?? strings.preferred(request.headers[.acceptLanguage] ?? "")
    }

    private func preferences(_ visitor: Visitor, _ language: String) -> Frame.Preferences {
        Frame.Preferences(
            path: SitePaths.preferences(), next: visitor.path,
            themes: Self.themes.map { Choice($0, Phrase("web-theme-\($0)"), isSelected: $0 == visitor.theme) },
            languages: strings.languages.map {
                Choice($0, .verbatim(strings.ownName($0)), isSelected: $0 == language)
            }, hasKeys: visitor.usesKeys)
    }

    private func html(_ text: String, status: HTTPResponse.Status) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// 303, so that reloading the next page sends nothing again.
    package func redirect(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }

    // MARK: - Form tokens

    /// HMAC of the session, under a mask that is new for every page, so that compression tells nothing of it.
    package func formToken(session: String) -> String {
        let token = key.mac("form", Array(session.utf8))
        let mask = random.bytes(token.count)
        return Base64URL.encode(mask + zip(token, mask).map { $0 ^ $1 })
    }

    package func isOwnToken(_ text: String, session: String) -> Bool {
        let token = key.mac("form", Array(session.utf8))
        guard let bytes = Base64URL.decode(text), bytes.count == token.count * 2 else { return false }
        let sent = zip(bytes.prefix(token.count), bytes.suffix(token.count)).map { $0 ^ $1 }
        return ConstantTime.equal(sent, token)
    }

    /// Reads a form of a signed-in page; `refused` without the token of this session.
    package func form(_ request: Request, of visitor: Visitor) async throws -> Form {
        let form = try await Form.read(request)
        guard isOwnToken(form["form-token"], session: visitor.session) else {
            throw Failure(.refused, "error-form-expired")
        }
        return form
    }
}

/// Paths that every page links to.
package enum SitePaths {
    package static let home: PathPattern = "/"
    package static let signIn: PathPattern = "/sign-in"
    package static let signOut: PathPattern = "/sign-out"
    package static let firstPassword: PathPattern = "/first-password"
    package static let account: PathPattern = "/account"
    package static let preferences: PathPattern = "/preferences"
    package static let search: PathPattern = "/search"
    package static let tickets: PathPattern = "/tickets"
    package static let newTicket: PathPattern = "/tickets/new"
    package static let webhooks: PathPattern = "/webhooks"
}
