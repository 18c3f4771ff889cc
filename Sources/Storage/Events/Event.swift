import Base

/// Something that happened. Holds ids, kinds and salted hashes only: never words, names or addresses.
package struct Event: Sendable, Equatable {
    /// `ticket-opened`, `message-arrived`, …: message key `event-KIND`.
    package var kind: String
    /// The member who did it; nil when the program or a person outside did.
    package var actor: ID?
    package var queue: ID?
    package var ticket: ID?
    /// The message, draft, member, … it is about.
    package var subject: ID?
    /// Names of states, numbers, ids, salted hashes; keys in kebab-case.
    package var data: [String: String]

    package init(
        _ kind: String, actor: ID? = nil, queue: ID? = nil, ticket: ID? = nil, subject: ID? = nil,
        data: [String: String] = [:]
    ) {
        self.kind = kind
        self.actor = actor
        self.queue = queue
        self.ticket = ticket
        self.subject = subject
        self.data = data
    }
}

/// An event as stored; `seq` is nil until it is sealed.
package struct StoredEvent: Sendable, Equatable {
    package var id: ID
    package var seq: Int64?
    package var at: Milliseconds
    package var event: Event
}
