import Base
import Mail

/// The header of a letter of ours: who it is from, how an answer finds back.
struct Letter: Sendable {
    let queue: Queue
    let tokens: MailTokens
    /// Which of the queue's addresses it comes from; empty for the first.
    var from = ""

    /// The subject with the ticket's number and mark, once.
    func subject(_ subject: String, number: String) -> String {
        if subject.contains(number) { return subject }
        return "\(subject) [#\(number)-\(tokens.subjectMark(number: number))]"
    }

    /// Fills in From, Reply-To, Message-ID; throws `refused` for a queue without an address.
    func begin(ticket: ID, message: ID, at: Milliseconds) throws(Failure) -> OutgoingMessage {
        guard let address = try sender, let (_, domain) = EmailAddress.parts(address) else {
            throw Failure(.refused, "queue-without-address", arguments: [queue.name])
        }
        var letter = OutgoingMessage(
            from: MailAddress(name: queue.displayName, address: address), to: [], subject: "", date: at,
            messageID: "m-\(tokens.make(.message, message))@\(domain)", text: "")
        if let reply = queue.plusAddress(tokens.make(.reply, ticket), of: address) {
            letter.replyTo = [MailAddress(name: queue.displayName, address: reply)]
        }
        return letter
    }

    /// The signed envelope sender that bounces come back to; the queue's address without plus-addresses.
    func bounceAddress(outbox: ID) -> String {
        let address = (try? sender) ?? queue.address ?? ""
        return queue.plusAddress("b-" + tokens.make(.bounce, outbox), of: address) ?? address
    }

    /// The address it comes from; `invalid` when the queue has lost it meanwhile.
    private var sender: String? {
        get throws(Failure) {
            if from.isEmpty { return queue.address }
            guard queue.sendingAddresses.contains(from) else {
                throw Failure(.invalid, "draft-from-invalid", arguments: [from])
            }
            return from
        }
    }

    /// A name somebody else chose, fit for a header: one line, no control characters, not endless.
    static func headerName(_ name: String) -> String {
        var out = ""
        for scalar in name.unicodeScalars where out.utf8.count < 500 {
            let isBad =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}"
                || scalar == "\u{2029}"
            out.unicodeScalars.append(isBad ? " " : scalar)
        }
        return out
    }
}
