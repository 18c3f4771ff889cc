import Base
import Jobs
import Storage

/// Brings tickets back that waited until a date. The job is a row that becomes ready at that time, so a restart
/// loses nothing. When the date was moved since, or somebody wrote, the job finds nothing to do.
package struct Waking: Sendable {
    package static let jobName = "wake"

    private let database: Database
    private let stores: Filing.Stores
    private let clock: Clock

    package init(database: Database, stores: Filing.Stores, clock: Clock) {
        self.database = database
        self.stores = stores
        self.clock = clock
    }

    package func run(_ job: Job) async throws {
        // The database's clock decided that it is time; ours may be a little behind.
        let now = clock.now() + 1000
        try await database.write { [stores] db in
            try stores.jobs.finish(job, in: db)
            guard let ticket = try stores.tickets.find(job.subject, in: db) else { return }
            if try !stores.tickets.wake(ticket, at: now, in: db), let until = ticket.snoozedUntil, until > now {
                // Only a clock that was set back comes here without a newer job: better a second job than none.
                try stores.jobs.add(Self.jobName, subject: ticket.id, after: until - now, in: db)
            }
        }
    }
}
