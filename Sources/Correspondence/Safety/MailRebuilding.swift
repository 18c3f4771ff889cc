import Base
import Mail
import Storage

/// Makes the mail of a message anew from what stays of it, outside of transactions.
struct MailRebuilding: Sendable {
    let reader: MailReader

    struct Outcome: Sendable {
        var message: Message
        /// Nil where there was no mail.
        var raw: [UInt8]?
        /// Those that stay, at their new places.
        var attachments: [Attachment]
        var document: SearchDocument
    }

    /// `message` and `addresses` as they are to be, the attachments that stay at the places they have in `raw`.
    func make(
        _ message: Message, _ addresses: [MessageAddress], _ attachments: [Attachment], of raw: [UInt8]?
    ) async throws -> Outcome {
        let document = SearchDocument(
            subject: message.subject, sender: "\(message.fromName) \(message.fromAddress)",
            recipients: addresses.map { "\($0.name) \($0.address)" }.joined(separator: " "),
            body: ([message.text] + attachments.map(\.filename)).joined(separator: "\n"))
        guard let raw else { return Outcome(message: message, raw: nil, attachments: [], document: document) }
        var files: [OutgoingAttachment] = []
        for attachment in attachments {
            files.append(
                OutgoingAttachment(
                    filename: attachment.filename, contentType: attachment.contentType,
                    bytes: try await reader.attachment(attachment.position, raw)))
        }
        let mail = RebuiltMail(
            message: message, addresses: addresses, text: message.text, subject: message.subject, attachments: files)
        let bytes = try mail.bytes()
        let parsed = try await reader.parse(bytes)
        guard parsed.attachments.count == attachments.count else {
            throw Failure(.internal, "error-internal", details: "message \(message.id) lost attachments when rebuilt")
        }
        let moved = attachments.enumerated().map { position, attachment in
            var attachment = attachment
            attachment.position = position
            return attachment
        }
        return Outcome(message: message, raw: bytes, attachments: moved, document: document)
    }

    static func isMail(_ attachment: Attachment) -> Bool { attachment.contentType.hasPrefix("message/") }

    /// Whether an attachment is a mail with one of these Message-IDs, or has one in it.
    func carries(_ headers: Set<String>, _ attachment: Attachment, of raw: [UInt8]) async throws -> Bool {
        guard Self.isMail(attachment) else { return false }
        let bytes = try await reader.attachment(attachment.position, raw)
        let head = String(decoding: bytes.prefix(65_536), as: UTF8.self)
        return headers.contains { head.contains($0) }
    }
}

extension Filing.Stores {
    /// Puts the words of a message made anew in place of those it had, and into what it is found by.
    func setWords(of change: MailRebuilding.Outcome, in db: any Connection) throws {
        let message = change.message
        try messages.setWords(of: message, attachments: change.attachments, in: db)
        try index.remove(message: message.id, in: db)
        try SimilarityStore().forget(message: message.id, in: db)
        try index.add(change.document, message: message.id, ticket: message.ticket, in: db)
        if change.attachments.contains(where: AttachmentIndexing.hasWords) {
            try jobs.add(AttachmentIndexing.jobName, subject: message.id, in: db)
        }
    }
}
