import Base
import Storage

/// The table `ticket_read`: how far a member has read a ticket. Written when a ticket's page is shown.
package struct ReadMarkStore: Sendable {
    /// What was read: the ticket's version, and its newest message then.
    package struct Mark: Sendable, Equatable {
        package var version: Int64
        package var message: ID
    }

    package init() {}

    package func find(_ ticket: ID, member: ID, in db: any Connection) throws -> Mark? {
        try db.first("SELECT * FROM ticket_read WHERE member_id = \(member) AND ticket_id = \(ticket)").map {
            Mark(version: try $0.int("version"), message: try $0.int("message_id"))
        }
    }

    package func set(_ mark: Mark, ticket: ID, member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO ticket_read (member_id, ticket_id, version, message_id, at)
            VALUES (\(member), \(ticket), \(mark.version), \(mark.message), \(at))
            ON CONFLICT (member_id, ticket_id) DO UPDATE
            SET version = excluded.version, message_id = excluded.message_id, at = excluded.at
            """)
    }

    /// Of these tickets, those the member has read as far as they go.
    package func read(_ tickets: [Ticket], by member: ID, in db: any Connection) throws -> Set<ID> {
        guard !tickets.isEmpty else { return [] }
        let rows = try db.rows(
            """
            SELECT ticket_id, version FROM ticket_read
            WHERE member_id = \(member) AND ticket_id IN \(list: tickets.map(\.id))
            """)
        var versions: [ID: Int64] = [:]
        for row in rows { versions[try row.int("ticket_id")] = try row.int("version") }
        return Set(tickets.filter { (versions[$0.id] ?? -1) >= $0.version }.map(\.id))
    }

    /// Of these tickets, those with a file that is not part of a text.
    package func withFiles(_ tickets: [ID], in db: any Connection) throws -> Set<ID> {
        guard !tickets.isEmpty else { return [] }
        return Set(
            try db.rows(
                """
                SELECT DISTINCT message.ticket_id FROM message JOIN attachment ON attachment.message_id = message.id
                WHERE message.ticket_id IN \(list: tickets) AND attachment.is_inline = 0
                """
            ).map { try $0.int("ticket_id") })
    }
}
