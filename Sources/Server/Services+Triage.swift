import Base
import Correspondence
import Jobs
import Oncall
import Storage

extension Services {
    /// The packs look, and who is on duty is called.
    static func dangerWatch(_ triage: TriageTools, paging: @escaping @Sendable () throws -> Paging) -> DangerWatch {
        DangerWatch(
            look: { triage.packs().look(at: $0) },
            page: { ticket, at, db in
                try paging().page(reason: .danger, ticket: ticket.id, queue: ticket.queue, at: at, in: db)
            })
    }

    /// What thinks about new mail and learns from decisions: run by the server only.
    var triageKinds: [JobKind] {
        let thinking = Triage(database: database, stores: stores, tools: triage, ids: ids, clock: clock)
        let training = training
        return [
            thinking.kind,
            JobKind.single(TriageTraining.jobName, lease: 1_800_000, maximumAttempts: 3) { try await training.run($0) },
        ]
    }

    package var training: TriageTraining {
        TriageTraining(database: database, stores: stores, ids: ids, clock: clock)
    }
}
