import Base
import CCurl

/// What became of a mail for one recipient.
package enum SMTPRecipientOutcome: Sendable, Equatable {
    /// The server took responsibility.
    case accepted(reply: String)
    /// The server, or the way to it, said no; nothing was handed over.
    case refused(reply: String, isPermanent: Bool)
    /// The whole mail may have been taken, but no answer came (RFC 1047).
    case inDoubt(reply: String)
}

/// Hands mail to an MTA over libcurl, each mail on a thread and a connection of its own.
///
/// 1. Connect, protect, sign in, NOOP: the EHLO answer says what the server can do.
/// 2. Recipients it could not take (beyond ASCII without SMTPUTF8) are refused here, all if the mail is over SIZE.
/// 3. MAIL, RCPT each, DATA, content. A server that hung up before the last byte has nothing; once the last byte left
///    without an answer, the mail is in doubt.
///
/// A refused sign-in or missing TLS is temporary: it says nothing about the mail.
package struct SMTPClient: Sendable {
    private let server: SMTPServer
    private let timeoutSeconds: Int

    /// The time-out is for each answer, and for a connection on which nothing moves.
    package init(server: SMTPServer, timeoutSeconds: Int = 120) {
        self.server = server
        self.timeoutSeconds = timeoutSeconds
    }

    /// One outcome for each recipient, in their order. An empty sender is the null sender of bounces.
    package func send(_ message: [UInt8], sender: String, recipients: [String]) async -> [SMTPRecipientOutcome] {
        guard !recipients.isEmpty else { return [] }
        let (server, timeoutSeconds) = (server, timeoutSeconds)
        let thread = OwnerThread("smtp") { SMTPConversation(server: server, timeoutSeconds: timeoutSeconds) }
        return await thread.run { $0.hand(message, sender: sender, recipients: recipients) }
    }

    /// Connects and signs in, sends nothing. Nil when all is well.
    package func test() async -> Failure? {
        let (server, timeoutSeconds) = (server, timeoutSeconds)
        let thread = OwnerThread("smtp-test") { SMTPConversation(server: server, timeoutSeconds: timeoutSeconds) }
        return await thread.run { $0.test() }
    }
}

extension Failure {
    /// Why a server of mail could not be used; `area` is the first word of the message key.
    static func connecting(_ area: String, _ outcome: EasyHandle.Outcome) -> Failure {
        let details = "curl \(outcome.code.rawValue): \(outcome.words)"
        switch outcome.code {
        case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: return Failure(.refused, "\(area)-sign-in-refused", details: details)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_USE_SSL_FAILED:
            return Failure(.unavailable, "\(area)-tls-failed", details: details)
        default: return Failure(.unavailable, "\(area)-unreachable", details: details)
        }
    }
}
