import Base
import Foundation
import Logging
import Storage

/// Runs the jobs of this node until it is cancelled.
///
/// Each worker of a kind claims a batch, runs it, and claims again; when there is none it waits to be woken, at most
/// a second. A failed job is tried again after 1, 2, 4, … seconds (at most ten minutes, each with up to a quarter of
/// jitter); after the kind's last attempt, or when the failure is permanent by nature, it is dead and listed.
/// A claim that cannot reach the database waits and tries again: nothing is lost, nothing ends.
package struct JobRunner: Sendable {
    private let database: Database
    private let store: JobStore
    private let kinds: [JobKind]
    private let alarm: JobAlarm
    private let log: Logger

    package init(database: Database, store: JobStore, kinds: [JobKind], alarm: JobAlarm, log: Logger) {
        self.database = database
        self.store = store
        self.kinds = kinds
        self.alarm = alarm
        self.log = log
    }

    /// Returns when its task is cancelled and what runs has ended.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for kind in kinds {
                for _ in 0..<kind.workers { group.addTask { await work(kind) } }
            }
        }
    }

    /// Runs all that is ready until nothing is: for command-line imports and tests.
    package func drain() async throws {
        var didWork = true
        while didWork {
            didWork = false
            for kind in kinds {
                while try await step(kind) { didWork = true }
            }
        }
    }

    private func work(_ kind: JobKind) async {
        while !Task.isCancelled {
            let generation = alarm.generation
            do {
                if try await step(kind) { continue }
            } catch {
                log.warning("jobs cannot be claimed", metadata: ["kind": "\(kind.name)", "error": "\(error)"])
            }
            await alarm.wait(after: generation, atMost: 1000)
        }
    }

    /// Claims and runs one batch; false when there was none.
    private func step(_ kind: JobKind) async throws -> Bool {
        let store = store
        guard try await database.read({ try store.isReady(kind.name, in: $0) }) else { return false }
        let jobs = try await database.write { try store.claim(kind.name, limit: kind.batch, lease: kind.lease, in: $0) }
        guard !jobs.isEmpty else { return false }
        let outcomes = await kind.run(jobs)
        for (job, outcome) in zip(jobs, outcomes) {
            if case .failed(let error) = outcome { try await note(error, of: job, kind: kind) }
        }
        return true
    }

    private func note(_ error: any Error, of job: Job, kind: JobKind) async throws {
        // Details of a Failure hold no words of people by its contract; anything else is named by type only.
        let reason = (error as? Failure).map { "\($0)" } ?? "\(type(of: error))"
        log.error("job failed", metadata: ["kind": "\(kind.name)", "job": "\(job.id)", "error": "\(reason)"])
        let isLast = job.attempts >= kind.maximumAttempts
        let store = store
        let delay = Self.delay(attempts: job.attempts)
        try await database.write { db in
            if isLast {
                try store.bury(job, error: reason, in: db)
            } else {
                try store.retry(job, after: delay, error: reason, in: db)
            }
        }
    }

    static func delay(attempts: Int) -> Milliseconds {
        let base: Milliseconds = min(600_000, 1000 << Milliseconds(min(attempts - 1, 20)))
        return base + Int64.random(in: 0...base / 4)
    }
}
