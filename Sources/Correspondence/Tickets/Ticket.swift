import Base

/// Where a ticket stands.
package enum TicketState: String, Sendable, CaseIterable {
    case new, open, waiting, answered, closed, junk

    /// Whether somebody at the desk has something to do.
    package var isOpen: Bool { self == .new || self == .open }
}

/// How a closed ticket ended.
package enum Outcome: String, Sendable, CaseIterable {
    case successful, unsuccessful
    case noReply = "no-reply"
}

/// One matter of one or more people, with all its messages.
package struct Ticket: Sendable, Equatable {
    package var id: ID
    /// 16 digits that people can read out: day, counter, check digit.
    package var number: String
    package var queue: ID
    package var subject: String
    package var state: TicketState
    package var language: String?
    /// 1 low, 2 normal, 3 high, 4 urgent.
    package var priority: Int
    package var owner: ID?
    package var contact: ID?
    /// Who wrote first, for lists.
    package var sender: String
    /// The start of the last message, for lists.
    package var preview: String
    package var mergedInto: ID?
    package var messageCount: Int
    /// Grows with every message: an answer is held when it has grown since the writer began.
    package var version: Int64
    package var createdAt: Milliseconds
    package var updatedAt: Milliseconds
    /// Only while it is closed, and only if somebody said so.
    package var outcome: Outcome?
    /// Only while it waits until a date.
    package var snoozedUntil: Milliseconds?
    /// When it came back from waiting, until somebody does something with it.
    package var wokenAt: Milliseconds?
    /// In a confidential queue since somebody moved it there with all its traces.
    package var isProtected = false
    /// 0 a date the person named, 1 the goal of the queue, 2 nothing is due.
    package var dueRank = 2
    /// When an answer is due; 0 where nothing is.
    package var dueAt: Milliseconds = 0
    /// A knowledge text that a rule or macro proposes to answer with.
    package var proposedText: ID?
}

/// Someone who takes part in a ticket.
package struct Participant: Sendable, Equatable {
    package var address: String
    package var name: String
    /// Came in with a token of somebody else's: nothing is sent to them until an agent adds them.
    package var isNewcomer: Bool
}

/// Which way a message went.
package enum Direction: String, Sendable {
    case incoming = "in"
    case outgoing = "out"
    case note
}

/// A message or note of a ticket.
package struct Message: Sendable, Equatable {
    package var id: ID
    package var ticket: ID
    package var raw: ID?
    package var direction: Direction
    /// `mail`, `list`, `auto-reply`, `bounce`, or `note`.
    package var kind: String
    package var author: ID?
    package var fromName: String
    package var fromAddress: String
    package var subject: String
    /// Message-ID without angle brackets; empty when it has none.
    package var headerID: String
    package var sentAt: Milliseconds
    package var createdAt: Milliseconds
    package var language: String?
    package var text: String
    package var newText: String
    package var hasHTML: Bool
    package var problems: [String]
    /// How often it arrived.
    package var copies: Int
    package var isNewcomer: Bool

    /// A member wrote it here, and the mail had its light formatting as HTML.
    package var hasLightFormatting: Bool {
        direction == .outgoing && author != nil && ["mail", "forward"].contains(kind)
    }
}

/// To, Cc or Reply-To of a message.
package struct MessageAddress: Sendable, Equatable {
    package enum Role: String, Sendable { case to, cc, replyTo = "reply-to" }
    package var role: Role
    package var name: String
    package var address: String
}

/// A file that came with a message; its bytes are read from the message's raw bytes.
package struct Attachment: Sendable, Equatable {
    package var id: ID
    package var message: ID
    /// Its place among the attachments of the message.
    package var position: Int
    package var filename: String
    package var contentType: String
    package var size: Int
    package var sha256: String
    package var isInline: Bool
    package var contentID: String
    package var label: String
}
