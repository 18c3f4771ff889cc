import Base
import Mail
import Text

/// Signs in a mail that point to a ticket, before the store is asked.
struct MailEvidence: Sendable, Equatable {
    /// Tickets named by a reply token in an address, or by the mark in the subject.
    var ticketTokens: [ID] = []
    /// Ticket numbers whose mark in the subject is ours.
    var markedNumbers: [String] = []
    /// Messages of ours named by the token in a Message-ID.
    var messageTokens: [ID] = []
    /// The outbox row a bounce came back for.
    var bounced: ID?
    /// Message-IDs it answers or names, nearest first.
    var references: [String] = []
    /// Ticket numbers in the subject.
    var numbers: [String] = []

    init(_ parsed: ParsedMessage, recipient: String, tokens: MailTokens) {
        // Mail that was fetched has no recipient of its own; a bounce then shows in To where it was sent.
        for address in [recipient] + (parsed.to + parsed.cc).map(\.address) {
            let tag = PlusAddress(address).tag
            if let ticket = tokens.verify(.reply, tag) { ticketTokens.append(ticket) }
            if tag.hasPrefix("b-") { bounced = bounced ?? tokens.verify(.bounce, tag.dropFirst(2)) }
        }
        var seen: Set<String> = []
        references = (parsed.inReplyTo + parsed.references.reversed()).filter { seen.insert($0).inserted }
        references = Array(references.prefix(100))
        for reference in references {
            let local = reference.prefix { $0 != "@" }
            if local.hasPrefix("m-"), let message = tokens.verify(.message, local.dropFirst(2).lowercased()) {
                messageTokens.append(message)
            }
        }
        numbers = TicketNumber.find(in: parsed.subject)
        markedNumbers = numbers.filter { number in
            Self.marks(after: number, in: parsed.subject).contains { tokens.verifySubjectMark($0, number: number) }
        }
    }

    /// The twelve characters after `NUMBER-`.
    private static func marks(after number: String, in subject: String) -> [String] {
        subject.ranges(of: number + "-").map { String(subject[$0.upperBound...].prefix(12)) }
    }
}

/// What trusted servers said about where a mail came from (RFC 8601).
enum SenderAuthentication {
    /// True when the topmost result of a trusted server says that the domain's policy failed.
    static func isForged(_ results: [String], trusted: Set<String>) -> Bool {
        guard !trusted.isEmpty else { return false }
        let own = results.first { result in
            let server = result.prefix { $0 != ";" }.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            return trusted.contains(server.lowercased())
        }
        guard let own = own?.lowercased() else { return false }
        if own.contains("dmarc=pass") { return false }
        if own.contains("dmarc=fail") { return true }
        return own.contains("spf=fail") && !own.contains("dkim=pass")
    }
}
