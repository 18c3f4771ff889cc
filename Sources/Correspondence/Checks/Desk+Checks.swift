import Base
import Storage

extension Answering {
    /// The quiet check before sending.
    package var checks: DraftChecks {
        DraftChecks(
            stores: stores, store: CheckStore(ids: ids, events: stores.events),
            stale: StaleText(knowledge: knowledge, insertions: insertions))
    }

    /// Links of a text are asked for a moment; what is still open is asked by a job.
    func lookAtLinks(of draft: Draft) async throws {
        guard let links, try await links.ask(draft.text) else { return }
        try await database.write { db in
            let waits = try db.first(
                "SELECT id FROM job WHERE kind = \(LinkAnswers.jobName) AND subject_id = \(draft.id) AND is_dead = 0")
            if waits == nil { try stores.jobs.add(LinkAnswers.jobName, subject: draft.id, in: db) }
        }
        alarm.ring()
    }

    /// Says why a draft goes although something holds it back; nothing without a reason.
    func excuse(_ draft: ID, because reason: String, by viewer: Viewer) async throws {
        guard !reason.trimming.isEmpty else { return }
        let now = clock.now()
        try await database.write { db in
            try checks.excuse(draft, because: reason, drafts: drafts, by: viewer, at: now, in: db)
        }
    }
}
