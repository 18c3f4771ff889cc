import Base

/// One step of the schema, forward only; never edited after a release.
package struct Migration: Sendable {
    /// `0001_storage`: ordered by this.
    package let id: String
    /// In our type words: ID INT TEXT BYTES REAL.
    package let statements: [String]
    /// What only one engine has, such as its full-text index.
    package let only: [Engine: [String]]

    package init(_ id: String, _ statements: [String], only: [Engine: [String]] = [:]) {
        self.id = id
        self.statements = statements
        self.only = only
    }

    /// The statements of an engine, type words spelled out.
    func spelled(for engine: Engine) -> [String] {
        statements.map { Self.spell($0, for: engine) } + (only[engine] ?? [])
    }

    private static func spell(_ statement: String, for engine: Engine) -> String {
        let words: [String: String] =
            engine == .sqlite
            ? ["ID": "INTEGER PRIMARY KEY", "INT": "INTEGER", "BYTES": "BLOB"]
            : [
                "ID": "BIGINT PRIMARY KEY", "INT": "BIGINT", "TEXT": "TEXT COLLATE \"C\"", "BYTES": "BYTEA",
                "REAL": "DOUBLE PRECISION",
            ]
        var out = ""
        var word = ""
        for character in statement + " " {
            if character.isLetter || character == "_" || character.isNumber {
                word.append(character)
                continue
            }
            out += words[word] ?? word
            word = ""
            out.append(character)
        }
        out.removeLast()
        let isTable = statement.hasPrefix("CREATE TABLE")
        return isTable && engine == .sqlite ? out + " STRICT" : out
    }
}

/// Brings a database to the newest schema, once, under a lock.
package struct Migrator: Sendable {
    private let migrations: [Migration]

    package init(_ migrations: [Migration]) { self.migrations = migrations }

    /// Each step in a transaction of its own. Returns the ids that ran. A schema of a newer program is refused.
    package func migrate(_ database: Database) async throws -> [String] {
        let engine = database.engine
        try await database.write { db in
            try Self.lock(db)
            try db.execute(SQL(text: Migration("", [Self.table]).spelled(for: engine)[0]))
        }
        try await refuseNewer(database)
        var ran: [String] = []
        for migration in migrations {
            let isNew = try await database.write { db in
                try Self.lock(db)
                guard try db.first("SELECT id FROM schema_migration WHERE id = \(migration.id)") == nil else {
                    return false
                }
                for statement in migration.spelled(for: engine) { try db.execute(SQL(text: statement)) }
                try db.execute("INSERT INTO schema_migration (id) VALUES (\(migration.id))")
                return true
            }
            if isNew { ran.append(migration.id) }
        }
        return ran
    }

    /// True when the database has exactly the steps of this program.
    package func isCurrent(_ database: Database) async throws -> Bool {
        let known = migrations.map(\.id)
        return try await database.read { db in
            try db.rows("SELECT id FROM schema_migration ORDER BY id").map { try $0.text("id") } == known
        }
    }

    private static let table = "CREATE TABLE IF NOT EXISTS schema_migration (id TEXT NOT NULL PRIMARY KEY)"

    private static func lock(_ db: any Connection) throws {
        // SQLite's transaction is immediate and needs no other lock.
        if db.engine == .postgres { _ = try db.rows("SELECT pg_advisory_xact_lock(5471820)") }
    }

    private func refuseNewer(_ database: Database) async throws {
        let known = Set(migrations.map(\.id))
        let unknown = try await database.read { db in
            try db.rows("SELECT id FROM schema_migration").map { try $0.text("id") }.filter { !known.contains($0) }
        }
        guard unknown.isEmpty else {
            throw Failure(
                .configuration, "error-schema-newer",
                details: "the database has \(unknown.joined(separator: ", ")); use the newer program")
        }
    }
}
