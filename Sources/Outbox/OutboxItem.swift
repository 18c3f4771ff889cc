import Base

/// How far a mail of ours has come. Legal ways: queued → handing-over → handed-over | in-doubt | failed | queued again;
/// queued → cancelled (undo); in-doubt | failed → queued (by a person).
package enum OutboxState: String, Sendable {
    case queued
    /// Between our decision to send and the other side's answer; after a crash nobody knows.
    case handingOver = "handing-over"
    case handedOver = "handed-over"
    case inDoubt = "in-doubt"
    case failed
    case cancelled
}

/// What became of one recipient.
package enum RecipientState: String, Sendable {
    case waiting, accepted, refused, inDoubt = "in-doubt", bounced
}

/// Why a mail is sent.
package enum OutboxKind: String, Sendable {
    /// `forward` is a letter of ours to somebody else about the matter, `redirect` a mail sent on as it came.
    case answer, acknowledgement, forward, redirect
    /// To a member, about their account or their work; belongs to no queue.
    case notice
}

/// One mail on its way out.
package struct OutboxItem: Sendable, Equatable {
    package var id: ID
    package var kind: OutboxKind
    /// Nil for notices only.
    package var queue: ID?
    package var ticket: ID?
    package var message: ID?
    package var raw: ID
    /// Fixed when queued; the same at every attempt.
    package var headerID: String
    /// Envelope sender; empty for automatic answers.
    package var sender: String
    package var state: OutboxState
    package var notBefore: Milliseconds
    package var recipients: [OutboxRecipient]

    package init(
        id: ID, kind: OutboxKind, queue: ID?, ticket: ID?, message: ID?, raw: ID, headerID: String, sender: String,
        state: OutboxState, notBefore: Milliseconds, recipients: [OutboxRecipient]
    ) {
        self.id = id
        self.kind = kind
        self.queue = queue
        self.ticket = ticket
        self.message = message
        self.raw = raw
        self.headerID = headerID
        self.sender = sender
        self.state = state
        self.notBefore = notBefore
        self.recipients = recipients
    }
}

package struct OutboxRecipient: Sendable, Equatable {
    package var address: String
    package var state: RecipientState
    /// What the other server said.
    package var reply: String

    package init(address: String, state: RecipientState, reply: String) {
        self.address = address
        self.state = state
        self.reply = reply
    }
}

/// What an MTA said of one recipient.
package enum RecipientOutcome: Sendable, Equatable {
    case accepted(reply: String)
    case refused(reply: String, isPermanent: Bool)
    /// The connection was lost after the final dot.
    case inDoubt(reply: String)
}

/// How mail leaves: bytes, envelope sender, recipients → an outcome per recipient, in order.
package struct Transport: Sendable {
    package let send: @Sendable ([UInt8], String, [String]) async -> [RecipientOutcome]

    package init(send: @escaping @Sendable ([UInt8], String, [String]) async -> [RecipientOutcome]) { self.send = send }
}
