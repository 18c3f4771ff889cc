import Base
import Storage

/// Someone who was asked to come in and has not yet.
package struct Invitation: Sendable, Equatable {
    package enum MailState: String, Sendable {
        /// No mail could leave: the link was shown to the administrator.
        case none
        case queued
        case handedOver = "handed-over"
        case inDoubt = "in-doubt"
        case failed
    }

    package var id: ID
    package var email: String
    package var name: String
    package var isAdministrator: Bool
    package var language: String
    package var invitedBy: ID
    package var createdAt: Milliseconds
    package var expiresAt: Milliseconds
    package var mailState: MailState
}

/// The table `invitation`. The link's 256-bit reference is stored hashed and works once.
package struct InvitationStore: Sendable {
    package static let lifetime: Milliseconds = 7 * 86_400_000

    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// What an administrator writes on the form.
    package struct Content: Sendable, Equatable {
        package var email: String
        package var name: String
        package var isAdministrator: Bool
        package var language: String
        /// Teams they will be in.
        package var teams: [ID]

        package init(email: String, name: String, isAdministrator: Bool, language: String, teams: [ID] = []) {
            self.teams = teams
            self.email = EmailAddress.folded(email)
            self.name = name
            self.isAdministrator = isAdministrator
            self.language = language
        }
    }

    /// Throws `invalid` or `conflict` with the key of what is wrong with the address.
    package func add(
        _ content: Content, link reference: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Invitation {
        try require(viewer)
        guard EmailAddress.isPlausible(content.email) else { throw Failure(.invalid, "member-email-invalid") }
        guard try db.first("SELECT id FROM member WHERE email = \(content.email)") == nil else {
            throw Failure(.conflict, "member-email-taken")
        }
        try forgetTeams("SELECT id FROM invitation WHERE email = \(content.email) AND expires_at <= \(at)", in: db)
        try db.execute("DELETE FROM invitation WHERE email = \(content.email) AND expires_at <= \(at)")
        guard try db.first("SELECT id FROM invitation WHERE email = \(content.email)") == nil else {
            throw Failure(.conflict, "account-invited-already")
        }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO invitation (id, email, name, is_administrator, invited_by, link_hash, created_at, expires_at,
                language, mail_id, mail_state)
            VALUES (\(id), \(content.email), \(content.name), \(content.isAdministrator), \(viewer.memberID),
                \(SHA256Digest.of(reference)), \(at), \(at + Self.lifetime), \(content.language), NULL, 'none')
            """)
        for team in Set(content.teams).sorted() {
            guard try db.first("SELECT id FROM team WHERE id = \(team)") != nil else {
                throw Failure(.invalid, "invitation-team-unknown")
            }
            try db.execute("INSERT INTO invitation_team (invitation_id, team_id) VALUES (\(id), \(team))")
        }
        try events.add(Event("member-invited", actor: viewer.memberID, subject: id), at: at, in: db)
        return try require(id, visibleTo: viewer, in: db)
    }

    /// Teams whoever accepts will be in.
    package func teams(of id: ID, in db: any Connection) throws -> [ID] {
        try db.rows("SELECT team_id FROM invitation_team WHERE invitation_id = \(id) ORDER BY team_id").map {
            try $0.int("team_id")
        }
    }

    private func forgetTeams(_ invitations: SQL, in db: any Connection) throws {
        try db.execute("DELETE FROM invitation_team WHERE invitation_id IN (\(invitations))")
    }

    /// All that wait, also those whose link is too old; by name.
    package func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Invitation] {
        try require(viewer)
        return try db.rows("SELECT * FROM invitation ORDER BY name, id").map(Self.read)
    }

    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Invitation {
        try require(viewer)
        guard let row = try db.first("SELECT * FROM invitation WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try Self.read(row)
    }

    /// Another link for another seven days, in the name of who makes it; the old one works no more.
    package func renew(
        _ id: ID, link reference: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Invitation {
        try require(viewer)
        let changed = try db.execute(
            """
            UPDATE invitation SET link_hash = \(SHA256Digest.of(reference)), created_at = \(at),
                expires_at = \(at + Self.lifetime), invited_by = \(viewer.memberID), mail_id = NULL, mail_state = 'none'
            WHERE id = \(id)
            """)
        guard changed == 1 else { throw Failure(.notFound, "error-not-found") }
        try events.add(Event("invitation-renewed", actor: viewer.memberID, subject: id), at: at, in: db)
        return try require(id, visibleTo: viewer, in: db)
    }

    package func withdraw(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        try require(viewer)
        try forgetTeams("SELECT id FROM invitation WHERE id = \(id)", in: db)
        guard try db.execute("DELETE FROM invitation WHERE id = \(id)") == 1 else {
            throw Failure(.notFound, "error-not-found")
        }
        try events.add(Event("invitation-withdrawn", actor: viewer.memberID, subject: id), at: at, in: db)
    }

    /// The invitation of a link that still works: as long as who asked them in is an administrator.
    package func find(link reference: String, at: Milliseconds, in db: any Connection) throws -> Invitation? {
        try db.first(
            """
            SELECT invitation.* FROM invitation JOIN member ON member.id = invitation.invited_by
            WHERE invitation.link_hash = \(SHA256Digest.of(reference)) AND invitation.expires_at > \(at)
                AND member.is_administrator = 1 AND member.is_disabled = 0
            """
        ).map(Self.read)
    }

    /// The link was used: it works no more.
    package func accept(_ invitation: Invitation, member: ID, at: Milliseconds, in db: any Connection) throws {
        try forgetTeams("SELECT id FROM invitation WHERE id = \(invitation.id)", in: db)
        try db.executeOne("DELETE FROM invitation WHERE id = \(invitation.id)")
        try events.add(Event("invitation-accepted", actor: member, subject: invitation.id), at: at, in: db)
    }

    package func noteMail(_ mail: ID, queuedFor id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE invitation SET mail_id = \(mail), mail_state = 'queued' WHERE id = \(id)")
    }

    /// What became of a mail; nothing when it was no invitation's.
    package func noteOutcome(_ state: String, ofMail mail: ID, in db: any Connection) throws {
        try db.execute("UPDATE invitation SET mail_state = \(state) WHERE mail_id = \(mail)")
    }

    private func require(_ viewer: Viewer) throws {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
    }

    private static func read(_ row: Row) throws -> Invitation {
        Invitation(
            id: try row.int("id"), email: try row.text("email"), name: try row.text("name"),
            isAdministrator: try row.bool("is_administrator"), language: try row.text("language"),
            invitedBy: try row.int("invited_by"), createdAt: try row.int("created_at"),
            expiresAt: try row.int("expires_at"),
            mailState: Invitation.MailState(rawValue: try row.text("mail_state")) ?? .none)
    }
}
