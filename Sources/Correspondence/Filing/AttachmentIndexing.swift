import Base
import Jobs
import Mail
import Storage

/// Makes the words of attachments searchable, after the mail itself is. A second run does the same again.
package struct AttachmentIndexing: Sendable {
    package static let jobName = "attachment-text"
    /// Larger attachments are not read for their words.
    private static let largest = 20 << 20
    private static let most = 20

    private let database: Database
    private let stores: Filing.Stores
    private let reader: MailReader

    package init(database: Database, stores: Filing.Stores, reader: MailReader) {
        self.database = database
        self.stores = stores
        self.reader = reader
    }

    /// The job's subject is a message.
    package func run(_ job: Job) async throws {
        let loaded = try await database.read { [stores] db -> (Message, [Attachment], [UInt8])? in
            guard let message = try stores.messages.find(job.subject, in: db), let raw = message.raw,
                try stores.raws.size(of: raw, in: db) <= 64 << 20
            else { return nil }
            let files = try stores.messages.attachments(of: message.id, in: db)
            return (message, files, try stores.raws.bytes(of: raw, in: db))
        }
        var words: [String] = []
        if let (_, files, bytes) = loaded {
            for file in files.prefix(Self.most) where file.size <= Self.largest && Self.hasWords(file) {
                let decoded = try await reader.attachment(file.position, bytes)
                if let text = await reader.attachmentText(file.contentType, file.filename, decoded) {
                    words.append(text)
                }
            }
        }
        let document = SearchDocument(subject: "", sender: "", recipients: "", body: words.joined(separator: "\n"))
        try await database.write { [stores] db in
            try stores.jobs.finish(job, in: db)
            guard let (message, _, bytes) = loaded, !document.body.isEmpty, let raw = message.raw,
                let ticket = try stores.messages.find(message.id, in: db)?.ticket,
                try stores.raws.sha256(of: raw, in: db) == SHA256Digest.of(bytes)  // else redacted meanwhile
            else { return }
            try stores.index.add(document, message: message.id, ticket: ticket, in: db)
        }
    }

    /// Types that can hold words; pictures, sound and archives are left alone.
    static func hasWords(_ file: Attachment) -> Bool {
        let type = file.contentType
        return type.hasPrefix("text/") || type == "application/pdf" || type == "application/rtf"
            || type.hasPrefix("application/vnd.") || type == "application/msword" || type == "application/epub+zip"
            || (type == "application/octet-stream"
                && [".pdf", ".docx", ".odt", ".rtf", ".txt"].contains { file.filename.lowercased().hasSuffix($0) })
    }
}
