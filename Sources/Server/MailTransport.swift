import Base
import Foundation
import Mail
import Outbox

/// libcurl's client as the outbox's transport, with a token of OAuth 2 where one is wanted.
enum MailTransport {
    /// True when the server mail leaves by can be spoken to now.
    static func answers(_ services: Services) async -> Bool {
        guard let server = try? await services.serverInUse() else { return false }
        return await SMTPClient(server: server, timeoutSeconds: 5).test() == nil
    }

    /// By the server that is chosen on the pages, else by the configuration's.
    static func make(_ services: Services) throws(Failure) -> Transport {
        let configured = services.settings.sendsMail ? try services.smtpServer : nil
        let sign = SMTPSignIn(services.settings)
        return Transport { message, sender, recipients in
            do {
                if let used = try await services.usedServer() {
                    return await SMTPClient(server: used).send(message, sender: sender, recipients: recipients)
                        .map(outcome)
                }
                guard let configured else {
                    return recipients.map { _ in .refused(reply: "--smtp none", isPermanent: true) }
                }
                return try await sign.signedIn(to: configured) { server in
                    await SMTPClient(server: server).send(message, sender: sender, recipients: recipients)
                }.map(outcome)
            } catch {
                // Nothing was handed over, and it says nothing about the mail.
                let key = (error as? Failure)?.messageKey ?? "error-internal"
                let reply = "454 4.7.0 no access token: \(key)"
                return recipients.map { _ in RecipientOutcome.refused(reply: reply, isPermanent: false) }
            }
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

    /// Sends with the access token of now. A token that was given up before its time is refused at the sign-in, before
    /// anything was handed over: it is forgotten, and a new one tried, once.
    func signedIn(
        to configured: SMTPServer, send: (SMTPServer) async -> [SMTPRecipientOutcome]
    ) async throws(Failure) -> [SMTPRecipientOutcome] {
        let outcomes = await send(try await server(configured))
        guard let file, !outcomes.isEmpty, outcomes.allSatisfy(Self.isSignInRefused),
            let text = try? String(contentsOfFile: file, encoding: .utf8)
        else { return outcomes }
        await tokens.forget(try OAuthGrant(json: text))
        return await send(try await server(configured))
    }

    /// RFC 4954: 535 for credentials that are refused, 534 and 454 around them.
    private static func isSignInRefused(_ outcome: SMTPRecipientOutcome) -> Bool {
        guard case .refused(let reply, isPermanent: false) = outcome else { return false }
        return reply.hasPrefix("535") || reply.hasPrefix("534")
    }

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
