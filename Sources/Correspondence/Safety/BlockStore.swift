import Base
import Storage

/// The table `blocked_sender`: whose mail a queue files as junk, without an acknowledgement and without waking anyone.
package struct BlockStore: Sendable {
    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    package struct Blocked: Sendable, Equatable {
        package var address: String
        package var member: ID
        package var at: Milliseconds
    }

    static func blocks(_ address: String, queue: ID, in db: any Connection) throws -> Bool {
        let address = EmailAddress.folded(address)
        return try db.first(
            "SELECT address FROM blocked_sender WHERE queue_id = \(queue) AND address = \(address)") != nil
    }

    /// The caller has made sure that the actor may answer for the queue.
    func block(_ address: String, queue: ID, ticket: ID?, actor: ID, at: Milliseconds, in db: any Connection) throws {
        let address = EmailAddress.folded(address)
        guard EmailAddress.isPlausible(address) else { throw Failure(.invalid, "block-no-address") }
        try db.execute(
            """
            INSERT INTO blocked_sender (queue_id, address, member_id, at)
            VALUES (\(queue), \(address), \(actor), \(at)) ON CONFLICT (queue_id, address) DO NOTHING
            """)
        try events.add(Event("sender-blocked", actor: actor, queue: queue, ticket: ticket), at: at, in: db)
    }

    func unblock(_ address: String, queue: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        let address = EmailAddress.folded(address)
        try db.execute("DELETE FROM blocked_sender WHERE queue_id = \(queue) AND address = \(address)")
        try events.add(Event("sender-unblocked", actor: actor, queue: queue), at: at, in: db)
    }

    /// Of a queue the caller may see, by address.
    package func all(queue: ID, in db: any Connection) throws -> [Blocked] {
        try db.rows("SELECT * FROM blocked_sender WHERE queue_id = \(queue) ORDER BY address").map {
            Blocked(address: try $0.text("address"), member: try $0.int("member_id"), at: try $0.int("at"))
        }
    }
}
