import Base
import Jobs
import Storage

/// What follows the filing of a mail: rules, what triage thinks, whether many write about the same.
///
/// Each is a job of its own, added in the transaction that files the mail. They are claimed together and done together:
/// 1. One read for all mails of a batch.
/// 2. Words are taken apart and thought about; nothing is written.
/// 3. A few mails to a transaction: their jobs end, their rules run, what was thought is noted. Where that fails, each
///    of these mails is done by itself, so that one alone is tried again later.
/// 4. Mails that belong to a group, which is seldom, come last (`IncidentNoticing`).
/// Each job ends in the transaction of its effect: whatever happens in between, that is there once. A second run finds
/// no job. So a mail costs one commit after the claim, and not one for each kind.
package struct FollowingUp: Sendable {
    /// Mails of one transaction, which others wait for.
    private static let slice = 8

    private let database: Database
    private let stores: Filing.Stores
    private let rules: RuleRunning
    private let triage: Triage
    private let noticing: IncidentNoticing
    private let clock: Clock
    private let alarm: JobAlarm

    package init(
        database: Database, stores: Filing.Stores, rules: RuleRunning, triage: Triage, noticing: IncidentNoticing,
        clock: Clock, alarm: JobAlarm
    ) {
        self.database = database
        self.stores = stores
        self.rules = rules
        self.triage = triage
        self.noticing = noticing
        self.clock = clock
        self.alarm = alarm
    }

    package var kind: JobKind {
        JobKind(
            [RuleRunning.jobName, Triage.jobName, IncidentNoticing.jobName], batch: 32, lease: 120_000,
            maximumAttempts: 8, claimsLightly: true
        ) { await run($0) }
    }

    /// What is known of the mails of a batch before anything is written.
    private struct Ready: Sendable {
        var rules: [ID: RuleRunning.Mail]
        var thoughts: Triage.Thoughts
        var look: IncidentNoticing.Look
    }

    private func run(_ jobs: [Job]) async -> [JobOutcome] {
        let ready: Ready
        do { ready = try await prepare(jobs) } catch { return jobs.map { _ in .failed(error) } }
        let isGrouped = { (job: Job) in
            job.kind == IncidentNoticing.jobName && ready.look.found.contains(job.subject)
        }
        var failed: [Job: any Error] = [:]
        let mails = Dictionary(grouping: jobs.filter { !isGrouped($0) }, by: \.subject).sorted { $0.key < $1.key }
        for start in stride(from: 0, to: mails.count, by: Self.slice) {
            let slice = mails[start..<min(start + Self.slice, mails.count)].map(\.value)
            await finish(slice, ready, &failed)
        }
        let grouped = jobs.filter(isGrouped)
        do { try await noticing.note(grouped, ready.look) } catch { for job in grouped { failed[job] = error } }
        // Acknowledgements and training may wait for this.
        alarm.ring()
        return jobs.map { job in failed[job].map { .failed($0) } ?? .done }
    }

    private func prepare(_ jobs: [Job]) async throws -> Ready {
        func subjects(_ kind: String) -> [ID] { jobs.filter { $0.kind == kind }.map(\.subject) }
        let (ruled, thought, noticed) = (
            subjects(RuleRunning.jobName), subjects(Triage.jobName), subjects(IncidentNoticing.jobName)
        )
        let (mails, read, look) = try await database.read { [rules, triage, noticing] db in
            (
                try ruled.map { ($0, try rules.read($0, in: db)) }, try triage.read(thought, in: db),
                try noticing.look(at: noticed, in: db)
            )
        }
        var taken: [ID: RuleRunning.Mail] = [:]
        for (message, mail) in mails { taken[message] = mail?.takenApart() }
        return Ready(rules: taken, thoughts: read.thoughts(), look: look)
    }

    private func finish(_ mails: [[Job]], _ ready: Ready, _ failed: inout [Job: any Error]) async {
        do {
            try await write(mails.flatMap { $0 }, ready)
        } catch {
            guard mails.count > 1 else {
                for job in mails.joined() { failed[job] = error }
                return
            }
            for mail in mails { await finish([mail], ready, &failed) }
        }
    }

    private func write(_ jobs: [Job], _ ready: Ready) async throws {
        let now = clock.now()
        try await database.write { [stores, rules, triage] db in
            let held = try stores.jobs.finishHeld(jobs, in: db)
            let ruled = jobs.filter { held.contains($0) && $0.kind == RuleRunning.jobName }
                .compactMap { ready.rules[$0.subject] }
            try rules.hold(ruled, in: db)
            for mail in ruled { try rules.go(mail, at: now, in: db) }
            let thought = jobs.filter { held.contains($0) && $0.kind == Triage.jobName }.map(\.subject)
            try triage.note(ready.thoughts, of: thought, at: now, in: db)
        }
    }
}
