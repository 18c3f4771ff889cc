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
    func begin(ticket: ID, message: ID) throws(Failure) -> OutgoingMessage {
        guard let address = queue.address, let (_, domain) = EmailAddress.parts(address) else {
            throw Failure(.refused, "queue-without-address", arguments: [queue.name])
        }
        var letter = OutgoingMessage()
        letter.from = MailAddress(name: queue.displayName, address: address)
        letter.replyTo = queue.plusAddress(tokens.make(.reply, ticket)).map { MailAddress(name: queue.displayName, address: $0) }
        letter.messageID = "m-\(tokens.make(.message, message))@\(domain)"
        return letter
    }

    /// The signed envelope sender that bounces come back to; the queue's address without plus-addresses.
    func bounceAddress(outbox: ID) -> String {
        queue.plusAddress("b-" + tokens.make(.bounce, outbox)) ?? queue.address ?? ""
    }
}
