import Base
import Storage

extension MemberStore {
    /// What a member says of themselves.
    package struct Profile: Sendable, Equatable {
        package var name: String
        package var letterName: String
        package var language: String
        package var zone: String
        package var theme: String
        package var usesKeys: Bool
        package var awayFrom: String
        package var awayUntil: String

        package init(_ member: Member) {
            name = member.name
            letterName = member.letterName
            language = member.language
            zone = member.zone
            theme = member.theme
            usesKeys = member.usesKeys
            awayFrom = member.awayFrom
            awayUntil = member.awayUntil
        }
    }

    package func setProfile(_ profile: Profile, of id: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE member SET name = \(profile.name), letter_name = \(profile.letterName),
                language = \(profile.language), zone = \(profile.zone), theme = \(profile.theme),
                uses_keys = \(profile.usesKeys), away_from = \(profile.awayFrom), away_until = \(profile.awayUntil)
            WHERE id = \(id)
            """)
        try note(Event("member-changed", actor: id, subject: id), at: at, in: db)
    }

    /// Their own looks: language, theme, single keys.
    package func setLooks(
        language: String, theme: String, usesKeys: Bool, of id: ID, in db: any Connection
    ) throws {
        try db.executeOne(
            """
            UPDATE member SET language = \(language), theme = \(theme), uses_keys = \(usesKeys) WHERE id = \(id)
            """)
    }

    package func enable(_ id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE member SET is_disabled = 0 WHERE id = \(id)")
        try note(Event("member-enabled", actor: actor, subject: id), at: at, in: db)
    }

    /// Throws `refused` for the last administrator.
    package func setAdministrator(
        _ isAdministrator: Bool, of id: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        if !isAdministrator { try requireAnotherAdministrator(than: id, in: db) }
        try db.executeOne("UPDATE member SET is_administrator = \(isAdministrator) WHERE id = \(id)")
        let kind = isAdministrator ? "member-made-administrator" : "member-made-ordinary"
        try note(Event(kind, actor: actor, subject: id), at: at, in: db)
    }

    /// Throws `refused` when nobody else could administer the desk.
    package func requireAnotherAdministrator(than id: ID, in db: any Connection) throws {
        if db.engine == .postgres {
            // Two administrators who give it up for each other at the same moment wait for one another.
            _ = try db.rows("SELECT id FROM member WHERE is_administrator = 1 ORDER BY id FOR UPDATE")
        }
        guard try administrators(in: db).contains(where: { $0.id != id }) else {
            throw Failure(.refused, "account-last-administrator")
        }
    }

    /// Those who can sign in, by name.
    package func administrators(in db: any Connection) throws -> [Member] {
        try db.rows(
            "SELECT * FROM member WHERE is_administrator = 1 AND is_disabled = 0 ORDER BY name, id"
        ).map(Self.read)
    }
}
