import Base
import Storage

/// API tokens as administrators see them; made and looked up by `SessionStore`.
package struct TokenStore: Sendable {
    /// A token without its secret, which is stored nowhere.
    package struct Token: Sendable {
        package var id: ID
        package var member: ID
        package var memberName: String
        package var name: String
        package var scope: TokenScope
        package var createdAt: Milliseconds
    }

    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    package func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Token] {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        return try db.rows(
            """
            SELECT token.*, member.name AS member_name FROM token JOIN member ON member.id = token.member_id
            ORDER BY member.name, token.id
            """
        ).map {
            Token(
                id: try $0.int("id"), member: try $0.int("member_id"), memberName: try $0.text("member_name"),
                name: try $0.text("name"), scope: TokenScope(rawValue: try $0.text("scope")) ?? .read,
                createdAt: try $0.int("created_at"))
        }
    }

    /// From now on the token opens nothing.
    package func revoke(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard let token = try all(visibleTo: viewer, in: db).first(where: { $0.id == id }) else {
            throw Failure(.notFound, "error-not-found")
        }
        try db.executeOne("DELETE FROM token WHERE id = \(id)")
        let event = Event(
            "token-revoked", actor: viewer.memberID, subject: token.member, data: ["token": String(id)])
        try events.add(event, at: at, in: db)
    }
}
