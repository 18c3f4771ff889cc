import Base
import Storage

/// Takes a connection out of use so that it can be brought back: its row stays, under a name that nobody can enter.
enum Removal {
    /// How long it can be brought back.
    static let kept: Milliseconds = 30 * 86_400_000
    /// A name that is entered has no line end.
    private static let mark = "\n"

    static func hide(_ id: ID, in table: SQL, at: Milliseconds, _ db: any Connection) throws {
        let name = try name(of: id, in: table, isHidden: false, db)
        try db.executeOne(
            "UPDATE \(table) SET removed_at = \(at), name = \(name + mark + String(id)) WHERE id = \(id)")
    }

    /// `conflict` when its name was given to another meanwhile.
    static func show(_ id: ID, in table: SQL, _ db: any Connection) throws {
        let hidden = try name(of: id, in: table, isHidden: true, db)
        let name = hidden.split(separator: mark, maxSplits: 1).first.map(String.init) ?? hidden
        guard try db.first("SELECT id FROM \(table) WHERE name = \(name)") == nil else {
            throw Failure(.conflict, "mailbox-name-taken", arguments: [name])
        }
        try db.executeOne("UPDATE \(table) SET removed_at = NULL, name = \(name) WHERE id = \(id)")
    }

    private static func name(
        of id: ID, in table: SQL, isHidden: Bool, _ db: any Connection
    ) throws -> String {
        let state: SQL = isHidden ? "NOT NULL" : "NULL"
        guard let row = try db.first("SELECT name FROM \(table) WHERE id = \(id) AND removed_at IS \(state)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try row.text("name")
    }
}
