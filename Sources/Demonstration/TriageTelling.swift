import Base
import Correspondence
import Jobs
import Server
import Storage

/// What triage knows after the year: who is named for what, a model learned from what was decided, and what it thinks
/// of the newest mail. The letters about lives and the labels themselves happened in `Telling`.
struct TriageTelling: Sendable {
    /// The rest of the year is decided; nobody needs a thought about it.
    private static let newest = 80
    private static let named: [(SpecialistLabel, [String])] = [
        (.danger, ["greta", "nils"]), (.legal, ["beatrix"]), (.press, ["edwin", "solene"]),
        (.livingPerson, ["greta", "beatrix"]), (.childSafety, ["greta"]),
    ]

    let services: Services
    let founded: Founding.Founded

    func tell() async throws {
        guard let head = founded.viewers["greta"] else { return }
        let now = services.clock.now()
        try await services.database.write { db in
            let labelling = Labelling(stores: services.stores)
            for (label, names) in Self.named {
                let people = Set(names.compactMap { founded.members[$0]?.id })
                try labelling.setPeople(people, of: label, by: head, at: now, in: db)
            }
            try Triage.forgetAllBut(newest: Self.newest, in: db)
        }
        try await services.training.train()
        let runner = JobRunner(
            database: services.database, store: services.stores.jobs, kinds: [services.thinking], alarm: services.alarm,
            log: services.log)
        try await runner.drain()
    }
}
