import Foundation

@testable import Mail

/// A provider's server of outgoing mail: Postfix, with sign-in by Dovecot, on free ports of loopback.
struct Submission {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../services/submission").standardizedFileURL.path

    /// Tests that need it are skipped where it is missing. Postfix starts as root only.
    static let isInstalled =
        getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/sbin/postfix") && Dovecot.isInstalled

    let folder: URL
    let startPort: Int
    let tlsPort: Int
    let plainPort: Int

    var caFile: String { folder.appending(path: "ca.pem").path }

    /// Starts one, and stops it whatever happens. With `tokensAt`, that address tells whose token of OAuth 2 is whose.
    static func run(tokensAt url: String? = nil, _ body: (Submission) async throws -> Void) async throws {
        try await Dovecot.run(tokensAt: url) { dovecot in
            let folder = URL(filePath: "/tmp/liaison-postfix-\(UUID().uuidString.prefix(8))")
            let ports = Dovecot.freePorts(3)
            let made = Submission(folder: folder, startPort: ports[0], tlsPort: ports[1], plainPort: ports[2])
            try Dovecot.control(
                script, ["start", folder.path] + ports.map(String.init) + [String(dovecot.authPort)])
            do {
                try await body(made)
            } catch {
                try Dovecot.control(script, ["stop", folder.path])
                throw error
            }
            try Dovecot.control(script, ["stop", folder.path])
            try FileManager.default.removeItem(at: folder)
        }
    }

    func server(
        _ security: SMTPServer.Security, host: String = "localhost", user: String? = Dovecot.user,
        password: String? = "secret", token: String? = nil, isAuthorityKnown: Bool = true
    ) -> SMTPServer {
        let port =
            switch security {
            case .none: plainPort
            case .startTLS: startPort
            case .tls: tlsPort
            }
        return SMTPServer(
            host: host, port: port, security: security, user: user, password: token == nil ? password : nil,
            oauthToken: token, caFile: isAuthorityKnown ? caFile : nil)
    }
}
