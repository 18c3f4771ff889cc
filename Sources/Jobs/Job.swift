import Base

/// Work that will be done, however often the process dies: an id of something, and what to do with it.
package struct Job: Sendable, Hashable {
    package var id: ID
    /// `filing`, `dispatch`, …: chooses the handler.
    package var kind: String
    /// What it is about; the handler reads the rest from the stores.
    package var subject: ID
    /// How often it was begun, this time included.
    package var attempts: Int
    /// Grows with each lease: whoever holds an older one has lost the job.
    package var fence: Int64
}

/// What became of a job.
package enum JobOutcome: Sendable {
    /// The handler has deleted it, with `JobStore.finish`, in the transaction of its effect.
    case done
    /// To be tried again after a while; after the kind's last attempt it is dead.
    case failed(any Error)
}

/// How jobs of one kind are run.
package struct JobKind: Sendable {
    package let name: String
    /// All kinds of jobs it runs: those of one batch are claimed, and may be done, together. `name` is the first.
    package let names: [String]
    /// Its jobs have no effect but in the transaction that ends them. A claim need not be on the disk then: of two
    /// holders after a crash of the database only one can end the job.
    package let claimsLightly: Bool
    /// Jobs claimed together and handed to one call of `run`.
    package let batch: Int
    /// Batches that run at the same time on this node.
    package let workers: Int
    /// A job whose handler has not ended by then is given to another.
    package let lease: Milliseconds
    package let maximumAttempts: Int
    /// Outcomes in the order of the jobs. Running a job twice does no harm.
    package let run: @Sendable ([Job]) async -> [JobOutcome]

    package init(
        _ name: String, batch: Int = 1, workers: Int = 1, lease: Milliseconds = 60_000, maximumAttempts: Int = 8,
        run: @escaping @Sendable ([Job]) async -> [JobOutcome]
    ) {
        self.init([name], batch: batch, workers: workers, lease: lease, maximumAttempts: maximumAttempts, run: run)
    }

    /// One that runs several kinds of jobs, up to `batch` of each at once.
    package init(
        _ names: [String], batch: Int, workers: Int = 1, lease: Milliseconds, maximumAttempts: Int,
        claimsLightly: Bool = false, run: @escaping @Sendable ([Job]) async -> [JobOutcome]
    ) {
        name = names.first ?? ""
        self.names = names
        self.claimsLightly = claimsLightly
        self.batch = batch
        self.workers = workers
        self.lease = lease
        self.maximumAttempts = maximumAttempts
        self.run = run
    }

    /// A kind whose jobs are done together, or fail together.
    package static func together(
        _ name: String, batch: Int, lease: Milliseconds, maximumAttempts: Int,
        run: @escaping @Sendable ([Job]) async throws -> Void
    ) -> JobKind {
        JobKind(name, batch: batch, lease: lease, maximumAttempts: maximumAttempts) { jobs in
            do {
                try await run(jobs)
                return jobs.map { _ in .done }
            } catch { return jobs.map { _ in .failed(error) } }
        }
    }

    /// A kind whose jobs are run one at a time.
    package static func single(
        _ name: String, workers: Int = 1, lease: Milliseconds = 60_000, maximumAttempts: Int = 8,
        run: @escaping @Sendable (Job) async throws -> Void
    ) -> JobKind {
        JobKind(name, batch: 1, workers: workers, lease: lease, maximumAttempts: maximumAttempts) { jobs in
            var outcomes: [JobOutcome] = []
            for job in jobs {
                do {
                    try await run(job)
                    outcomes.append(.done)
                } catch { outcomes.append(.failed(error)) }
            }
            return outcomes
        }
    }
}
