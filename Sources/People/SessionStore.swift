import Base
import Storage

/// The tables `session` and `token`: 256-bit references, stored hashed.
package struct SessionStore: Sendable {
    /// Without use.
    package static let idle: Milliseconds = 12 * 3_600_000
    package static let absolute: Milliseconds = 14 * 86_400_000

    private let ids: IDMaker
    private let random: Randomness
    private let events: EventStore

    package init(ids: IDMaker, random: Randomness, events: EventStore) {
        self.ids = ids
        self.random = random
        self.events = events
    }

    /// Opens a session; returns the reference, which is nowhere else.
    package func open(member: ID, at: Milliseconds, in db: any Connection) throws -> String {
        let reference = random.reference()
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO session (id, member_id, token_hash, created_at, seen_at, expires_at)
            VALUES (\(id), \(member), \(SHA256Digest.of(reference)), \(at), \(at), \(at + Self.absolute))
            """)
        try events.add(Event("session-opened", actor: member, subject: id), at: at, in: db)
        return reference
    }

    /// The member of a living session and when it was last noted as used.
    package func find(_ reference: String, at: Milliseconds, in db: any Connection) throws -> (
        member: Member, seenAt: Milliseconds
    )? {
        let row = try db.first(
            """
            SELECT member.*, session.seen_at FROM session JOIN member ON member.id = session.member_id
            WHERE session.token_hash = \(SHA256Digest.of(reference)) AND session.expires_at > \(at)
                AND session.seen_at > \(at - Self.idle) AND member.is_disabled = 0
            """)
        return try row.map { (try MemberStore.read($0), try $0.int("seen_at")) }
    }

    package func touch(_ reference: String, at: Milliseconds, in db: any Connection) throws {
        try db.execute("UPDATE session SET seen_at = \(at) WHERE token_hash = \(SHA256Digest.of(reference))")
    }

    package func close(_ reference: String, in db: any Connection) throws {
        try db.execute("DELETE FROM session WHERE token_hash = \(SHA256Digest.of(reference))")
    }

    /// Ends all sessions of a member.
    package func closeAll(of member: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM session WHERE member_id = \(member)")
    }

    package func sweep(at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM session WHERE expires_at <= \(at) OR seen_at <= \(at - Self.idle)")
    }

    /// Makes an API token; returns the secret, which is nowhere else.
    package func addToken(
        name: String, member: ID, scope: TokenScope, at: Milliseconds, in db: any Connection
    ) throws -> String {
        let secret = "liaison_" + random.reference()
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO token (id, member_id, name, scope, token_hash, created_at)
            VALUES (\(id), \(member), \(name), \(scope.rawValue), \(SHA256Digest.of(secret)), \(at))
            """)
        try events.add(Event("token-added", subject: id, data: ["scope": scope.rawValue]), at: at, in: db)
        return secret
    }

    package func findToken(_ secret: String, in db: any Connection) throws -> (member: Member, scope: TokenScope)? {
        let row = try db.first(
            """
            SELECT member.*, token.scope FROM token JOIN member ON member.id = token.member_id
            WHERE token.token_hash = \(SHA256Digest.of(secret)) AND member.is_disabled = 0
            """)
        guard let row, let scope = TokenScope(rawValue: try row.text("scope")) else { return nil }
        return (try MemberStore.read(row), scope)
    }
}
