import Base
import Jobs
import Mail
import Outbox
import People
import Storage
import Text

/// Sends an answer: draft → message and outbox row in one transaction.
///
/// The answer is held when something arrived or was sent since the writer began (`conflict`); the draft stays.
/// Newcomers
/// get nothing until they are added. The mail leaves after the undo delay; until then `undo` gives the draft back.
package struct Answering: Sendable {
    private let database: Database
    private let stores: Filing.Stores
    private let drafts: DraftStore
    private let members: MemberStore
    private let tokens: MailTokens
    private let ids: IDMaker
    private let clock: Clock
    private let alarm: JobAlarm
    private let undoDelay: Milliseconds

    package init(
        database: Database, stores: Filing.Stores, drafts: DraftStore, members: MemberStore, tokens: MailTokens,
        ids: IDMaker, clock: Clock, alarm: JobAlarm, undoDelay: Milliseconds
    ) {
        self.database = database
        self.stores = stores
        self.drafts = drafts
        self.members = members
        self.tokens = tokens
        self.ids = ids
        self.clock = clock
        self.alarm = alarm
        self.undoDelay = undoDelay
    }

    private struct Prepared: Sendable {
        var draft: Draft
        var ticket: Ticket
        var queue: Queue
        var member: Member
        var newest: Message?
        var names: [String: String]
        var files: [OutgoingAttachment]
        /// Somebody among the recipients is known only from a form: no words of the form are mailed to them.
        var hasUnproven: Bool
    }

    /// Sends the viewer's draft of a ticket; returns the id of the message.
    package func send(ticket id: ID, by viewer: Viewer) async throws -> ID {
        let prepared = try await database.read { db in try prepare(id, viewer, db) }
        let now = clock.now()
        let message = try ids.make()
        let outbox = try ids.make()
        let letter = Letter(queue: prepared.queue, tokens: tokens)
        let outgoing = try compose(prepared, letter, message: message, at: now)
        let raw = try MessageComposer.compose(outgoing)
        let document = SearchDocument(
            subject: outgoing.subject, sender: "\(outgoing.from.name) \(outgoing.from.address)",
            recipients: (prepared.draft.to + prepared.draft.cc).joined(separator: " "), body: outgoing.text)
        try await database.write { db in
            let ticket = try requireUnchanged(prepared.draft, viewer, db)
            let rawID = try stores.raws.add(raw, in: db)
            try addMessage(message, raw: rawID, outgoing, prepared, at: now, in: db)
            try stores.index.add(document, message: message, ticket: ticket.id, in: db)
            let item = OutboxItem(
                id: outbox, kind: .answer, queue: ticket.queue, ticket: ticket.id, message: message, raw: rawID,
                headerID: outgoing.messageID, sender: letter.bounceAddress(outbox: outbox), state: .queued,
                notBefore: now + undoDelay,
                recipients: (prepared.draft.to + prepared.draft.cc).map {
                    OutboxRecipient(address: $0, state: .waiting, reply: "")
                })
            try stores.outbox.add(item, at: now, in: db)
            try stores.jobs.add(Self.dispatchJob, subject: outbox, after: undoDelay, in: db)
            try noteSent(message, ticket: ticket, prepared, at: now, in: db)
            try drafts.delete(prepared.draft.id, in: db)
        }
        alarm.ring()
        return message
    }

    /// Takes back an answer that has not left; its words are a draft again.
    package func undo(message id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        return try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            guard let item = try stores.outbox.ofMessage(id, in: db), message.author == viewer.memberID,
                let ticket = try stores.tickets.find(message.ticket, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            try stores.outbox.move(item.id, from: .queued, to: .cancelled, at: now, in: db)
            try stores.outbox.forgetMessage(item.id, in: db)
            let addresses = try stores.messages.addresses(ofTicket: ticket.id, in: db)[id] ?? []
            let content = Draft.Content(
                to: addresses.filter { $0.role == .to }.map(\.address),
                cc: addresses.filter { $0.role == .cc }.map(\.address),
                subject: message.subject, text: message.newText)
            _ = try drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, at: now, in: db)
            try stores.index.remove(message: id, in: db)
            try stores.messages.delete(id, in: db)
            try stores.tickets.forgetMessage(of: ticket.id, in: db)
            if ticket.state == .answered {
                try stores.tickets.setState(.open, of: ticket, actor: viewer.memberID, at: now, in: db)
            }
            let event = Event(
                "send-undone", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return ticket.id
        }
    }

    /// Sends again what failed or is in doubt, to those it has not reached, under the same Message-ID.
    package func resend(message id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        let ticket = try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            guard let ticket = try stores.tickets.find(message.ticket, in: db), viewer.may(.send, queue: ticket.queue),
                let item = try stores.outbox.ofMessage(id, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            guard item.state == .failed || item.state == .inDoubt else { throw Failure(.conflict, "error-conflict") }
            try stores.outbox.move(item.id, from: item.state, to: .queued, at: now, in: db)
            for recipient in item.recipients where recipient.state == .refused || recipient.state == .inDoubt {
                try stores.outbox.setRecipient(
                    recipient.address, of: item.id, state: .waiting, reply: "", at: now, in: db)
            }
            try stores.jobs.add(Self.dispatchJob, subject: item.id, in: db)
            let event = Event(
                "mail-resent", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return ticket.id
        }
        alarm.ring()
        return ticket
    }

    /// A person found out that a mail in doubt did arrive.
    package func settle(message id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        return try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            guard let ticket = try stores.tickets.find(message.ticket, in: db), viewer.may(.send, queue: ticket.queue),
                let item = try stores.outbox.ofMessage(id, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            try stores.outbox.move(item.id, from: .inDoubt, to: .handedOver, at: now, in: db)
            for recipient in item.recipients where recipient.state == .inDoubt {
                try stores.outbox.setRecipient(
                    recipient.address, of: item.id, state: .accepted, reply: recipient.reply, at: now, in: db)
            }
            try stores.facts.noteAnswer(ticket: ticket.id, at: now, in: db)
            let event = Event(
                "mail-settled", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return ticket.id
        }
    }

    /// What the outbox tells in the transaction that records an outcome: an answer that left counts as an answer.
    package static func recorded(facts: FactStore) -> Dispatch.Recorded {
        { item, state, at, db in
            guard item.kind == .answer, let ticket = item.ticket else { return }
            if state == .handedOver { try facts.noteAnswer(ticket: ticket, at: at, in: db) }
        }
    }

    package static let dispatchJob = "dispatch"

    // MARK: - Steps of sending

    private func prepare(_ id: ID, _ viewer: Viewer, _ db: any Connection) throws -> Prepared {
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        guard viewer.may(.send, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        guard let draft = try drafts.find(ticket: id, author: viewer.memberID, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        let content = Draft.Content(to: draft.to, cc: draft.cc, subject: draft.subject, text: draft.text)
        try content.validate()
        let participants = try stores.tickets.participants(of: id, in: db)
        let newcomers = Set(participants.filter(\.isNewcomer).map(\.address))
        if let newcomer = (draft.to + draft.cc).first(where: { newcomers.contains($0) }) {
            throw Failure(.refused, "draft-newcomer", arguments: [newcomer])
        }
        let messages = try stores.messages.ofTicket(id, in: db)
        let files = try drafts.files(of: draft.id, in: db).map {
            OutgoingAttachment(
                filename: $0.filename, contentType: $0.contentType, bytes: try stores.raws.bytes(of: $0.raw, in: db))
        }
        return Prepared(
            draft: draft, ticket: ticket, queue: try stores.queues.require(ticket.queue, in: db),
            member: try members.require(viewer.memberID, in: db),
            newest: messages.last { $0.direction != .note && !$0.headerID.isEmpty },
            names: Dictionary(participants.map { ($0.address, $0.name) }, uniquingKeysWith: { first, _ in first }),
            files: files,
            hasUnproven: try (draft.to + draft.cc).contains { try FormStore.isUnproven($0, ticket: id, in: db) })
    }

    private func compose(
        _ prepared: Prepared, _ letter: Letter, message: ID, at: Milliseconds
    ) throws(Failure) -> OutgoingMessage {
        var outgoing = try letter.begin(ticket: prepared.ticket.id, message: message, at: at)
        let draft = prepared.draft
        outgoing.to = draft.to.map { MailAddress(name: prepared.names[$0] ?? "", address: $0) }
        outgoing.cc = draft.cc.map { MailAddress(name: prepared.names[$0] ?? "", address: $0) }
        outgoing.subject = letter.subject(draft.subject, number: prepared.ticket.number)
        if let newest = prepared.newest {
            outgoing.inReplyTo = [newest.headerID]
            outgoing.references = [newest.headerID]
        }
        outgoing.language = LanguageDetector.detect(draft.text, prior: prepared.ticket.language)
        let signature = prepared.queue.signature.replacing("{{name}}", with: prepared.member.letterName)
        let quote = prepared.hasUnproven ? "" : prepared.newest.map(Letter.quote) ?? ""
        if prepared.hasUnproven {
            outgoing.to = draft.to.map { MailAddress(name: "", address: $0) }
            outgoing.cc = draft.cc.map { MailAddress(name: "", address: $0) }
            outgoing.subject = letter.subject(prepared.queue.displayName, number: prepared.ticket.number)
        }
        outgoing.text = draft.text + quote + (signature.isEmpty ? "" : "\n\n-- \n" + signature)
        outgoing.attachments = prepared.files
        return outgoing
    }

    /// Held when the thread has grown since the writer began.
    private func requireUnchanged(_ draft: Draft, _ viewer: Viewer, _ db: any Connection) throws -> Ticket {
        let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        guard ticket.version == draft.seenVersion, try drafts.require(draft.id, in: db).version == draft.version else {
            throw Failure(.conflict, "draft-changed")
        }
        return ticket
    }

    private func addMessage(
        _ id: ID, raw: ID, _ outgoing: OutgoingMessage, _ prepared: Prepared, at: Milliseconds, in db: any Connection
    ) throws {
        let message = Message(
            id: id, ticket: prepared.ticket.id, raw: raw, direction: .outgoing, kind: "mail",
            author: prepared.member.id,
            fromName: outgoing.from.name, fromAddress: outgoing.from.address, subject: prepared.draft.subject,
            headerID: outgoing.messageID, sentAt: at, createdAt: at, language: outgoing.language, text: outgoing.text,
            newText: prepared.draft.text, hasHTML: true, problems: [], copies: 1, isNewcomer: false)
        var belongings = MessageStore.Belongings()
        belongings.addresses =
            outgoing.to.map { MessageAddress(role: .to, name: $0.name, address: $0.address) }
            + outgoing.cc.map { MessageAddress(role: .cc, name: $0.name, address: $0.address) }
        belongings.attachments = prepared.files.enumerated().map { position, file in
            Attachment(
                id: 0, message: id, position: position, filename: file.filename, contentType: file.contentType,
                size: file.bytes.count, sha256: Hex.encode(SHA256Digest.of(file.bytes)), isInline: false, contentID: "",
                label: "")
        }
        try stores.messages.add(message, belongings, queue: prepared.queue.id, in: db)
    }

    private func noteSent(
        _ message: ID, ticket: Ticket, _ prepared: Prepared, at: Milliseconds, in db: any Connection
    ) throws {
        for address in prepared.draft.to + prepared.draft.cc where !prepared.queue.owns(address) {
            let participant = Participant(address: address, name: prepared.names[address] ?? "", isNewcomer: false)
            try stores.tickets.addParticipant(participant, to: ticket.id, in: db)
        }
        let words = prepared.draft.text.prefix(480).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let note = TicketStore.MessageNote(
            state: .answered, preview: String(words.prefix(160)), language: nil, at: at)
        try stores.tickets.noteMessage(note, of: ticket.id, in: db)
        let event = Event(
            "draft-sent", actor: prepared.member.id, queue: ticket.queue, ticket: ticket.id, subject: message)
        try stores.events.add(event, at: at, in: db)
    }
}
