import Base
import Storage

/// The tables `erasure`, `erasure_address`, `erasure_ticket` and `erased_message`.
package struct ErasureStore: Sendable {
    private let ids: IDMaker
    private let key: InstanceKey

    package init(ids: IDMaker, key: InstanceKey) {
        self.ids = ids
        self.key = key
    }

    /// Nothing can be read back of it; who has the key finds an address again.
    package func hash(_ address: String) -> [UInt8] { key.mac("erasure", Array(EmailAddress.folded(address).utf8)) }

    func add(
        contact: ID, addresses: [String], cause: Erasure.Cause, member: ID?, reach: Erasure.Reach, at: Milliseconds,
        in db: any Connection
    ) throws -> ID {
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO erasure (id, contact_id, cause, state, member_id, reach, asked_at, done_at)
            VALUES (\(id), \(contact), \(cause.rawValue), \(Erasure.State.planning.rawValue), \(member), \(reach.text),
                \(at), NULL)
            """)
        for hash in Set(addresses.map(hash)) {
            try db.execute("INSERT INTO erasure_address (hash, erasure_id) VALUES (\(hash), \(id))")
        }
        return id
    }

    package func find(_ id: ID, in db: any Connection) throws -> Erasure? {
        try db.first("SELECT * FROM erasure WHERE id = \(id)").map(Self.read)
    }

    /// The newest of a contact.
    package func find(contact: ID, in db: any Connection) throws -> Erasure? {
        try db.first("SELECT * FROM erasure WHERE contact_id = \(contact) ORDER BY id DESC LIMIT 1").map(Self.read)
    }

    /// Newest first.
    package func newest(_ limit: Int, in db: any Connection) throws -> [Erasure] {
        try db.rows("SELECT * FROM erasure ORDER BY id DESC LIMIT \(limit)").map(Self.read)
    }

    func setState(_ state: Erasure.State, of id: ID, at: Milliseconds? = nil, in db: any Connection) throws {
        try db.executeOne("UPDATE erasure SET state = \(state.rawValue), done_at = \(at) WHERE id = \(id)")
    }

    // MARK: - Tickets

    func addTickets(_ tickets: some Sequence<ID>, to id: ID, in db: any Connection) throws {
        try db.insert(
            into: "erasure_ticket", "erasure_id, ticket_id, state",
            rows: tickets.map { [id, $0, ErasedTicketState.waiting.rawValue] },
            onConflict: "ON CONFLICT (erasure_id, ticket_id) DO NOTHING")
    }

    func waiting(of id: ID, after: ID, in db: any Connection) throws -> ID? {
        try db.first(
            """
            SELECT ticket_id FROM erasure_ticket WHERE erasure_id = \(id) AND state = 'waiting' AND ticket_id > \(after)
            ORDER BY ticket_id LIMIT 1
            """
        )?.int("ticket_id")
    }

    func setTicket(_ ticket: ID, of id: ID, state: ErasedTicketState, in db: any Connection) throws {
        try db.execute(
            "UPDATE erasure_ticket SET state = \(state.rawValue) WHERE erasure_id = \(id) AND ticket_id = \(ticket)")
    }

    /// For pages in the queues the viewer sees; how much there was in others is not told.
    package func counts(
        of id: ID, visibleTo viewer: Viewer? = nil, in db: any Connection
    ) throws -> [ErasedTicketState: Int] {
        let seen: SQL =
            viewer.map { viewer -> SQL in
                " AND ticket_id IN (SELECT id FROM ticket WHERE queue_id IN \(list: viewer.queues(.see)))"
            } ?? ""
        let rows = try db.rows(
            "SELECT state, COUNT(*) AS n FROM erasure_ticket WHERE erasure_id = \(id)\(seen) GROUP BY state")
        return Dictionary(
            try rows.compactMap { row in
                ErasedTicketState(rawValue: try row.text("state")).map { ($0, Int((try? row.int("n")) ?? 0)) }
            }, uniquingKeysWith: +)
    }

    // MARK: - Messages

    static func setErased(message: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO erased_message (message_id, at) VALUES (\(message), \(at))
            ON CONFLICT (message_id) DO NOTHING
            """)
    }

    static func erased(ofTicket ticket: ID, in db: any Connection) throws -> [ID: Milliseconds] {
        let rows = try db.rows(
            """
            SELECT erased_message.* FROM message JOIN erased_message ON erased_message.message_id = message.id
            WHERE message.ticket_id = \(ticket)
            """)
        return Dictionary(
            try rows.map { (try $0.int("message_id"), try $0.int("at")) }, uniquingKeysWith: { first, _ in first })
    }

    /// True for a message of which only the shell is left.
    package static func isErased(_ message: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT at FROM erased_message WHERE message_id = \(message)") != nil
    }

    private static func read(_ row: Row) throws -> Erasure {
        Erasure(
            id: try row.int("id"), contact: try row.int("contact_id"),
            cause: Erasure.Cause(rawValue: try row.text("cause")) ?? .request,
            state: Erasure.State(rawValue: try row.text("state")) ?? .running,
            member: try row.optionalInt("member_id"), reach: Erasure.Reach(try row.text("reach")),
            askedAt: try row.int("asked_at"), doneAt: try row.optionalInt("done_at"))
    }
}
