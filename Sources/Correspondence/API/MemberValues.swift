import Base
import People
import Storage
import Web

/// Members as JSON: of colleagues the name, of oneself and for administrators what the pages of members show.
struct MemberValues: Sendable {
    let ways: WaysIn
    let filters: FilterStore

    func mayKnow(_ id: ID, _ viewer: Viewer) -> Bool { viewer.isAdministrator || id == viewer.memberID }

    func all(for viewer: Viewer, in db: any Connection) throws -> [String] {
        let details = viewer.isAdministrator ? try Details.read(nil, ways, filters, in: db) : nil
        return try ways.members.all(in: db).map { member in
            if let details { return value(member, details, viewer) }
            return mayKnow(member.id, viewer)
                ? value(member, try Details.read(member.id, ways, filters, in: db), viewer) : APIValues.member(member)
        }
    }

    func one(_ id: ID, for viewer: Viewer, in db: any Connection) throws -> String {
        let member = try ways.members.require(id, in: db)
        guard mayKnow(id, viewer) else { return APIValues.member(member) }
        return value(member, try Details.read(id, ways, filters, in: db), viewer)
    }

    /// What stands in other tables.
    private struct Details {
        var factors: Set<ID>
        var languages: [ID: [String]]
        var teams: [ID: [ID]]

        /// `id`: nil for everybody.
        static func read(
            _ id: ID?, _ ways: WaysIn, _ filters: FilterStore, in db: any Connection
        ) throws -> Details {
            guard let id else {
                return Details(
                    factors: try ways.factors.members(in: db), languages: try filters.languages(in: db),
                    teams: try ways.teams.teamsOfMembers(in: db))
            }
            return Details(
                factors: try ways.factors.exists(of: id, in: db) ? [id] : [],
                languages: [id: try filters.languages(of: id, in: db)],
                teams: [id: try ways.teams.seats(ofMember: id, in: db).map(\.team)])
        }
    }

    private func value(_ member: Member, _ details: Details, _ viewer: Viewer) -> String {
        let text = { (value: String) in JSONText.quote(value.isEmpty ? nil : value) }
        var members = [
            ("id", APIValues.id(member.id)), ("name", JSONText.quote(member.name)),
            ("email", JSONText.quote(member.email)), ("letterName", JSONText.quote(member.letterName)),
            ("language", JSONText.quote(member.language)),
            ("languages", JSONText.array((details.languages[member.id] ?? []).map { JSONText.quote($0) })),
            ("teams", JSONText.array((details.teams[member.id] ?? []).map(APIValues.id))),
            ("administrator", member.isAdministrator ? "true" : "false"),
            ("open", member.isDisabled ? "false" : "true"),
            ("secondFactor", details.factors.contains(member.id) ? "true" : "false"),
            ("awayFrom", text(member.awayFrom)), ("awayUntil", text(member.awayUntil)),
        ]
        // Where somebody lives is nobody else's business.
        if member.id == viewer.memberID { members.append(("zone", text(member.zone))) }
        return JSONText.object(members)
    }
}
