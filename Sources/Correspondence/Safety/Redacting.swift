import Base
import Jobs
import Knowledge
import Mail
import Outbox
import Storage

/// Takes words, a message or an attachment out for good: bytes, text, search terms, lists, drafts.
///
/// 1. Read the message and, for a passage, every other message of the ticket that quotes it.
/// 2. Make each mail anew without the part, outside the transaction.
/// 3. Put the new bytes in the place of the old, in one transaction, with the trace that says who and why.
/// 4. A job sweeps what the engine still keeps of deleted rows.
/// The hash by which a mail is known again stays, so that a second delivery does not bring the words back.
package struct Redacting: Sendable {
    package enum Scope: Sendable {
        case passage(String)
        case message
        case attachment(ID)
    }

    private static let longestReason = 500

    private let database: Database
    private let stores: Filing.Stores
    private let reader: MailReader
    private let redactions: RedactionStore
    private let clock: Clock
    private let alarm: JobAlarm

    package init(
        database: Database, stores: Filing.Stores, reader: MailReader, ids: IDMaker, clock: Clock, alarm: JobAlarm
    ) {
        self.database = database
        self.stores = stores
        self.reader = reader
        redactions = RedactionStore(ids: ids)
        self.clock = clock
        self.alarm = alarm
    }

    /// Returns the ticket. Refused without the right to manage the queue; `invalid` when nothing would be taken out.
    package func redact(_ scope: Scope, of id: ID, reason: String, by viewer: Viewer) async throws -> ID {
        guard !reason.isEmpty, reason.count <= Self.longestReason else {
            throw Failure(.invalid, "redaction-reason-missing")
        }
        let cut = try Cut(scope)
        let originals = try await database.read { db in try affected(by: cut, of: id, viewer, in: db) }
        guard !originals.isEmpty else { throw Failure(.invalid, "redaction-nothing") }
        var rebuilt: [Rebuilt] = []
        for original in originals { rebuilt.append(try await rebuild(original, cut)) }
        let (now, changes) = (clock.now(), rebuilt)
        let ticket = try await database.write { db in
            let message = try requireManaged(id, viewer, in: db)
            try Self.overwriteDeleted(true, in: db)
            for change in changes { try apply(change, in: db) }
            try strike(cut, ticket: message.ticket, at: now, in: db)
            for change in changes {
                let trace = Redaction(
                    message: change.message.id, kind: cut.kind, reason: reason, member: viewer.memberID, at: now)
                try redactions.add(trace, in: db)
            }
            let queue = try stores.tickets.find(message.ticket, in: db)?.queue
            let event = Event(
                "message-redacted", actor: viewer.memberID, queue: queue, ticket: message.ticket, subject: id,
                data: ["kind": cut.kind.rawValue])
            try stores.events.add(event, at: now, in: db)
            try stores.jobs.add(Sweeping.jobName, subject: message.ticket, in: db)
            try TriageSuggestionStore.strike(ticket: message.ticket, in: db)
            // The models forget the words: they are made anew without this ticket.
            if try ModelStore(ids: stores.tickets.ids).learned(from: message.ticket, in: db) {
                try TriageTraining.schedule(after: 0, jobs: stores.jobs, in: db)
            }
            try Self.overwriteDeleted(false, in: db)
            return message.ticket
        }
        alarm.ring()
        return ticket
    }

    // MARK: - What is cut

    /// A scope that was checked.
    private struct Cut: Sendable {
        var kind: Redaction.Kind
        var passage: Passage?
        var attachment: ID?

        init(_ scope: Scope) throws(Failure) {
            switch scope {
            case .passage(let text):
                guard let passage = Passage(text) else { throw Failure(.invalid, "redaction-passage-short") }
                (kind, self.passage) = (.passage, passage)
            case .message: kind = .message
            case .attachment(let id): (kind, attachment) = (.attachment, id)
            }
        }

        func text(_ text: String) -> String {
            switch kind {
            case .passage: passage?.removed(from: text).text ?? text
            case .message: text.isEmpty ? "" : Passage.mark
            case .attachment: text
            }
        }
    }

    private struct Original: Sendable {
        var message: Message
        var addresses: [MessageAddress]
        var attachments: [Attachment]
        var raw: [UInt8]?
        var queue: ID
    }

    private func requireManaged(_ id: ID, _ viewer: Viewer, in db: any Connection) throws -> Message {
        let message = try stores.messages.require(id, visibleTo: viewer, in: db)
        let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
        guard viewer.may(.manage, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        return message
    }

    private func affected(by cut: Cut, of id: ID, _ viewer: Viewer, in db: any Connection) throws -> [Original] {
        let message = try requireManaged(id, viewer, in: db)
        let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
        let addresses = try stores.messages.addresses(ofTicket: ticket.id, in: db)
        let attachments = try stores.messages.attachments(ofTicket: ticket.id, in: db)
        let all = try stores.messages.ofTicket(ticket.id, in: db).filter { each in
            switch cut.kind {
            case .passage: cut.passage?.stands(in: each.text + "\n" + each.subject) ?? false
            case .message: each.id == id
            case .attachment: each.id == id && (attachments[id] ?? []).contains { $0.id == cut.attachment }
            }
        }
        return try all.map { each in
            if let item = try stores.outbox.ofMessage(each.id, in: db), [.queued, .handingOver].contains(item.state) {
                throw Failure(.conflict, "redaction-queued")
            }
            return Original(
                message: each, addresses: addresses[each.id] ?? [], attachments: attachments[each.id] ?? [],
                raw: try each.raw.map { try stores.raws.bytes(of: $0, in: db) }, queue: ticket.queue)
        }
    }

    // MARK: - Making the mail anew

    private struct Rebuilt: Sendable {
        var message: Message
        var raw: [UInt8]?
        /// Those that stay, at their new places.
        var attachments: [Attachment]
        var document: SearchDocument
    }

    private func rebuild(_ original: Original, _ cut: Cut) async throws -> Rebuilt {
        var message = original.message
        message.text = cut.text(message.text)
        message.newText = cut.text(message.newText)
        if cut.kind == .passage { message.subject = cut.text(message.subject) }
        let kept = cut.kind == .message ? [] : original.attachments.filter { $0.id != cut.attachment }
        let document = SearchDocument(
            subject: message.subject, sender: "\(message.fromName) \(message.fromAddress)",
            recipients: original.addresses.map { "\($0.name) \($0.address)" }.joined(separator: " "),
            body: ([message.text] + kept.map(\.filename)).joined(separator: "\n"))
        guard let raw = original.raw else {
            return Rebuilt(message: message, raw: nil, attachments: [], document: document)
        }
        var files: [OutgoingAttachment] = []
        for attachment in kept {
            let bytes = try await reader.attachment(attachment.position, raw)
            files.append(
                OutgoingAttachment(
                    filename: attachment.filename, contentType: attachment.contentType, bytes: bytes))
        }
        let mail = RebuiltMail(
            message: message, addresses: original.addresses, text: message.text, subject: message.subject,
            attachments: files)
        let bytes = try mail.bytes()
        let parsed = try await reader.parse(bytes)
        guard parsed.attachments.count == kept.count else {
            throw Failure(.internal, "error-internal", details: "message \(message.id) lost attachments when rebuilt")
        }
        let moved = kept.enumerated().map { position, attachment in
            var attachment = attachment
            attachment.position = position
            return attachment
        }
        return Rebuilt(message: message, raw: bytes, attachments: moved, document: document)
    }

    // MARK: - The transaction

    private func apply(_ change: Rebuilt, in db: any Connection) throws {
        let message = change.message
        if let raw = message.raw, let bytes = change.raw {
            try stores.raws.replace(raw, with: bytes, in: db)
            for copy in try stores.deliveries.raws(ofMessage: message.id, in: db) where copy != raw {
                try stores.raws.replace(copy, with: bytes, in: db)
            }
        }
        try stores.messages.setWords(of: message, attachments: change.attachments, in: db)
        try stores.index.remove(message: message.id, in: db)
        try SimilarityStore().forget(message: message.id, in: db)
        try stores.index.add(change.document, message: message.id, ticket: message.ticket, in: db)
        if change.attachments.contains(where: AttachmentIndexing.hasWords) {
            try stores.jobs.add(AttachmentIndexing.jobName, subject: message.id, in: db)
        }
    }

    /// The ticket's own subject and preview, what somebody is writing, and what undoing would bring back.
    private func strike(_ cut: Cut, ticket id: ID, at: Milliseconds, in db: any Connection) throws {
        let newest = try stores.messages.ofTicket(id, in: db).last { $0.direction != .note }
        let words = (newest?.newText ?? "").prefix(480).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let preview = String(words.prefix(160))
        try db.executeOne("UPDATE ticket SET preview = \(preview) WHERE id = \(id)")
        try Traces().strike(ticket: id, preview: preview, in: db) { cut.kind == .passage ? cut.text($0) : $0 }
        try InsertionStore.strike(ticket: id, in: db)
        if cut.kind != .attachment { try CheckStore.strike(ticket: id, in: db) { cut.text($0) } }
        guard cut.kind == .passage, let ticket = try stores.tickets.find(id, in: db) else { return }
        try db.executeOne("UPDATE ticket SET subject = \(cut.text(ticket.subject)) WHERE id = \(id)")
        try ReviewStore.strike(ticket: id, cut.text, in: db)
        let knowledge = KnowledgeStore(ids: stores.tickets.ids, events: stores.events, raws: stores.raws)
        try LessonWriting.strike(ticket: id, knowledge: knowledge, cut.text, in: db)
        for row in try db.rows("SELECT id, subject, text FROM draft WHERE ticket_id = \(id)") {
            let (subject, text) = (cut.text(try row.text("subject")), cut.text(try row.text("text")))
            try db.executeOne(
                """
                UPDATE draft SET subject = \(subject), text = \(text), version = version + 1, updated_at = \(at)
                WHERE id = \(try row.int("id"))
                """)
        }
    }

    /// SQLite leaves deleted bytes in the file unless it is told to write zeros.
    private static func overwriteDeleted(_ isOn: Bool, in db: any Connection) throws {
        guard db.engine == .sqlite else { return }
        try db.execute(isOn ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = OFF")
    }
}
