import Base

/// The mails that a reply answers, and those that came after it was submitted.
struct ReviewQuestion {
    /// More than these are read on the ticket.
    private static let most = 4

    /// Oldest first: what the person wrote since our last answer, or their last mail.
    let answered: [Message]
    let arrived: [Message]

    init(_ review: Review, in messages: [Message]) {
        let sent = review.message.flatMap { id in messages.firstIndex { $0.id == id } }
        let before = messages[..<(sent ?? messages.endIndex)]
        let isEarlier = { (message: Message) in message.createdAt <= review.submittedAt }
        var open: [Message] = []
        for message in before {
            switch message.direction {
            // What a colleague sends while this one waits leaves the question open.
            case .outgoing where isEarlier(message): open = []
            case .incoming: open.append(message)
            default: break
            }
        }
        arrived = review.state == .submitted ? open.filter { !isEarlier($0) } : []
        let answered = review.state == .submitted ? open.filter(isEarlier) : open
        let last = before.last { $0.direction == .incoming && isEarlier($0) }
        self.answered = answered.isEmpty ? [last].compactMap { $0 } : answered.suffix(Self.most)
    }
}
