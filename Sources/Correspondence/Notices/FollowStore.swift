import Base
import Storage

/// The table `follow`: who is told what happens in a ticket.
package struct FollowStore: Sendable {
    package init() {}

    /// A member's own choice.
    package func set(_ isOn: Bool, ticket: ID, member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO follow (ticket_id, member_id, is_on, at) VALUES (\(ticket), \(member), \(isOn), \(at))
            ON CONFLICT (ticket_id, member_id) DO UPDATE SET is_on = \(isOn), at = \(at)
            """)
    }

    /// Who writes in a ticket, or is mentioned, follows it, unless they have said that they do not want to.
    func setByWriting(ticket: ID, member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO follow (ticket_id, member_id, is_on, at) VALUES (\(ticket), \(member), 1, \(at))
            ON CONFLICT (ticket_id, member_id) DO NOTHING
            """)
    }

    package func isFollowing(ticket: ID, member: ID, in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one FROM follow WHERE ticket_id = \(ticket) AND member_id = \(member) AND is_on = 1
            """) != nil
    }

    /// Members who chose for a ticket, one way or the other.
    func known(of ticket: ID, in db: any Connection) throws -> Set<ID> {
        Set(try db.rows("SELECT member_id FROM follow WHERE ticket_id = \(ticket)").map { try $0.int("member_id") })
    }

    /// Whoever follows a ticket that is merged follows the other, unless they have said that they do not want to.
    func copy(from source: ID, to target: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO follow (ticket_id, member_id, is_on, at)
                SELECT \(target), member_id, is_on, at FROM follow WHERE ticket_id = \(source)
            ON CONFLICT (ticket_id, member_id) DO NOTHING
            """)
    }

    /// Members who follow a ticket, whether they may still see it or not.
    func followers(of ticket: ID, in db: any Connection) throws -> [ID] {
        try db.rows("SELECT member_id FROM follow WHERE ticket_id = \(ticket) AND is_on = 1 ORDER BY member_id").map {
            try $0.int("member_id")
        }
    }
}
