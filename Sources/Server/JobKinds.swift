import Base
import Correspondence
import Fetch
import Jobs
import Knowledge
import Mail
import Outbox
import People

extension Services {
    /// What reads mail: run by the server, and by an import without one.
    var readingKinds: [JobKind] {
        get throws {
            let texts = AttachmentIndexing(database: database, stores: stores, reader: reader)
            let sweeping = Sweeping(database: database, jobs: stores.jobs)
            return [
                FilingJob.kind(try filing),
                JobKind.single(AttachmentIndexing.jobName, lease: 120_000, maximumAttempts: 3) {
                    try await texts.run($0)
                },
                JobKind.single(Sweeping.jobName) { try await sweeping.run($0) },
            ]
        }
    }

    /// What answers people: run by the server only.
    func sendingKinds() throws -> [JobKind] {
        let acknowledging = acknowledging
        let notices = try noticeMailing()
        let receipt = try formReceipt()
        let dispatch = dispatch(try MailTransport.make(self))
        let testing = connectionTesting
        let telling = try textTelling()
        let later = LaterSending(
            answering: answering, database: database, stores: stores, drafts: drafts, members: members, clock: clock)
        let grouping = groupAnswering
        let writing = Writing(
            answering: answering, rounds: RoundStore(ids: ids, raws: stores.raws), numbers: numbers)
        return [
            JobKind.single(LaterSending.jobName) { try await later.run($0) },
            JobKind.single(Writing.jobName, lease: 600_000) { try await writing.run($0) },
            JobKind.single(GroupAnswering.jobName, lease: 600_000) { try await grouping.run($0) },
            try passwordResetKind(),
            JobKind.single(Acknowledging.jobName) { try await acknowledging.run($0) },
            JobKind.single(NoticeMailing.jobName) { try await notices.run($0) },
            JobKind.single(NoticeMailing.digestJob) { try await notices.runDigest($0) },
            JobKind.single(TextTelling.askJob) { try await telling.ask($0) },
            JobKind.single(TextTelling.tellJob) { try await telling.tell($0) },
            JobKind.single(FormReceipt.jobName) { try await receipt.run($0) },
            JobKind.single(
                Answering.dispatchJob, workers: 2, lease: 600_000, maximumAttempts: Dispatch.maximumAttempts
            ) { try await dispatch.run($0) },
        ] + testing.kinds
    }

    /// What goes on with tickets by itself: run by the server only.
    var workingKinds: [JobKind] {
        let links = CheckLinksJob(
            database: database, drafts: drafts, jobs: stores.jobs, links: answering.links)
        let learning = AnswerLearning(database: database, stores: stores, clock: clock)
        let gaps = GapFinding(database: database, stores: stores, ids: ids, clock: clock)
        let readability = ReadabilityStore(database: database, jobs: stores.jobs)
        let waking = Waking(database: database, stores: stores, clock: clock)
        let bulking = Bulking(
            database: database, stores: stores, members: members, search: search, clock: clock, alarm: alarm)
        let levels = LevelRefreshing(database: database, stores: stores, clock: clock)
        let widening = ReviewWidening(answering: answering)
        let planned = PlannedChanges(database: database, proposals: proposals, jobs: stores.jobs, clock: clock)
        return [
            JobKind.single(ReviewWidening.jobName) { try await widening.run($0) },
            followingUp.kind,
            JobKind.single(LevelRefreshing.jobName, lease: 300_000) { try await levels.run($0) },
            JobKind.single(PlannedChanges.jobName) { try await planned.run($0) },
            JobKind.single(Waking.jobName) { try await waking.run($0) },
            JobKind.single(CheckLinksJob.name) { try await links.run($0) },
            JobKind.single(AnswerLearning.jobName) { try await learning.run($0) },
            JobKind.single(GapFinding.jobName) { try await gaps.run($0) },
            JobKind.single(ReadabilityStore.jobName) { try await readability.run($0) },
            erasureKind,
            JobKind.single(Bulking.jobName, lease: 300_000) { try await bulking.run($0) },
        ]
    }

    /// Rules, triage and the noticing of incidents: what follows the filing of a mail.
    var followingUp: FollowingUp {
        FollowingUp(
            database: database, stores: stores, rules: ruleRunning, triage: thinkingOfMail,
            noticing: IncidentNoticing(
                database: database, stores: stores, meanings: resources.meanings, clock: clock),
            clock: clock, alarm: alarm)
    }

    package var ruleRunning: RuleRunning {
        RuleRunning(database: database, stores: stores, members: members, zone: zone, clock: clock, alarm: alarm)
    }

    /// What tells others what happened: run by the server only.
    func tellingKinds() throws -> [JobKind] {
        let posting = Posting(allowed: try settings.requireAllowedNetworks())
        let telling = try waysIn().telling
        let delivering = WebhookDelivering(
            database: database, store: webhookStore, members: members, jobs: stores.jobs, clock: clock,
            send: { body, url, headers async throws(Failure) in
                try await posting.post(body, to: url, headers: headers)
            }, tell: { owner, at, db in try telling.tell(.webhookSwitchedOff, owner, at: at, in: db) })
        return [
            JobKind.single(WebhookDelivering.jobName, workers: 4, maximumAttempts: Int.max) {
                try await delivering.run($0)
            }
        ]
    }

    private func passwordResetKind() throws -> JobKind {
        let resetting = passwordResetting(try waysIn())
        let jobs = stores.jobs
        return JobKind.single(PasswordResetting.jobName) { job in
            try await resetting.run(wish: job.subject) { db in try jobs.finish(job, in: db) }
        }
    }

    /// Files all that waits and returns when nothing does: after an import without a server.
    package func fileAll() async throws {
        let runner = JobRunner(database: database, store: stores.jobs, kinds: try readingKinds, alarm: alarm, log: log)
        try await runner.drain()
    }

    /// Returns when no delivery waits to be filed by the server's jobs, or when some are dead.
    package func waitForFiling() async throws {
        while true {
            let generation = alarm.generation
            let waiting = try await database.read { db in
                try db.int("SELECT COUNT(*) AS n FROM job WHERE kind = \(FilingJob.name) AND is_dead = 0")
            }
            if waiting == 0 { return }
            await alarm.wait(after: generation, atMost: 200)
        }
    }
}
