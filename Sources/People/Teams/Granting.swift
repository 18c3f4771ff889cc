import Base
import Storage

/// Who gives rights on a queue to whom.
///
/// An administrator gives and takes any right on any queue; what they give themselves on a confidential queue is an
/// event like any other. A lead (`manage`) gives and takes what they hold themselves, on their queue only: nobody comes
/// to more than the lead has, and nobody loses what the lead could not have given. A team's lead seats and unseats
/// members who do not lead it: that hands on what the lead holds by the team.
package struct Granting: Sendable {
    private let members: MemberStore
    private let teams: TeamStore

    package init(members: MemberStore, teams: TeamStore) {
        self.members = members
        self.teams = teams
    }

    /// Throws `notFound` for who does not keep the queue, `refused` for more than they hold.
    package func grant(
        _ rights: Set<Right>, to member: ID, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue) else { throw Failure(.notFound, "error-not-found") }
        let member = try members.require(member, in: db)
        let before = try members.rights(of: member.id, queue: queue, in: db)
        guard before != rights.completed else { return }
        try Self.require(rights.completed, instead: before, by: viewer, queue: queue)
        try members.setRights(rights, of: member.id, queue: queue, actor: viewer.memberID, at: at, in: db)
    }

    /// The same for a team.
    package func grant(
        _ rights: Set<Right>, toTeam team: ID, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue), try teams.all(in: db).contains(where: { $0.id == team }) else {
            throw Failure(.notFound, "error-not-found")
        }
        let before = try teams.rights(onQueue: queue, in: db)[team] ?? []
        guard before != rights.completed else { return }
        try Self.require(rights.completed, instead: before, by: viewer, queue: queue)
        try teams.setRights(rights, of: team, queue: queue, actor: viewer.memberID, at: at, in: db)
    }

    /// Into a team, or to its lead.
    package func seat(
        _ member: ID, in team: ID, isLead: Bool, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let team = try teams.require(team, visibleTo: viewer, in: db)
        let member = try members.require(member, in: db)
        let isLeadNow = try teams.seats(of: team.id, in: db).first { $0.member == member.id }?.isLead ?? false
        guard viewer.isAdministrator || (!isLead && !isLeadNow) else { throw Failure(.refused, "team-lead-only") }
        try teams.seat(member.id, in: team.id, isLead: isLead, actor: viewer.memberID, at: at, in: db)
    }

    package func unseat(
        _ member: ID, from team: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let team = try teams.require(team, visibleTo: viewer, in: db)
        guard let seat = try teams.seats(of: team.id, in: db).first(where: { $0.member == member }) else {
            throw Failure(.notFound, "error-not-found")
        }
        guard viewer.isAdministrator || !seat.isLead else { throw Failure(.refused, "team-lead-only") }
        try teams.unseat(member, from: team.id, actor: viewer.memberID, at: at, in: db)
    }

    private static func require(
        _ after: Set<Right>, instead before: Set<Right>, by viewer: Viewer, queue: ID
    ) throws(Failure) {
        guard viewer.isAdministrator || after.symmetricDifference(before).isSubset(of: viewer.rights[queue] ?? [])
        else { throw Failure(.refused, "right-not-held") }
    }
}
