/// The table `setting`: single values of an installation, such as how far a job has come.
package enum StoredSetting {
    package static func text(_ name: String, in db: any Connection) throws -> String? {
        try db.first("SELECT value FROM setting WHERE name = \(name)")?.text("value")
    }

    package static func set(_ name: String, _ value: String, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO setting (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }
}
