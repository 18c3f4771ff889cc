import Base
import Storage

/// The tables `outbox` and `outbox_recipient`. The mode of the queue is checked here, in the sending transaction; and
/// that what a person wrote was cleared: reviewed, or in need of no review.
package struct OutboxStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// Queues a mail; refused when the queue is in shadow mode. `id` is made by the caller, whose tokens name it.
    package func add(_ item: OutboxItem, at: Milliseconds, in db: any Connection) throws {
        guard try mayLeave(item, in: db) else {
            throw Failure(.refused, "outbox-shadow", details: "queue \(item.queue ?? 0)")
        }
        guard try isCleared(item, in: db) else {
            throw Failure(.refused, "review-needed", details: "message \(item.message ?? 0) was not cleared")
        }
        try db.execute(
            """
            INSERT INTO outbox (id, kind, queue_id, ticket_id, message_id, raw_id, header_id, sender, state, fence,
                not_before, created_at, changed_at)
            VALUES (\(item.id), \(item.kind.rawValue), \(item.queue), \(item.ticket), \(item.message), \(item.raw),
                \(item.headerID), \(item.sender), \(OutboxState.queued.rawValue), 0, \(item.notBefore), \(at), \(at))
            """)
        for recipient in item.recipients {
            try db.execute(
                """
                INSERT INTO outbox_recipient (outbox_id, address, state, reply, at)
                VALUES (\(item.id), \(recipient.address), \(RecipientState.waiting.rawValue), '', \(at))
                """)
        }
    }

    package func find(_ id: ID, in db: any Connection) throws -> OutboxItem? {
        try db.first("SELECT * FROM outbox WHERE id = \(id)").map { try read($0, in: db) }
    }

    /// The mail of a message.
    package func ofMessage(_ message: ID, in db: any Connection) throws -> OutboxItem? {
        try db.first("SELECT * FROM outbox WHERE message_id = \(message)").map { try read($0, in: db) }
    }

    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [OutboxItem] {
        try db.rows("SELECT * FROM outbox WHERE ticket_id = \(ticket) ORDER BY id").map { try read($0, in: db) }
    }

    /// Mail that needs a person, newest first.
    package func inNeedOfCare(visibleTo viewer: Viewer, limit: Int, in db: any Connection) throws -> [OutboxItem] {
        try db.rows(
            """
            SELECT * FROM outbox WHERE state IN ('in-doubt', 'failed') AND queue_id IN \(list: viewer.queues(.see))
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map { try read($0, in: db) }
    }

    /// Moves from one state to another; `conflict` when it was not in `from`.
    package func move(_ id: ID, from: OutboxState, to: OutboxState, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE outbox SET state = \(to.rawValue), changed_at = \(at), fence = fence + 1
            WHERE id = \(id) AND state = \(from.rawValue)
            """)
    }

    package func setRecipient(
        _ address: String, of id: ID, state: RecipientState, reply: String, at: Milliseconds, in db: any Connection
    ) throws {
        let reply = String(reply.prefix(500))
        try db.executeOne(
            """
            UPDATE outbox_recipient SET state = \(state.rawValue), reply = \(reply), at = \(at)
            WHERE outbox_id = \(id) AND address = \(address)
            """)
    }

    package func moveMessage(_ message: ID, to ticket: ID, in db: any Connection) throws {
        try db.execute("UPDATE outbox SET ticket_id = \(ticket) WHERE message_id = \(message)")
    }

    package func moveTicket(from source: ID, to target: ID, in db: any Connection) throws {
        try db.execute("UPDATE outbox SET ticket_id = \(target) WHERE ticket_id = \(source)")
    }

    /// A cancelled mail's message is a draft again.
    package func forgetMessage(_ id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE outbox SET message_id = NULL WHERE id = \(id)")
    }

    /// Notices always; what belongs to a queue when it is live.
    func mayLeave(_ item: OutboxItem, in db: any Connection) throws -> Bool {
        guard let queue = item.queue else { return item.kind == .notice }
        return try isLive(queue, in: db)
    }

    /// What a person sends needs a clearance of the same transaction; acknowledgements are reviewed as texts.
    private func isCleared(_ item: OutboxItem, in db: any Connection) throws -> Bool {
        switch item.kind {
        case .acknowledgement, .notice: return true
        case .answer, .forward, .redirect:
            guard let message = item.message else { return false }
            return try db.first("SELECT 1 AS one FROM clearance WHERE message_id = \(message)") != nil
        }
    }

    /// Erasure: the record of a mail, but not its bytes, which go in their own time.
    package func erase(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM outbox_recipient WHERE outbox_id = \(id)")
        try db.executeOne("DELETE FROM outbox WHERE id = \(id)")
    }

    package func erase(recipient address: String, of id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM outbox_recipient WHERE outbox_id = \(id) AND address = \(address)")
    }

    /// Removes a mail with its bytes.
    func forget(_ item: OutboxItem, raws: RawStore, in db: any Connection) throws {
        try db.execute("DELETE FROM outbox_recipient WHERE outbox_id = \(item.id)")
        try db.executeOne("DELETE FROM outbox WHERE id = \(item.id)")
        try raws.remove(item.raw, in: db)
    }

    package func isLive(_ queue: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT mode FROM queue WHERE id = \(queue)")?.text("mode") == "live"
    }

    private func read(_ row: Row, in db: any Connection) throws -> OutboxItem {
        let id = try row.int("id")
        let recipients = try db.rows("SELECT * FROM outbox_recipient WHERE outbox_id = \(id) ORDER BY address").map {
            OutboxRecipient(
                address: try $0.text("address"), state: RecipientState(rawValue: try $0.text("state")) ?? .inDoubt,
                reply: try $0.text("reply"))
        }
        return OutboxItem(
            id: id, kind: OutboxKind(rawValue: try row.text("kind")) ?? .answer, queue: try row.optionalInt("queue_id"),
            ticket: try row.optionalInt("ticket_id"), message: try row.optionalInt("message_id"),
            raw: try row.int("raw_id"),
            headerID: try row.text("header_id"), sender: try row.text("sender"),
            state: OutboxState(rawValue: try row.text("state")) ?? .inDoubt, notBefore: try row.int("not_before"),
            recipients: recipients)
    }
}
