import Base
import Storage

/// The tables `draft` and `draft_file`. A draft that was sent stays, unseen, until its mail can no longer be taken
/// back.
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
        package var size: Int
        /// A mail that is sent on: its bytes belong to a message of ours.
        package var isOriginal: Bool
    }

    // MARK: - Reading

    package func find(ticket: ID, author: ID, kind: Draft.Kind = .answer, in db: any Connection) throws -> Draft? {
        try db.first(
            """
            SELECT * FROM draft WHERE ticket_id = \(ticket) AND author_id = \(author) AND kind = \(kind.rawValue)
                AND sent_message IS NULL
            """
        ).map(Self.read)
    }

    /// All drafts of a ticket the caller has already been allowed to see, oldest first.
    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [Draft] {
        try db.rows("SELECT * FROM draft WHERE ticket_id = \(ticket) AND sent_message IS NULL ORDER BY id").map(
            Self.read)
    }

    /// Not there, sent and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Draft {
        let row = try db.first(
            """
            SELECT draft.* FROM draft JOIN ticket ON ticket.id = draft.ticket_id
            WHERE draft.id = \(id) AND draft.sent_message IS NULL AND ticket.queue_id IN \(list: viewer.queues(.see))
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.read(row)
    }

    func require(_ id: ID, in db: any Connection) throws -> Draft {
        guard let row = try db.first("SELECT * FROM draft WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try Self.read(row)
    }

    func find(_ id: ID, in db: any Connection) throws -> Draft? {
        try db.first("SELECT * FROM draft WHERE id = \(id)").map(Self.read)
    }

    /// The draft a message was made from, while it can be taken back.
    func ofMessage(_ message: ID, in db: any Connection) throws -> Draft? {
        try db.first("SELECT * FROM draft WHERE sent_message = \(message)").map(Self.read)
    }

    // MARK: - Writing

    /// Saves as the author's draft of the ticket: the one there is, or a new one.
    package func save(
        _ content: Draft.Content, ticket: Ticket, author: ID, seenVersion: Int64, kind: Draft.Kind = .answer,
        at: Milliseconds, in db: any Connection
    ) throws -> Draft {
        if let draft = try find(ticket: ticket.id, author: author, kind: kind, in: db) {
            return try change(
                draft.id, to: content, seenVersion: seenVersion, expecting: draft.version, by: author, at: at, in: db)
        }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO draft (id, ticket_id, author_id, recipients, copies, subject, text, seen_version, version,
                updated_at, kind, from_address, has_signature, then_state, saved_by)
            VALUES (\(id), \(ticket.id), \(author), \(content.to.joined(separator: ", ")),
                \(content.cc.joined(separator: ", ")), \(content.subject), \(content.text), \(seenVersion), 1, \(at),
                \(kind.rawValue), \(content.from), \(content.hasSignature), \(content.then.rawValue), \(author))
            """)
        try ReviewStore.noteWriter(author, of: id, in: db)
        try events.add(
            Event("draft-saved", actor: author, queue: ticket.queue, ticket: ticket.id, subject: id), at: at, in: db)
        return try require(id, in: db)
    }

    /// Changes a draft, one's own or a colleague's; `conflict` when somebody changed it since `expecting` was read.
    package func change(
        _ id: ID, to content: Draft.Content, seenVersion: Int64, expecting: Int64, by: ID, at: Milliseconds,
        in db: any Connection
    ) throws -> Draft {
        let changed = try db.execute(
            """
            UPDATE draft SET recipients = \(content.to.joined(separator: ", ")),
                copies = \(content.cc.joined(separator: ", ")), subject = \(content.subject), text = \(content.text),
                from_address = \(content.from), has_signature = \(content.hasSignature),
                then_state = \(content.then.rawValue), seen_version = \(seenVersion), version = version + 1,
                updated_at = \(at), saved_by = \(by), held = ''
            WHERE id = \(id) AND version = \(expecting) AND sent_message IS NULL
            """)
        guard changed == 1 else { throw Failure(.conflict, "draft-collision") }
        try noteHand(of: by, in: id, at: at, in: db)
        return try require(id, in: db)
    }

    /// Files were added or taken out: the draft is another than was read, and who did it is one of its writers.
    func noteFiles(of id: ID, by: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE draft SET version = version + 1, updated_at = \(at), saved_by = \(by), held = ''
            WHERE id = \(id) AND sent_message IS NULL
            """)
        try noteHand(of: by, in: id, at: at, in: db)
    }

    /// What a colleague was to send later they have not read as it is now: it waits for them.
    private func noteHand(of member: ID, in id: ID, at: Milliseconds, in db: any Connection) throws {
        try ReviewStore.noteWriter(member, of: id, in: db)
        let held = try db.execute(
            """
            UPDATE draft SET send_at = NULL, send_by = NULL, held = 'later-colleague'
            WHERE id = \(id) AND send_at IS NOT NULL AND send_by <> \(member)
            """)
        guard held == 1, let draft = try find(id, in: db) else { return }
        let queue = try db.first("SELECT queue_id FROM ticket WHERE id = \(draft.ticket)")?.int("queue_id")
        try events.add(
            Event("send-held", actor: member, queue: queue, ticket: draft.ticket, subject: id), at: at, in: db)
    }

    /// The draft becomes the member's; `conflict` when they have one of their own.
    package func takeOver(_ draft: Draft, by member: ID, queue: ID, at: Milliseconds, in db: any Connection) throws {
        guard draft.author != member else { return }
        guard try find(ticket: draft.ticket, author: member, kind: draft.kind, in: db) == nil else {
            throw Failure(.conflict, "draft-own-exists")
        }
        try db.executeOne(
            """
            UPDATE draft SET author_id = \(member), version = version + 1
            WHERE id = \(draft.id) AND sent_message IS NULL
            """
        )
        try ReviewStore.noteWriter(member, of: draft.id, in: db)
        let event = Event("draft-taken-over", actor: member, queue: queue, ticket: draft.ticket, subject: draft.id)
        try events.add(event, at: at, in: db)
    }

    /// When it is to be sent by itself; nil takes it back. `held` says why it was not.
    func schedule(_ id: ID, at: Milliseconds?, by member: ID?, held: String = "", in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE draft SET send_at = \(at), send_by = \(member), held = \(held), version = version + 1
            WHERE id = \(id) AND sent_message IS NULL
            """)
    }

    // MARK: - Sent and taken back

    func markSent(_ draft: Draft, as message: ID, stateBefore: TicketState, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE draft SET sent_message = \(message), state_before = \(stateBefore.rawValue), send_at = NULL,
                held = ''
            WHERE id = \(draft.id) AND version = \(draft.version) AND sent_message IS NULL
            """)
    }

    /// A message was taken back: its draft is there again with all its files. Sending and taking back each moved the
    /// ticket's version by one; what else came in between still holds the draft.
    func restore(_ draft: Draft, ticket: ID, at: Milliseconds, in db: any Connection) throws {
        if let newer = try find(ticket: ticket, author: draft.author, kind: draft.kind, in: db) {
            let text = newer.text.isEmpty ? draft.text : draft.text + "\n\n" + newer.text
            try db.execute("UPDATE draft_file SET draft_id = \(draft.id) WHERE draft_id = \(newer.id)")
            for writer in try ReviewStore(ids: ids).writers(ofDraft: newer.id, in: db) {
                try ReviewStore.noteWriter(writer, of: draft.id, in: db)
            }
            try ReviewStore.noteDeleted(draft: newer.id, in: db)
            try db.executeOne("DELETE FROM draft WHERE id = \(newer.id)")
            try db.executeOne("UPDATE draft SET text = \(text) WHERE id = \(draft.id)")
        }
        try db.executeOne(
            """
            UPDATE draft SET ticket_id = \(ticket), sent_message = NULL, state_before = '',
                seen_version = seen_version + 2, version = version + 1, updated_at = \(at)
            WHERE id = \(draft.id)
            """)
    }

    /// The mail has left: nobody can take it back.
    package func forget(message: ID, in db: any Connection) throws {
        guard let draft = try ofMessage(message, in: db) else { return }
        try delete(draft.id, in: db)
    }

    /// Erasure: the bytes of its files go in their own time.
    func erase(_ id: ID, in db: any Connection) throws {
        try RawEmptying.add(
            try db.rows("SELECT raw_id FROM draft_file WHERE draft_id = \(id)").map { try $0.int("raw_id") }, in: db)
        try db.execute("DELETE FROM draft_file WHERE draft_id = \(id)")
        try delete(id, in: db)
    }

    package func delete(_ id: ID, in db: any Connection) throws {
        for file in try files(of: id, in: db) { try removeFile(file, in: db) }
        try InsertionStore.forget(draft: id, in: db)
        try LineUseStore.forget(draft: id, in: db)
        try ReviewStore.noteDeleted(draft: id, in: db)
        try db.executeOne("DELETE FROM draft WHERE id = \(id)")
    }

    private static func read(_ row: Row) throws -> Draft {
        var content = Draft.Content(
            to: Draft.addresses(in: try row.text("recipients")), cc: Draft.addresses(in: try row.text("copies")),
            subject: try row.text("subject"), text: try row.text("text"))
        content.from = try row.text("from_address")
        content.hasSignature = try row.bool("has_signature")
        content.then = Draft.Then(rawValue: try row.text("then_state")) ?? .answered
        return Draft(
            id: try row.int("id"), ticket: try row.int("ticket_id"), author: try row.int("author_id"),
            kind: Draft.Kind(rawValue: try row.text("kind")) ?? .answer, content: content,
            seenVersion: try row.int("seen_version"), version: try row.int("version"),
            updatedAt: try row.int("updated_at"), savedBy: try row.optionalInt("saved_by"),
            sendAt: try row.optionalInt("send_at"), sendBy: try row.optionalInt("send_by"),
            held: try row.text("held"), sentMessage: try row.optionalInt("sent_message"),
            stateBefore: TicketState(rawValue: try row.text("state_before")))
    }
}

// MARK: - Files

extension DraftStore {
    /// Adds a file; `tooLarge` when all of them together would be more than a letter may carry. What came by mail can
    /// go on by mail (`cameByMail`): a server that took it as a whole takes its parts.
    package func addFile(
        filename: String, contentType: String, bytes: [UInt8], to draft: ID, cameByMail: Bool = false,
        in db: any Connection
    ) throws {
        let size = try cameByMail ? 0 : files(of: draft, in: db).reduce(0) { $0 + $1.size } + bytes.count
        guard size <= Draft.Content.mostFileBytes else { throw Failure(.tooLarge, "draft-files-too-large") }
        let raw = try raws.add(bytes, in: db)
        try addFile(filename: filename, contentType: contentType, raw: raw, isOriginal: false, to: draft, in: db)
    }

    /// Adds a mail of ours that is sent on, without a copy of its bytes, whatever its size.
    func addOriginal(filename: String, raw: ID, to draft: ID, in db: any Connection) throws {
        try addFile(filename: filename, contentType: "message/rfc822", raw: raw, isOriginal: true, to: draft, in: db)
    }

    private func addFile(
        filename: String, contentType: String, raw: ID, isOriginal: Bool, to draft: ID, in db: any Connection
    ) throws {
        let (name, type) = (DraftFileName.cleaned(filename), DraftFileName.type(contentType))
        try db.execute(
            """
            INSERT INTO draft_file (id, draft_id, filename, content_type, raw_id, is_original)
            VALUES (\(try ids.make()), \(draft), \(name), \(type), \(raw), \(isOriginal))
            """)
    }

    package func files(of draft: ID, in db: any Connection) throws -> [File] {
        try db.rows(
            """
            SELECT draft_file.*, raw.size FROM draft_file JOIN raw ON raw.id = draft_file.raw_id
            WHERE draft_file.draft_id = \(draft) ORDER BY draft_file.id
            """
        ).map(Self.readFile)
    }

    func bytes(of file: File, in db: any Connection) throws -> [UInt8] { try raws.bytes(of: file.raw, in: db) }

    package func requireFile(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> (File, draft: Draft) {
        let row = try db.first(
            """
            SELECT draft_file.*, raw.size FROM draft_file JOIN raw ON raw.id = draft_file.raw_id
            WHERE draft_file.id = \(id)
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        let draft = try require(try row.int("draft_id"), visibleTo: viewer, in: db)
        if draft.kind == .forward { try ChildSafety.requireOpen(draft.ticket, to: viewer, in: db) }
        return (try Self.readFile(row), draft)
    }

    /// Removes a file with its bytes, unless they are a message's.
    package func removeFile(_ file: File, in db: any Connection) throws {
        try db.executeOne("DELETE FROM draft_file WHERE id = \(file.id)")
        if !file.isOriginal { try raws.discard(file.raw, in: db) }
    }

    private static func readFile(_ row: Row) throws -> File {
        File(
            id: try row.int("id"), filename: try row.text("filename"), contentType: try row.text("content_type"),
            raw: try row.int("raw_id"), size: Int(try row.int("size")), isOriginal: try row.bool("is_original"))
    }
}

/// What a browser says of a file, made fit for a header.
enum DraftFileName {
    /// Without folders and control characters, at most 200 bytes.
    static func cleaned(_ name: String) -> String {
        var out = ""
        for scalar in name.unicodeScalars {
            if scalar == "/" || scalar == "\\" {
                out = ""
            } else if scalar.value >= 0x20, !(0x7F...0x9F).contains(scalar.value),
                scalar.properties.generalCategory != .format || (0x200C...0x200D).contains(scalar.value),
                scalar.value != 0x2028, scalar.value != 0x2029,
                out.utf8.count < 196
            {
                out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// `type/subtype`, or bytes of no known kind.
    static func type(_ text: String) -> String {
        let plain = text.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        let parts = plain.split(separator: "/", omittingEmptySubsequences: false)
        let isFine =
            parts.count == 2
            && parts.allSatisfy { part in
                (1...100).contains(part.utf8.count)
                    && part.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "!#$&-^_.+".utf8.contains($0)
                    }
            }
        return isFine ? plain : "application/octet-stream"
    }
}
