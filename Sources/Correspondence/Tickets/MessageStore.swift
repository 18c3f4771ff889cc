import Base
import Storage

/// The tables `message`, `message_address`, `message_reference` and `attachment`.
package struct MessageStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// What a message brings besides its row.
    struct Belongings: Sendable {
        var addresses: [MessageAddress] = []
        /// Message-IDs it answers or names; its own is added by the store.
        var references: [String] = []
        var attachments: [Attachment] = []
        var contentHash: [UInt8] = []
    }

    func add(_ message: Message, _ belongings: Belongings, queue: ID, in db: any Connection) throws {
        try db.send(
            """
            INSERT INTO message (id, ticket_id, raw_id, direction, kind, author_id, from_name, from_address, subject,
                header_id, sent_at, created_at, language, text, new_text, has_html, problems, content_hash, copies,
                is_newcomer)
            VALUES (\(message.id), \(message.ticket), \(message.raw), \(message.direction.rawValue), \(message.kind),
                \(message.author), \(message.fromName), \(message.fromAddress), \(message.subject), \(message.headerID),
                \(message.sentAt), \(message.createdAt), \(message.language), \(message.text), \(message.newText),
                \(message.hasHTML), \(message.problems.joined(separator: " ")), \(belongings.contentHash),
                \(message.copies), \(message.isNewcomer))
            """)
        try db.insert(
            into: "message_address", "message_id, role, position, name, address",
            rows: belongings.addresses.enumerated().map { position, address in
                [message.id, address.role.rawValue, position, address.name, address.address]
            })
        try addReferences(belongings.references, of: message, queue: queue, in: db)
        for attachment in belongings.attachments {
            try db.send(
                """
                INSERT INTO attachment (id, message_id, position, filename, content_type, size, sha256, is_inline,
                    content_id, label)
                VALUES (\(try ids.make()), \(message.id), \(attachment.position), \(attachment.filename),
                    \(attachment.contentType), \(attachment.size), \(attachment.sha256), \(attachment.isInline),
                    \(attachment.contentID), \(attachment.label))
                """)
        }
    }

    private func addReferences(_ references: [String], of message: Message, queue: ID, in db: any Connection) throws {
        var seen: Set<[UInt8]> = []
        let named = [(message.headerID, true)] + references.map { ($0, false) }
        let rows: [[any Bindable]] = named.compactMap { header, isOwn in
            let hash = Self.hash(header)
            guard !header.isEmpty, seen.insert(hash).inserted else { return nil }
            return [hash, message.id, queue, isOwn]
        }
        try db.insert(into: "message_reference", "header_hash, message_id, queue_id, is_own", rows: rows)
    }

    /// Tickets with a message that has one of these Message-IDs, or (`isRelated`) names one of them, oldest first.
    func tickets(
        naming headers: [String], isRelated: Bool, queue: ID?, in db: any Connection
    ) throws -> [ID] {
        guard !headers.isEmpty else { return [] }
        let own: SQL = isRelated ? "" : " AND message_reference.is_own = 1"
        let inQueue: SQL = queue.map { " AND message_reference.queue_id = \($0)" } ?? ""
        return try db.rows(
            """
            SELECT DISTINCT message.ticket_id FROM message_reference
            JOIN message ON message.id = message_reference.message_id
            WHERE message_reference.header_hash IN \(list: headers.map(Self.hash))\(own)\(inQueue)
            ORDER BY message.ticket_id LIMIT 20
            """
        ).map { try $0.int("ticket_id") }
    }

    /// The message with this Message-ID and these words in a queue: the mail that is only a copy of it.
    func findCopy(headerID: String, contentHash: [UInt8], queue: ID, in db: any Connection) throws -> ID? {
        try db.first(
            """
            SELECT message.id FROM message JOIN message_reference ON message_reference.message_id = message.id
            WHERE message_reference.header_hash = \(Self.hash(headerID)) AND message_reference.is_own = 1
                AND message_reference.queue_id = \(queue) AND message.content_hash = \(contentHash)
            ORDER BY message.id LIMIT 1
            """
        )?.int("id")
    }

    /// A message of ours by its Message-ID, in one queue or in any.
    func findOwn(headerID: String, queue: ID? = nil, in db: any Connection) throws -> ID? {
        let inQueue: SQL = queue.map { " AND message_reference.queue_id = \($0)" } ?? ""
        return try db.first(
            """
            SELECT message.id FROM message JOIN message_reference ON message_reference.message_id = message.id
            WHERE message_reference.header_hash = \(Self.hash(headerID)) AND message_reference.is_own = 1
                AND message.direction = 'out' AND message.author_id IS NOT NULL\(inQueue)
                AND (message.raw_id IS NOT NULL
                    OR EXISTS (SELECT 1 FROM erased_message WHERE erased_message.message_id = message.id))
            LIMIT 1
            """
        )?.int("id")
    }

    func addCopy(to id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE message SET copies = copies + 1 WHERE id = \(id)")
    }

    func find(_ id: ID, in db: any Connection) throws -> Message? {
        try db.first("SELECT * FROM message WHERE id = \(id)").map(Self.read)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Message {
        let row = try db.first(
            """
            SELECT message.* FROM message JOIN ticket ON ticket.id = message.ticket_id
            WHERE message.id = \(id) AND ticket.queue_id IN \(list: viewer.queues(.see))
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.read(row)
    }

    /// All messages of a ticket the caller has already been allowed to see, oldest first.
    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [Message] {
        try db.rows("SELECT * FROM message WHERE ticket_id = \(ticket) ORDER BY sent_at, id").map(Self.read)
    }

    package func addresses(ofTicket ticket: ID, in db: any Connection) throws -> [ID: [MessageAddress]] {
        let rows = try db.rows(
            """
            SELECT message_address.* FROM message_address JOIN message ON message.id = message_address.message_id
            WHERE message.ticket_id = \(ticket) ORDER BY message_address.message_id, message_address.position
            """)
        var found: [ID: [MessageAddress]] = [:]
        for row in rows {
            let role = MessageAddress.Role(rawValue: try row.text("role")) ?? .cc
            let address = MessageAddress(role: role, name: try row.text("name"), address: try row.text("address"))
            found[try row.int("message_id"), default: []].append(address)
        }
        return found
    }

    package func attachments(ofTicket ticket: ID, in db: any Connection) throws -> [ID: [Attachment]] {
        let rows = try db.rows(
            """
            SELECT attachment.* FROM attachment JOIN message ON message.id = attachment.message_id
            WHERE message.ticket_id = \(ticket) ORDER BY attachment.message_id, attachment.position
            """)
        return Dictionary(grouping: try rows.map(Self.readAttachment), by: \.message)
    }

    package func attachments(of message: ID, in db: any Connection) throws -> [Attachment] {
        try db.rows("SELECT * FROM attachment WHERE message_id = \(message) ORDER BY position").map(Self.readAttachment)
    }

    package func requireAttachment(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Attachment {
        let row = try db.first(
            """
            SELECT attachment.* FROM attachment JOIN message ON message.id = attachment.message_id
            JOIN ticket ON ticket.id = message.ticket_id
            WHERE attachment.id = \(id) AND ticket.queue_id IN \(list: viewer.queues(.see))
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.readAttachment(row)
    }

    func move(_ message: ID, to target: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE message SET ticket_id = \(target) WHERE id = \(message)")
    }

    /// After a redaction: the words that are left, and the attachments that stay at their new places.
    func setWords(of message: Message, attachments: [Attachment], in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE message SET subject = \(message.subject), text = \(message.text), new_text = \(message.newText)
            WHERE id = \(message.id)
            """)
        let gone = try self.attachments(of: message.id, in: db).map(\.id).filter { id in
            !attachments.contains { $0.id == id }
        }
        try db.execute("DELETE FROM attachment WHERE id IN \(list: gone)")
        for attachment in attachments {
            try db.executeOne(
                """
                UPDATE attachment SET position = \(attachment.position), filename = \(attachment.filename)
                WHERE id = \(attachment.id)
                """)
        }
    }

    func move(from source: ID, to target: ID, in db: any Connection) throws {
        try db.execute("UPDATE message SET ticket_id = \(target) WHERE ticket_id = \(source)")
    }

    /// Erasure: what is left is that there was a message, when, of which kind and in which language, and by which of
    /// us. Hashes stay by which the same mail is known when it comes again.
    func empty(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM message_address WHERE message_id = \(id)")
        try db.execute("DELETE FROM attachment WHERE message_id = \(id)")
        try db.executeOne(
            """
            UPDATE message SET raw_id = NULL, from_name = '', from_address = '', subject = '', header_id = '',
                text = '', new_text = '', has_html = 0, problems = ''
            WHERE id = \(id)
            """)
    }

    /// Takes back a message of ours that was not sent.
    func delete(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM message_address WHERE message_id = \(id)")
        try db.execute("DELETE FROM message_reference WHERE message_id = \(id)")
        try db.execute("DELETE FROM attachment WHERE message_id = \(id)")
        try db.executeOne("DELETE FROM message WHERE id = \(id)")
    }

    static func hash(_ header: String) -> [UInt8] { Array(SHA256Digest.of(header).prefix(16)) }

    static func read(_ row: Row) throws -> Message {
        Message(
            id: try row.int("id"), ticket: try row.int("ticket_id"), raw: try row.optionalInt("raw_id"),
            direction: Direction(rawValue: try row.text("direction")) ?? .incoming, kind: try row.text("kind"),
            author: try row.optionalInt("author_id"), fromName: try row.text("from_name"),
            fromAddress: try row.text("from_address"), subject: try row.text("subject"),
            headerID: try row.text("header_id"),
            sentAt: try row.int("sent_at"), createdAt: try row.int("created_at"),
            language: try row.optionalText("language"),
            text: try row.text("text"), newText: try row.text("new_text"), hasHTML: try row.bool("has_html"),
            problems: try row.text("problems").split(separator: " ").map(String.init),
            copies: Int(try row.int("copies")),
            isNewcomer: try row.bool("is_newcomer"))
    }

    private static func readAttachment(_ row: Row) throws -> Attachment {
        Attachment(
            id: try row.int("id"), message: try row.int("message_id"), position: Int(try row.int("position")),
            filename: try row.text("filename"), contentType: try row.text("content_type"),
            size: Int(try row.int("size")),
            sha256: try row.text("sha256"), isInline: try row.bool("is_inline"), contentID: try row.text("content_id"),
            label: try row.text("label"))
    }
}
