import Base
import Logging
import Synchronization
import TestKit
import Testing

@testable import Jobs
@testable import Storage

/// The database goes away in the middle of a job's life: before its outcome is recorded, or after its claim.
struct LostAnswerTests {
    private let store = JobStore(ids: IDMaker(node: 1, clock: .system))
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func runner(_ database: Database, _ kind: JobKind) -> JobRunner {
        JobRunner(database: database, store: store, kinds: [kind], alarm: JobAlarm(), log: log)
    }

    @Test(arguments: TestDatabase.kinds) func `a failure is recorded once the database is back`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let line = Line(database)
            let work = JobKind.single("work", lease: 600_000) { _ in
                line.lose(writes: 2)
                throw Failure(.unavailable, "error-unavailable")
            }
            let added = try await database.write { try store.add("work", subject: 1, in: $0) }

            try await runner(Database(engine: database.engine, driver: line), work).drain()

            let job = try await database.read { try $0.first("SELECT * FROM job WHERE id = \(added)") }
            let isWithinReach = try await database.read { try $0.int("SELECT run_at FROM job") - DatabaseClock.now($0) }
            #expect(try job?.int("holder") == -1)
            #expect(try job?.text("error").hasPrefix("unavailable") == true)
            #expect(isWithinReach < 10_000)
            #expect(line.isMended)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a job whose claim had no answer is run without waiting for its lease`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let line = Line(database)
            let store = store
            let seen = Mutex<[Job]>([])
            let work = JobKind.single("work", lease: 600_000) { job in
                seen.withLock { $0.append(job) }
                try await database.write { try store.finish(job, in: $0) }
            }
            try await database.write { db in try store.add("work", subject: 1, in: db) }
            let runner = runner(Database(engine: database.engine, driver: line), work)

            line.lose(writes: 1, afterCommit: true)
            await #expect(throws: Failure(.unavailable, "")) { try await runner.drain() }
            let held = try await database.read { try $0.int("SELECT COUNT(*) FROM job WHERE holder = 1") }
            try await runner.drain()

            #expect(held == 1)
            #expect(seen.withLock { $0.map(\.attempts) } == [2])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `only strays of the kinds at hand are released`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let store = store
            try await database.write { db in
                for number in 1...3 { try store.add("work", subject: ID(number), in: db) }
                try store.add("other", subject: 4, in: db)
            }
            let claimed = try await database.write { db in
                _ = try store.claim("other", limit: 1, lease: 600_000, in: db)
                return try store.claim("work", limit: 3, lease: 600_000, in: db)
            }

            try await database.write { try store.releaseStrays(["work"], except: [claimed[1]], in: $0) }

            let again = try await database.write { try store.claim("work", limit: 9, lease: 600_000, in: $0) }
            let other = try await database.write { try store.claim("other", limit: 9, lease: 600_000, in: $0) }
            #expect(again.map(\.subject) == [1, 3])
            #expect(other.isEmpty)
        }
    }

    @Test func `nobody claims from a lost answer until strays are released, and one worker releases`() {
        let held = HeldJobs()
        let job = Job(id: 1, kind: "work", subject: 1, attempts: 1, fence: 1)

        #expect(held.beginRelease() == nil)
        #expect(held.beginClaim() && held.beginClaim())
        held.endClaim(nil)
        #expect(!held.beginClaim())
        #expect(held.beginRelease() == nil)
        held.endClaim([job])
        #expect(held.beginRelease() == [job])
        #expect(held.beginRelease() == nil)
        held.endRelease(isDone: false)
        #expect(held.beginRelease() == [job])
        held.end([job])
        held.endRelease(isDone: true)
        #expect(held.beginRelease() == nil)
        #expect(held.beginClaim())
    }
}

/// The way to a database, which can be lost for some writes: before they begin, or after they are committed.
private final class Line: Driver {
    private let database: Database
    private let lost = Mutex((writes: 0, afterCommit: false))

    init(_ database: Database) { self.database = database }

    var isMended: Bool { lost.withLock { $0.writes == 0 } }

    func lose(writes: Int, afterCommit: Bool = false) { lost.withLock { $0 = (writes, afterCommit) } }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await database.read(body)
    }

    func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T, isFirst: Bool
    ) async throws -> T {
        let (isLost, afterCommit) = lost.withLock { lost in
            defer { lost.writes = max(0, lost.writes - 1) }
            return (lost.writes > 0, lost.afterCommit)
        }
        if isLost, !afterCommit { throw Failure(.unavailable, "error-unavailable") }
        let value = try await database.write(body)
        if isLost { throw Failure(.unavailable, "error-unavailable") }
        return value
    }

    func writeSynchronously<T>(_ body: (any Connection) throws -> T) throws -> T {
        try database.writeSynchronously(body)
    }

    func administer(_ statement: String) async throws { try await database.administer(statement) }
    func close() async {}
    func facts() async throws -> [(String, String)] { [] }
}
