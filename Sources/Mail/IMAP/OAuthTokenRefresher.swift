import Base
import CCurl
import Foundation

/// Gets access tokens of OAuth 2 by the refresh-token grant (RFC 6749, 6).
package enum OAuthTokenRefresher {
    private static let answerLimit = 1 << 16

    private struct Answer: Decodable {
        let access_token: String
        let expires_in: Int?
        let refresh_token: String?
    }

    private struct Problem: Decodable { let error: String }

    /// What the server of sign-ins gave.
    package struct Token: Sendable {
        package var accessToken: String
        /// Seconds.
        package var expiresIn: Int
        /// A new one, where the server replaces the old at each use.
        package var refreshToken: String?
    }

    /// A token and the seconds it is good for. `.refused` means that a person has to allow access anew.
    package static func refresh(
        tokenURL: String, clientID: String, clientSecret: String?, refreshToken: String
    ) async throws(Failure) -> Token {
        var fields = [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", clientID)]
        if let clientSecret { fields.append(("client_secret", clientSecret)) }
        let form = fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
        guard isAllowed(tokenURL) else { throw Failure(.configuration, "oauth-url-invalid") }
        let thread = OwnerThread("oauth") { EasyHandle() }
        return try await thread.attempt { easy throws(Failure) in try post(form, to: tokenURL, easy) }
    }

    private static func post(
        _ form: String, to url: String, _ easy: EasyHandle
    ) throws(Failure) -> Token {
        var answer: [UInt8] = []
        easy.onBody = { bytes in
            answer.append(contentsOf: bytes)
            return answer.count <= answerLimit
        }
        easy.set(CURLOPT_URL, url)
        easy.set(CURLOPT_PROTOCOLS_STR, "https,http")
        easy.set(CURLOPT_TIMEOUT, 60)
        easy.set(CURLOPT_COPYPOSTFIELDS, form)
        easy.set(CURLOPT_HTTPHEADER, list: ["Accept: application/json"])
        let outcome = easy.perform()
        guard outcome.isDone else { throw Failure.connecting("oauth", outcome) }
        return try read(Data(answer), status: easy.status)
    }

    private static func read(_ answer: Data, status: Int) throws(Failure) -> Token {
        let decoder = JSONDecoder()
        if status == 200, let good = try? decoder.decode(Answer.self, from: answer), !good.access_token.isEmpty {
            return Token(
                accessToken: good.access_token, expiresIn: good.expires_in ?? 3600, refreshToken: good.refresh_token)
        }
        let word = (try? decoder.decode(Problem.self, from: answer))?.error ?? ""
        let details = "status \(status) \(word.prefix(60))"
        throw (400..<500).contains(status) && status != 429
            ? Failure(.refused, "oauth-refused", details: details)
            : Failure(.unavailable, "oauth-unreachable", details: details)
    }

    /// Secrets travel by HTTPS, or on this machine.
    private static func isAllowed(_ url: String) -> Bool {
        guard let parts = URLComponents(string: url), let host = parts.host else { return false }
        return parts.scheme == "https"
            || (parts.scheme == "http" && ["127.0.0.1", "[::1]", "localhost"].contains(host))
    }

    private static func encoded(_ value: String) -> String {
        value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static var unreserved: CharacterSet {
        CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    }
}
