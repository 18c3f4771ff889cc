import Base
import Storage

/// A lost second factor: the member asks, two administrators confirm that it is really them, the member is told.
///
/// Asking needs the password, or the link of a mail; neither gives anything by itself. On the machine one
/// administrator is enough (`liaison member reset-second-factor`).
package struct LostFactor: Sendable {
    private let ways: WaysIn

    package init(_ ways: WaysIn) { self.ways = ways }

    /// Tells the other administrators, once.
    package func ask(_ member: Member) async throws {
        let now = ways.clock.now()
        try await ways.database.write { db in
            guard try ways.factors.exists(of: member.id, in: db), try ways.resets.ask(member.id, at: now, in: db) else {
                return
            }
            for administrator in try ways.members.administrators(in: db) where administrator.id != member.id {
                try ways.telling.tell(.secondFactorAsked, administrator, at: now, in: db)
            }
        }
    }

    /// True when the second factor is gone now; false when another administrator must confirm too.
    package func confirm(_ id: ID, by viewer: Viewer) async throws -> Bool {
        let now = ways.clock.now()
        return try await ways.database.write { db in
            guard try ways.resets.confirm(id, by: viewer, at: now, in: db) else {
                try forgetNotices(by: viewer, at: now, in: db)
                return false
            }
            try reset(ways.members.require(id, in: db), actor: viewer.memberID, at: now, in: db)
            try forgetNotices(by: viewer, at: now, in: db)
            return true
        }
    }

    package func decline(_ id: ID, by viewer: Viewer) async throws {
        let now = ways.clock.now()
        try await ways.database.write { db in
            try ways.resets.decline(id, by: viewer, at: now, in: db)
            try forgetNotices(by: viewer, at: now, in: db)
        }
    }

    /// Administrators who have nothing left to say about it are told of it no more.
    private func forgetNotices(by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let wishes = try ways.resets.all(visibleTo: viewer, at: at, in: db)
        for administrator in try ways.members.administrators(in: db) {
            let id = administrator.id
            guard !wishes.contains(where: { $0.member != id && $0.confirmedBy != id }) else { continue }
            try ways.notices.forget(.secondFactorAsked, of: id, in: db)
        }
    }

    /// On the machine: at once.
    package func reset(email: String) async throws {
        let now = ways.clock.now()
        try await ways.database.write { db in
            guard let member = try ways.members.find(email: email, in: db) else {
                throw Failure(
                    .notFound, "error-not-found", details: "there is no member \(email); see: liaison member list")
            }
            try reset(member, actor: nil, at: now, in: db)
        }
    }

    private func reset(_ member: Member, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try ways.factors.remove(of: member.id, actor: actor, at: at, in: db)
        try ways.telling.tell(.secondFactorReset, member, at: at, in: db)
    }
}
