import Base
import Storage

/// Makes the full-text index anew from the messages, a slice at a time; it may be stopped and started again.
package struct Reindexing: Sendable {
    private static let slice = 200

    private let database: Database
    private let stores: Filing.Stores

    package init(database: Database, stores: Filing.Stores) {
        self.database = database
        self.stores = stores
    }

    /// Returns how many messages were indexed. `progress` is told the count so far.
    package func run(progress: @escaping @Sendable (Int) -> Void) async throws -> Int {
        var last: ID = 0
        var count = 0
        while true {
            let after = last
            let slice = try await database.read { db in
                try db.rows("SELECT * FROM message WHERE id > \(after) ORDER BY id LIMIT \(Self.slice)").map { row in
                    let message = try MessageStore.read(row)
                    let files = try stores.messages.attachments(of: message.id, in: db)
                    let hasWords = files.contains(where: AttachmentIndexing.hasWords)
                    return (message, try document(message, in: db), hasWords)
                }
            }
            guard let newest = slice.last?.0.id else {
                try await database.write { try SearchVersion.renew(in: $0) }
                return count
            }
            try await database.write { [index = stores.index, jobs = stores.jobs] db in
                for (message, document, hasWords) in slice {
                    try index.remove(message: message.id, in: db)
                    try index.add(document, message: message.id, ticket: message.ticket, in: db)
                    // Words of attachments are made by their own job, as when the mail came.
                    if hasWords { try jobs.add(AttachmentIndexing.jobName, subject: message.id, in: db) }
                }
            }
            last = newest
            count += slice.count
            progress(count)
        }
    }

    private func document(_ message: Message, in db: any Connection) throws -> SearchDocument {
        let addresses = try db.rows(
            """
            SELECT name, address FROM message_address WHERE message_id = \(message.id) AND role <> 'reply-to'
            ORDER BY position
            """
        )
        let files = try stores.messages.attachments(of: message.id, in: db).map(\.filename).joined(separator: " ")
        return SearchDocument(
            subject: message.subject, sender: "\(message.fromName) \(message.fromAddress)",
            recipients: try addresses.map { try $0.text("name") + " " + $0.text("address") }.joined(separator: " "),
            body: files.isEmpty ? message.text : message.text + "\n" + files)
    }
}
