/// What was said between libcurl and a server, read line by line; pure.
///
/// Stages in their order: greeting, hello (again after STARTTLS), authentication, probe, MAIL, each RCPT, DATA,
/// content.
/// libcurl never sends the next command before the answer, so each answer belongs to the command sent last.
struct SMTPTranscript {
    enum Stage: Equatable {
        case greeting, hello, authentication, probe, sender, recipient, data, content, leaving
    }

    private(set) var stage = Stage.greeting
    /// Words of the last EHLO answer, upper case, with their argument.
    private(set) var extensions: [String: String] = [:]
    private(set) var wasProbed = false
    /// One answer per RCPT, in the order of the recipients.
    private(set) var recipients: [SMTPReply] = []
    /// The refusal that ended it for all, and where it came.
    private(set) var refusal: (stage: Stage, reply: SMTPReply)?
    /// The answer to the content: the only one that says yes.
    private(set) var verdict: SMTPReply?

    private var lines: [[UInt8]] = []

    mutating func sent(_ bytes: [UInt8]) {
        let verb = String(decoding: bytes.prefix(4), as: UTF8.self).uppercased()
        switch verb {
        case "EHLO", "HELO":
            stage = .hello
            extensions = [:]
        case "NOOP": stage = .probe
        case "MAIL": stage = .sender
        case "RCPT": stage = .recipient
        case "DATA": stage = .data
        case "QUIT": stage = .leaving
        default: if stage == .hello || stage == .greeting { stage = .authentication }
        }
    }

    mutating func received(_ line: [UInt8]) {
        guard let code = SMTPReply.code(of: line) else { return }
        lines.append(line)
        let isLast = line.count < 4 || line[3] != UInt8(ascii: "-")
        guard isLast, let reply = SMTPReply(lines: lines) else { return }
        defer { lines = [] }
        take(reply, code)
    }

    private mutating func take(_ reply: SMTPReply, _ code: Int) {
        switch stage {
        case .leaving: return
        case .probe: wasProbed = true
        case .recipient: recipients.append(reply)
        case .content: if verdict == nil { verdict = reply }
        case .hello where reply.isPositive:
            readExtensions()
            refusal = nil
        case .data where code == 354: stage = .content
        default: refusal = code >= 400 ? (stage, reply) : nil
        }
    }

    private mutating func readExtensions() {
        for line in lines.dropFirst() {
            let words = String(decoding: line.dropFirst(4), as: UTF8.self)
                .split(whereSeparator: { $0.isWhitespace || $0 == "\r\n" })
            guard let name = words.first else { continue }
            extensions[name.uppercased()] = words.dropFirst().joined(separator: " ")
        }
    }
}
