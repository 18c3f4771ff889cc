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
                try db.execute("PRAGMA secure_delete = ON")
                try db.execute("INSERT INTO search_terms (search_terms) VALUES ('optimize')")
                try db.execute("PRAGMA secure_delete = OFF")
            }
            try await database.administer("PRAGMA wal_checkpoint(TRUNCATE)")
        case .postgres:
            for table in ["raw_chunk", "message", "attachment", "search_row", "ticket", "draft", "triage_suggestion"] {
                try await database.administer("VACUUM \(table)")
            }
        }
        try await database.write { db in try jobs.finish(job, in: db) }
    }
}
