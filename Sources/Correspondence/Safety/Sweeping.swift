import Base
import Jobs
import Storage

/// Removes what the engine still keeps of deleted rows: old terms in the full-text index, dead rows, the log.
package struct Sweeping: Sendable {
    package static let jobName = "redaction-sweep"

    private let database: Database
    private let jobs: JobStore

    package init(database: Database, jobs: JobStore) {
        self.database = database
        self.jobs = jobs
    }

    package func run(_ job: Job) async throws {
        switch database.engine {
        case .sqlite:
            try await database.write { db in
                try db.execute("INSERT INTO search_terms (search_terms) VALUES ('optimize')")
            }
            try await database.administer("PRAGMA wal_checkpoint(TRUNCATE)")
        case .postgres:
            let tables = [
                "raw_chunk", "message", "message_address", "attachment", "search_row", "ticket", "participant", "draft",
                "triage_suggestion", "contact", "contact_address", "delivery", "outbox_recipient", "form_submission",
                "triage_model_part",
            ]
            for table in tables {
                try await database.administer("VACUUM \(table)")
            }
        }
        try await database.write { db in try jobs.finish(job, in: db) }
    }
}

/// Removes, hourly and a little at a time, what nobody can bring back any more.
package struct Forgetting: Sendable {
    private static let slice = 200

    private let database: Database
    private let bulks: BulkStore
    private let mailboxes: MailboxStore
    private let servers: MailServerStore
    private let clock: Clock

    package init(
        database: Database, bulks: BulkStore, mailboxes: MailboxStore, servers: MailServerStore, clock: Clock
    ) {
        self.database = database
        self.bulks = bulks
        self.mailboxes = mailboxes
        self.servers = servers
        self.clock = clock
    }

    /// Returns when nothing old is left.
    package func run() async throws {
        var count = 1
        while count > 0 {
            let now = clock.now()
            count = try await database.write { db in
                let before = now - Removal.kept
                return try bulks.forgetOld(at: now, limit: Self.slice, in: db)
                    + mailboxes.forget(removedBefore: before, limit: Self.slice, in: db)
                    + servers.forget(removedBefore: before, in: db)
            }
        }
    }
}
