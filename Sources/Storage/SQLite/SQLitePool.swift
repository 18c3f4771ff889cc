import Base
import CSQLite
import Foundation
import GRDB
import Synchronization

/// SQLite through GRDB's pool: one writer, readers on snapshots. Only the writer checkpoints.
struct SQLitePool: Driver {
    private let pool: DatabasePool
    private let turns = WriteTurns()
    /// Once for the process, before the first connection.
    private static let settings: Void = { _ = liaison_sqlite_without_memory_statistics() }()

    init(path: String, durability: Database.Durability) throws {
        Self.settings
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            // What readers read stays in the kernel's cache too; four of them with as much as the writer were a
            // fifth of all memory.
            try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -4000 : -8000)")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            // What is deleted is overwritten: redaction and erasure rely on it.
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        Self.makePrivate(path)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB sets NORMAL after `prepareDatabase`: an acknowledged mail could be lost with the power.
            let level = durability == .full ? "FULL" : "NORMAL"
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = \(level)") }
        } catch {
            throw SQLiteFailure.translate(error)
        }
    }

    /// A new file is the owner's alone; SQLite gives its journal the same mode. One that is there keeps its own.
    private static func makePrivate(_ path: String) {
        let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { result in
                continuation.resume(
                    with: Result {
                        try SQLiteFailure.translating { try body(SQLiteConnection(db: result.get())) }
                    })
            }
        }
    }

    func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T, isFirst: Bool
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            turns.put(isFirst: isFirst) { db in
                continuation.resume(with: Result { try SQLiteFailure.translating { try transaction(db, body) } })
            }
            // As many turns as closures; which one it is, is decided when the writer is free.
            pool.asyncWriteWithoutTransaction { db in turns.take()?(db) }
        }
    }

    private func transaction<T>(_ db: GRDB.Database, _ body: (any Connection) throws -> T) throws -> T {
        var value: T?
        try db.inTransaction(.immediate) {
            value = try body(SQLiteConnection(db: db))
            return .commit
        }
        guard let value else { throw Failure(.internal, "error-internal", details: "no result") }
        return value
    }

    @discardableResult func writeSynchronously<T>(_ body: (any Connection) throws -> T) throws -> T {
        try pool.writeWithoutTransaction { db in try SQLiteFailure.translating { try transaction(db, body) } }
    }

    /// Brings the journal into the file and closes it.
    func finishAsSingleFile() throws {
        try pool.writeWithoutTransaction { db in
            _ = try GRDB.Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try pool.close()
    }

    func administer(_ statement: String) async throws {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(with: Result { try SQLiteFailure.translating { try db.execute(sql: statement) } })
            }
        }
    }

    func close() async { try? pool.close() }

    func facts() async throws -> [(String, String)] {
        // The writer's own settings, not a reader's.
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(
                    with: Result {
                        try SQLiteFailure.translating {
                            let version = try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? ""
                            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
                            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
                            return [("version", version), ("synchronous", String(synchronous)), ("journal_mode", mode)]
                        }
                    })
            }
        }
    }
}

/// Closures that wait for the writer; those that go first are taken first.
private final class WriteTurns: Sendable {
    typealias Turn = @Sendable (GRDB.Database) -> Void

    private struct Waiting {
        var first: [Turn] = []
        var others: [Turn] = []
    }

    private let waiting = Mutex(Waiting())

    func put(isFirst: Bool, _ turn: @escaping Turn) {
        waiting.withLock { waiting in
            if isFirst { waiting.first.append(turn) } else { waiting.others.append(turn) }
        }
    }

    func take() -> Turn? {
        waiting.withLock { waiting in
            if !waiting.first.isEmpty { return waiting.first.removeFirst() }
            return waiting.others.isEmpty ? nil : waiting.others.removeFirst()
        }
    }
}

/// One transaction of SQLite.
struct SQLiteConnection: Connection {
    let db: GRDB.Database
    var engine: Engine { .sqlite }

    func rows(_ sql: SQL) throws -> [Row] { try SQLiteFailure.translating { try fetch(sql) } }

    @discardableResult func execute(_ sql: SQL) throws -> Int { try SQLiteFailure.translating { try change(sql) } }

    private func fetch(_ sql: SQL) throws -> [Row] {
        let statement = try prepared(sql)
        let columns = Row.Columns(statement.columnNames)
        let cursor = try GRDB.Row.fetchCursor(statement)
        var rows: [Row] = []
        while let row = try cursor.next() {
            rows.append(Row(columns: columns, values: (0..<row.count).map { Self.value(row[$0] as DatabaseValue) }))
        }
        return rows
    }

    private func change(_ sql: SQL) throws -> Int {
        let statement = try prepared(sql)
        let before = db.totalChangesCount
        try statement.execute()
        return db.totalChangesCount == before ? 0 : db.changesCount
    }

    func stream(_ text: String, _ body: (Row) throws -> Void) throws {
        let statement = try db.makeStatement(sql: text)
        let columns = Row.Columns(statement.columnNames)
        let cursor = try GRDB.Row.fetchCursor(statement)
        while let row = try cursor.next() {
            try body(Row(columns: columns, values: (0..<row.count).map { Self.value(row[$0] as DatabaseValue) }))
        }
    }

    private func prepared(_ sql: SQL) throws -> Statement {
        let (text, values) = sql.rendered(for: .sqlite)
        let statement = try db.cachedStatement(sql: text)
        statement.setUncheckedArguments(StatementArguments(values.map(Self.databaseValue)))
        return statement
    }

    private static func databaseValue(_ value: Value) -> DatabaseValue {
        switch value {
        case .null: .null
        case .int(let int): int.databaseValue
        case .real(let real): real.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }

    private static func value(_ value: DatabaseValue) -> Value {
        switch value.storage {
        case .null: .null
        case .int64(let int): .int(int)
        case .double(let real): .real(real)
        case .string(let text): .text(text)
        case .blob(let data): .bytes([UInt8](data))
        }
    }
}

/// SQLite's result codes in our words.
enum SQLiteFailure {
    static func translating<T>(_ body: () throws -> T) throws -> T {
        do { return try body() } catch { throw translate(error) }
    }

    static func translate(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let details = "sqlite \(error.extendedResultCode.rawValue): \(error.message ?? "")"
        switch error.resultCode {
        case .SQLITE_FULL:
            return Failure(.full, "error-full", details: details)
        case .SQLITE_CONSTRAINT where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY:
            return Failure(.internal, "error-internal", details: details)
        case .SQLITE_CONSTRAINT:
            return Failure(.conflict, "error-conflict", details: details)
        case .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_CORRUPT,
            .SQLITE_NOTADB:
            return Failure(.unavailable, "error-unavailable", details: details)
        default:
            return Failure(.internal, "error-internal", details: details)
        }
    }
}
