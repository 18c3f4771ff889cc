import Base
import Jobs
import Storage

/// Widens the circle of those a review waits for when its time is over: first those who know the language, or the one
/// who was asked; then all who approve in the queue, where that is anybody else; then the leads. While new mail holds
/// it
/// nobody could decide, so its time stands still. A job of an earlier submission, or of one that was decided, does
/// nothing; a second run finds the due time moved.
package struct ReviewWidening: Sendable {
    package static let jobName = "review-widen"

    private let database: Database
    private let rules: ReviewRules
    private let reviews: ReviewStore
    private let events: EventStore
    private let jobs: JobStore
    private let clock: Clock

    package init(answering: Answering) {
        database = answering.database
        rules = answering.gate.rules
        reviews = answering.gate.reviews
        events = answering.stores.events
        jobs = answering.stores.jobs
        clock = answering.clock
    }

    package func run(_ job: Job) async throws {
        let now = clock.now()
        try await database.write { db in
            try jobs.finish(job, in: db)
            guard let review = try reviews.find(job.subject, in: db), review.state == .submitted,
                review.kind != .sample, review.dueAt <= now + 1000,
                let wider = Review.Stage(rawValue: review.stage.rawValue + 1)
            else { return }
            let wait = Milliseconds(try rules.rule(of: review.queue, in: db).dueMinutes) * 60_000
            if try reviews.isOnHold(review, in: db) {
                try reviews.setStage(review.stage, of: review.id, dueAt: now + wait, in: db)
                try jobs.add(Self.jobName, subject: review.id, after: wait, in: db)
                return
            }
            let next = try reached(from: review, wider, in: db)
            try reviews.setStage(next, of: review.id, dueAt: now + wait, in: db)
            if next != .leads { try jobs.add(Self.jobName, subject: review.id, after: wait, in: db) }
            let event = Event(
                "review-widened", queue: review.queue, ticket: review.ticket, subject: review.id,
                data: ["to": next == .leads ? "leads" : "queue"])
            try events.add(event, at: now, in: db)
        }
    }

    /// Past a circle in which nobody is who was not asked already.
    private func reached(from review: Review, _ next: Review.Stage, in db: any Connection) throws -> Review.Stage {
        guard next == .queue else { return next }
        let writers = try reviews.writers(of: review, in: db)
        let all = try rules.reviewers(of: review.queue, language: nil, in: db)
        let asked =
            try review.reviewer.map { [$0] }
            ?? rules.reviewers(of: review.queue, language: review.language, in: db).map(\.id)
        let isWider = all.contains { !writers.contains($0.id) && !asked.contains($0.id) }
        return isWider ? .queue : .leads
    }
}
