import Base
import Hummingbird
import Logging
import NIOCore

/// What is known of a request before anybody has signed in.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The peer's network address; of a trusted proxy's client where there is one.
    package var network: String
    package var visitor: Visitor?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        network = source.channel.remoteAddress?.ipAddress ?? "local"
    }

    package var maxUploadSize: Int { 32 << 20 }
}

/// Someone who has signed in.
package struct Visitor: Sendable {
    package var viewer: Viewer
    package var name: String
    package var email: String
    package var language: String
    package var mustChangePassword: Bool
    /// The session's reference; forms are bound to it.
    package var session: String
    /// What every page tells of the present; absent where nothing is live.
    package var live: Frame.Live?
    package var bell: Frame.Bell?
    /// What waits for them, by room of the rail; counts stop at 1,000.
    package var waiting: [String: Int] = [:]
    /// The page they look at; empty where something is sent.
    package var path = ""
    package var theme = "auto"
    package var usesKeys = true
    /// Their time zone; empty for the organisation's.
    package var zone = ""
    package var sessionID: ID = 0
    package var hasSecondFactor = false
    /// True where they read mail, have no second factor, and may no longer go without.
    package var needsSecondFactor = false
    /// What waits for them on whatever page they open next.
    package var notices: [Frame.Notice] = []

    package init(
        viewer: Viewer, name: String, email: String, language: String, mustChangePassword: Bool, session: String
    ) {
        self.viewer = viewer
        self.name = name
        self.email = email
        self.language = language
        self.mustChangePassword = mustChangePassword
        self.session = session
    }
}

/// The context of signed-in pages: it cannot exist without a viewer.
package struct SignedInContext: ChildRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let visitor: Visitor

    package init(context: WebContext) throws {
        guard let visitor = context.visitor else { throw SignInNeeded() }
        coreContext = context.coreContext
        self.visitor = visitor
    }

    package var viewer: Viewer { visitor.viewer }

    package var maxUploadSize: Int { 32 << 20 }
}

/// Thrown where a page needs a signed-in person: answered by a redirect to the sign-in page.
package struct SignInNeeded: Error {
    package init() {}
}

extension RequestContext {
    /// A path parameter that is an id; anything else is not found.
    package func requireID(_ name: String = "id") throws -> ID {
        guard let id = parameters.get(name).flatMap({ ID($0) }) else { throw Failure(.notFound, "error-not-found") }
        return id
    }
}
