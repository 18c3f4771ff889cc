import Base
import Foundation

/// What somebody allowed us: where to ask for access tokens, and by what.
package struct OAuthGrant: Codable, Sendable, Hashable {
    package var tokenURL: String
    package var clientID: String
    package var clientSecret: String?
    package var refreshToken: String

    /// JSON with these names. Throws `configuration`, without what it read.
    package init(json: String) throws(Failure) {
        do { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) } catch {
            throw Failure(
                .configuration, "error-configuration",
                details: "the OAuth 2 grant is not JSON with tokenURL, clientID, clientSecret and refreshToken")
        }
    }

    package var json: String { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
}

/// Access tokens by grant, each asked for once and kept until a minute before its end.
package actor OAuthTokens {
    /// What is sent, and the grant to keep from now on where the server replaced its refresh token.
    package struct Access: Sendable {
        package var token: String
        package var renewed: OAuthGrant?
    }

    private let clock: Clock
    private var known: [OAuthGrant: (token: String, until: Milliseconds)] = [:]

    package init(clock: Clock = .system) { self.clock = clock }

    package func access(_ grant: OAuthGrant) async throws(Failure) -> Access {
        if let entry = known[grant], entry.until > clock.now() { return Access(token: entry.token, renewed: nil) }
        let answer = try await OAuthTokenRefresher.refresh(
            tokenURL: grant.tokenURL, clientID: grant.clientID, clientSecret: grant.clientSecret,
            refreshToken: grant.refreshToken)
        var current = grant
        if let fresh = answer.refreshToken { current.refreshToken = fresh }
        known[grant] = nil
        known[current] = (answer.accessToken, clock.now() + Milliseconds(answer.expiresIn - 60) * 1000)
        return Access(token: answer.accessToken, renewed: current == grant ? nil : current)
    }

    /// After a refused sign-in: the next one asks anew.
    package func forget(_ grant: OAuthGrant) { known[grant] = nil }
}
