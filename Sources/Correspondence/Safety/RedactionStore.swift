import Base
import Storage

/// What was taken out of a message, by whom and why.
package struct Redaction: Sendable, Equatable {
    package enum Kind: String, Sendable { case passage, message, attachment }

    package var message: ID
    package var kind: Kind
    package var reason: String
    package var member: ID
    package var at: Milliseconds
}

/// The table `redaction`.
package struct RedactionStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    func add(_ redaction: Redaction, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO redaction (id, message_id, kind, reason, member_id, at)
            VALUES (\(try ids.make()), \(redaction.message), \(redaction.kind.rawValue), \(redaction.reason),
                \(redaction.member), \(redaction.at))
            """)
    }

    /// Of all messages of a ticket the caller has already been allowed to see, oldest first.
    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [ID: [Redaction]] {
        let rows = try db.rows(
            """
            SELECT redaction.* FROM message JOIN redaction ON redaction.message_id = message.id
            WHERE message.ticket_id = \(ticket) ORDER BY redaction.id
            """)
        return Dictionary(grouping: try rows.map(Self.read), by: \.message)
    }

    static func isRedacted(_ message: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT id FROM redaction WHERE message_id = \(message) LIMIT 1") != nil
    }

    private static func read(_ row: Row) throws -> Redaction {
        Redaction(
            message: try row.int("message_id"), kind: Redaction.Kind(rawValue: try row.text("kind")) ?? .message,
            reason: try row.text("reason"), member: try row.int("member_id"), at: try row.int("at"))
    }
}
