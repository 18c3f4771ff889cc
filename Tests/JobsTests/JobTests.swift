import Base
import Logging
import Storage
import Synchronization
import Testing
import TestKit

@testable import Jobs

struct JobTests {
    private let store = JobStore(ids: IDMaker(node: 1, clock: .system))
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(arguments: TestDatabase.kinds) func `a job is leased to one and only its holder may finish it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            try await database.write { db in try store.add("work", subject: 7, in: db) }
            let first = try await database.write { try store.claim("work", limit: 5, lease: -1, in: $0) }
            let second = try await database.write { try store.claim("work", limit: 5, lease: 60_000, in: $0) }
            let third = try await database.write { try store.claim("work", limit: 5, lease: 60_000, in: $0) }

            #expect(first.map(\.subject) == [7])
            #expect(second.first?.attempts == 2)
            #expect(third.isEmpty)
            await #expect(throws: Failure(.conflict, "")) {
                try await database.write { try store.finish(first[0], in: $0) }
            }
            try await database.write { try store.finish(second[0], in: $0) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a kind that runs several claims all of them for one batch`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            try await database.write { db in
                for name in ["work", "other", "work", "foreign"] { try store.add(name, subject: 7, in: db) }
            }
            let seen = Mutex<[[String]]>([])
            let both = JobKind(["work", "other"], batch: 5, lease: 60_000, maximumAttempts: 3, claimsLightly: true) {
                jobs in
                seen.withLock { $0.append(jobs.map(\.kind)) }
                do {
                    try await database.write { db in _ = try store.finishHeld(jobs, in: db) }
                } catch { return jobs.map { _ in .failed(error) } }
                return jobs.map { _ in .done }
            }
            try await JobRunner(database: database, store: store, kinds: [both], alarm: JobAlarm(), log: log).drain()

            #expect(seen.withLock { $0 } == [["work", "work", "other"]])
            let left = try await database.read { try $0.rows("SELECT kind FROM job").map { try $0.text("kind") } }
            #expect(left == ["foreign"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `jobs claimed side by side are never the same`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            try await database.write { db in for number in 0..<60 { try store.add("work", subject: ID(number), in: db) }
            }

            let claimed = try await withThrowingTaskGroup(of: [ID].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var mine: [ID] = []
                        while true {
                            let jobs = try await database.write {
                                try store.claim("work", limit: 4, lease: 60_000, in: $0)
                            }
                            if jobs.isEmpty { return mine }
                            mine += jobs.map(\.subject)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(claimed.sorted() == (0..<60).map { $0 })
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a job that fails to the last is dead, listed, and can be revived`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let tries = Mutex(0)
            let store = store
            let failing = JobKind.single("work", maximumAttempts: 1) { _ in
                tries.withLock { $0 += 1 }
                throw Failure(.unavailable, "error-unavailable")
            }
            try await database.write { db in try store.add("work", subject: 1, in: db) }
            let runner = JobRunner(database: database, store: store, kinds: [failing], alarm: JobAlarm(), log: log)

            try await runner.drain()
            let dead = try await database.read { try store.dead(limit: 10, in: $0) }
            #expect(dead.count == 1)
            try await database.write { try store.revive(dead[0].job.id, in: $0) }
            try await runner.drain()

            #expect(tries.withLock { $0 } == 2)
        }
    }

    @Test func `delays double, have jitter and a limit`() {
        for attempt in 1...40 {
            let base: Milliseconds = min(600_000, 1000 << Milliseconds(min(attempt - 1, 20)))
            let delay = JobRunner.delay(attempts: attempt)
            #expect(delay >= base && delay <= base + base / 4)
        }
    }
}

extension JobTests {
    @Test(arguments: TestDatabase.kinds) func `jobs of a process that died are ready again`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let lease = try await NodeLease.take(database)
            let store = JobStore(ids: IDMaker(node: lease.number, clock: .system))
            try await database.write { db in try store.add("work", subject: 1, in: db) }
            _ = try await database.write { try store.claim("work", limit: 1, lease: 600_000, in: $0) }

            try await database.write { try store.releaseOrphans(in: $0) }
            let alive = try await database.write { try store.claim("work", limit: 1, lease: 600_000, in: $0) }
            try await lease.release(database)
            try await database.write { try store.releaseOrphans(in: $0) }
            let orphaned = try await database.write { try store.claim("work", limit: 1, lease: 600_000, in: $0) }

            #expect(alive.isEmpty)
            #expect(orphaned.map(\.subject) == [1])
        }
    }
}
