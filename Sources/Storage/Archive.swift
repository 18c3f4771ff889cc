import Base
import Foundation

/// A copy of a database in one engine-neutral file: an SQLite database with the same tables, and for each table the
/// count and SHA-256 of its rows. What can be made again (search index, node numbers) is left out.
package struct Archive: Sendable {
    /// Tables that are not copied.
    private static let omitted: Set<String> = [
        "search_row", "search_terms", "knowledge_row", "knowledge_terms", "knowledge_words",
        "node", "schema_migration", "archive_table",
    ]
    private static let rowsPerTransaction = 500

    private let migrator: Migrator

    package init(_ migrator: Migrator) { self.migrator = migrator }

    /// Writes all rows of one snapshot to a new file; returns their count. `progress` is told the rows so far.
    package func write(
        _ database: Database, to file: URL, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> Int {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw Failure(.conflict, "error-conflict", details: "\(file.path) exists")
        }
        let part = file.appendingPathExtension("part")
        try? FileManager.default.removeItem(at: part)
        guard FileManager.default.createFile(atPath: part.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw Failure(.configuration, "error-configuration", details: "\(part.path) cannot be written")
        }
        let pool = try SQLitePool(path: part.path, durability: .full)
        let target = Database(engine: .sqlite, driver: pool)
        _ = try await migrator.migrate(target)
        try await target.write { db in
            try db.execute(
                """
                CREATE TABLE archive_table (
                    name TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL, digest BLOB NOT NULL)
                """
            )
        }
        let tables = try await Self.tables(target)
        let count = try await database.read { db in
            var count = 0
            for table in tables { count += try Self.copy(table, from: db, to: pool) { progress(count + $0) } }
            return count
        }
        try pool.finishAsSingleFile()
        try FileManager.default.moveItem(at: part, to: file)
        return count
    }

    /// Checks the whole file, then fills an empty database from it; returns the count of rows.
    package func read(
        _ file: URL, into database: Database, progress: @escaping @Sendable (Int) -> Void
    ) async throws -> Int {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw Failure(.invalid, "error-not-found", details: "\(file.path) is not there")
        }
        let source = try Self.open(file)
        guard try await Self.whole({ try await migrator.isCurrent(source) }) else {
            throw Failure(
                .configuration, "error-schema-newer",
                details: "the archive has another schema; use the program that wrote it")
        }
        let tables = try await Self.tables(source)
        try await Self.whole { try await source.read { db in for table in tables { try Self.check(table, in: db) } } }
        return try await source.read { from in
            try database.writeSynchronously { to in
                guard try to.int("SELECT COUNT(*) AS n FROM member") == 0 else {
                    throw Failure(.conflict, "error-conflict", details: "the database is not empty")
                }
                try to.execute("DELETE FROM setting")
                var count = 0
                for table in tables {
                    try from.stream("SELECT * FROM \(table)") { row in
                        try Self.insert(row, into: table, in: to)
                        count += 1
                        if count % 1000 == 0 { progress(count) }
                    }
                }
                return count
            }
        }
    }

    /// A value of the table `setting` in an archive, such as the fingerprint of the key it needs.
    package static func setting(_ name: String, in file: URL) async throws -> String? {
        let source = try open(file)
        let value = try await whole {
            try await source.read { db in try db.first("SELECT value FROM setting WHERE name = \(name)")?.text("value")
            }
        }
        await source.close()
        return value
    }

    private static func open(_ file: URL) throws -> Database {
        do {
            return Database(engine: .sqlite, driver: try SQLitePool(path: file.path, durability: .full))
        } catch { throw damaged }
    }

    /// What cannot be read of an archive is damaged: nothing is restored from it.
    private static func whole<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let failure as Failure
            where failure.code == .unavailable || failure.code == .internal
        {
            throw damaged
        }
    }

    private static let damaged = Failure(
        .invalid, "error-archive-damaged", details: "the file is damaged or no backup of Liaison: nothing was restored")

    /// In the order of creation, so that references point backwards.
    private static func tables(_ database: Database) async throws -> [String] {
        try await database.read { db in
            try db.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").map {
                try $0.text("name")
            }
            .filter {
                !omitted.contains($0) && !$0.hasPrefix("sqlite_") && !$0.hasPrefix("search_terms_")
                    && !$0.hasPrefix("knowledge_terms_")
            }
        }
    }

    private static func copy(
        _ table: String, from db: any Connection, to pool: SQLitePool, progress: (Int) -> Void
    ) throws -> Int {
        var digest = RowDigest()
        var waiting: [Row] = []
        let flush = { (rows: [Row]) in
            try pool.writeSynchronously { target in for row in rows { try insert(row, into: table, in: target) } }
        }
        try db.stream("SELECT * FROM \(table)") { row in
            digest.add(row)
            waiting.append(row)
            if waiting.count >= rowsPerTransaction {
                try flush(waiting)
                waiting = []
                progress(digest.count)
            }
        }
        try flush(waiting)
        let (count, hash) = (digest.count, digest.hash)
        try pool.writeSynchronously { target in
            try target.execute("INSERT INTO archive_table (name, count, digest) VALUES (\(table), \(count), \(hash))")
        }
        return count
    }

    private static func check(_ table: String, in db: any Connection) throws {
        var digest = RowDigest()
        try db.stream("SELECT * FROM \(table)") { digest.add($0) }
        let row = try db.first("SELECT count, digest FROM archive_table WHERE name = \(table)")
        guard let row, try row.int("count") == Int64(digest.count), try row.bytes("digest") == digest.hash else {
            throw Failure(.invalid, "error-archive-damaged", details: "table \(table) of the archive is damaged")
        }
    }

    private static func insert(_ row: Row, into table: String, in db: any Connection) throws {
        let pairs = row.pairs
        let names = pairs.map(\.name).joined(separator: ", ")
        let values = SQL.joined(pairs.map { "\($0.value)" }, by: ", ")
        try db.execute(SQL(text: "INSERT INTO \(table) (\(names)) VALUES (") + values + SQL(text: ")"))
    }
}

/// A digest of rows that does not depend on their order: the sum of their SHA-256 modulo 2^256.
private struct RowDigest {
    private(set) var count = 0
    private(set) var hash = [UInt8](repeating: 0, count: 32)

    mutating func add(_ row: Row) {
        var bytes: [UInt8] = []
        for pair in row.pairs.sorted(by: { $0.name < $1.name }) {
            bytes += Array(pair.name.utf8) + [0]
            switch pair.value {
            case .null: bytes.append(0)
            case .int(let value): bytes += [1] + Array("\(value)".utf8)
            case .real(let value): bytes += [2] + Array("\(value)".utf8)
            case .text(let value): bytes += [3] + Array(value.utf8)
            case .bytes(let value): bytes += [4] + SHA256Digest.of(value)
            }
            bytes.append(0)
        }
        count += 1
        var carry = 0
        let digest = SHA256Digest.of(bytes)
        for index in stride(from: 31, through: 0, by: -1) {
            carry += Int(hash[index]) + Int(digest[index])
            hash[index] = UInt8(carry & 255)
            carry >>= 8
        }
    }
}
