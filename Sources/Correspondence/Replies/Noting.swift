import Base
import Mail
import Storage

/// Internal notes: only the team sees them.
package struct Noting: Sendable {
    private let stores: Filing.Stores
    private let ids: IDMaker

    package init(stores: Filing.Stores, ids: IDMaker) {
        self.stores = stores
        self.ids = ids
    }

    package func add(
        _ text: String, to ticket: Ticket, by viewer: Viewer, name: String, files: [OutgoingAttachment] = [],
        at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw Failure(.invalid, "draft-empty")
        }
        guard text.utf8.count <= 1 << 20 else { throw Failure(.tooLarge, "error-too-large") }
        guard files.reduce(0, { $0 + $1.bytes.count }) <= Draft.Content.mostFileBytes else {
            throw Failure(.tooLarge, "draft-files-too-large")
        }
        let id = try ids.make()
        let raw = try files.isEmpty ? nil : stores.raws.add(try Self.envelope(files, note: id, at: at), in: db)
        let message = Message(
            id: id, ticket: ticket.id, raw: raw, direction: .note, kind: "note", author: viewer.memberID,
            fromName: name,
            fromAddress: "", subject: "", headerID: "", sentAt: at, createdAt: at, language: nil, text: text,
            newText: text,
            hasHTML: false, problems: [], copies: 1, isNewcomer: false)
        var belongings = MessageStore.Belongings()
        belongings.attachments = files.enumerated().map { position, file in
            Attachment(
                id: 0, message: id, position: position, filename: file.filename, contentType: file.contentType,
                size: file.bytes.count, sha256: Hex.encode(SHA256Digest.of(file.bytes)), isInline: false,
                contentID: "", label: "")
        }
        try stores.messages.add(message, belongings, queue: ticket.queue, in: db)
        let document = SearchDocument(subject: "", sender: name, recipients: "", body: text)
        try stores.index.add(document, message: id, ticket: ticket.id, in: db)
        let event = Event("note-added", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
        try stores.events.add(event, at: at, in: db)
        return id
    }

    /// The files as parts of a mail that nobody is sent, so that they are kept and read as all others are.
    private static func envelope(_ files: [OutgoingAttachment], note: ID, at: Milliseconds) throws(Failure) -> [UInt8] {
        var mail = OutgoingMessage(
            from: MailAddress(name: "", address: "note@localhost.invalid"), to: [], subject: "", date: at,
            messageID: "note-\(note)@localhost.invalid", text: "")
        mail.attachments = files
        return try MessageComposer.compose(mail)
    }
}
