import Base
import Correspondence
import Jobs
import Storage

extension Services {
    /// What one new mail costs after it was filed, for `script/bench`: all rules and all that triage knows, each as
    /// the job it is, with its reads and its transaction. Milliseconds for each of the newest mails.
    ///
    /// For a database of its own: it decides tickets at random, so that models of many classes are learned.
    package func measureNewMail(_ lines: [RuleLook.Line], mails: Int) async throws -> [Double] {
        try await prepareMeasure(lines)
        let runner = JobRunner(
            database: database, store: stores.jobs, kinds: [followingUp.kind], alarm: alarm, log: log)
        try await runner.drain()
        var spent: [Double] = []
        // One at a time, the first few to warm up.
        let messages = try await database.write { [ids] db in
            try RuleRunning.expectNewest(mails + 20, ids: ids, in: db)
        }
        for (place, message) in messages.enumerated() {
            try await database.write { [stores] db in
                try stores.jobs.add(RuleRunning.jobName, subject: message, in: db)
                try stores.jobs.add(Triage.jobName, subject: message, in: db)
            }
            let began = ContinuousClock.now
            try await runner.drain()
            let (whole, rest) = (ContinuousClock.now - began).components
            if place >= 20 { spent.append(Double(whole) * 1000 + Double(rest) / 1e15) }
        }
        return spent
    }

    /// Rules that tag what they fit, and tickets with forty tags, decided.
    private func prepareMeasure(_ lines: [RuleLook.Line]) async throws {
        let now = clock.now()
        try await database.write { [stores, ids, members] db in
            guard let keeper = try members.all(in: db).first(where: { $0.isAdministrator }) else {
                throw Failure(.invalid, "error-invalid", details: "there is no administrator")
            }
            let viewer = Viewer(memberID: keeper.id, isAdministrator: true, rights: [:])
            let store = RuleStore(ids: ids, events: stores.events)
            for (place, line) in lines.enumerated() {
                let rule = line.rule(adding: "rule-\(place % 20)")
                try store.save(rule, by: viewer, at: now, in: db)
            }
            for row in try db.rows("SELECT id FROM ticket ORDER BY id LIMIT 4000") {
                guard let ticket = try stores.tickets.find(try row.int("id"), in: db) else { continue }
                let tag = "about-\(((ticket.id &* 2_654_435_761) >> 9 & 1023) % 40)"
                try stores.tickets.setTags([tag], of: ticket, actor: keeper.id, at: now, in: db)
                try stores.tickets.setState(.closed, of: ticket, actor: keeper.id, at: now, in: db)
            }
        }
        try await training.train()
    }
}
