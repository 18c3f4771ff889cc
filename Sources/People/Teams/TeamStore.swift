import Base
import Storage

/// Members who share rights on queues.
package struct Team: Sendable, Equatable {
    package var id: ID
    package var name: String
}

/// The tables `team`, `team_member` and `team_right`.
package struct TeamStore: Sendable {
    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Throws `conflict` when the name is taken.
    package func add(name: String, actor: ID?, at: Milliseconds, in db: any Connection) throws -> Team {
        let id = try ids.make()
        try requireFree(name, except: id, in: db)
        try db.execute("INSERT INTO team (id, name, created_at) VALUES (\(id), \(name), \(at))")
        try events.add(Event("team-added", actor: actor, subject: id), at: at, in: db)
        return Team(id: id, name: name)
    }

    package func rename(_ id: ID, to name: String, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try requireFree(name, except: id, in: db)
        try db.executeOne("UPDATE team SET name = \(name) WHERE id = \(id)")
        try events.add(Event("team-renamed", actor: actor, subject: id), at: at, in: db)
    }

    private func requireFree(_ name: String, except id: ID, in db: any Connection) throws {
        guard !name.isEmpty, name.utf8.count <= 200 else { throw Failure(.invalid, "team-name-missing") }
        guard try db.first("SELECT id FROM team WHERE name = \(name) AND id <> \(id)") == nil else {
            throw Failure(.conflict, "team-name-taken", arguments: [name])
        }
    }

    /// Refused while somebody is in it, so that nobody loses rights unseen.
    package func remove(_ id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        guard try db.int("SELECT COUNT(*) AS n FROM team_member WHERE team_id = \(id)") == 0 else {
            throw Failure(.refused, "team-not-empty")
        }
        try db.execute("DELETE FROM team_right WHERE team_id = \(id)")
        try db.execute("DELETE FROM invitation_team WHERE team_id = \(id)")
        try db.executeOne("DELETE FROM team WHERE id = \(id)")
        try events.add(Event("team-removed", actor: actor, subject: id), at: at, in: db)
    }

    package func all(in db: any Connection) throws -> [Team] {
        try db.rows("SELECT id, name FROM team ORDER BY name").map(Self.read)
    }

    /// All teams for administrators, for others those they lead.
    package func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Team] {
        if viewer.isAdministrator { return try all(in: db) }
        return try all(in: db).filter { viewer.ledTeams.contains($0.id) }
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Team {
        guard let team = try all(visibleTo: viewer, in: db).first(where: { $0.id == id }) else {
            throw Failure(.notFound, "error-not-found")
        }
        return team
    }

    // MARK: - Members

    package struct Seat: Sendable {
        package var team: ID
        package var member: ID
        package var isLead: Bool
    }

    package func seats(of team: ID, in db: any Connection) throws -> [Seat] {
        try db.rows("SELECT * FROM team_member WHERE team_id = \(team) ORDER BY member_id").map(Self.readSeat)
    }

    package func seats(ofMember member: ID, in db: any Connection) throws -> [Seat] {
        try db.rows("SELECT * FROM team_member WHERE member_id = \(member) ORDER BY team_id").map(Self.readSeat)
    }

    /// Teams of everybody, by member.
    package func teamsOfMembers(in db: any Connection) throws -> [ID: [ID]] {
        var teams: [ID: [ID]] = [:]
        for row in try db.rows("SELECT member_id, team_id FROM team_member ORDER BY member_id, team_id") {
            teams[try row.int("member_id"), default: []].append(try row.int("team_id"))
        }
        return teams
    }

    /// How many are in each team.
    package func sizes(in db: any Connection) throws -> [ID: Int64] {
        var sizes: [ID: Int64] = [:]
        for row in try db.rows("SELECT team_id, COUNT(*) AS n FROM team_member GROUP BY team_id") {
            sizes[try row.int("team_id")] = try row.int("n")
        }
        return sizes
    }

    /// Puts someone into a team, or changes whether they lead it.
    package func seat(
        _ member: ID, in team: ID, isLead: Bool, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        let before = try seats(of: team, in: db).first { $0.member == member }
        guard before?.isLead != isLead else { return }
        try db.execute("DELETE FROM team_member WHERE team_id = \(team) AND member_id = \(member)")
        try db.execute(
            "INSERT INTO team_member (team_id, member_id, is_lead) VALUES (\(team), \(member), \(isLead))")
        let kind = before == nil ? "team-joined" : isLead ? "team-lead-made" : "team-lead-unmade"
        try events.add(Event(kind, actor: actor, subject: member, data: ["team": String(team)]), at: at, in: db)
    }

    package func unseat(_ member: ID, from team: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("DELETE FROM team_member WHERE team_id = \(team) AND member_id = \(member)")
        let event = Event("team-left", actor: actor, subject: member, data: ["team": String(team)])
        try events.add(event, at: at, in: db)
    }

    // MARK: - Rights

    /// Rights of teams on a queue, by team.
    package func rights(onQueue queue: ID, in db: any Connection) throws -> [ID: Set<Right>] {
        try Self.grouped(
            try db.rows("SELECT team_id AS id, name FROM team_right WHERE queue_id = \(queue)"))
    }

    /// Rights of a team, by queue.
    package func rights(ofTeam team: ID, in db: any Connection) throws -> [ID: Set<Right>] {
        try Self.grouped(try db.rows("SELECT queue_id AS id, name FROM team_right WHERE team_id = \(team)"))
    }

    /// Gives exactly these rights on a queue, with what makes them of use.
    package func setRights(
        _ rights: Set<Right>, of team: ID, queue: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute("DELETE FROM team_right WHERE queue_id = \(queue) AND team_id = \(team)")
        let names = rights.completed.map(\.rawValue).sorted()
        for name in names {
            try db.execute("INSERT INTO team_right (queue_id, team_id, name) VALUES (\(queue), \(team), \(name))")
        }
        let event = Event(
            "team-rights-changed", actor: actor, queue: queue, subject: team,
            data: ["rights": names.joined(separator: ",")])
        try events.add(event, at: at, in: db)
    }

    private static func grouped(_ rows: [Row]) throws -> [ID: Set<Right>] {
        var rights: [ID: Set<Right>] = [:]
        for row in rows {
            if let right = Right(rawValue: try row.text("name")) {
                rights[try row.int("id"), default: []].insert(right)
            }
        }
        return rights
    }

    private static func read(_ row: Row) throws -> Team { Team(id: try row.int("id"), name: try row.text("name")) }

    private static func readSeat(_ row: Row) throws -> Seat {
        Seat(team: try row.int("team_id"), member: try row.int("member_id"), isLead: try row.bool("is_lead"))
    }
}
