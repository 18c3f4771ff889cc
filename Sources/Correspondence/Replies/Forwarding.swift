import Base
import Storage
import Text

/// Begins a letter to somebody else about a mail: a draft that has the mail in it, as an attached mail or as text with
/// its files. What it carries can be seen and taken out before it is sent.
package struct Forwarding: Sendable {
    /// How the original goes along.
    package enum Manner: String, Sendable { case attached, inline }

    /// Words of the letter, in the language of the writer's choice.
    package struct Words: Sendable {
        /// "Forwarded message", "From", "Date", "Subject", "To".
        package var title, from, date, subject, to: String

        package init(title: String, from: String, date: String, subject: String, to: String) {
            self.title = title
            self.from = from
            self.date = date
            self.subject = subject
            self.to = to
        }
    }

    private let database: Database
    private let stores: Filing.Stores
    private let drafts: DraftStore
    private let reader: MailReader
    private let clock: Clock

    package init(database: Database, stores: Filing.Stores, drafts: DraftStore, reader: MailReader, clock: Clock) {
        self.database = database
        self.stores = stores
        self.drafts = drafts
        self.reader = reader
        self.clock = clock
    }

    /// Makes the viewer's forwarding draft; `conflict` when they have begun one for this ticket. `date` is in words.
    package func begin(
        message id: ID, _ manner: Manner, _ words: Words, date: String, by viewer: Viewer
    ) async throws -> ID {
        let now = clock.now()
        let (message, files, draft) = try await database.write { db in
            let message = try stores.messages.require(id, visibleTo: viewer, in: db)
            let ticket = try stores.tickets.require(message.ticket, visibleTo: viewer, in: db)
            guard viewer.may(.draft, queue: ticket.queue), message.direction != .note else {
                throw Failure(.refused, "error-refused")
            }
            try ChildSafety.requireOpen(ticket.id, to: viewer, in: db)
            guard try drafts.find(ticket: ticket.id, author: viewer.memberID, kind: .forward, in: db) == nil else {
                throw Failure(.conflict, "forward-begun")
            }
            let isInline = manner == .inline || message.raw == nil
            let to = try stores.messages.addresses(ofTicket: ticket.id, in: db)[id] ?? []
            var content = Draft.Content(
                to: [], cc: [], subject: Self.subject(message.subject.isEmpty ? ticket.subject : message.subject),
                text: isInline ? Self.text(message, to: to, words, date: date) : "")
            content.then = .keep
            let draft = try drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, kind: .forward,
                at: now, in: db)
            if !isInline, let raw = message.raw {
                try drafts.addOriginal(filename: "original.eml", raw: raw, to: draft.id, in: db)
            }
            return (message, isInline ? try stores.messages.attachments(of: id, in: db) : [], draft.id)
        }
        if let raw = message.raw, !files.isEmpty { try await copy(files, of: raw, to: draft) }
        return draft
    }

    /// The files of the original, one transaction each.
    private func copy(_ files: [Attachment], of raw: ID, to draft: ID) async throws {
        let bytes = try await database.read { try stores.raws.bytes(of: raw, in: $0) }
        for file in files {
            let content = try await reader.attachment(file.position, bytes)
            let name = file.filename.isEmpty ? "attachment-\(file.position + 1)" : file.filename
            try await database.write { db in
                try drafts.addFile(
                    filename: name, contentType: file.contentType, bytes: content, to: draft, cameByMail: true,
                    in: db)
            }
        }
    }

    private static func subject(_ subject: String) -> String {
        let plain = Letter.headerName(subject)
        return plain.lowercased().hasPrefix("fwd:") ? plain : "Fwd: " + String(plain.prefix(200))
    }

    private static func text(_ message: Message, to: [MessageAddress], _ words: Words, date: String) -> String {
        let sender =
            message.fromName.isEmpty ? message.fromAddress : "\(message.fromName) <\(message.fromAddress)>"
        let recipients = to.filter { $0.role == .to }.map(\.address).joined(separator: ", ")
        let head = [
            "---------- \(words.title) ----------", "\(words.from): \(sender)", "\(words.date): \(date)",
            "\(words.subject): \(message.subject)", "\(words.to): \(recipients)",
        ]
        return "\n\n" + head.joined(separator: "\n") + "\n\n" + String(message.text.prefix(500_000))
    }
}
