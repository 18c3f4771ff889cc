import Base
import Storage

/// The table `factor_reset`: members who lost their second factor, until two administrators have confirmed them.
package struct FactorResetStore: Sendable {
    private static let lifetime: Milliseconds = 7 * 86_400_000

    package struct Wish: Sendable, Equatable {
        package var member: ID
        package var askedAt: Milliseconds
        package var confirmedBy: ID?
    }

    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    /// False when they had asked before.
    package func ask(_ member: ID, at: Milliseconds, in db: any Connection) throws -> Bool {
        try db.execute("DELETE FROM factor_reset WHERE member_id = \(member) AND asked_at <= \(at - Self.lifetime)")
        let added = try db.execute(
            """
            INSERT INTO factor_reset (member_id, asked_at, confirmed_by) VALUES (\(member), \(at), NULL)
            ON CONFLICT (member_id) DO NOTHING
            """)
        guard added == 1 else { return false }
        try events.add(Event("second-factor-lost", actor: member, subject: member), at: at, in: db)
        return true
    }

    package func all(visibleTo viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> [Wish] {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        return try db.rows(
            "SELECT * FROM factor_reset WHERE asked_at > \(at - Self.lifetime) ORDER BY asked_at, member_id"
        ).map(Self.read)
    }

    /// Notes the first confirmation and returns false; true when this is the second, by somebody else.
    /// Throws `refused` for one's own, and for the same administrator again.
    package func confirm(_ member: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> Bool {
        guard viewer.isAdministrator, let wish = try find(member, at: at, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        guard viewer.memberID != member else { throw Failure(.refused, "account-reset-own") }
        guard wish.confirmedBy != viewer.memberID else { throw Failure(.refused, "account-reset-another") }
        let event = Event("second-factor-reset-confirmed", actor: viewer.memberID, subject: member)
        try events.add(event, at: at, in: db)
        if wish.confirmedBy != nil { return true }
        try db.executeOne(
            """
            UPDATE factor_reset SET confirmed_by = \(viewer.memberID)
            WHERE member_id = \(member) AND confirmed_by IS NULL
            """)
        return false
    }

    package func decline(_ member: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard viewer.isAdministrator,
            try db.execute("DELETE FROM factor_reset WHERE member_id = \(member)") == 1
        else { throw Failure(.notFound, "error-not-found") }
        let event = Event("second-factor-reset-declined", actor: viewer.memberID, subject: member)
        try events.add(event, at: at, in: db)
    }

    /// Who signs in with a code has it again.
    package func forget(_ member: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM factor_reset WHERE member_id = \(member)")
    }

    private func find(_ member: ID, at: Milliseconds, in db: any Connection) throws -> Wish? {
        try db.first(
            "SELECT * FROM factor_reset WHERE member_id = \(member) AND asked_at > \(at - Self.lifetime)"
        ).map(Self.read)
    }

    private static func read(_ row: Row) throws -> Wish {
        Wish(
            member: try row.int("member_id"), askedAt: try row.int("asked_at"),
            confirmedBy: try row.optionalInt("confirmed_by"))
    }
}
