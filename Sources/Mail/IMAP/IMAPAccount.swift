import Foundation

/// A mailbox on another server, and how we prove who we are.
package struct IMAPAccount: Sendable {
    /// How the connection is protected; with `startTLS` and `tls` nothing is sent in clear text.
    package enum Security: String, Sendable { case tls, startTLS = "starttls", none }

    package enum Secret: Sendable {
        case password(String)
        /// An access token of OAuth 2, sent as a bearer.
        case bearer(String)
    }

    package var host: String
    package var port: Int
    package var security: Security
    package var login: String
    package var secret: Secret
    /// Authorities to trust in place of the system's, PEM.
    package var caFile: String?

    package init(
        host: String, port: Int, security: Security, login: String, secret: Secret, caFile: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.secret = secret
        self.caFile = caFile
    }

    /// What libcurl connects to, with a slash at the end.
    var curlURL: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(security == .tls ? "imaps" : "imap")://\(shown):\(port)/"
    }
}

/// A message as the server gave it.
package enum IMAPMessage: Sendable, Equatable {
    case memory([UInt8])
    /// A new file in the spool folder; whoever asked removes it.
    case file(URL)
}
