import Base
import Storage

/// The tables `draft` and `draft_file`.
package struct DraftStore: Sendable {
    private let ids: IDMaker
    private let raws: RawStore
    private let events: EventStore

    package init(ids: IDMaker, raws: RawStore, events: EventStore) {
        self.ids = ids
        self.raws = raws
        self.events = events
    }

    /// A file that goes with a draft.
    package struct File: Sendable {
        package var id: ID
        package var filename: String
        package var contentType: String
        package var raw: ID
    }

    /// Saves as the author's draft of the ticket: the one there is, or a new one.
    package func save(
        _ content: Draft.Content, ticket: Ticket, author: ID, seenVersion: Int64, at: Milliseconds,
        in db: any Connection
    ) throws -> Draft {
        let to = content.to.joined(separator: ", ")
        let cc = content.cc.joined(separator: ", ")
        if let draft = try find(ticket: ticket.id, author: author, in: db) {
            try db.executeOne(
                """
                UPDATE draft SET recipients = \(to), copies = \(cc), subject = \(content.subject),
                    text = \(content.text), seen_version = \(seenVersion), version = version + 1, updated_at = \(at)
                WHERE id = \(draft.id)
                """)
            return try require(draft.id, in: db)
        }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO draft (id, ticket_id, author_id, recipients, copies, subject, text, seen_version, version,
                updated_at)
            VALUES (\(id), \(ticket.id), \(author), \(to), \(cc), \(content.subject), \(content.text),
                \(seenVersion), 1, \(at))
            """)
        try events.add(
            Event("draft-saved", actor: author, queue: ticket.queue, ticket: ticket.id, subject: id), at: at, in: db)
        return try require(id, in: db)
    }

    package func find(ticket: ID, author: ID, in db: any Connection) throws -> Draft? {
        try db.first("SELECT * FROM draft WHERE ticket_id = \(ticket) AND author_id = \(author)").map(Self.read)
    }

    /// All drafts of a ticket the caller has already been allowed to see.
    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [Draft] {
        try db.rows("SELECT * FROM draft WHERE ticket_id = \(ticket) ORDER BY id").map(Self.read)
    }

    func require(_ id: ID, in db: any Connection) throws -> Draft {
        guard let row = try db.first("SELECT * FROM draft WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try Self.read(row)
    }

    package func addFile(
        filename: String, contentType: String, bytes: [UInt8], to draft: ID, in db: any Connection
    ) throws {
        let raw = try raws.add(bytes, in: db)
        try db.execute(
            """
            INSERT INTO draft_file (id, draft_id, filename, content_type, raw_id)
            VALUES (\(try ids.make()), \(draft), \(filename), \(contentType), \(raw))
            """)
    }

    package func files(of draft: ID, in db: any Connection) throws -> [File] {
        try db.rows("SELECT * FROM draft_file WHERE draft_id = \(draft) ORDER BY id").map {
            File(
                id: try $0.int("id"), filename: try $0.text("filename"), contentType: try $0.text("content_type"),
                raw: try $0.int("raw_id"))
        }
    }

    package func delete(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM draft_file WHERE draft_id = \(id)")
        try db.executeOne("DELETE FROM draft WHERE id = \(id)")
    }

    private static func read(_ row: Row) throws -> Draft {
        Draft(
            id: try row.int("id"), ticket: try row.int("ticket_id"), author: try row.int("author_id"),
            to: Draft.addresses(in: try row.text("recipients")), cc: Draft.addresses(in: try row.text("copies")),
            subject: try row.text("subject"), text: try row.text("text"), seenVersion: try row.int("seen_version"),
            version: try row.int("version"), updatedAt: try row.int("updated_at"))
    }
}
