import Base
import Jobs
import Storage
import Synchronization

/// Takes mail: raw bytes and a filing job become durable in one transaction, shared with whoever waits at the moment.
///
/// `accept` returns only after the commit; whoever calls it may then acknowledge. Each delivery has a savepoint, so a
/// bad one fails alone. The same bytes for the same queue are one delivery: accepting them again is a success that
/// stores nothing. When the commit fails nobody is acknowledged, and the sender tries again.
package final class Intake: Sendable {
    private struct Waiting {
        var delivery: Delivery
        var bytes: Int
        var continuation: CheckedContinuation<Acceptance, any Error>
    }

    private struct State {
        var waiting: [Waiting] = []
        var writers = 0
    }

    private static let bytesPerCommit = 8 << 20
    private static let deliveriesPerCommit = 64

    private let database: Database
    private let store: DeliveryStore
    private let jobs: JobStore
    private let alarm: JobAlarm
    private let pace: FilingPace
    private let maximumWriters: Int
    private let state = Mutex(State())

    package init(
        database: Database, store: DeliveryStore, jobs: JobStore, alarm: JobAlarm, pace: FilingPace = FilingPace()
    ) {
        self.database = database
        self.store = store
        self.jobs = jobs
        self.alarm = alarm
        self.pace = pace
        // SQLite has one writer; PostgreSQL commits side by side.
        maximumWriters = database.engine == .sqlite ? 1 : 3
    }

    /// Durable when it returns.
    package func accept(_ delivery: Delivery) async throws -> Acceptance {
        try await withCheckedThrowingContinuation { continuation in
            let bytes = if case .memory(let bytes) = delivery.content { bytes.count } else { Self.bytesPerCommit }
            let isWriterNeeded = state.withLock { state in
                state.waiting.append(Waiting(delivery: delivery, bytes: bytes, continuation: continuation))
                guard state.writers < maximumWriters else { return false }
                state.writers += 1
                return true
            }
            // Owned by `state.writers`: it ends when nothing waits, and each who waits is answered.
            if isWriterNeeded { Task { await write() } }
        }
    }

    /// One delivery with what must be noted in its transaction: for mail fetched from a mailbox.
    package func accept(
        _ delivery: Delivery, and note: @escaping @Sendable (any Connection) throws -> Void
    ) async throws {
        try await database.write { [store, jobs] db in
            _ = try Self.add(delivery, store, jobs, db)
            try note(db)
        }
        alarm.ring()
    }

    /// Many at once in one transaction: for imports. All or nothing.
    package func accept(_ deliveries: [Delivery]) async throws -> [Acceptance] {
        let results = try await database.write { [store, jobs] db in
            try deliveries.map { try Self.add($0, store, jobs, db) }
        }
        alarm.ring()
        return results
    }

    private func write() async {
        while let taken = takeBatch() {
            // Writers side by side, of this node and others, take the same mails in the same order: no deadlock.
            let batch = maximumWriters == 1 ? taken : taken.sorted { Self.isBefore($0.delivery, $1.delivery) }
            let deliveries = batch.map(\.delivery)
            do {
                let results = try await database.writeFirst { [store, jobs] db in
                    try deliveries.map { delivery in
                        try db.attempt { try Self.add(delivery, store, jobs, db) }
                    }
                }
                pace.noteAcceptance(batch.count)
                alarm.ring()
                for (waiting, result) in zip(batch, results) {
                    waiting.continuation.resume(with: await settled(result, waiting.delivery))
                }
            } catch {
                for waiting in batch { waiting.continuation.resume(throwing: error) }
            }
        }
    }

    private func takeBatch() -> [Waiting]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.writers -= 1
                return nil
            }
            var count = 0
            var bytes = 0
            while count < state.waiting.count, count < Self.deliveriesPerCommit,
                count == 0 || bytes + state.waiting[count].bytes <= Self.bytesPerCommit
            {
                bytes += state.waiting[count].bytes
                count += 1
            }
            let batch = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            return batch
        }
    }

    /// An order of what is the same delivery everywhere: queue and bytes. Those in files commit alone.
    private static func isBefore(_ one: Delivery, _ other: Delivery) -> Bool {
        guard case .memory(let bytes) = one.content, case .memory(let others) = other.content else { return false }
        if one.queue != other.queue { return one.queue < other.queue }
        return bytes.count == others.count ? bytes.lexicographicallyPrecedes(others) : bytes.count < others.count
    }

    /// Another node stored the same bytes between our look and our insert: a duplicate, if they are there indeed.
    private func settled(
        _ result: Result<Acceptance, any Error>, _ delivery: Delivery
    ) async -> Result<Acceptance, any Error> {
        guard case .failure(let failure as Failure) = result, failure.code == .conflict else { return result }
        let isThere = try? await database.read { [store] in try store.contains(delivery, in: $0) }
        return isThere == true ? .success(.duplicate) : result
    }

    private static func add(
        _ delivery: Delivery, _ store: DeliveryStore, _ jobs: JobStore, _ db: any Connection
    ) throws -> Acceptance {
        let acceptance = try store.add(delivery, in: db)
        if case .accepted(let id) = acceptance { try jobs.add(FilingJob.name, subject: id, in: db) }
        return acceptance
    }
}
