import Base
import Jobs
import Mail
import Outbox
import Storage

/// Sends a mail on, as it came, to an address it should have gone to (RFC 5322, 3.6.6). The person there answers the
/// sender directly.
///
/// It cannot go in a circle: never to an address of ours, never a second time through us, never a bounce or what has
/// passed too many servers; and the envelope's sender is ours, so that a bounce comes back to this ticket.
package struct Redirecting: Sendable {
    private let answering: Answering

    package init(answering: Answering) { self.answering = answering }

    /// Returns the id of the message that stands for it in the ticket; it can be taken back like an answer. `conflict`
    /// (`redirect-changed`) where the ticket is not as it was read: `seen` is its version then, now without it.
    package func redirect(
        message id: ID, to addresses: [String], closes: Bool, seen: Int64? = nil, by viewer: Viewer
    ) async throws -> ID {
        let source = try await checked(id, to: addresses, by: viewer)
        let (ticket, queue) = (source.ticket, source.queue)
        let now = answering.clock.now()
        let (message, outbox) = (try answering.ids.make(), try answering.ids.make())
        let letter = Letter(queue: queue, tokens: answering.tokens)
        let head = try letter.begin(ticket: ticket, message: message, at: now)
        let bytes = try Resending.compose(
            source.raw, from: head.from, to: addresses.map { MailAddress(name: "", address: $0) },
            messageID: head.messageID, at: now)
        let copy = Self.message(message, of: source.message, head, author: viewer.memberID, at: now)
        let item = OutboxItem(
            id: outbox, kind: .redirect, queue: queue.id, ticket: ticket, message: message, raw: 0,
            headerID: head.messageID, sender: letter.bounceAddress(outbox: outbox), state: .queued,
            notBefore: now + answering.undoDelay,
            recipients: addresses.map { OutboxRecipient(address: $0, state: .waiting, reply: "") })
        try await answering.database.write { db in
            let seen = seen ?? source.version
            try store(copy, item, bytes, to: addresses, closes: closes, seen: seen, by: viewer, at: now, in: db)
        }
        answering.alarm.ring()
        return message
    }

    private struct Source: Sendable {
        var message: Message
        var ticket: ID
        var queue: Queue
        var raw: [UInt8]
        /// The ticket's.
        var version: Int64
    }

    /// The mail, when it may be sent on to these addresses.
    private func checked(_ id: ID, to addresses: [String], by viewer: Viewer) async throws -> Source {
        let stores = answering.stores
        guard (1...5).contains(addresses.count) else {
            throw Failure(.invalid, "draft-recipient-invalid", arguments: [""])
        }
        for address in addresses where !EmailAddress.isPlausible(address) {
            throw Failure(.invalid, "draft-recipient-invalid", arguments: [address])
        }
        let source = try await answering.database.read { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
            guard viewer.may(.send, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            try ChildSafety.requireOpen(ticket.id, to: viewer, in: db)
            try stores.tickets.requireAnswerable(ticket.id, by: viewer, in: db)
            for address in addresses where try stores.queues.find(recipient: address, in: db) != nil {
                throw Failure(.refused, "redirect-own", arguments: [address])
            }
            guard message.direction == .incoming, message.kind != "bounce", let raw = message.raw else {
                throw Failure(.refused, "redirect-not-this")
            }
            return Source(
                message: message, ticket: ticket.id, queue: try stores.queues.require(ticket.queue, in: db),
                raw: try stores.raws.bytes(of: raw, in: db), version: ticket.version)
        }
        let isOurs = Resending.earlierIDs(source.raw).contains { text in
            text.hasPrefix("m-") && answering.tokens.verify(.message, text.dropFirst(2).prefix { $0 != "@" }) != nil
        }
        guard !isOurs, !Resending.isGoingRound(source.raw) else { throw Failure(.refused, "redirect-circle") }
        return source
    }

    private func store(
        _ message: Message, _ item: OutboxItem, _ bytes: [UInt8], to addresses: [String], closes: Bool,
        seen: Int64, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let stores = answering.stores
        try stores.tickets.hold([message.ticket], in: db)
        let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
        guard ticket.version == seen else { throw Failure(.conflict, "redirect-changed") }
        try ChildSafety.requireOpen(ticket.id, to: viewer, in: db)
        try stores.tickets.requireAnswerable(ticket.id, by: viewer, in: db)
        var (message, item) = (message, item)
        item.raw = try stores.raws.add(bytes, in: db)
        message.raw = item.raw
        var belongings = MessageStore.Belongings()
        belongings.addresses = addresses.map { MessageAddress(role: .to, name: "", address: $0) }
        try stores.messages.add(message, belongings, queue: ticket.queue, in: db)
        let sending = ReviewGate.Sending(draft: nil, hash: "", ticket: ticket, sender: viewer.memberID)
        try answering.gate.clear(sending, message: message.id, by: viewer.memberID, at: at, in: db)
        try stores.outbox.add(item, at: at, in: db)
        try stores.jobs.add(Answering.dispatchJob, subject: item.id, after: answering.undoDelay, in: db)
        let note = TicketStore.MessageNote(state: ticket.state, preview: ticket.preview, language: nil, at: at)
        try stores.tickets.noteMessage(note, of: ticket.id, in: db)
        if closes { try stores.tickets.setState(.closed, of: ticket, actor: viewer.memberID, at: at, in: db) }
        let event = Event(
            "mail-redirected", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: message.id)
        try stores.events.add(event, at: at, in: db)
    }

    private static func message(
        _ id: ID, of source: Message, _ head: OutgoingMessage, author: ID, at: Milliseconds
    ) -> Message {
        Message(
            id: id, ticket: source.ticket, raw: nil, direction: .outgoing, kind: "redirect", author: author,
            fromName: head.from.name, fromAddress: head.from.address, subject: source.subject,
            headerID: head.messageID, sentAt: at, createdAt: at, language: source.language, text: "", newText: "",
            hasHTML: false, problems: [], copies: 1, isNewcomer: false)
    }
}
