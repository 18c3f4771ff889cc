import Base
import Foundation

/// The server that takes our mail, and how we prove who we are.
package struct SMTPServer: Sendable {
    /// How the connection is protected; with `startTLS` and `tls` nothing is sent in clear text.
    package enum Security: String, Sendable { case none, startTLS = "starttls", tls }

    package var host: String
    package var port: Int
    package var security: Security
    package var user: String?
    package var password: String?
    /// An access token in place of the password.
    package var oauthToken: String?
    /// Authorities to trust in place of the system's, PEM.
    package var caFile: String?

    package init(
        host: String, port: Int, security: Security, user: String? = nil, password: String? = nil,
        oauthToken: String? = nil, caFile: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.oauthToken = oauthToken
        self.caFile = caFile
    }

    /// `smtp://user:password@host:port?tls=none|start` or `smtps://…`. Without `tls=`, a server on this machine is
    /// spoken to in clear text and every other by STARTTLS.
    package init(url: String, caFile: String? = nil) throws(Failure) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), scheme == "smtp" || scheme == "smtps",
            parts.path.isEmpty || parts.path == "/"
        else { throw Self.invalidURL }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.init(
            host: bare, port: parts.port ?? (scheme == "smtps" ? 465 : 25),
            security: try Self.security(scheme: scheme, host: bare, items: parts.queryItems ?? []),
            user: parts.user, password: parts.password, caFile: caFile)
    }

    private static func security(
        scheme: String, host: String, items: [URLQueryItem]
    ) throws(Failure) -> Security {
        guard items.allSatisfy({ $0.name == "tls" }), items.count <= 1 else {
            throw Self.invalidURL
        }
        guard scheme == "smtp" else {
            guard items.isEmpty else { throw Self.invalidURL }
            return .tls
        }
        switch items.first?.value {
        case "none": return .none
        case "start": return .startTLS
        case nil where items.isEmpty: return isLoopback(host) ? .none : .startTLS
        default: throw Self.invalidURL
        }
    }

    /// Without the address itself: it may hold a password.
    private static var invalidURL: Failure {
        Failure(
            .configuration, "smtp-url-invalid",
            details: "the mail server's address is not smtp://[USER:PASSWORD@]HOST[:PORT][?tls=none|start] or smtps://…"
        )
    }

    private static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        return host == "::1" || host.lowercased() == "localhost"
    }

    /// What libcurl connects to.
    var curlURL: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(shown):\(port)"
    }
}
