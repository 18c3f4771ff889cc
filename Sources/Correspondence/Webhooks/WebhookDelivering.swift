import Base
import Jobs
import People
import Storage

/// Sends one delivery, at least once, always under the same id.
///
/// 1. A webhook that is off or removed keeps what waits: the job ends, switching on makes a new one.
/// 2. A server that failed lately is left alone until its time has come (5 s after the first failure, then longer and
///    longer, up to 12 h, each with jitter); what waits for it comes then.
/// 3. An answer of 200 to 299 means taken. 410 means that the place is gone: switched off at once. Anything else, and
///    no answer, is tried again. A delivery that was not taken in three days is given up; a webhook that took nothing
///    in three days is switched off, and its owner is told. What waits stays and goes on when it is switched on.
/// 4. A trial is sent once and changes nothing but its own line.
/// A crash after the answer sends it again, with the same id: that is how receivers know it.
package struct WebhookDelivering: Sendable {
    package static let jobName = "webhook"
    static let patience: Milliseconds = 3 * 86_400_000

    /// Status of the answer; throws what happened instead.
    package typealias Send = @Sendable ([UInt8], String, [(String, String)]) async throws(Failure) -> Int
    /// Tells the owner that theirs was switched off.
    package typealias Tell = @Sendable (Member, Milliseconds, any Connection) throws -> Void

    private let database: Database
    private let store: WebhookStore
    private let members: MemberStore
    private let jobs: JobStore
    private let clock: Clock
    private let send: Send
    private let tell: Tell

    package init(
        database: Database, store: WebhookStore, members: MemberStore, jobs: JobStore, clock: Clock,
        send: @escaping Send, tell: @escaping Tell
    ) {
        self.database = database
        self.store = store
        self.members = members
        self.jobs = jobs
        self.clock = clock
        self.send = send
        self.tell = tell
    }

    private struct Found: Sendable {
        var delivery: WebhookDelivery
        var webhook: Webhook
        var secret: String
        /// Whose things it tells cannot sign in: nothing is sent meanwhile.
        var isOwnerAway: Bool

        var isTrial: Bool { delivery.kind == WebhookDelivery.trial }
    }

    package func run(_ job: Job) async throws {
        guard let found = try await database.read({ try find(job.subject, in: $0) }) else {
            try await database.write { db in try jobs.finish(job, in: db) }
            return
        }
        let begun = clock.now()
        let waits = found.isOwnerAway ? 3_600_000 : found.isTrial ? 0 : found.webhook.retryAt - begun
        if waits > 0 {
            let delay = Self.jittered(waits)
            try await database.write { db in try jobs.retry(job, after: delay, error: "", in: db) }
            return
        }
        let outcome = await attempt(found, at: begun)
        let now = clock.now()
        try await database.write { db in
            guard try jobs.holds(job, in: db) else { return }
            try note(outcome, found, job, at: now, in: db)
        }
    }

    /// Nil when nothing is to be sent now.
    private func find(_ id: ID, in db: any Connection) throws -> Found? {
        guard let delivery = try store.findDelivery(id, in: db), delivery.state == .waiting,
            let webhook = try store.find(delivery.webhook, in: db),
            webhook.state == .on || delivery.kind == WebhookDelivery.trial
        else { return nil }
        return Found(
            delivery: delivery, webhook: webhook, secret: try store.secret(of: webhook.id, in: db),
            isOwnerAway: try members.find(webhook.member, in: db)?.isDisabled ?? true)
    }

    private func attempt(_ found: Found, at: Milliseconds) async -> Result<Int, Failure> {
        let (delivery, url) = (found.delivery, found.webhook.url)
        let headers = WebhookSigning.headers(id: delivery.id, body: delivery.body, secret: found.secret, at: at)
        do {
            return .success(try await send(Array(delivery.body.utf8), url, headers))
        } catch { return .failure(error) }
    }

    // MARK: - What came of it

    private func note(
        _ outcome: Result<Int, Failure>, _ found: Found, _ job: Job, at: Milliseconds, in db: any Connection
    ) throws {
        let delivery = found.delivery
        var (status, problem) = (0, "")
        switch outcome {
        case .success(let code) where (200..<300).contains(code):
            try store.note(.delivered, of: delivery.id, status: code, problem: "", at: at, in: db)
            if !found.isTrial { try store.noteTaken(found.webhook.id, in: db) }
            return try jobs.finish(job, in: db)
        case .success(let code): (status, problem) = (code, "webhook-refused")
        case .failure(let failure): problem = failure.messageKey
        }
        let isGivenUp = found.isTrial || at - delivery.createdAt >= Self.patience
        try store.note(
            isGivenUp ? .failed : .waiting, of: delivery.id, status: status, problem: problem, at: at, in: db)
        if found.isTrial { return try jobs.finish(job, in: db) }
        try noteFailure(of: found.webhook, isGone: status == 410, at: at, in: db)
        let isOn = try store.find(found.webhook.id, in: db)?.state == .on
        guard isOn, !isGivenUp else { return try jobs.finish(job, in: db) }
        try jobs.retry(job, after: Self.delay(attempts: delivery.attempts + 1), error: problem, in: db)
    }

    private func noteFailure(
        of webhook: Webhook, isGone: Bool, at: Milliseconds, in db: any Connection
    ) throws {
        let isOver = at - (webhook.failingSince ?? at) >= Self.patience
        guard isGone || isOver else {
            let retryAt = at + Self.delay(attempts: webhook.failures + 1)
            return try store.noteFailed(webhook.id, at: at, retryAt: retryAt, in: db)
        }
        try store.setState(isGone ? .gone : .failing, of: webhook, actor: nil, at: at, in: db)
        if let owner = try members.find(webhook.member, in: db) { try tell(owner, at, db) }
    }

    /// Seconds after the first, second, … failure; the last for all after it.
    private static let steps: [Milliseconds] = [5, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200]

    static func delay(attempts: Int) -> Milliseconds {
        jittered(steps[min(max(attempts, 1), steps.count) - 1] * 1000)
    }

    /// With up to a quarter more, so that not everything comes at once.
    private static func jittered(_ delay: Milliseconds) -> Milliseconds { delay + Int64.random(in: 0...delay / 4) }
}
