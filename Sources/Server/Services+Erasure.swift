import Base
import Correspondence
import Foundation
import Jobs
import Storage

extension Services {
    /// Erases persons.
    package var erasing: Erasing {
        Erasing(
            database: database, stores: stores, drafts: drafts, reader: reader, key: key, ids: ids, clock: clock,
            alarm: alarm, reached: Fault.erasure(settings.fault))
    }

    /// Erases what queues need not keep any longer.
    var retaining: Retaining {
        Retaining(
            database: database, stores: stores, drafts: drafts, reader: reader, key: key, clock: clock)
    }

    var erasureKind: JobKind {
        let erasing = erasing
        return JobKind.single(Erasing.jobName, lease: 1_800_000, maximumAttempts: Int.max) { job in
            try await erasing.run(job)
            try await keepErasures()
        }
    }

    /// Notes what was erased beside the database: on every node, since any may be the one that is left.
    package func keepErasures() async throws {
        try ErasureLog(directory.erasures).add(try await erasing.entries())
    }

    /// Returns when the erasures are done, run here or by the server's jobs.
    package func finish(_ erasures: [ID]) async throws {
        let store = ErasureStore(ids: ids, key: key)
        let runner = JobRunner(
            database: database, store: stores.jobs, kinds: try readingKinds + [erasureKind], alarm: alarm, log: log)
        for erasure in erasures {
            while true {
                let generation = alarm.generation
                try await runner.drain()
                let isGoingOn = try await database.read { db in try store.find(erasure, in: db)?.isGoingOn ?? false }
                guard isGoingOn else { break }
                await alarm.wait(after: generation, atMost: 500)
            }
        }
    }

    /// What was erased after a backup was made is erased again. Returns how many persons that were.
    package func eraseAgain(_ log: URL? = nil) async throws -> Int {
        let entries = try ErasureLog(log ?? directory.erasures).all() + (try await erasing.entries())
        let asked = try await erasing.repeatAll(entries)
        try await finish(asked)
        return asked.count
    }
}
