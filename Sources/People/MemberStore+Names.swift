import Base
import Storage

extension MemberStore {
    /// Names of members as colleagues know them, by id.
    package func names(of ids: [ID], in db: any Connection) throws -> [ID: String] {
        var names: [ID: String] = [:]
        for row in try db.rows("SELECT id, name FROM member WHERE id IN \(list: Set(ids).sorted())") {
            names[try row.int("id")] = try row.text("name")
        }
        return names
    }

    package func members(_ ids: [ID], in db: any Connection) throws -> [ID: Member] {
        let found = try db.rows("SELECT * FROM member WHERE id IN \(list: Set(ids).sorted())").map(Self.read)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }

    /// Who is away on a day (`2026-12-24`), or for good: whose account is closed.
    package func away(on day: String, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT id FROM member WHERE is_disabled = 1 OR (away_from <= \(day) AND away_until >= \(day)) ORDER BY id
            """
        ).map { try $0.int("id") }
    }
}
