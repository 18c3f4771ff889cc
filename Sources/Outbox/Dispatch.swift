import Base
import Jobs
import Logging
import Storage

/// Hands queued mail to the MTA, never twice in silence.
///
/// 1. One transaction: queued → handing-over. From here on a crash leaves the mail *in doubt*.
/// 2. The MTA is spoken to. SMTP cannot promise exactly once (RFC 1047).
/// 3. One transaction: each recipient's outcome, the new state, the end of the job.
///
/// A second call for a mail that is handing-over means that the first one died between 1 and 3: it becomes in-doubt,
/// which a person resolves. A temporary refusal makes it queued again, for the recipients still waiting only; the job
/// is tried again with growing delays, in all for about two days, then it has failed. A cancelled mail is left alone.
package struct Dispatch: Sendable {
    /// Where a test may stop the process.
    package enum Point: String, Sendable {
        case afterClaim = "after-claim"
        case beforeHandOver = "before-hand-over"
        case afterHandOver = "after-hand-over"
        case beforeRecord = "before-record"
    }

    /// About two days with delays of at most ten minutes.
    package static let maximumAttempts = 300

    /// What others do in the transaction that records an outcome.
    package typealias Recorded = @Sendable (OutboxItem, OutboxState, Milliseconds, any Connection) throws -> Void

    private let database: Database
    private let store: OutboxStore
    private let raws: RawStore
    private let jobs: JobStore
    private let events: EventStore
    private let transport: Transport
    private let clock: Clock
    private let recorded: Recorded
    private let fault: @Sendable (Point) -> Void
    private let log: Logger

    package init(
        database: Database, store: OutboxStore, raws: RawStore, jobs: JobStore, events: EventStore,
        transport: Transport,
        clock: Clock, log: Logger, recorded: @escaping Recorded, fault: @escaping @Sendable (Point) -> Void = { _ in }
    ) {
        self.database = database
        self.store = store
        self.raws = raws
        self.jobs = jobs
        self.events = events
        self.transport = transport
        self.clock = clock
        self.recorded = recorded
        self.fault = fault
        self.log = log
    }

    /// One attempt at the mail a job is about.
    package func run(_ job: Job) async throws {
        fault(.afterClaim)
        guard let (item, bytes) = try await begin(job) else { return }
        fault(.beforeHandOver)
        let waiting = item.recipients.filter { $0.state == .waiting }.map(\.address)
        let outcomes = await transport.send(bytes, item.sender, waiting)
        fault(.afterHandOver)
        let isRetried = try await record(Array(zip(waiting, outcomes)), of: item, job: job)
        if isRetried { throw Failure(.unavailable, "error-unavailable", details: "the MTA asks to try again") }
    }

    /// Step 1; nil when there is nothing to send.
    private func begin(_ job: Job) async throws -> (OutboxItem, [UInt8])? {
        let now = clock.now()
        return try await database.write { [store, raws, jobs] db in
            guard try jobs.holds(job, in: db) else { return nil }
            guard let item = try store.find(job.subject, in: db) else {
                try jobs.finish(job, in: db)
                return nil
            }
            switch item.state {
            case .queued where try !store.mayLeave(item, in: db):
                try end(item, as: .failed, reply: "shadow", at: now, job: job, in: db)
                return nil
            case .queued:
                try store.move(item.id, from: .queued, to: .handingOver, at: now, in: db)
                return (item, try raws.bytes(of: item.raw, in: db))
            case .handingOver:
                try end(item, as: .inDoubt, reply: "", at: now, job: job, in: db)
                return nil
            case .handedOver, .inDoubt, .failed, .cancelled:
                try jobs.finish(job, in: db)
                return nil
            }
        }
    }

    private func end(
        _ item: OutboxItem, as state: OutboxState, reply: String, at: Milliseconds, job: Job, in db: any Connection
    ) throws {
        try store.move(item.id, from: item.state, to: state, at: at, in: db)
        for recipient in item.recipients where recipient.state == .waiting {
            let recipientState: RecipientState = state == .inDoubt ? .inDoubt : .refused
            try store.setRecipient(recipient.address, of: item.id, state: recipientState, reply: reply, at: at, in: db)
        }
        try tell(item, state, at: at, in: db)
        try jobs.finish(job, in: db)
    }

    /// Step 3; true when some recipients are to be tried again.
    private func record(
        _ outcomes: [(String, RecipientOutcome)], of item: OutboxItem, job: Job
    ) async throws -> Bool {
        fault(.beforeRecord)
        let now = clock.now()
        let isLast = job.attempts >= Self.maximumAttempts
        let state = Self.state(after: outcomes.map(\.1), isLast: isLast)
        try await database.write { [store, jobs] db in
            for (address, outcome) in outcomes {
                let (recipientState, reply) = Self.recipient(after: outcome, isLast: isLast)
                try store.setRecipient(address, of: item.id, state: recipientState, reply: reply, at: now, in: db)
            }
            try store.move(item.id, from: .handingOver, to: state, at: now, in: db)
            if state != .queued {
                try tell(item, state, at: now, in: db)
                try jobs.finish(job, in: db)
            }
        }
        return state == .queued
    }

    private func tell(_ item: OutboxItem, _ state: OutboxState, at: Milliseconds, in db: any Connection) throws {
        let event = Event(
            "mail-\(state.rawValue)", queue: item.queue, ticket: item.ticket, subject: item.message ?? item.id)
        try events.add(event, at: at, in: db)
        try recorded(item, state, at, db)
        // It may carry a link that opens a door: what became of it is known to who sent it.
        if item.kind == .notice { try store.forget(item, raws: raws, in: db) }
    }

    /// Doubt about anyone is doubt; then whoever is to be tried again; then failure of anyone; else handed over.
    static func state(after outcomes: [RecipientOutcome], isLast: Bool) -> OutboxState {
        var state = OutboxState.handedOver
        for outcome in outcomes {
            switch outcome {
            case .accepted: break
            case .inDoubt: return .inDoubt
            case .refused(_, let isPermanent):
                if isPermanent || isLast { if state == .handedOver { state = .failed } } else { state = .queued }
            }
        }
        return state
    }

    private static func recipient(after outcome: RecipientOutcome, isLast: Bool) -> (RecipientState, String) {
        switch outcome {
        case .accepted(let reply): (.accepted, reply)
        case .inDoubt(let reply): (.inDoubt, reply)
        case .refused(let reply, let isPermanent): (isPermanent || isLast ? .refused : .waiting, reply)
        }
    }
}
