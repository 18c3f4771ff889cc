import Base
import Foundation
import Logging
import Schema
import Storage
import Synchronization

/// Databases for tests: every store test runs on each kind that is at hand.
package enum TestDatabase: String, Sendable, CaseIterable {
    case sqlite, postgres

    /// PostgreSQL is taken part when `LIAISON_TEST_POSTGRES` names a server; script/test starts one.
    package static var kinds: [TestDatabase] {
        ProcessInfo.processInfo.environment["LIAISON_TEST_POSTGRES"] == nil ? [.sqlite] : [.sqlite, .postgres]
    }

    private static let numbers = Mutex(0)
    private static let template = Template()
    /// Databases open at once on the server: five connections each, of the 100 it has by default.
    private static let places = Places(12)

    /// An empty database with the newest schema, gone after `body`.
    package func with<T>(_ body: (Database) async throws -> T) async throws -> T {
        let number = Self.numbers.withLock { number in
            number += 1
            return number
        }
        let name = "liaison_test_\(getpid())_\(number)"
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        switch self {
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            return try await run(folder.appending(path: "test.sqlite").path, log, body)
        case .postgres:
            let server = ProcessInfo.processInfo.environment["LIAISON_TEST_POSTGRES"] ?? ""
            guard var address = URLComponents(string: server) else {
                throw Failure(.configuration, "error-configuration", details: "LIAISON_TEST_POSTGRES is no address")
            }
            await Self.places.take()
            defer { Self.places.give() }
            let admin = try Database.open(server, connections: 1, log: log)
            let template = try await Self.template.name(server, address, admin, log)
            try await admin.administer("CREATE DATABASE \(name) TEMPLATE \(template)")
            address.path = "/" + name
            let result: Result<T, any Error>
            do { result = .success(try await run(address.string ?? "", log, body)) } catch { result = .failure(error) }
            try await admin.administer("DROP DATABASE \(name) WITH (FORCE)")
            await admin.close()
            return try result.get()
        }
    }

    /// A SQLite database whose files are in a folder of the test's, to be looked at.
    package func with<T>(in folder: URL, _ body: (Database) async throws -> T) async throws -> T {
        try await run(folder.appending(path: "test.sqlite").path, Logger(label: "test"), body)
    }

    private func run<T>(_ location: String, _ log: Logger, _ body: (Database) async throws -> T) async throws -> T {
        let database = try Database.open(location, connections: 4, log: log)
        _ = try await Migrator(Schema.migrations).migrate(database)
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }
}

/// A database with the newest schema that all others of this run are copies of: making one anew takes a second.
private actor Template {
    private var making: Task<String, any Error>?

    func name(_ server: String, _ address: URLComponents, _ admin: Database, _ log: Logger) async throws -> String {
        if let making { return try await making.value }
        let task = Task {
            let name = "liaison_template_\(getpid())"
            try await admin.administer("CREATE DATABASE \(name)")
            var address = address
            address.path = "/" + name
            let database = try Database.open(address.string ?? "", connections: 1, log: log)
            _ = try await Migrator(Schema.migrations).migrate(database)
            await database.close()
            return name
        }
        making = task
        return try await task.value
    }
}

/// A counting semaphore that suspends instead of blocking.
private final class Places: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}

/// A clock that stands where a test puts it.
package final class TestClock: Sendable {
    private let time: Mutex<Milliseconds>

    /// 2026-11-21T12:00:00Z.
    package static let noon: Milliseconds = 1_795_262_400_000

    package init(_ start: Milliseconds = TestClock.noon) { time = Mutex(start) }

    package var clock: Clock { Clock { self.time.withLock { $0 } } }

    package func advance(_ milliseconds: Milliseconds) { time.withLock { $0 += milliseconds } }
}
