import Base
import Foundation
import Logging

/// The database, whichever engine it is. Closures are synchronous and run on the driver's own threads.
package struct Database: Sendable {
    /// How hard a commit is; anything but `full` exists so that tests can show that they would notice.
    package enum Durability: String, Sendable { case full, lowered }

    package let engine: Engine
    private let driver: any Driver

    init(engine: Engine, driver: any Driver) {
        self.engine = engine
        self.driver = driver
    }

    /// Opens `sqlite:PATH`, a bare path, or `postgresql://…`. Throws `configuration` or `unavailable`.
    package static func open(
        _ location: String, durability: Durability = .full, connections: Int = 8, log: Logger
    ) throws -> Database {
        if location.hasPrefix("postgresql://") || location.hasPrefix("postgres://") {
            let pool = PostgresPool(url: location, durability: durability, connections: connections, log: log)
            return Database(engine: .postgres, driver: pool)
        }
        let path = location.hasPrefix("sqlite:") ? String(location.dropFirst(7)) : location
        return Database(engine: .sqlite, driver: try SQLitePool(path: path, durability: durability))
    }

    /// A consistent snapshot, without writes.
    package func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await driver.read(body)
    }

    /// One transaction: all of it, or none. `body` may run again after a deadlock, so it has no other effects.
    @discardableResult package func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T)
        async throws -> T
    {
        try await driver.write(body, isFirst: false)
    }

    /// As `write`, ahead of all that waits: for acceptance of mail.
    @discardableResult package func writeFirst<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T)
        async throws -> T
    {
        try await driver.write(body, isFirst: true)
    }

    /// For copying from one database to another, which needs both transactions at once: blocks the calling thread,
    /// which
    /// must be one of a driver's.
    @discardableResult func writeSynchronously<T>(_ body: (any Connection) throws -> T) throws -> T {
        try driver.writeSynchronously(body)
    }

    /// A statement that cannot stand in a transaction, such as VACUUM or a checkpoint; no values.
    package func administer(_ statement: String) async throws { try await driver.administer(statement) }

    /// Closes all connections once what runs has ended.
    package func close() async { await driver.close() }

    /// What the engine says of itself, for `doctor`: name → value.
    package func facts() async throws -> [(String, String)] { try await driver.facts() }
}

/// What both engines do, with equal shape: `SQLitePool` and `PostgresPool`.
protocol Driver: Sendable {
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T
    func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T, isFirst: Bool
    ) async throws -> T
    func writeSynchronously<T>(_ body: (any Connection) throws -> T) throws -> T
    func administer(_ statement: String) async throws
    func close() async
    func facts() async throws -> [(String, String)]
}
