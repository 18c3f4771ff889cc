import Base
import Storage

/// The tables `password_wish` (an address somebody typed, until a job has looked at it) and `password_link` (links that
/// let a member choose a new password, stored hashed, for an hour and once).
package struct PasswordLinkStore: Sendable {
    package static let lifetime: Milliseconds = 3_600_000

    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    package func addWish(_ email: String, in db: any Connection) throws -> ID {
        let id = try ids.make()
        try db.execute("INSERT INTO password_wish (id, email) VALUES (\(id), \(EmailAddress.folded(email)))")
        return id
    }

    /// Takes the wish away and returns its address.
    package func takeWish(_ id: ID, in db: any Connection) throws -> String? {
        guard let row = try db.first("SELECT email FROM password_wish WHERE id = \(id)") else { return nil }
        try db.execute("DELETE FROM password_wish WHERE id = \(id)")
        return try row.text("email")
    }

    /// A link in place of any other of the member.
    package func add(_ reference: String, for member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM password_link WHERE member_id = \(member) OR expires_at <= \(at)")
        try db.execute(
            """
            INSERT INTO password_link (id, member_id, link_hash, expires_at)
            VALUES (\(try ids.make()), \(member), \(SHA256Digest.of(reference)), \(at + Self.lifetime))
            """)
        try events.add(Event("password-link-sent", subject: member), at: at, in: db)
    }

    /// Whose link this is, as long as it works.
    package func find(_ reference: String, at: Milliseconds, in db: any Connection) throws -> Member? {
        try db.first(
            """
            SELECT member.* FROM password_link JOIN member ON member.id = password_link.member_id
            WHERE password_link.link_hash = \(SHA256Digest.of(reference)) AND password_link.expires_at > \(at)
                AND member.is_disabled = 0
            """
        ).map(MemberStore.read)
    }

    package func removeAll(of member: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM password_link WHERE member_id = \(member)")
    }
}
