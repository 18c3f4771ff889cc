import Base
import People
import Storage

/// Starts a ticket by writing to someone: the ticket, the writer's draft and the sending of it.
///
/// To several people each alone it is a round: nothing exists but the round until its undo delay has passed. Then a
/// job opens one ticket after the other and sends its letter, each in transactions of its own. It may run twice: a
/// person has a ticket or not, their draft is there or was sent.
package struct Writing: Sendable {
    package static let jobName = "write-each"

    let answering: Answering
    let rounds: RoundStore
    let numbers: TicketNumbers

    package init(answering: Answering, rounds: RoundStore, numbers: TicketNumbers) {
        self.answering = answering
        self.rounds = rounds
        self.numbers = numbers
    }

    /// One letter, whoever it goes to; returns the ticket. Where a review is needed it is submitted, not sent.
    package func write(
        _ content: Draft.Content, files: [DraftFile] = [], queue: ID, because: String = "", by viewer: Viewer
    ) async throws -> ID {
        try content.validate()
        try DraftChecks.requireFilled(content, because: because)
        // What would be refused at sending is refused before a ticket is there.
        if Answering.quotes(content.text),
            try await answering.database.read({ db in
                try (content.to + content.cc).contains { try FormStore.isUnproven($0, ticket: 0, in: db) }
            })
        {
            throw Failure(.refused, "draft-unproven-quote")
        }
        let (ticket, draft) = try await open(content, files: files, queue: queue, by: viewer)
        try await answering.excuse(draft, because: because, by: viewer)
        let needs = try await answering.database.read { [answering] db in
            let ticket = try answering.stores.tickets.require(ticket, visibleTo: viewer, in: db)
            return try answering.gate.rules.reasons(for: viewer.memberID, ticket: ticket, text: content.text, in: db)
        }
        if needs.isEmpty {
            _ = try await answering.send(draft: draft, by: viewer)
        } else {
            try await Reviewing(answering: answering).submit(draft: draft, by: viewer)
        }
        return ticket
    }

    func open(
        _ content: Draft.Content, files: [DraftFile], queue name: ID, by viewer: Viewer,
        also: @escaping @Sendable (ID, any Connection) throws -> Void = { _, _ in }
    ) async throws -> (ticket: ID, draft: ID) {
        guard viewer.may(.send, queue: name) else { throw Failure(.notFound, "error-not-found") }
        let now = answering.clock.now()
        let number = try await numbers.draw(at: now)
        let (stores, drafts) = (answering.stores, answering.drafts)
        return try await answering.database.write { db in
            let queue = try stores.queues.require(name, in: db)
            guard queue.mode == .live else { throw Failure(.refused, "composer-shadow") }
            let contact = try stores.contacts.matchSender(address: content.to[0], name: "", at: now, in: db)
            let opening = TicketStore.Opening(
                number: number, queue: queue.id, subject: content.subject, state: .open, language: contact.language,
                contact: contact.id, sender: contact.name.isEmpty ? content.to[0] : contact.name, at: now,
                source: "desk", actor: viewer.memberID)
            let id = try stores.tickets.open(opening, in: db)
            let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
            let draft = try drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, at: now, in: db)
            for file in files {
                try drafts.addFile(
                    filename: file.filename, contentType: file.contentType, bytes: file.bytes, to: draft.id, in: db)
            }
            try also(id, db)
            return (id, draft.id)
        }
    }

    // MARK: - To several, each alone

    /// Queues the round; returns its id. Until the delay has passed it can be taken back as a whole.
    package func writeEach(
        _ content: Draft.Content, files: [DraftFile] = [], queue id: ID, because: String = "", by viewer: Viewer
    ) async throws -> ID {
        try content.validate()
        try DraftChecks.requireFilled(content, because: because)
        guard viewer.may(.send, queue: id) else { throw Failure(.notFound, "error-not-found") }
        guard files.reduce(0, { $0 + $1.bytes.count }) <= Draft.Content.mostFileBytes else {
            throw Failure(.tooLarge, "draft-files-too-large")
        }
        let now = answering.clock.now()
        var round = Round(
            id: try answering.ids.make(), queue: id, author: viewer.memberID, from: content.from,
            subject: content.subject, text: content.text, hasSignature: content.hasSignature, state: .waiting,
            notBefore: now + answering.undoDelay, createdAt: now)
        round.because = because.trimming
        try await answering.database.write { [answering, rounds, round] db in
            let queue = try answering.stores.queues.require(id, in: db)
            guard queue.mode == .live else { throw Failure(.refused, "composer-shadow") }
            _ = try Letter(queue: queue, tokens: answering.tokens, from: content.from).begin(
                ticket: round.id, message: round.id, at: now)
            try rounds.add(round, addresses: content.to + content.cc, in: db)
            for file in files { try rounds.addFile(file, to: round.id, in: db) }
            if try !Reviewing(answering: answering).submit(round, by: viewer, at: now, in: db) {
                try answering.stores.jobs.add(Self.jobName, subject: round.id, after: answering.undoDelay, in: db)
            }
            let event = Event("round-queued", actor: viewer.memberID, queue: id, subject: round.id)
            try answering.stores.events.add(event, at: now, in: db)
        }
        answering.alarm.ring()
        return round.id
    }

    /// Takes a round back that has not begun.
    package func undo(round id: ID, by viewer: Viewer) async throws {
        let now = answering.clock.now()
        try await answering.database.write { [answering, rounds] db in
            let round = try rounds.require(id, visibleTo: viewer, in: db)
            guard round.author == viewer.memberID else { throw Failure(.notFound, "error-not-found") }
            guard round.state == .waiting else { throw Failure(.conflict, "round-gone") }
            try rounds.move(id, from: .waiting, to: .cancelled, in: db)
            try ReviewStore.noteCancelled(round: id, in: db)
            let event = Event("round-undone", actor: viewer.memberID, queue: round.queue, subject: id)
            try answering.stores.events.add(event, at: now, in: db)
        }
    }
}
