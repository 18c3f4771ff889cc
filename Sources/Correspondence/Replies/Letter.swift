import Base
import Mail

/// The header of a letter of ours: who it is from, how an answer finds back.
struct Letter: Sendable {
    let queue: Queue
    let tokens: MailTokens

    /// The subject with the ticket's number and mark, once.
    func subject(_ subject: String, number: String) -> String {
        if subject.contains(number) { return subject }
        return "\(subject) [#\(number)-\(tokens.subjectMark(number: number))]"
    }

    /// Fills in From, Reply-To, Message-ID; throws `refused` for a queue without an address.
    func begin(ticket: ID, message: ID, at: Milliseconds) throws(Failure) -> OutgoingMessage {
        guard let address = queue.address, let (_, domain) = EmailAddress.parts(address) else {
            throw Failure(.refused, "queue-without-address", arguments: [queue.name])
        }
        var letter = OutgoingMessage(
            from: MailAddress(name: queue.displayName, address: address), to: [], subject: "", date: at,
            messageID: "m-\(tokens.make(.message, message))@\(domain)", text: "")
        if let reply = queue.plusAddress(tokens.make(.reply, ticket)) {
            letter.replyTo = [MailAddress(name: queue.displayName, address: reply)]
        }
        return letter
    }

    /// The signed envelope sender that bounces come back to; the queue's address without plus-addresses.
    func bounceAddress(outbox: ID) -> String {
        queue.plusAddress("b-" + tokens.make(.bounce, outbox)) ?? queue.address ?? ""
    }

    /// The new words of the message that is answered, marked as quoted; at most 4,000 characters of it.
    static func quote(_ message: Message) -> String {
        guard message.direction == .incoming, !message.newText.isEmpty else { return "" }
        let who = message.fromName.isEmpty ? message.fromAddress : message.fromName
        let lines = message.newText.prefix(4000).split(separator: "\n", omittingEmptySubsequences: false)
        let day = ISO8601.string(message.sentAt).prefix(10)
        return "\n\n\(who), \(day):\n" + lines.map { $0.isEmpty ? ">" : "> \($0)" }.joined(separator: "\n")
    }
}
