import Base
import Foundation
import Logging
import Storage

/// Runs the jobs of this node until it is cancelled.
///
/// One look at the table, when the alarm rings and at least every second, finds the kinds that are ready and calls
/// their workers. Each worker of a kind claims a batch, runs it, and claims again until there is none. A failed job is
/// tried again after 1, 2, 4, … seconds (at most ten minutes, each with up to a quarter of jitter); after the kind's
/// last attempt, or when the failure is permanent by nature, it is dead and listed.
/// A claim that cannot reach the database waits and tries again: nothing is lost, nothing ends. A failure waits for
/// the database to be recorded, and a job whose claim was committed without an answer is released, so that neither is
/// held until its lease ends.
package struct JobRunner: Sendable {
    private let database: Database
    private let store: JobStore
    private let kinds: [JobKind]
    private let alarm: JobAlarm
    private let log: Logger
    private let held = HeldJobs()

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
            var workers: [String: [AsyncStream<Void>.Continuation]] = [:]
            for kind in kinds {
                for _ in 0..<kind.workers {
                    // A call that comes while the worker is busy is kept for when it is done.
                    let (calls, worker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                    for name in kind.names { workers[name, default: []].append(worker) }
                    group.addTask { for await _ in calls { await work(kind) } }
                }
            }
            await look { kind in for worker in workers[kind] ?? [] { worker.yield() } }
        }
    }

    /// Calls the workers of each kind that is ready, until it is cancelled.
    private func look(call: (_ kind: String) -> Void) async {
        let (store, names) = (store, kinds.flatMap(\.names))
        while !Task.isCancelled {
            let generation = alarm.generation
            do {
                try await releaseStrays()
                for kind in try await database.read({ try store.ready(names, in: $0) }) { call(kind) }
            } catch { log.warning("jobs cannot be looked for", metadata: ["error": "\(error)"]) }
            await alarm.wait(after: generation, atMost: 1000)
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
        do { while try await step(kind), !Task.isCancelled {} } catch {
            log.warning("jobs cannot be claimed", metadata: ["kind": "\(kind.name)", "error": "\(error)"])
        }
    }

    /// Claims and runs one batch; false when there was none, or when it is another worker's turn to clear up.
    private func step(_ kind: JobKind) async throws -> Bool {
        let store = store
        try await releaseStrays()
        guard try await !database.read({ try store.ready(kind.names, in: $0) }).isEmpty else { return false }
        guard let jobs = try await claim(kind), !jobs.isEmpty else { return false }
        defer { held.end(jobs) }
        let outcomes = await kind.run(jobs)
        for (job, outcome) in zip(jobs, outcomes) {
            if case .failed(let error) = outcome { try await noteWhenPossible(error, of: job, kind: kind) }
        }
        return true
    }

    private func claim(_ kind: JobKind) async throws -> [Job]? {
        guard held.beginClaim() else { return nil }
        let store = store
        do {
            let jobs = try await database.write { db in
                if kind.claimsLightly { try db.commitLightly() }
                return try kind.names.flatMap { name in
                    try store.claim(name, limit: kind.batch, lease: kind.lease, in: db)
                }
            }
            held.endClaim(jobs)
            return jobs
        } catch {
            held.endClaim(nil)
            throw error
        }
    }

    /// After a claim without an answer: what this node holds and does not run becomes ready.
    private func releaseStrays() async throws {
        guard let running = held.beginRelease() else { return }
        let (store, names) = (store, kinds.flatMap(\.names))
        do {
            try await database.write { try store.releaseStrays(names, except: running, in: $0) }
            held.endRelease(isDone: true)
        } catch {
            held.endRelease(isDone: false)
            throw error
        }
    }

    /// The database may be what failed: tries until it answers, but not beyond the lease.
    private func noteWhenPossible(_ error: any Error, of job: Job, kind: JobKind) async throws {
        // Details of a Failure hold no words of people by its contract; anything else is named by type only.
        let reason = (error as? Failure).map { "\($0)" } ?? "\(type(of: error))"
        log.error("job failed", metadata: ["kind": "\(kind.name)", "job": "\(job.id)", "error": "\(reason)"])
        let end = ContinuousClock.now + .milliseconds(kind.lease)
        while true {
            do {
                return try await note(reason, of: job, kind: kind)
            } catch let failure as Failure where failure.isTemporary {
                guard !Task.isCancelled, ContinuousClock.now < end else { throw failure }
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private func note(_ reason: String, of job: Job, kind: JobKind) async throws {
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
