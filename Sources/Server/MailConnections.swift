import Base
import Correspondence
import Foundation
import Mail
import Storage

/// Connections to mail servers of others, as they are set up now.
extension Services {
    /// The server of the configuration for mail that leaves.
    var smtpServer: SMTPServer {
        get throws(Failure) { try SMTPServer(url: settings.smtp, caFile: settings.smtpCAFile) }
    }

    /// The one chosen on the pages; nil for the configuration's.
    func usedServer() async throws -> SMTPServer? {
        try await database.read { [mailServers, caFile = settings.smtpCAFile] db in
            try mailServers.usedConnection(caFile: caFile, in: db)
        }
    }

    /// `HOST:PORT` for the pages.
    var configuredServer: String { (try? smtpServer).map { "\($0.host):\($0.port)" } ?? "–" }

    var connectionTesting: ConnectionTesting {
        ConnectionTesting(
            database: database, jobs: stores.jobs, servers: mailServers, clock: clock, caFile: settings.smtpCAFile
        ) { mailbox in
            do {
                let session = IMAPSession(account: try await account(of: mailbox), timeoutSeconds: 8)
                _ = try await session.examine(mailbox.folder)
                return nil
            } catch { return error as? Failure ?? Failure(.internal, "error-internal") }
        }
    }

    /// How to get into a mailbox, with its secret opened.
    func account(of mailbox: Mailbox) async throws -> IMAPAccount {
        let secret = try await database.read { [mailboxes] db in
            try mailboxes.secret(of: mailbox.id, in: db)
        }
        let security: IMAPAccount.Security =
            switch mailbox.security {
            case .tls: .tls
            case .startTLS: .startTLS
            case .none: .none
            }
        return IMAPAccount(
            host: mailbox.host, port: mailbox.port, security: security, login: mailbox.login,
            secret: try await credential(secret, mailbox.secretKind), caFile: settings.smtpCAFile)
    }

    /// A password, an access token, or what a refresh grant gives for one.
    private func credential(_ secret: String, _ kind: Mailbox.SecretKind) async throws -> IMAPAccount.Secret {
        guard kind == .oauth else { return .password(secret) }
        guard secret.hasPrefix("{") else { return .bearer(secret) }
        let grant = try JSONDecoder().decode(RefreshGrant.self, from: Data(secret.utf8))
        let answer = try await OAuthTokenRefresher.refresh(
            tokenURL: grant.tokenURL, clientID: grant.clientID, clientSecret: grant.clientSecret,
            refreshToken: grant.refreshToken)
        return .bearer(answer.accessToken)
    }
}

/// What `mailbox add --oauth` reads.
private struct RefreshGrant: Decodable {
    var tokenURL: String
    var clientID: String
    var clientSecret: String
    var refreshToken: String
}
