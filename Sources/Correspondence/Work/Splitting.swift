import Base
import Storage

/// Makes a new ticket of some messages of another. Undone by joining the two again.
struct Splitting: Sendable {
    let stores: Filing.Stores

    /// `number` was drawn before. At least one message must stay.
    func split(
        _ picked: [ID], off id: ID, number: String, subject: String, by viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws -> ID {
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        guard viewer.may(.note, queue: ticket.queue), ticket.mergedInto == nil else {
            throw Failure(.refused, "error-refused")
        }
        let all = try stores.messages.ofTicket(id, in: db)
        let moved = all.filter { Set(picked).contains($0.id) }
        guard let first = moved.first else { throw Failure(.invalid, "split-nothing-picked") }
        guard moved.count < all.count else { throw Failure(.invalid, "split-all-picked") }
        let made = try open(ticket, first, number: number, subject: subject, viewer, at: at, in: db)
        for message in moved {
            try stores.messages.move(message.id, to: made, in: db)
            try stores.index.move(message: message.id, to: made, in: db)
            try stores.outbox.moveMessage(message.id, to: made, in: db)
        }
        try addPeople(of: moved, to: made, in: db)
        try stores.tickets.setCounts(of: made, in: db)
        try stores.tickets.setCounts(of: id, in: db)
        try stores.facts.split(made, off: id, moved: moved, in: db)
        try LabelStore.copy(from: id, to: made, in: db)
        // What asks for a review does so in both.
        let risky = try ReviewRules.riskTags(of: ticket.queue, in: db)
        let tags = try stores.tickets.tags(of: id, in: db).filter { risky.contains($0.lowercased()) }
        if !tags.isEmpty, let part = try stores.tickets.find(made, in: db) {
            try stores.tickets.changeTags(
                add: tags, remove: [], of: part, actor: viewer.memberID, at: at, in: db)
        }
        let event = Event("ticket-split", actor: viewer.memberID, queue: ticket.queue, ticket: id, subject: made)
        try stores.events.add(event, at: at, in: db)
        return made
    }

    private func open(
        _ ticket: Ticket, _ first: Message, number: String, subject: String, _ viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws -> ID {
        let isIncoming = first.direction == .incoming && !first.fromAddress.isEmpty
        let contact = try isIncoming ? stores.contacts.find(address: first.fromAddress, in: db)?.id : ticket.contact
        let name = first.fromName.isEmpty ? first.fromAddress : first.fromName
        let opening = TicketStore.Opening(
            number: number, queue: ticket.queue, subject: subject.isEmpty ? first.subject : subject, state: .open,
            language: first.language ?? ticket.language, contact: contact,
            sender: isIncoming ? name : ticket.sender, at: first.sentAt, source: "split", actor: viewer.memberID)
        let id = try stores.tickets.open(opening, in: db)
        guard let made = try stores.tickets.find(id, in: db) else { return id }
        if let owner = ticket.owner {
            try stores.tickets.setOwner(owner, of: made, actor: viewer.memberID, at: at, in: db)
        }
        return id
    }

    /// Whoever wrote or got the messages takes part; the queue's own addresses do not.
    private func addPeople(of messages: [Message], to id: ID, in db: any Connection) throws {
        guard let made = try stores.tickets.find(id, in: db) else { return }
        let queue = try stores.queues.require(made.queue, in: db)
        let addresses = try stores.messages.addresses(ofTicket: id, in: db)
        for message in messages where message.direction != .note {
            var people = (addresses[message.id] ?? []).filter { $0.role != .replyTo }.map { ($0.name, $0.address) }
            if message.direction == .incoming { people.append((message.fromName, message.fromAddress)) }
            for (name, address) in people where EmailAddress.isPlausible(address) && !queue.owns(address) {
                let person = Participant(
                    address: EmailAddress.folded(address), name: name, isNewcomer: message.isNewcomer)
                try stores.tickets.addParticipant(person, to: id, in: db)
            }
        }
    }
}

extension TicketStore {
    /// Counts messages anew, and takes the start of the last mail for lists.
    func setCounts(of id: ID, in db: any Connection) throws {
        let last = try db.first(
            """
            SELECT new_text, sent_at FROM message WHERE ticket_id = \(id) AND direction <> 'note'
            ORDER BY sent_at DESC, id DESC LIMIT 1
            """)
        let preview = try last.map { Self.preview(try $0.text("new_text")) }
        try db.executeOne(
            """
            UPDATE ticket SET version = version + 1, preview = COALESCE(\(preview), preview),
                updated_at = COALESCE(\(try last?.int("sent_at")), updated_at),
                message_count = (SELECT COUNT(*) FROM message
                    WHERE message.ticket_id = ticket.id AND direction <> 'note')
            WHERE id = \(id)
            """)
    }

    private static func preview(_ text: String) -> String {
        String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(200))
    }
}

extension FactStore {
    fileprivate func split(_ made: ID, off id: ID, moved: [Message], in db: any Connection) throws {
        let came = moved.filter { $0.direction == .incoming }.count
        let answers = moved.filter { $0.direction == .outgoing && $0.author != nil }
        try db.execute(
            """
            UPDATE fact SET messages = \(came), answers = \(answers.count), first_answer_at = \(answers.first?.sentAt)
            WHERE ticket_id = \(made)
            """)
        try db.execute(
            """
            UPDATE fact SET messages = messages - \(came), answers = answers - \(answers.count)
            WHERE ticket_id = \(id)
            """)
    }
}
