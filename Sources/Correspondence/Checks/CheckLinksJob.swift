import Base
import Jobs
import Storage

/// Asks the links of a draft that did not answer while its writer waited.
package struct CheckLinksJob: Sendable {
    package static let name = LinkAnswers.jobName

    private let database: Database
    private let drafts: DraftStore
    private let jobs: JobStore
    private let links: LinkAnswers?

    package init(database: Database, drafts: DraftStore, jobs: JobStore, links: LinkAnswers?) {
        self.database = database
        self.drafts = drafts
        self.jobs = jobs
        self.links = links
    }

    package func run(_ job: Job) async throws {
        let draft = try await database.read { db in try drafts.find(job.subject, in: db) }
        if let draft, let links { try await links.run(draft.text) }
        try await database.write { db in try jobs.finish(job, in: db) }
    }
}
