import Base
import CCurl
import Foundation

/// One connection to a server and the mail that goes over it. Blocks; stays on its thread.
final class SMTPConversation {
    private let server: SMTPServer
    private let easy = EasyHandle()
    private var transcript = SMTPTranscript()
    /// True once libcurl was given the last byte: from then on the final dot may be on its way.
    private var isAllHandedOver = false

    init(server: SMTPServer, timeoutSeconds: Int) {
        self.server = server
        setUp(timeoutSeconds: timeoutSeconds)
        easy.onLine = { [unowned self] line in
            switch line {
            case .sent(let bytes): transcript.sent(bytes)
            case .received(let bytes): transcript.received(bytes)
            }
        }
    }

    func test() -> Failure? {
        let outcome = probe()
        guard !transcript.wasProbed else { return nil }
        let failure = Failure.connecting("smtp", outcome)
        guard let refusal = transcript.refusal else { return failure }
        let key = refusal.stage == .authentication ? failure.messageKey : "smtp-refused"
        return Failure(.refused, key, arguments: [refusal.reply.text], details: failure.details)
    }

    func hand(_ message: [UInt8], sender: String, recipients: [String]) -> [SMTPRecipientOutcome] {
        let connecting = probe()
        guard transcript.wasProbed else { return recipients.map { _ in early(connecting) } }
        let content = SMTPContent.normalised(message)
        var outcomes = recipients.map { obstacle(sender: sender, recipient: $0, size: content.count) }
        let open = recipients.indices.filter { outcomes[$0] == nil }
        if !open.isEmpty {
            let outcome = transfer(content, sender: sender, recipients: open.map { recipients[$0] })
            for (place, index) in open.enumerated() { outcomes[index] = result(place, outcome) }
        }
        return outcomes.compactMap { $0 }
    }

    private func setUp(timeoutSeconds: Int) {
        easy.set(CURLOPT_URL, server.curlURL)
        easy.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_USE_SSL, Int(server.security == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        easy.set(CURLOPT_CONNECTTIMEOUT, min(timeoutSeconds, 30))
        easy.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, timeoutSeconds)
        easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        easy.set(CURLOPT_LOW_SPEED_TIME, timeoutSeconds)
        if let caFile = server.caFile { easy.set(CURLOPT_CAINFO, caFile) }
        if let user = server.user { easy.set(CURLOPT_USERNAME, user) }
        if let token = server.oauthToken {
            easy.set(CURLOPT_XOAUTH2_BEARER, token)
        } else if let password = server.password {
            easy.set(CURLOPT_PASSWORD, password)
        }
    }

    /// Greeting, EHLO, STARTTLS, sign-in, NOOP.
    private func probe() -> EasyHandle.Outcome {
        easy.set(CURLOPT_NOBODY, 1)
        easy.set(CURLOPT_CUSTOMREQUEST, "NOOP")
        return easy.perform()
    }

    /// What speaks against a recipient before a word is said about it.
    private func obstacle(sender: String, recipient: String, size: Int) -> SMTPRecipientOutcome? {
        guard !recipient.isEmpty, [sender, recipient].allSatisfy(Self.isSafe) else {
            return .refused(reply: "553 5.1.3 not an address of mail", isPermanent: true)
        }
        let isInternational = [sender, recipient].contains { $0.utf8.contains { $0 > 127 } }
        if isInternational, transcript.extensions["SMTPUTF8"] == nil {
            return .refused(
                reply: "553 5.6.7 the mail server does not take addresses beyond ASCII (no SMTPUTF8)", isPermanent: true
            )
        }
        if let limit = transcript.extensions["SIZE"].flatMap({ Int($0) }), limit > 0, size > limit {
            return .refused(
                reply: "552 5.3.4 the mail has \(size) bytes, the mail server takes \(limit)", isPermanent: true)
        }
        return nil
    }

    /// Nothing that would end the command or the path in it.
    private static func isSafe(_ address: String) -> Bool {
        address.unicodeScalars.allSatisfy { scalar in
            scalar.value > 32 && scalar != "<" && scalar != ">" && scalar.properties.generalCategory != .control
        }
    }

    private func transfer(_ content: [UInt8], sender: String, recipients: [String]) -> EasyHandle.Outcome {
        let socket = easy.socket
        var at = 0
        easy.onRead = { [unowned self] buffer in
            let count = min(buffer.count, content.count - at)
            let isLast = at + count == content.count
            if isLast, !isAllHandedOver, let socket, Self.isHungUp(socket) { return nil }
            content.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[at..<(at + count)])) }
            at += count
            if isLast { isAllHandedOver = true }
            return count
        }
        easy.set(CURLOPT_CUSTOMREQUEST, nil)
        easy.set(CURLOPT_NOBODY, 0)
        easy.set(CURLOPT_UPLOAD, 1)
        easy.set(CURLOPT_INFILESIZE_LARGE, size: content.count)
        easy.set(CURLOPT_MAIL_FROM, sender)
        easy.set(CURLOPT_MAIL_RCPT, list: recipients)
        easy.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
        return easy.perform()
    }

    /// True when the peer has closed its side: what we send now it will not answer.
    private static func isHungUp(_ socket: Int32) -> Bool {
        let ended = Int16(POLLHUP) | Int16(POLLERR) | Int16(0x2000)  // POLLRDHUP, Linux
        var entry = pollfd(fd: socket, events: ended, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & ended != 0
    }

    private func early(_ outcome: EasyHandle.Outcome) -> SMTPRecipientOutcome {
        guard let refusal = transcript.refusal else { return lost(outcome) }
        let isPermanent = refusal.reply.isPermanent && refusal.stage != .authentication
        return .refused(reply: refusal.reply.text, isPermanent: isPermanent)
    }

    private func result(_ place: Int, _ outcome: EasyHandle.Outcome) -> SMTPRecipientOutcome {
        guard place < transcript.recipients.count else { return early(outcome) }
        let own = transcript.recipients[place]
        guard own.isPositive else { return .refused(reply: own.text, isPermanent: own.isPermanent) }
        if let verdict = transcript.verdict {
            if verdict.isPositive { return .accepted(reply: verdict.text) }
            if verdict.code >= 400 { return .refused(reply: verdict.text, isPermanent: verdict.isPermanent) }
            return .inDoubt(reply: verdict.text)
        }
        if isAllHandedOver, transcript.stage == .content { return .inDoubt(reply: words(outcome)) }
        return early(outcome)
    }

    private func lost(_ outcome: EasyHandle.Outcome) -> SMTPRecipientOutcome {
        .refused(reply: words(outcome), isPermanent: false)
    }

    private func words(_ outcome: EasyHandle.Outcome) -> String {
        let code = outcome.code == CURLE_COULDNT_RESOLVE_HOST ? "451 4.4.3" : "451 4.4.2"
        return "\(code) curl \(outcome.code.rawValue): \(outcome.words)"
    }
}
