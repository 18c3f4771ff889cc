import Base
import TestKit
import Testing

@testable import Storage

struct LostConnectionTests {
    @Test(.enabled(if: TestDatabase.kinds.contains(.postgres)))
    func `connections that were lost while idle are made anew without a failure`() async throws {
        try await TestDatabase.postgres.with { database in
            try await useAll(database)
            let lost = try await database.read { db in
                try db.rows(
                    """
                    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """
                ).count
            }

            #expect(lost >= 3)
            try await useAll(database)
        }
    }

    /// More at once than there are connections, each long enough that all take part.
    private func useAll(_ database: Database) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await database.read { _ = try $0.rows("SELECT 1 FROM pg_sleep(0.1)") } } }
            try await group.waitForAll()
        }
    }

    @Test func `an address gets the limits that it does not set`() {
        let limited = PostgresURL.withLimits("postgresql://desk@db.example/desk?connect_timeout=3")

        #expect(limited.hasPrefix("postgresql://desk@db.example/desk?connect_timeout=3&keepalives_idle="))
        #expect(limited.contains("&tcp_user_timeout=30000"))
        #expect(limited.split(separator: "connect_timeout").count == 2)
        #expect(PostgresURL.withLimits("postgresql:///desk").contains("/desk?connect_timeout=10&"))
    }
}
