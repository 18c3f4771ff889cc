import Base
import Correspondence
import Jobs
import Oncall
import Storage

extension Services {
    /// The cards name the outside address of the queue's rota: the one that is called when nobody else is reached.
    static func triageTools(_ resources: LoadedResources, _ stores: Filing.Stores, ids: IDMaker) -> TriageTools {
        let rotas = RotaStore(ids: ids, events: stores.events)
        var tools = TriageTools(packs: resources.packs, cards: resources.cards, models: ModelCache(ids: ids))
        tools.starting = resources.starting
        tools.emergency = { queue, db in try rotas.find(forQueue: queue, in: db)?.outsideAddress }
        return tools
    }

    /// The packs look, and who is on duty is called.
    static func dangerWatch(_ triage: TriageTools, paging: @escaping @Sendable () throws -> Paging) -> DangerWatch {
        DangerWatch(
            look: { triage.packs().look(at: $0) },
            page: { ticket, at, db in
                try paging().page(reason: .danger, ticket: ticket.id, queue: ticket.queue, at: at, in: db)
            })
    }

    /// What learns from decisions: run by the server only.
    var triageKinds: [JobKind] {
        let training = training
        return [
            JobKind.single(TriageTraining.jobName, lease: 1_800_000, maximumAttempts: 3) { try await training.run($0) }
        ]
    }

    /// What is thought of new mail, without what else follows its filing.
    package var thinking: JobKind { thinkingOfMail.kind }

    var thinkingOfMail: Triage {
        Triage(database: database, stores: stores, tools: triage, ids: ids, clock: clock)
    }

    package var training: TriageTraining {
        TriageTraining(
            database: database, stores: stores, ids: ids, clock: clock, starting: resources.starting)
    }
}
