import Base
import Storage

/// Notes what was said outside of mail: a call, a talk, a letter on paper. It stands in the thread as what a person
/// told us or we told them, marked with its channel; it never leaves.
package struct Calling: Sendable {
    /// How it reached us; kept as the message's kind and the source of the ticket's facts.
    package enum Channel: String, Sendable, CaseIterable { case call, talk, paper, chat }

    package struct Content: Sendable {
        package var channel: Channel
        /// True when the person came to us.
        package var isIncoming: Bool
        package var name: String
        /// Empty when it is not known.
        package var address: String
        package var subject: String
        package var text: String
        package var at: Milliseconds

        package init(
            channel: Channel, isIncoming: Bool, name: String, address: String, subject: String, text: String,
            at: Milliseconds
        ) {
            self.channel = channel
            self.isIncoming = isIncoming
            self.name = name
            self.address = address
            self.subject = subject
            self.text = text
            self.at = at
        }

        func validate(at now: Milliseconds) throws(Failure) {
            guard !name.isEmpty || !address.isEmpty else { throw Failure(.invalid, "call-who-missing") }
            guard address.isEmpty || EmailAddress.isPlausible(address) else {
                throw Failure(.invalid, "draft-recipient-invalid", arguments: [address])
            }
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw Failure(.invalid, "draft-empty")
            }
            guard text.utf8.count <= 1 << 20, subject.utf8.count <= 900, name.utf8.count <= 300 else {
                throw Failure(.tooLarge, "error-too-large")
            }
            guard at <= now + 60_000, at > 0 else { throw Failure(.invalid, "call-time-invalid") }
        }
    }

    private let database: Database
    private let stores: Filing.Stores
    private let numbers: TicketNumbers
    private let ids: IDMaker
    private let clock: Clock

    package init(database: Database, stores: Filing.Stores, numbers: TicketNumbers, ids: IDMaker, clock: Clock) {
        self.database = database
        self.stores = stores
        self.numbers = numbers
        self.ids = ids
        self.clock = clock
    }

    /// A new ticket with the note; returns the ticket.
    package func open(_ content: Content, queue: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        try content.validate(at: now)
        guard viewer.may(.note, queue: queue) else { throw Failure(.notFound, "error-not-found") }
        let number = try await numbers.draw(at: now)
        return try await database.write { db in
            let contact =
                try content.address.isEmpty
                ? stores.contacts.addNamed(content.name, at: now, in: db)
                : stores.contacts.matchSender(address: content.address, name: content.name, at: now, in: db)
            let sender = contact.name.isEmpty ? content.address : contact.name
            let opening = TicketStore.Opening(
                number: number, queue: queue, subject: Letter.headerName(content.subject), state: .open,
                language: contact.language, contact: contact.id, sender: sender, at: content.at,
                source: content.channel.rawValue, actor: viewer.memberID)
            let id = try stores.tickets.open(opening, in: db)
            try add(content, to: id, queue: queue, by: viewer, at: now, in: db)
            return id
        }
    }

    /// The same in a ticket there is.
    package func add(_ content: Content, to id: ID, by viewer: Viewer) async throws {
        let now = clock.now()
        try content.validate(at: now)
        try await database.write { db in
            let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
            guard viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            try add(content, to: id, queue: ticket.queue, by: viewer, at: now, in: db)
        }
    }

    private func add(
        _ content: Content, to id: ID, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard let ticket = try stores.tickets.find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        let message = try ids.make()
        let name = Letter.headerName(content.name)
        try stores.messages.add(
            Message(
                id: message, ticket: id, raw: nil, direction: content.isIncoming ? .incoming : .outgoing,
                kind: content.channel.rawValue, author: viewer.memberID, fromName: content.isIncoming ? name : "",
                fromAddress: content.isIncoming ? content.address : "", subject: ticket.subject, headerID: "",
                sentAt: content.at, createdAt: at, language: nil, text: content.text, newText: content.text,
                hasHTML: false, problems: [], copies: 1, isNewcomer: false),
            Self.belongings(content, name), queue: queue, in: db)
        let document = SearchDocument(
            subject: ticket.subject, sender: "\(name) \(content.address)", recipients: "", body: content.text)
        try stores.index.add(document, message: message, ticket: id, in: db)
        if !content.address.isEmpty {
            let person = Participant(address: content.address, name: name, isNewcomer: false)
            try stores.tickets.addParticipant(person, to: id, in: db)
        }
        let words = content.text.prefix(480).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let note = TicketStore.MessageNote(
            state: ticket.state, preview: String(words.prefix(160)), language: nil, at: at)
        try stores.tickets.noteMessage(note, of: id, in: db)
        let event = Event(
            "call-noted", actor: viewer.memberID, queue: queue, ticket: id, subject: message,
            data: ["channel": content.channel.rawValue])
        try stores.events.add(event, at: at, in: db)
    }

    private static func belongings(_ content: Content, _ name: String) -> MessageStore.Belongings {
        var belongings = MessageStore.Belongings()
        if !content.isIncoming {
            belongings.addresses = [MessageAddress(role: .to, name: name, address: content.address)]
        }
        return belongings
    }
}
