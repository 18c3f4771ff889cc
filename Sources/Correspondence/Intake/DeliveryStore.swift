import Base
import Foundation
import Storage

/// The table `delivery`.
package struct DeliveryStore: Sendable {
    private let ids: IDMaker
    private let raws: RawStore
    private let key: InstanceKey

    package init(ids: IDMaker, raws: RawStore, key: InstanceKey) {
        self.ids = ids
        self.raws = raws
        self.key = key
    }

    /// Stores a delivery with its bytes unless the same bytes came for the queue before.
    func add(_ delivery: Delivery, in db: any Connection) throws -> Acceptance {
        let (size, digest) = try Self.measure(delivery.content)
        let dedupe = dedupeKey(delivery, digest)
        if try db.first("SELECT id FROM delivery WHERE dedupe_key = \(dedupe)") != nil { return .duplicate }
        let raw: ID
        switch delivery.content {
        case .memory(let bytes): raw = try raws.add(bytes, in: db)
        case .file(let url):
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            raw = try raws.add(size: size, sha256: digest, in: db) { _ in
                let piece = try handle.read(upToCount: RawStore.chunkSize) ?? Data()
                return piece.isEmpty ? nil : [UInt8](piece)
            }
        }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO delivery (id, queue_id, raw_id, dedupe_key, sender, recipient, source, received_at, state,
                deaths, message_id)
            VALUES (\(id), \(delivery.queue), \(raw), \(dedupe), \(delivery.sender), \(delivery.recipient),
                \(delivery.source.rawValue), \(delivery.receivedAt), 'new', 0, NULL)
            """)
        return .accepted(id)
    }

    /// True when the same bytes came for the queue before.
    func contains(_ delivery: Delivery, in db: any Connection) throws -> Bool {
        let dedupe = dedupeKey(delivery, try Self.measure(delivery.content).digest)
        return try db.first("SELECT id FROM delivery WHERE dedupe_key = \(dedupe)") != nil
    }

    private func dedupeKey(_ delivery: Delivery, _ digest: [UInt8]) -> [UInt8] {
        key.mac("dedupe", Array("\(delivery.queue)\n".utf8) + digest)
    }

    func find(_ id: ID, in db: any Connection) throws -> StoredDelivery? {
        try db.first("SELECT * FROM delivery WHERE id = \(id)").map(Self.read)
    }

    /// Every arrival of a message, oldest first.
    func ofMessage(_ message: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> [StoredDelivery] {
        try db.rows(
            """
            SELECT delivery.* FROM delivery JOIN message ON message.id = delivery.message_id
            JOIN ticket ON ticket.id = message.ticket_id
            WHERE delivery.message_id = \(message) AND ticket.queue_id IN \(list: viewer.queues(.see))
            ORDER BY delivery.received_at, delivery.id
            """
        ).map(Self.read)
    }

    /// The bytes of an arrival; not there and not allowed look the same.
    func requireRaw(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> ID {
        let row = try db.first(
            """
            SELECT delivery.raw_id, ticket.id FROM delivery JOIN message ON message.id = delivery.message_id
            JOIN ticket ON ticket.id = message.ticket_id
            WHERE delivery.id = \(id) AND ticket.queue_id IN \(list: viewer.queues(.see))
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        try ChildSafety.requireOpen(try row.int("id"), to: viewer, in: db)
        return try row.int("raw_id")
    }

    func setState(_ state: StoredDelivery.State, message: ID, of id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE delivery SET state = \(state.rawValue), message_id = \(message) WHERE id = \(id)")
    }

    /// The bytes of every time a message came.
    func raws(ofMessage message: ID, in db: any Connection) throws -> [ID] {
        try db.rows("SELECT raw_id FROM delivery WHERE message_id = \(message)").map { try $0.int("raw_id") }
    }

    /// Erasure: who sent it and where to.
    func eraseEnvelopes(ofMessage message: ID, in db: any Connection) throws {
        try db.execute("UPDATE delivery SET sender = '', recipient = '' WHERE message_id = \(message)")
    }

    /// The ticket its message is in; nil while it is not filed.
    func ticket(of id: ID, in db: any Connection) throws -> ID? {
        try db.first(
            """
            SELECT message.ticket_id FROM delivery JOIN message ON message.id = delivery.message_id
            WHERE delivery.id = \(id)
            """
        )?.int("ticket_id")
    }

    /// Counts a helper that died of it.
    func addDeath(to id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE delivery SET deaths = deaths + 1 WHERE id = \(id)")
    }

    private static func measure(_ content: Delivery.Content) throws -> (size: Int, digest: [UInt8]) {
        switch content {
        case .memory(let bytes): return (bytes.count, SHA256Digest.of(bytes))
        case .file(let url):
            let handle = try FileHandle(forReadingFrom: url)
            defer { try? handle.close() }
            var running = RunningSHA256()
            var size = 0
            while let piece = try handle.read(upToCount: RawStore.chunkSize), !piece.isEmpty {
                running.update(piece)
                size += piece.count
            }
            return (size, running.finish())
        }
    }

    private static func read(_ row: Row) throws -> StoredDelivery {
        StoredDelivery(
            id: try row.int("id"), queue: try row.int("queue_id"), raw: try row.int("raw_id"),
            sender: try row.text("sender"), recipient: try row.text("recipient"),
            source: Delivery.Source(rawValue: try row.text("source")) ?? .archive,
            receivedAt: try row.int("received_at"),
            state: StoredDelivery.State(rawValue: try row.text("state")) ?? .new,
            deaths: Int(try row.int("deaths")))
    }
}
