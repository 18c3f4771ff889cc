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
}
