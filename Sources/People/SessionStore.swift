import Base
import Storage

/// The tables `session` and `token`: 256-bit references, stored hashed.
package struct SessionStore: Sendable {
    /// Without use.
    package static let idle: Milliseconds = 12 * 3_600_000
    package static let absolute: Milliseconds = 14 * 86_400_000
    /// Between the password and the code.
    package static let codeTime: Milliseconds = 10 * 60_000

    private let ids: IDMaker
    private let random: Randomness
    private let events: EventStore

    package init(ids: IDMaker, random: Randomness, events: EventStore) {
        self.ids = ids
        self.random = random
        self.events = events
    }

    /// Opens a session; returns the reference, which is nowhere else. At stage `code` it lives ten minutes.
    package func open(
        member: ID, stage: SessionStage = .open, device: String = "", at: Milliseconds, in db: any Connection
    ) throws -> String {
        let reference = random.reference()
        let id = try ids.make()
        let end = at + (stage == .open ? Self.absolute : Self.codeTime)
        try db.execute(
            """
            INSERT INTO session (id, member_id, token_hash, created_at, seen_at, expires_at, stage, device)
            VALUES (\(id), \(member), \(SHA256Digest.of(reference)), \(at), \(at), \(end), \(stage.rawValue),
                \(device))
            """)
        if stage == .open {
            try db.execute("UPDATE member SET seen_at = \(at) WHERE id = \(member)")
            try events.add(Event("session-opened", actor: member, subject: id), at: at, in: db)
        }
        return reference
    }

    /// A living session that has passed all steps.
    package func find(_ reference: String, at: Milliseconds, in db: any Connection) throws -> LivingSession? {
        let row = try db.first(
            """
            SELECT member.*, session.id AS session_id, session.seen_at AS session_seen_at,
                (SELECT COUNT(*) FROM second_factor WHERE second_factor.member_id = member.id) AS factors,
                (SELECT COUNT(*) FROM member_notice WHERE member_notice.member_id = member.id) AS notices
            FROM session JOIN member ON member.id = session.member_id
            WHERE session.token_hash = \(SHA256Digest.of(reference)) AND session.expires_at > \(at)
                AND session.seen_at > \(at - Self.idle) AND session.stage = 'open' AND member.is_disabled = 0
            """)
        return try row.map { row in
            LivingSession(
                id: try row.int("session_id"), member: try MemberStore.read(row),
                seenAt: try row.int("session_seen_at"), hasSecondFactor: try row.int("factors") > 0,
                notices: Int(try row.int("notices")))
        }
    }

    /// Who has given the right password and not yet the code.
    package func findAwaitingCode(_ reference: String, at: Milliseconds, in db: any Connection) throws -> Member? {
        try db.first(
            """
            SELECT member.* FROM session JOIN member ON member.id = session.member_id
            WHERE session.token_hash = \(SHA256Digest.of(reference)) AND session.expires_at > \(at)
                AND session.stage = 'code' AND member.is_disabled = 0
            """
        ).map(MemberStore.read)
    }

    package func touch(_ reference: String, at: Milliseconds, in db: any Connection) throws {
        let hash = SHA256Digest.of(reference)
        try db.execute("UPDATE session SET seen_at = \(at) WHERE token_hash = \(hash)")
        try db.execute(
            """
            UPDATE member SET seen_at = \(at)
            WHERE id IN (SELECT member_id FROM session WHERE token_hash = \(hash))
            """)
    }

    /// A member's living sessions, the last used first: for themselves and for administrators.
    package func all(
        of member: ID, visibleTo viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> [OwnSession] {
        guard viewer.memberID == member || viewer.isAdministrator else {
            throw Failure(.notFound, "error-not-found")
        }
        return try db.rows(
            """
            SELECT * FROM session WHERE member_id = \(member) AND stage = 'open' AND expires_at > \(at)
                AND seen_at > \(at - Self.idle) ORDER BY seen_at DESC, id DESC
            """
        ).map {
            OwnSession(
                id: try $0.int("id"), createdAt: try $0.int("created_at"), seenAt: try $0.int("seen_at"),
                device: try $0.text("device"))
        }
    }

    /// Ends one session; `notFound` when it is not this member's.
    package func close(_ id: ID, of member: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        guard try db.execute("DELETE FROM session WHERE id = \(id) AND member_id = \(member)") == 1 else {
            throw Failure(.notFound, "error-not-found")
        }
        try events.add(Event("session-ended", actor: actor, subject: id), at: at, in: db)
    }

    /// Ends all sessions of a member but one, when there is one to keep.
    package func closeOthers(
        of member: ID, but kept: ID? = nil, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute("DELETE FROM session WHERE member_id = \(member) AND id <> \(kept ?? -1)")
        try events.add(Event("sessions-ended", actor: actor, subject: member), at: at, in: db)
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
