import Base
import Jobs
import Storage
import Text

/// Makes the models anew from the team's decisions.
///
/// 1. Read examples, newest first, a slice to a read.
/// 2. On a thread of its own that yields to all others: learn from four fifths of them (chosen by their id) and measure
///    on the last fifth, then learn from all.
/// 3. Write the model in slices and make it the one in use; take the former away, with what it had learned.
/// A second run makes the same model again. One waits at a time; a training that dies leaves the former in use. What
/// is redacted, hidden or erased while it runs is in no model that is used: it is thrown away, and another is made.
package struct TriageTraining: Sendable {
    package static let jobName = "triage-training"
    /// After a decision, so that many decisions are learned together.
    static let pause: Milliseconds = 3_600_000
    static let daily: Milliseconds = 86_400_000
    /// Examples a class needs.
    static let fewest = 8
    static let mostTopics = 40

    private let database: Database
    private let jobs: JobStore
    private let events: EventStore
    private let models: ModelStore
    private let clock: Clock
    private let starting: @Sendable () -> StartingModel

    package init(
        database: Database, stores: Filing.Stores, ids: IDMaker, clock: Clock,
        starting: @escaping @Sendable () -> StartingModel = { .none }
    ) {
        self.database = database
        jobs = stores.jobs
        events = stores.events
        models = ModelStore(ids: ids)
        self.clock = clock
        self.starting = starting
    }

    /// Asks for a training, unless one is due as soon as that. One that runs already may have read what is to be
    /// forgotten: another follows it.
    package static func schedule(after delay: Milliseconds, jobs: JobStore, in db: any Connection) throws {
        let due = try DatabaseClock.now(db) + delay
        let waiting = try db.first(
            """
            SELECT id FROM job
            WHERE kind = \(jobName) AND is_dead = 0 AND holder < 0 AND run_at <= \(due) LIMIT 1
            """)
        if waiting == nil { try jobs.add(jobName, subject: 0, after: delay, in: db) }
    }

    /// A ticket went where nobody may learn from it: a model that has its words is made anew at once, and deleted.
    static func forget(ticket: ID, ids: IDMaker, in db: any Connection) throws {
        guard try ModelStore(ids: ids).learned(from: ticket, in: db), try Examples.spoilt(ticket, in: db) else {
            return
        }
        try schedule(after: 0, jobs: JobStore(ids: ids), in: db)
    }

    /// The same where many tickets may have gone: a queue became confidential.
    static func forgetHidden(ids: IDMaker, in db: any Connection) throws {
        if try Examples.spoilt(in: db) { try schedule(after: 0, jobs: JobStore(ids: ids), in: db) }
    }

    package func run(_ job: Job) async throws {
        try await train()
        try await database.write { [jobs] db in try jobs.finish(job, in: db) }
    }

    /// Returns the model in use afterwards; nil when there is too little to learn from.
    @discardableResult package func train() async throws -> ID? {
        let began = clock.now()
        // Those that asked for a later one are served; those that ask while it runs are not.
        try await database.write { db in
            try db.execute("DELETE FROM job WHERE kind = \(Self.jobName) AND holder < 0 AND is_dead = 0")
        }
        let examples = try await gather()
        let lesson = Lesson(examples)
        guard let outcome = await LearningThread.run({ lesson.learn() }) else {
            try await database.write { db in try db.execute("UPDATE triage_model SET is_current = 0") }
            try await removeFormer()
            return nil
        }
        let id = try await store(outcome, examples, began: began)
        try await removeFormer()
        return id
    }

    func gather() async throws -> [Examples.Example] {
        var found: [Examples.Example] = []
        var before = ID.max
        let starting = starting()
        while found.count < Examples.most {
            let start = before
            let slice = try await database.read { db in try Examples.read(before: start, starting, in: db) }
            guard let last = slice.last else { break }
            found += slice.examples
            before = last
        }
        return Array(found.prefix(Examples.most).reversed())
    }

    /// Nil where, since the examples were read, something in them is to be forgotten: another training follows.
    func store(
        _ outcome: Lesson.Outcome, _ examples: [Examples.Example], began: Milliseconds
    ) async throws -> ID? {
        let now = clock.now()
        let models = models
        let bytes = outcome.model.bytes
        let id = try await database.write { db in
            try models.begin(
                examples: examples.count, heldOut: outcome.heldOut, took: max(0, now - began), at: now, in: db)
        }
        for (position, start) in stride(from: 0, to: bytes.count, by: ModelStore.partSize).enumerated() {
            let part = Array(bytes[start..<min(bytes.count, start + ModelStore.partSize)])
            try await database.write { db in try models.add(part, position: position, to: id, in: db) }
        }
        for start in stride(from: 0, to: examples.count, by: 400) {
            let tickets = examples[start..<min(examples.count, start + 400)].map(\.ticket)
            try await database.write { db in try models.add(tickets: tickets, to: id, in: db) }
        }
        return try await database.write { [events, jobs] db in
            for each in outcome.measures {
                try models.add(each.measure, each.target, each.value, language: each.language, to: id, in: db)
            }
            try models.add(outcome.starting, to: id, in: db)
            try models.activate(id, in: db)
            if try Self.isAsked(in: db) || Examples.spoilt(in: db) {
                try models.retire(id, in: db)
                try Self.schedule(after: 0, jobs: jobs, in: db)
                return nil
            }
            let event = Event("triage-trained", subject: id, data: ["examples": String(examples.count)])
            try events.add(event, at: now, in: db)
            return id
        }
    }

    private static func isAsked(in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT id FROM job WHERE kind = \(jobName) AND is_dead = 0 AND holder < 0
                AND run_at <= \(DatabaseClock.now(db)) LIMIT 1
            """) != nil
    }

    private func removeFormer() async throws {
        let models = models
        while try await database.write({ db in try models.removeFormer(in: db) }) {}
    }
}
