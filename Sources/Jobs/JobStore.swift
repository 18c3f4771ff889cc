import Base
import Storage

/// The table `job`. A lease is a `run_at` in the future: a job whose holder died becomes ready by itself.
package struct JobStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// Adds a job in the transaction of the change that asks for it. `after` is milliseconds from now.
    @discardableResult package func add(
        _ kind: String, subject: ID, after: Milliseconds = 0, in db: any Connection
    ) throws -> ID {
        let id = try ids.make()
        try db.send(
            """
            INSERT INTO job (id, kind, subject_id, run_at, attempts, fence, holder, is_dead, error)
            VALUES (\(id), \(kind), \(subject), \(DatabaseClock.time(db.engine)) + \(after), 0, 0, -1, 0, '')
            """)
        return id
    }

    /// A job that keeps itself going: added unless it is there.
    package func addOnce(_ kind: String, in db: any Connection) throws {
        guard try db.first("SELECT id FROM job WHERE kind = \(kind) AND is_dead = 0 LIMIT 1") == nil else { return }
        try add(kind, subject: 0, in: db)
    }

    /// Jobs of a kind that wait for their time need not wait: there is work for them.
    package func hurry(_ kind: String, in db: any Connection) throws {
        let now = try DatabaseClock.now(db)
        try db.execute(
            "UPDATE job SET run_at = \(now) WHERE kind = \(kind) AND is_dead = 0 AND holder = -1 AND run_at > \(now)")
    }

    /// A job by its id, leased or not.
    package func find(_ id: ID, in db: any Connection) throws -> Job? {
        try db.first("SELECT id, kind, subject_id, attempts, fence FROM job WHERE id = \(id)").map(Self.read)
    }

    /// Of these kinds, those of which a claim would find something: one look for all, which needs no writer.
    package func ready(_ kinds: [String], in db: any Connection) throws -> Set<String> {
        let now = try DatabaseClock.now(db)
        // Each by itself from the index: no plan reads all that wait.
        let looks = kinds.enumerated().map { number, kind -> SQL in
            """
            (SELECT 1 FROM job WHERE kind = \(kind) AND is_dead = 0 AND run_at <= \(now) ORDER BY run_at LIMIT 1)
                AS \(SQL(text: "ready_\(number)"))
            """
        }
        guard !kinds.isEmpty, let row = try db.first("SELECT \(SQL.joined(looks, by: ", "))") else { return [] }
        return try Set(kinds.enumerated().filter { try row.optionalInt("ready_\($0.offset)") != nil }.map(\.element))
    }

    /// Leases up to `limit` ready jobs of a kind.
    package func claim(_ kind: String, limit: Int, lease: Milliseconds, in db: any Connection) throws -> [Job] {
        let now = try DatabaseClock.now(db)
        let skip: SQL = db.engine == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
        let rows = try db.rows(
            """
            UPDATE job SET run_at = \(now + lease), attempts = attempts + 1, fence = fence + 1,
                holder = \(ids.node)
            WHERE id IN (
                SELECT id FROM job WHERE kind = \(kind) AND is_dead = 0 AND run_at <= \(now)
                ORDER BY run_at, id LIMIT \(limit) \(skip))
            RETURNING id, kind, subject_id, attempts, fence
            """)
        return try rows.map(Self.read).sorted { $0.id < $1.id }
    }

    /// Deletes a job in the transaction of its effect. Throws `conflict` when the lease was lost: the effect must not
    /// happen.
    package func finish(_ job: Job, in db: any Connection) throws {
        try db.executeOne("DELETE FROM job WHERE id = \(job.id) AND fence = \(job.fence)")
    }

    /// Deletes those of some jobs whose lease was not lost, in the transaction of their effects; returns them. What is
    /// not among them must have no effect.
    package func finishHeld(_ jobs: [Job], in db: any Connection) throws -> Set<Job> {
        var held: Set<ID> = []
        for (fence, group) in Dictionary(grouping: jobs, by: \.fence) {
            let rows = try db.rows(
                "DELETE FROM job WHERE id IN \(list: group.map(\.id).sorted()) AND fence = \(fence) RETURNING id")
            for row in rows { held.insert(try row.int("id")) }
        }
        return Set(jobs.filter { held.contains($0.id) })
    }

    /// Makes jobs ready whose holder is gone: a process that took the number of a dead one, or whose lease has lapsed.
    package func releaseOrphans(in db: any Connection) throws {
        let now = try DatabaseClock.now(db)
        try db.execute(
            """
            UPDATE job SET run_at = \(now), holder = -1
            WHERE holder >= 0 AND holder IN (SELECT number FROM node WHERE lease_until < \(now))
            """)
    }

    /// Makes all jobs ready that this number held: before it holds any.
    package func releaseOwn(in db: any Connection) throws {
        let now = try DatabaseClock.now(db)
        try db.execute("UPDATE job SET run_at = \(now), holder = -1 WHERE holder = \(ids.node)")
    }

    /// Makes jobs ready that this number holds but does not run: the answer to their claim was lost.
    func releaseStrays(_ kinds: [String], except running: Set<Job>, in db: any Connection) throws {
        let now = try DatabaseClock.now(db)
        let held = try db.rows(
            """
            SELECT id, kind, subject_id, attempts, fence FROM job
            WHERE holder = \(ids.node) AND is_dead = 0 AND kind IN \(list: kinds)
            """
        ).map(Self.read)
        for job in held where !running.contains(job) {
            try db.execute(
                "UPDATE job SET run_at = \(now), holder = -1 WHERE id = \(job.id) AND fence = \(job.fence)")
        }
    }

    /// True while the lease a job was claimed with is the newest.
    package func holds(_ job: Job, in db: any Connection) throws -> Bool {
        try db.first("SELECT id FROM job WHERE id = \(job.id) AND fence = \(job.fence)") != nil
    }

    /// Ready again after `delay`; nothing when the lease was lost.
    package func retry(_ job: Job, after delay: Milliseconds, error: String, in db: any Connection) throws {
        let at = try DatabaseClock.now(db) + delay
        try db.execute(
            "UPDATE job SET run_at = \(at), holder = -1, error = \(error) WHERE id = \(job.id) AND fence = \(job.fence)"
        )
    }

    /// Puts a job aside for a person to look at; nothing when the lease was lost.
    package func bury(_ job: Job, error: String, in db: any Connection) throws {
        try db.execute(
            "UPDATE job SET is_dead = 1, holder = -1, error = \(error) WHERE id = \(job.id) AND fence = \(job.fence)")
    }

    /// A dead job, with the reason it died.
    package struct Dead: Sendable, Equatable {
        package var job: Job
        package var error: String
    }

    package func dead(limit: Int, in db: any Connection) throws -> [Dead] {
        try db.rows("SELECT * FROM job WHERE is_dead = 1 ORDER BY id DESC LIMIT \(limit)").map {
            Dead(job: try Self.read($0), error: try $0.text("error"))
        }
    }

    /// Lets a dead job try again from the start.
    package func revive(_ id: ID, in db: any Connection) throws {
        let now = try DatabaseClock.now(db)
        try db.executeOne("UPDATE job SET is_dead = 0, attempts = 0, run_at = \(now) WHERE id = \(id) AND is_dead = 1")
    }

    /// Ready and waiting jobs by kind, for metrics.
    package func counts(in db: any Connection) throws -> [(kind: String, waiting: Int64, dead: Int64)] {
        try db.rows(
            """
            SELECT kind, COUNT(*) - COUNT(CASE WHEN is_dead = 1 THEN 1 END) AS waiting,
                COUNT(CASE WHEN is_dead = 1 THEN 1 END) AS dead
            FROM job GROUP BY kind ORDER BY kind
            """
        ).map { (try $0.text("kind"), try $0.int("waiting"), try $0.int("dead")) }
    }

    private static func read(_ row: Row) throws -> Job {
        Job(
            id: try row.int("id"), kind: try row.text("kind"), subject: try row.int("subject_id"),
            attempts: Int(try row.int("attempts")), fence: try row.int("fence"))
    }
}
