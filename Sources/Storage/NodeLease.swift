import Base

/// The number of this process among all that write, leased in table `node` so that no two make the same ids.
package struct NodeLease: Sendable {
    package static let standard: Milliseconds = 60_000

    package let number: Int
    /// How long after the last renewal the number may be taken by another.
    package let duration: Milliseconds
    private let fence: Int64

    /// Takes the lowest number whose lease has lapsed. Times are the database's.
    package static func take(
        _ database: Database, isExclusive: Bool = false, duration: Milliseconds = standard
    ) async throws -> NodeLease {
        try await database.write { db in
            if db.engine == .postgres { _ = try db.rows("SELECT pg_advisory_xact_lock(5471822)") }
            let now = try DatabaseClock.now(db)
            // One process works on an SQLite file, by the lock of its folder: whoever was there before is gone.
            if db.engine == .sqlite, isExclusive { try db.execute("UPDATE node SET lease_until = 0") }
            let rows = try db.rows("SELECT number, fence, lease_until FROM node ORDER BY number")
            let free = try rows.first { try $0.int("lease_until") < now }
            let number = try free?.int("number") ?? Int64(rows.count)
            let fence = (try free?.int("fence") ?? 0) + 1
            guard number < IDMaker.nodes else {
                throw Failure(.unavailable, "error-unavailable", details: "no free node number")
            }
            try db.execute(
                """
                INSERT INTO node (number, fence, lease_until) VALUES (\(number), \(fence), \(now + duration))
                ON CONFLICT (number) DO UPDATE SET fence = \(fence), lease_until = \(now + duration)
                """)
            return NodeLease(number: Int(number), duration: duration, fence: fence)
        }
    }

    /// Extends the lease; throws `conflict` when another process has taken the number.
    package func renew(_ database: Database) async throws {
        try await database.write { db in
            let until = try DatabaseClock.now(db) + duration
            try db.executeOne("UPDATE node SET lease_until = \(until) WHERE number = \(number) AND fence = \(fence)")
        }
    }

    /// Gives the number back.
    package func release(_ database: Database) async throws {
        try await database.write { db in
            _ = try db.execute("UPDATE node SET lease_until = 0 WHERE number = \(number) AND fence = \(fence)")
        }
    }
}

/// The database's own clock: leases of several nodes are compared by it.
package enum DatabaseClock {
    package static func now(_ db: any Connection) throws -> Milliseconds {
        try db.int("SELECT \(time(db.engine)) AS now")
    }

    /// The same as a value inside a statement.
    package static func time(_ engine: Engine) -> SQL {
        switch engine {
        case .sqlite: "CAST((julianday('now') - 2440587.5) * 86400000.0 AS INTEGER)"
        case .postgres: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        }
    }
}
