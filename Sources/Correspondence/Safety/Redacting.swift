import Base
import Jobs
import Knowledge
import Mail
import Outbox
import Storage

/// Takes words, a message or an attachment out for good: bytes, text, search terms, lists, drafts.
///
/// 1. Read the message and every other message of the ticket that has it too: quoted, forwarded, attached again.
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
        let (cut, originals) = try await database.read { db in
            try affected(by: try Cut(scope, of: id), viewer, in: db)
        }
        let headers = Set(originals.filter(\.isTouched).map(\.message.headerID)).subtracting([""])
        var changes: [Rebuilt] = []
        for original in originals {
            if let rebuilt = try await rebuild(original, cut, headers: headers) { changes.append(rebuilt) }
        }
        guard !changes.isEmpty else { throw Failure(.invalid, "redaction-nothing") }
        let (now, rebuilt) = (clock.now(), changes)
        let ticket = try await database.write { db in
            let message = try requireManaged(id, viewer, in: db)
            for change in rebuilt {
                try apply(change, in: db)
                // Of another message only what it had taken over is gone.
                let isCopy = cut.kind == .message && change.message.id != id
                let trace = Redaction(
                    message: change.message.id, kind: isCopy ? .passage : cut.kind, reason: reason,
                    member: viewer.memberID, at: now)
                try redactions.add(trace, in: db)
            }
            try strike(cut, ticket: message.ticket, at: now, in: db)
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
            return message.ticket
        }
        alarm.ring()
        return ticket
    }

    // MARK: - What is cut

    private struct Original: Sendable {
        var message: Message
        var addresses: [MessageAddress]
        var attachments: [Attachment]
        var raw: [UInt8]?
        /// It has what is taken out; else it may carry a mail that has.
        var isTouched: Bool
    }

    private func requireManaged(_ id: ID, _ viewer: Viewer, in db: any Connection) throws -> Message {
        let message = try stores.messages.require(id, visibleTo: viewer, in: db)
        let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
        guard viewer.may(.manage, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        return message
    }

    private func affected(
        by scope: Cut, _ viewer: Viewer, in db: any Connection
    ) throws -> (cut: Cut, originals: [Original]) {
        var cut = scope
        let message = try requireManaged(cut.message, viewer, in: db)
        let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
        let addresses = try stores.messages.addresses(ofTicket: ticket.id, in: db)
        let attachments = try stores.messages.attachments(ofTicket: ticket.id, in: db)
        cut.know(message, attachments[message.id] ?? [])
        let originals = try stores.messages.ofTicket(ticket.id, in: db).compactMap { each -> Original? in
            let files = attachments[each.id] ?? []
            let isTouched = cut.stands(in: each, files)
            guard isTouched || (each.direction == .outgoing && files.contains(where: MailRebuilding.isMail)) else {
                return nil
            }
            if let item = try stores.outbox.ofMessage(each.id, in: db), [.queued, .handingOver].contains(item.state) {
                throw Failure(.conflict, "redaction-queued")
            }
            return Original(
                message: each, addresses: addresses[each.id] ?? [], attachments: files,
                raw: try each.raw.map { try stores.raws.bytes(of: $0, in: db) }, isTouched: isTouched)
        }
        guard originals.contains(where: \.isTouched) else { throw Failure(.invalid, "redaction-nothing") }
        return (cut, originals)
    }

    // MARK: - Making the mail anew

    private typealias Rebuilt = MailRebuilding.Outcome

    /// Nil where nothing of it is taken out. `headers`: Message-IDs of mails that must not hang on another.
    private func rebuild(_ original: Original, _ cut: Cut, headers: Set<String>) async throws -> Rebuilt? {
        let id = original.message.id
        var message = original.message
        message.text = cut.text(message.text, of: id)
        message.newText = cut.text(message.newText, of: id)
        message.subject = cut.name(message.subject)
        let rebuilding = MailRebuilding(reader: reader)
        var kept: [Attachment] = []
        for attachment in original.attachments where !cut.takes(attachment, of: id) {
            if id != cut.message, let raw = original.raw,
                try await rebuilding.carries(headers, attachment, of: raw)
            {
                continue
            }
            var attachment = attachment
            attachment.filename = cut.name(attachment.filename)
            kept.append(attachment)
        }
        guard original.isTouched || kept.count < original.attachments.count else { return nil }
        return try await rebuilding.make(message, original.addresses, kept, of: original.raw)
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
        try stores.setWords(of: change, in: db)
    }

    /// The ticket's own subject and preview, what somebody is writing, and what undoing would bring back.
    private func strike(_ cut: Cut, ticket id: ID, at: Milliseconds, in db: any Connection) throws {
        let newest = try stores.messages.ofTicket(id, in: db).last { $0.direction != .note }
        let words = (newest?.newText ?? "").prefix(480).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let preview = String(words.prefix(160))
        try db.executeOne("UPDATE ticket SET preview = \(preview) WHERE id = \(id)")
        try Traces().strike(ticket: id, preview: preview, in: db) { cut.copy($0) }
        try InsertionStore.strike(ticket: id, in: db)
        try LineUseStore.strike(ticket: id, in: db)
        try strikeFiles(cut, ticket: id, at: at, in: db)
        guard cut.kind != .attachment, let ticket = try stores.tickets.find(id, in: db) else { return }
        try CheckStore.strike(ticket: id, in: db) { cut.text($0, of: cut.message) }
        try db.executeOne("UPDATE ticket SET subject = \(cut.name(ticket.subject)) WHERE id = \(id)")
        try ReviewStore.strike(ticket: id, cut.copy, in: db)
        let knowledge = KnowledgeStore(ids: stores.tickets.ids, events: stores.events, raws: stores.raws)
        try LessonWriting.strike(ticket: id, knowledge: knowledge, cut.copy, in: db)
        for row in try db.rows("SELECT id, subject, text FROM draft WHERE ticket_id = \(id)") {
            let (former, written) = (try row.text("subject"), try row.text("text"))
            let (subject, text) = (cut.name(former), cut.copy(written))
            guard subject != former || text != written else { continue }
            try db.executeOne(
                """
                UPDATE draft SET subject = \(subject), text = \(text), version = version + 1, updated_at = \(at)
                WHERE id = \(try row.int("id"))
                """)
        }
    }

    /// Files of drafts that are those that go, for a forwarded mail's were copied, and the names of the others.
    private func strikeFiles(_ cut: Cut, ticket: ID, at: Milliseconds, in db: any Connection) throws {
        let rows = try db.rows(
            """
            SELECT draft_file.* FROM draft JOIN draft_file ON draft_file.draft_id = draft.id
            WHERE draft.ticket_id = \(ticket)
            """)
        for row in rows {
            let (id, raw, name) = (try row.int("id"), try row.int("raw_id"), try row.text("filename"))
            if try !row.bool("is_original"), cut.takes(file: Hex.encode(try stores.raws.sha256(of: raw, in: db))) {
                try db.executeOne("DELETE FROM draft_file WHERE id = \(id)")
                try stores.raws.discard(raw, in: db)
            } else if cut.name(name) != name {
                try db.executeOne("UPDATE draft_file SET filename = \(cut.name(name)) WHERE id = \(id)")
            } else {
                continue
            }
            try db.executeOne(
                "UPDATE draft SET version = version + 1, updated_at = \(at) WHERE id = \(try row.int("draft_id"))")
        }
    }
}
