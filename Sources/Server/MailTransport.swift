import Base
import Foundation
import Mail
import Outbox

/// libcurl's client as the outbox's transport, with a token of OAuth 2 where one is wanted.
enum MailTransport {
    /// True when the sending server can be spoken to now.
    static func answers(_ settings: Settings) async -> Bool {
        guard settings.sendsMail, let plain = try? SMTPServer(url: settings.smtp, caFile: settings.smtpCAFile),
            let server = try? await SMTPSignIn(settings).server(plain)
        else { return false }
        return await SMTPClient(server: server, timeoutSeconds: 5).test() == nil
    }

    /// By the server that is chosen on the pages, else by the configuration's.
    static func make(_ services: Services) throws(Failure) -> Transport {
        guard services.settings.sendsMail else {
            return Transport { _, _, recipients in
                recipients.map { _ in .refused(reply: "--smtp none", isPermanent: true) }
            }
        }
        let server = try services.smtpServer
        let sign = SMTPSignIn(services.settings)
        return Transport { message, sender, recipients in
            let ready: SMTPServer
            do {
                if let used = try await services.usedServer() {
                    ready = used
                } else {
                    ready = try await sign.server(server)
                }
            } catch {
                // Nothing was handed over, and it says nothing about the mail.
                let key = (error as? Failure)?.messageKey ?? "error-internal"
                let reply = "454 4.7.0 no access token: \(key)"
                return recipients.map { _ in RecipientOutcome.refused(reply: reply, isPermanent: false) }
            }
            return await SMTPClient(server: ready).send(message, sender: sender, recipients: recipients).map(outcome)
        }
    }

    private static func outcome(_ outcome: SMTPRecipientOutcome) -> RecipientOutcome {
        switch outcome {
        case .accepted(let reply): .accepted(reply: reply)
        case .refused(let reply, let isPermanent): .refused(reply: reply, isPermanent: isPermanent)
        case .inDoubt(let reply): .inDoubt(reply: reply)
        }
    }
}

/// Signs in to the server of outgoing mail by a grant of OAuth 2 kept in a file; a refresh token that the server
/// replaces is written back, with mode 0600.
struct SMTPSignIn: Sendable {
    private let file: String?
    private let tokens = OAuthTokens()

    init(_ settings: Settings) { file = settings.smtpOAuthFile }

    /// The server with the access token of now.
    func server(_ server: SMTPServer) async throws(Failure) -> SMTPServer {
        guard let file else { return server }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Failure(.configuration, "error-configuration", details: "\(file) cannot be read")
        }
        let access = try await tokens.access(try OAuthGrant(json: text))
        if let renewed = access.renewed { try keep(renewed, in: file) }
        var server = server
        server.oauthToken = access.token
        return server
    }

    private func keep(_ grant: OAuthGrant, in file: String) throws(Failure) {
        do {
            let fresh = file + ".new"
            let isMade = FileManager.default.createFile(
                atPath: fresh, contents: Data(grant.json.utf8), attributes: [.posixPermissions: 0o600])
            guard isMade, rename(fresh, file) == 0 else {
                throw Failure(.full, "error-full", details: "\(file) cannot be written")
            }
        } catch let failure as Failure { throw failure } catch {
            throw Failure(.full, "error-full", details: "\(file) cannot be written")
        }
    }
}
