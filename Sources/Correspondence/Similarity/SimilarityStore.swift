import Base
import Storage
import Text

/// Two signatures of what a message says: `wording` tells near copies, `topic` texts about the same things.
package struct MessageSignature: Sendable, Equatable {
    package var wording: TextSignature
    package var topic: TextSignature

    package init(wording: TextSignature, topic: TextSignature) {
        self.wording = wording
        self.topic = topic
    }

    /// Nil when there are too few words to say anything; made outside a transaction.
    package init?(_ text: String) {
        let terms = SearchTerms.terms(of: text)
        guard terms.count >= Self.fewest, let wording = TextSignature(terms: terms, width: 3),
            let topic = TextSignature(terms: Array(Set(terms)), width: 1)
        else { return nil }
        self.init(wording: wording, topic: topic)
    }

    private static let fewest = 6
}

/// The tables `text_signature` and `text_band`: which messages of the last weeks say nearly the same.
///
/// Written when a person's mail is filed; forgotten when the message is redacted, and after `kept`.
package struct SimilarityStore: Sendable {
    /// How long signatures are kept, by the time the message came.
    package static let kept: Milliseconds = 60 * 86_400_000
    /// Messages that share a band and are compared.
    private static let mostCompared = 400

    package init() {}

    /// A message that says nearly the same as another.
    package struct Hit: Sendable, Equatable {
        package var message: ID
        /// The ticket it belongs to now.
        package var ticket: ID
        package var queue: ID
        package var at: Milliseconds
        /// Of the wording, from 0 to 1.
        package var similarity: Double
    }

    /// A message with its signatures.
    package struct Entry: Sendable, Equatable {
        package var message: ID
        package var ticket: ID
        package var queue: ID
        package var at: Milliseconds
        package var signature: MessageSignature
    }

    // MARK: - Reading

    /// Messages since a time whose wording is at least so similar, most similar first; only what the viewer may see.
    package func similar(
        to message: ID, since: Milliseconds, atLeast: Double, visibleTo viewer: Viewer, limit: Int = 50,
        in db: any Connection
    ) throws -> [Hit] {
        try similar(
            to: message, since: since, atLeast: atLeast, inQueues: viewer.queues(.see), limit: limit, in: db)
    }

    /// For the program itself: a page uses `visibleTo`.
    package func similar(
        to message: ID, since: Milliseconds, until: Milliseconds = .max, atLeast: Double, inQueues queues: [ID],
        limit: Int = 50, in db: any Connection
    ) throws -> [Hit] {
        guard let own = try signature(of: message, in: db) else { return [] }
        let rows = try db.rows(
            """
            SELECT text_signature.message_id, text_signature.at, text_signature.wording, ticket.id AS ticket_id,
                ticket.queue_id
            FROM (SELECT DISTINCT message_id FROM text_band
                WHERE hash IN \(list: own.wording.bands) AND at >= \(since) AND at <= \(until)
                    AND message_id <> \(message)
                LIMIT \(Self.mostCompared)) AS near
            JOIN text_signature ON text_signature.message_id = near.message_id
            JOIN message ON message.id = near.message_id
            JOIN ticket ON ticket.id = message.ticket_id
            WHERE ticket.queue_id IN \(list: queues)
            """)
        let hits = try rows.compactMap { row -> Hit? in
            guard let wording = TextSignature(bytes: try row.bytes("wording")) else { return nil }
            let hit = Hit(
                message: try row.int("message_id"), ticket: try row.int("ticket_id"), queue: try row.int("queue_id"),
                at: try row.int("at"), similarity: wording.similarity(to: own.wording))
            return hit.similarity >= atLeast ? hit : nil
        }
        let sorted = hits.sorted { ($0.similarity, $0.message) > ($1.similarity, $1.message) }
        return Array(sorted.prefix(limit))
    }

    /// What came between two times, newest first: for whoever groups messages by `topic`. Of the newest so many, those
    /// in these queues: however many came, no more are read.
    package func recent(
        since: Milliseconds, until: Milliseconds, inQueues queues: [ID], limit: Int, in db: any Connection
    ) throws -> [Entry] {
        try db.rows(
            """
            SELECT text_signature.message_id, text_signature.at, wording, topic, ticket.id AS ticket_id, ticket.queue_id
            FROM (SELECT message_id, at, wording, topic, (SELECT ticket_id FROM message
                    WHERE message.id = text_signature.message_id) AS ticket_id
                FROM text_signature WHERE at >= \(since) AND at <= \(until)
                ORDER BY at DESC, message_id DESC LIMIT \(limit)) AS text_signature
            JOIN ticket ON ticket.id = text_signature.ticket_id
            WHERE +ticket.queue_id IN \(list: queues)
            ORDER BY text_signature.at DESC, text_signature.message_id DESC
            """
        ).compactMap { row in
            try Self.read(row).map {
                Entry(
                    message: try row.int("message_id"), ticket: try row.int("ticket_id"),
                    queue: try row.int("queue_id"), at: try row.int("at"), signature: $0)
            }
        }
    }

    package func signature(of message: ID, in db: any Connection) throws -> MessageSignature? {
        try db.first("SELECT wording, topic FROM text_signature WHERE message_id = \(message)").flatMap(Self.read)
    }

    private static func read(_ row: Row) throws -> MessageSignature? {
        guard let wording = TextSignature(bytes: try row.bytes("wording")),
            let topic = TextSignature(bytes: try row.bytes("topic"))
        else { return nil }
        return MessageSignature(wording: wording, topic: topic)
    }

    // MARK: - Writing

    func add(_ signature: MessageSignature, message: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO text_signature (message_id, at, wording, topic)
            VALUES (\(message), \(at), \(signature.wording.bytes), \(signature.topic.bytes))
            ON CONFLICT (message_id) DO NOTHING
            """)
        try db.insert(
            into: "text_band", "hash, at, message_id",
            rows: Set(signature.wording.bands).sorted().map { [$0, at, message] },
            onConflict: "ON CONFLICT (hash, at, message_id) DO NOTHING")
    }

    /// The words of the message are not those they were.
    func forget(message: ID, in db: any Connection) throws {
        let row = try db.first("SELECT at, wording, topic FROM text_signature WHERE message_id = \(message)")
        guard let row, let signature = try Self.read(row) else { return }
        try db.execute(
            """
            DELETE FROM text_band WHERE hash IN \(list: signature.wording.bands) AND at = \(try row.int("at"))
                AND message_id = \(message)
            """)
        try db.execute("DELETE FROM text_signature WHERE message_id = \(message)")
    }

    /// Drops a few that are too old; called often, so that it never has much to do.
    func forgetOld(at now: Milliseconds, limit: Int = 20, in db: any Connection) throws {
        let old = try db.rows(
            "SELECT message_id FROM text_signature WHERE at < \(now - Self.kept) ORDER BY at LIMIT \(limit)")
        for row in old { try forget(message: try row.int("message_id"), in: db) }
    }
}
