import Base
import Dispatch
import Foundation
import Logging

/// PostgreSQL by libpq: a fixed number of threads, each owning one connection that it makes and mends itself.
/// Closures run on those threads, never on Swift's cooperative pool.
///
/// A connection that was lost is opened again for the next closure. A closure that failed with a deadlock or a
/// serialisation conflict runs again, at most three times. When the answer to COMMIT is lost the outcome is unknown:
/// that is thrown as `unavailable`, and callers look again by key.
final class PostgresPool: Driver {
    private let work: WorkQueue
    private let url: String
    private let durability: Database.Durability
    private let log: Logger

    init(url: String, durability: Database.Durability, connections: Int, log: Logger) {
        let work = WorkQueue()
        self.work = work
        self.url = PostgresURL.withLimits(PostgresURL.withVerification(url))
        self.durability = durability
        self.log = log
        let (address, log) = (self.url, log)
        for number in 0..<connections {
            let thread = Thread {
                let connection = PostgresConnection(url: address, durability: durability, log: log)
                let turn = DispatchSemaphore(value: 0)
                while let job = work.take(turn) { job(connection) }
                connection.disconnect()
                work.left()
            }
            thread.name = "postgres-\(number)"
            thread.stackSize = 1 << 20
            work.entered()
            thread.start()
        }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await run(isFirst: false) { connection, give in
            try connection.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", early: give, body)
        }
    }

    func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T, isFirst: Bool
    ) async throws -> T {
        try await run(isFirst: isFirst) { connection, _ in try connection.transaction("BEGIN", body) }
    }

    /// `body` may give its value before it ends.
    private func run<T: Sendable>(
        isFirst: Bool, _ body: @escaping @Sendable (PostgresConnection, _ give: @escaping (T) -> Void) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = work.put(isFirst: isFirst) { connection in
                var isGiven = false
                let result = Result {
                    try body(connection) { value in
                        isGiven = true
                        continuation.resume(returning: value)
                    }
                }
                if !isGiven { continuation.resume(with: result) }
            }
            if !isTaken {
                continuation.resume(throwing: Failure(.unavailable, "error-unavailable", details: "the pool is closed"))
            }
        }
    }

    /// On a connection of its own.
    func writeSynchronously<T>(_ body: (any Connection) throws -> T) throws -> T {
        let connection = PostgresConnection(url: url, durability: durability, log: log)
        defer { connection.disconnect() }
        return try connection.transaction("BEGIN", body)
    }

    func administer(_ statement: String) async throws {
        try await run(isFirst: false) { connection, _ in try connection.administer(statement) }
    }

    func close() async {
        let work = work
        await withCheckedContinuation { continuation in work.close { continuation.resume() } }
    }

    func facts() async throws -> [(String, String)] {
        try await read { db in
            try ["server_version", "synchronous_commit", "fsync", "full_page_writes"].map { name in
                (name, try db.first("SELECT current_setting(\(name)) AS value")?.text("value") ?? "")
            }
        }
    }
}

/// Closures that wait for a connection's thread. Among threads that wait the one that worked last takes the next: its
/// connection knows most statements, and those not needed stay small.
private final class WorkQueue: @unchecked Sendable {
    // @unchecked: every field is read and written with `lock` locked.
    typealias Job = (PostgresConnection) -> Void

    private let lock = NSLock()
    private var first: [Job] = []
    private var jobs: [Job] = []
    private var head = 0
    /// Of the threads that wait, the last one on top.
    private var idle: [DispatchSemaphore] = []
    private var isClosed = false
    private var threads = 0
    private var whenEmpty: (() -> Void)?

    func put(isFirst: Bool, _ job: @escaping Job) -> Bool {
        lock.withLock {
            guard !isClosed else { return false }
            if isFirst { first.append(job) } else { jobs.append(job) }
            idle.popLast()?.signal()
            return true
        }
    }

    /// Waits for the next closure; nil when closed and empty. `turn` is the calling thread's own.
    func take(_ turn: DispatchSemaphore) -> Job? {
        while true {
            lock.lock()
            if let job = next() {
                lock.unlock()
                return job
            }
            if isClosed {
                lock.unlock()
                return nil
            }
            idle.append(turn)
            lock.unlock()
            turn.wait()
        }
    }

    private func next() -> Job? {
        if !first.isEmpty { return first.removeFirst() }
        guard head < jobs.count else { return nil }
        let job = jobs[head]
        head += 1
        if head > 64, head * 2 > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }

    func entered() { lock.withLock { threads += 1 } }

    func left() {
        let action = lock.withLock {
            threads -= 1
            return threads == 0 ? whenEmpty : nil
        }
        action?()
    }

    func close(_ action: @escaping () -> Void) {
        let isEmpty = lock.withLock {
            isClosed = true
            if threads > 0 { whenEmpty = action }
            for turn in idle { turn.signal() }
            idle = []
            return threads == 0
        }
        if isEmpty { action() }
    }
}

/// How an address of PostgreSQL is made safe.
enum PostgresURL {
    /// A server that falls silent, as when its machine or the network is gone, is noticed within half a minute and not
    /// when the system gives up after many.
    private static let limits = [
        ("connect_timeout", "10"), ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "30000"),
    ]

    /// Each limit that the address does not set itself.
    static func withLimits(_ url: String) -> String {
        limits.reduce(url) { url, limit in
            if url.contains("\(limit.0)=") { return url }
            return url + (url.contains("?") ? "&" : "?") + "\(limit.0)=\(limit.1)"
        }
    }

    /// Over a network the server's certificate and name are checked unless the address says otherwise.
    static func withVerification(_ url: String) -> String {
        guard !url.contains("sslmode="), let components = URLComponents(string: url) else { return url }
        let host = components.host ?? ""
        let isLocal = ["", "localhost", "127.0.0.1", "::1", "[::1]"].contains(host) || host.hasPrefix("%2F")
        if isLocal { return url }
        return url + (url.contains("?") ? "&" : "?") + "sslmode=verify-full"
    }
}
