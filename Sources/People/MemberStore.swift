import Base
import Storage

/// The tables `member` and `queue_right`.
package struct MemberStore: Sendable {
    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Throws `conflict` when the address has an account.
    package func add(
        email: String, name: String, isAdministrator: Bool, password: String?, mustChange: Bool, actor: ID?,
        at: Milliseconds, in db: any Connection
    ) throws -> Member {
        let email = EmailAddress.folded(email)
        guard EmailAddress.isPlausible(email) else {
            throw Failure(.invalid, "member-email-invalid", arguments: [email])
        }
        let id = try ids.make()
        guard try db.first("SELECT id FROM member WHERE email = \(email)") == nil else {
            throw Failure(.conflict, "member-email-taken", arguments: [email])
        }
        try db.execute(
            """
            INSERT INTO member (id, email, name, letter_name, language, is_administrator, is_disabled, password,
                must_change, created_at)
            VALUES (\(id), \(email), \(name), \(name), 'en', \(isAdministrator), 0, \(password), \(mustChange), \(at))
            """)
        try events.add(Event("member-added", actor: actor, subject: id), at: at, in: db)
        return try require(id, in: db)
    }

    package func find(email: String, in db: any Connection) throws -> Member? {
        try db.first("SELECT * FROM member WHERE email = \(EmailAddress.folded(email))").map(Self.read)
    }

    package func find(_ id: ID, in db: any Connection) throws -> Member? {
        try db.first("SELECT * FROM member WHERE id = \(id)").map(Self.read)
    }

    package func require(_ id: ID, in db: any Connection) throws -> Member {
        guard let member = try find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        return member
    }

    package func all(in db: any Connection) throws -> [Member] {
        try db.rows("SELECT * FROM member ORDER BY name, id").map(Self.read)
    }

    /// The stored password hash; nil when there is none or the account is disabled.
    package func passwordHash(of id: ID, in db: any Connection) throws -> String? {
        try db.first("SELECT password FROM member WHERE id = \(id) AND is_disabled = 0")?.optionalText("password")
    }

    package func setPassword(_ hash: String, mustChange: Bool, of id: ID, at: Milliseconds, in db: any Connection)
        throws
    {
        try db.executeOne("UPDATE member SET password = \(hash), must_change = \(mustChange) WHERE id = \(id)")
        try events.add(Event("member-password-changed", actor: id, subject: id), at: at, in: db)
    }

    package func setLanguage(_ language: String, of id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE member SET language = \(language) WHERE id = \(id)")
    }

    /// Ends their sessions too. Throws `refused` for the last administrator.
    package func disable(_ id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        if try require(id, in: db).isAdministrator { try requireAnotherAdministrator(than: id, in: db) }
        try db.executeOne("UPDATE member SET is_disabled = 1 WHERE id = \(id)")
        try db.execute("DELETE FROM session WHERE member_id = \(id)")
        try db.execute("DELETE FROM password_link WHERE member_id = \(id)")
        try events.add(Event("member-disabled", actor: actor, subject: id), at: at, in: db)
    }

    /// Gives exactly these rights on a queue, with what makes them of use.
    package func setRights(
        _ rights: Set<Right>, of id: ID, queue: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute("DELETE FROM queue_right WHERE queue_id = \(queue) AND member_id = \(id)")
        let rights = rights.completed
        for right in rights.map(\.rawValue).sorted() {
            try db.execute("INSERT INTO queue_right (queue_id, member_id, name) VALUES (\(queue), \(id), \(right))")
        }
        let names = rights.map(\.rawValue).sorted().joined(separator: ",")
        try events.add(
            Event("rights-changed", actor: actor, queue: queue, subject: id, data: ["rights": names]), at: at, in: db)
    }

    /// Their own rights on a queue, without those of their teams.
    package func rights(of id: ID, queue: ID, in db: any Connection) throws -> Set<Right> {
        let rows = try db.rows("SELECT name FROM queue_right WHERE queue_id = \(queue) AND member_id = \(id)")
        return Set(try rows.compactMap { Right(rawValue: try $0.text("name")) })
    }

    /// Members' own rights on a queue, by member.
    package func rights(onQueue queue: ID, in db: any Connection) throws -> [ID: Set<Right>] {
        var rights: [ID: Set<Right>] = [:]
        for row in try db.rows("SELECT member_id, name FROM queue_right WHERE queue_id = \(queue)") {
            if let right = Right(rawValue: try row.text("name")) {
                rights[try row.int("member_id"), default: []].insert(right)
            }
        }
        return rights
    }

    /// Members who have a right on a queue, by themselves, by a team or as administrators.
    package func members(with right: Right, queue: ID, in db: any Connection) throws -> [Member] {
        try db.rows(
            """
            SELECT * FROM member WHERE is_disabled = 0 AND (
                (is_administrator = 1 AND EXISTS (SELECT 1 FROM queue WHERE id = \(queue) AND is_confidential = 0))
                OR id IN (
                    SELECT member_id FROM queue_right WHERE queue_id = \(queue) AND name = \(right.rawValue)
                    UNION SELECT team_member.member_id FROM team_right
                        JOIN team_member ON team_member.team_id = team_right.team_id
                        WHERE team_right.queue_id = \(queue) AND team_right.name = \(right.rawValue)))
            ORDER BY name, id
            """
        ).map(Self.read)
    }

    /// Whether a member works here and has a right on a queue.
    package func may(_ right: Right, member: ID, queue: ID, in db: any Connection) throws -> Bool {
        guard let member = try find(member, in: db), !member.isDisabled else { return false }
        return try viewer(member, in: db).may(right, queue: queue)
    }

    /// The viewer a member is now: their own rights and those of their teams. Administrators have all rights on queues
    /// that are not confidential.
    package func viewer(_ member: Member, in db: any Connection) throws -> Viewer {
        var rights: [ID: Set<Right>] = [:]
        if member.isAdministrator {
            for row in try db.rows("SELECT id FROM queue WHERE is_confidential = 0") {
                rights[try row.int("id")] = Set(Right.allCases)
            }
        }
        for row in try db.rows(
            """
            SELECT queue_id, name FROM queue_right WHERE member_id = \(member.id)
            UNION SELECT team_right.queue_id, team_right.name FROM team_member
                JOIN team_right ON team_right.team_id = team_member.team_id WHERE team_member.member_id = \(member.id)
            """)
        {
            if let right = Right(rawValue: try row.text("name")) {
                rights[try row.int("queue_id"), default: []].insert(right)
            }
        }
        let confidential = try db.rows(
            "SELECT id FROM queue WHERE is_confidential = 1 AND id IN \(list: rights.keys.sorted())")
        return Viewer(
            memberID: member.id, isAdministrator: member.isAdministrator, rights: rights,
            confidentialQueues: Set(try confidential.map { try $0.int("id") }),
            ledTeams: Set(
                try db.rows("SELECT team_id FROM team_member WHERE member_id = \(member.id) AND is_lead = 1").map {
                    try $0.int("team_id")
                }))
    }

    func note(_ event: Event, at: Milliseconds, in db: any Connection) throws {
        try events.add(event, at: at, in: db)
    }

    static func read(_ row: Row) throws -> Member {
        Member(
            id: try row.int("id"), email: try row.text("email"), name: try row.text("name"),
            letterName: try row.text("letter_name"), language: try row.text("language"),
            isAdministrator: try row.bool("is_administrator"), isDisabled: try row.bool("is_disabled"),
            mustChangePassword: try row.bool("must_change"), zone: try row.text("zone"),
            theme: try row.text("theme"), usesKeys: try row.bool("uses_keys"), seenAt: try row.optionalInt("seen_at"),
            awayFrom: try row.text("away_from"), awayUntil: try row.text("away_until"))
    }
}
