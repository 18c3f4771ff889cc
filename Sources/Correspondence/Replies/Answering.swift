import Base
import Jobs
import Mail
import Markup
import Outbox
import People
import Storage
import Text

/// Sends an answer: draft → message and outbox row in one transaction.
///
/// The answer is held when something arrived or was sent since the writer began (`conflict`); the draft stays.
/// Newcomers get nothing until they are added. The mail leaves after the undo delay; until then `undo` gives the draft
/// back. Sending at a time (`LaterSending`), to several people (`Rounds`) and by the API all come through here.
package struct Answering: Sendable {
    let database: Database
    let stores: Filing.Stores
    let drafts: DraftStore
    let members: MemberStore
    let tokens: MailTokens
    let ids: IDMaker
    let clock: Clock
    let alarm: JobAlarm
    let undoDelay: Milliseconds
    let gate: ReviewGate
    /// Asks the links of a draft; nil where that is switched off.
    package var links: LinkAnswers?

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
        gate = ReviewGate(
            rules: ReviewRules(members: members, events: stores.events), reviews: ReviewStore(ids: ids))
    }

    package static let dispatchJob = "dispatch"

    /// Sends the viewer's own draft of a ticket; returns the id of the message.
    package func send(ticket id: ID, by viewer: Viewer) async throws -> ID {
        let draft = try await database.read { db in
            _ = try stores.tickets.require(id, visibleTo: viewer, in: db)
            guard let draft = try drafts.find(ticket: id, author: viewer.memberID, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            return draft.id
        }
        return try await send(draft: draft, by: viewer)
    }

    /// Sends a draft, one's own or a colleague's, in the name of the viewer; returns the id of the message.
    package func send(draft id: ID, by viewer: Viewer) async throws -> ID {
        try await send(draft: id, by: viewer, inNameOf: viewer.memberID) { _ in }
    }

    /// The same in a colleague's name: a reviewer approves and sends in one step. `deciding` comes first in the
    /// transaction that sends, `noting` last.
    func send(
        draft id: ID, by viewer: Viewer, inNameOf writer: ID,
        noting: @escaping @Sendable (ID, any Connection) throws -> Void = { _, _ in },
        deciding: @escaping @Sendable (any Connection) throws -> Void
    ) async throws -> ID {
        let prepared = try await database.read { db in try prepare(id, viewer, as: writer, db) }
        let now = clock.now()
        let message = try ids.make()
        let outbox = try ids.make()
        let letter = Letter(queue: prepared.queue, tokens: tokens, from: prepared.draft.content.from)
        let outgoing = try compose(prepared, letter, message: message, at: now)
        let raw = try MessageComposer.compose(outgoing)
        let recipients = prepared.draft.to + prepared.draft.cc
        let document = SearchDocument(
            subject: outgoing.subject, sender: "\(outgoing.from.name) \(outgoing.from.address)",
            recipients: recipients.joined(separator: " "), body: outgoing.text)
        try await database.write { db in
            // Of two who answer at once the second waits here, and then finds the thread grown.
            try stores.tickets.hold([prepared.draft.ticket], in: db)
            try deciding(db)
            let ticket = try requireUnchanged(prepared.draft, viewer, db)
            let rawID = try stores.raws.add(raw, in: db)
            try addMessage(message, raw: rawID, outgoing, prepared, at: now, in: db)
            try stores.index.add(document, message: message, ticket: ticket.id, in: db)
            let sending = ReviewGate.Sending(
                draft: prepared.draft, hash: ReviewHash.of(prepared), ticket: ticket, sender: writer)
            try gate.clear(sending, message: message, by: viewer.memberID, at: now, in: db)
            let item = OutboxItem(
                id: outbox, kind: prepared.draft.kind == .answer ? .answer : .forward, queue: ticket.queue,
                ticket: ticket.id, message: message, raw: rawID, headerID: outgoing.messageID,
                sender: letter.bounceAddress(outbox: outbox), state: .queued, notBefore: now + undoDelay,
                recipients: recipients.map { OutboxRecipient(address: $0, state: .waiting, reply: "") })
            try stores.outbox.add(item, at: now, in: db)
            try stores.jobs.add(Self.dispatchJob, subject: outbox, after: undoDelay, in: db)
            try noteSent(message, ticket: ticket, prepared, at: now, in: db)
            try insertions.noteSent(prepared.draft, as: message, in: db)
            try LineUseStore.noteSent(prepared.draft, as: message, in: db)
            try drafts.markSent(prepared.draft, as: message, stateBefore: ticket.state, in: db)
            try noting(message, db)
        }
        alarm.ring()
        return message
    }

    /// What the outbox tells in the transaction that records an outcome: an answer that left counts as an answer, and
    /// its draft is not needed any more.
    package static func recorded(
        facts: FactStore, drafts: DraftStore, sampling: ReviewSampling? = nil
    ) -> Dispatch.Recorded {
        { item, state, at, db in
            if let message = item.message, state != .queued { try drafts.forget(message: message, in: db) }
            guard item.kind == .answer, let ticket = item.ticket else { return }
            guard state == .handedOver else { return }
            try facts.noteAnswer(ticket: ticket, at: at, in: db)
            if let message = item.message { try sampling?.draw(message: message, at: at, in: db) }
        }
    }

    // MARK: - Steps of sending

    /// Held when the thread has grown since the writer began.
    private func requireUnchanged(_ draft: Draft, _ viewer: Viewer, _ db: any Connection) throws -> Ticket {
        let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        // A label may have come since the draft was read.
        try stores.tickets.requireAnswerable(ticket.id, by: viewer, in: db)
        guard ticket.version == draft.seenVersion, try drafts.require(draft.id, in: db).version == draft.version else {
            throw Failure(.conflict, "draft-changed")
        }
        try checks.requireClear(draft, ticket: ticket, at: clock.now(), in: db)
        return ticket
    }

    private func addMessage(
        _ id: ID, raw: ID, _ outgoing: OutgoingMessage, _ prepared: Prepared, at: Milliseconds, in db: any Connection
    ) throws {
        let message = Message(
            id: id, ticket: prepared.ticket.id, raw: raw, direction: .outgoing,
            kind: prepared.draft.kind == .forward ? "forward" : "mail",
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
                label: file.isOriginal ? "message" : "")
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
        let words = Markdown.words(String(prepared.draft.text.prefix(480)))
        let then = prepared.draft.content.then
        let note = TicketStore.MessageNote(
            state: then == .answered ? .answered : ticket.state, preview: String(words.prefix(160)), language: nil,
            at: at)
        try stores.tickets.noteMessage(note, of: ticket.id, in: db)
        if let state = Self.state(then) {
            try stores.tickets.setState(state, of: ticket, actor: prepared.member.id, at: at, in: db)
        }
        let kind = prepared.draft.kind == .forward ? "draft-forwarded" : "draft-sent"
        let event = Event(kind, actor: prepared.member.id, queue: ticket.queue, ticket: ticket.id, subject: message)
        try stores.events.add(event, at: at, in: db)
    }

    /// What a writer chose besides the usual `answered`.
    private static func state(_ then: Draft.Then) -> TicketState? {
        switch then {
        case .answered, .keep: nil
        case .waiting: .waiting
        case .closed: .closed
        case .open: .open
        }
    }
}
