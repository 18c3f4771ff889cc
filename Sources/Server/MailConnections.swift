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

    /// The one mail leaves by now, with an access token where the configuration's wants one.
    func serverInUse() async throws -> SMTPServer {
        if let used = try await usedServer() { return used }
        guard settings.sendsMail else { throw Failure(.configuration, "check-server-off") }
        return try await SMTPSignIn(settings).server(try smtpServer)
    }

    /// `HOST:PORT` for the pages.
    var configuredServer: String { (try? smtpServer).map { "\($0.host):\($0.port)" } ?? "–" }

    var connectionTesting: ConnectionTesting {
        let tokens = OAuthTokens(clock: clock)
        return ConnectionTesting(
            database: database, jobs: stores.jobs, servers: mailServers, clock: clock, caFile: settings.smtpCAFile
        ) { mailbox in
            do {
                let session = IMAPSession(account: try await account(of: mailbox, tokens), timeoutSeconds: 8)
                _ = try await session.examine(mailbox.folder)
                return nil
            } catch { return error as? Failure ?? Failure(.internal, "error-internal") }
        }
    }

    /// How to get into a mailbox, with its secret opened.
    func account(of mailbox: Mailbox, _ tokens: OAuthTokens) async throws -> IMAPAccount {
        let secret = try await database.read { [mailboxes] db in try mailboxes.secret(of: mailbox.id, in: db) }
        let security: IMAPAccount.Security =
            switch mailbox.security {
            case .tls: .tls
            case .startTLS: .startTLS
            case .none: .none
            }
        return IMAPAccount(
            host: mailbox.host, port: mailbox.port, security: security, login: mailbox.login,
            secret: try await credential(secret, mailbox, tokens), caFile: settings.smtpCAFile)
    }

    /// After a refused sign-in: the next one asks for a new access token.
    func forgetToken(of mailbox: Mailbox, _ tokens: OAuthTokens) async throws {
        let secret = try await database.read { [mailboxes] db in try mailboxes.secret(of: mailbox.id, in: db) }
        if secret.hasPrefix("{") { await tokens.forget(try OAuthGrant(json: secret)) }
    }

    /// A password, an access token, or what a refresh grant gives for one.
    private func credential(
        _ secret: String, _ mailbox: Mailbox, _ tokens: OAuthTokens
    ) async throws -> IMAPAccount.Secret {
        guard mailbox.secretKind == .oauth else { return .password(secret) }
        guard secret.hasPrefix("{") else { return .bearer(secret) }
        let access = try await tokens.access(try OAuthGrant(json: secret))
        if let renewed = access.renewed {
            try await database.write { [mailboxes] db in
                try mailboxes.setSecret(renewed.json, of: mailbox.id, in: db)
            }
        }
        return .bearer(access.token)
    }
}
