import Base
import Jobs
import Storage

/// Learns which texts answered which questions: the tables `answered` and `answered_term`.
///
/// A job walks over what was sent, in slices, once it can no longer be taken back. Of each answer it keeps hashes of
/// words of the mail that was answered and of the answer, and the text that was used, if one was. What is redacted,
/// protected or confidential teaches nothing, and is unlearned when it becomes so. A second run finds what it has.
package struct AnswerLearning: Sendable {
    package static let jobName = "learn-answers"
    private static let mark = "answers-learned"
    private static let slice = 50
    private static let every: Milliseconds = 900_000
    /// Percent of a text that must have stayed for it to have been the answer.
    private static let leastKept = 30
    static let question = 0
    static let answer = 1

    let database: Database
    let stores: Filing.Stores
    let clock: Clock
    /// Milliseconds after which a letter is not taken back any more.
    let age: Milliseconds

    package init(database: Database, stores: Filing.Stores, clock: Clock, age: Milliseconds = 300_000) {
        self.database = database
        self.stores = stores
        self.clock = clock
        self.age = age
    }

    package func run(_ job: Job) async throws {
        let isDone = try await learn()
        try await database.write { [stores] db in
            try stores.jobs.add(Self.jobName, subject: 0, after: isDone ? Self.every : 200, in: db)
            if isDone, try GapFinding.hasWork(in: db) { try stores.jobs.hurry(GapFinding.jobName, in: db) }
            try stores.jobs.finish(job, in: db)
        }
    }

    /// One slice; true when nothing is left.
    func learn() async throws -> Bool {
        let now = clock.now()
        let (lessons, last) = try await database.read { db in try read(before: now - age, in: db) }
        try await database.write { db in
            for lesson in lessons { try write(lesson, in: db) }
            if let last {
                try StoredSetting.set(Self.mark, String(last), in: db)
            }
        }
        return last == nil
    }

    private struct Lesson: Sendable {
        var message: ID
        var ticket: ID
        var language: String
        var text: ID?
        var question: Set<Int64>
        var answer: Set<Int64>
    }

    private func read(before: Milliseconds, in db: any Connection) throws -> (lessons: [Lesson], last: ID?) {
        let done = try StoredSetting.text(Self.mark, in: db) ?? "0"
        let rows = try db.rows(
            """
            SELECT message.id, message.ticket_id, message.direction, message.kind, message.language, message.new_text
            FROM message WHERE message.id > \(ID(done) ?? 0) AND message.created_at < \(before)
            ORDER BY message.id LIMIT \(Self.slice)
            """)
        let lessons = try rows.compactMap { row -> Lesson? in
            guard try row.text("direction") == Direction.outgoing.rawValue, try row.text("kind") == "mail" else {
                return nil
            }
            return try lesson(row, in: db)
        }
        return (lessons, try rows.last?.int("id"))
    }

    private func lesson(_ row: Row, in db: any Connection) throws -> Lesson? {
        let (id, ticket) = (try row.int("id"), try row.int("ticket_id"))
        guard try Self.mayTeach(ticket, in: db) else { return nil }
        let asked = try db.first(
            """
            SELECT subject, new_text FROM message WHERE ticket_id = \(ticket) AND id < \(id)
                AND direction = 'in' AND kind NOT IN ('bounce', 'auto-reply')
                ORDER BY sent_at DESC, id DESC LIMIT 1
            """)
        guard let asked else { return nil }
        let question = LessonTerms.of(try asked.text("subject") + "\n" + asked.text("new_text"))
        guard question.count >= 3 else { return nil }
        let used = try db.first(
            """
            SELECT text_id FROM insertion WHERE message_id = \(id) AND kept >= \(Self.leastKept)
            ORDER BY kept DESC, id LIMIT 1
            """)
        return Lesson(
            message: id, ticket: ticket, language: try row.optionalText("language") ?? "",
            text: try used?.int("text_id"), question: Set(question.map(LessonTerms.hash)),
            answer: Set(LessonTerms.of(try row.text("new_text")).map(LessonTerms.hash)))
    }

    /// Open, unredacted tickets of queues that are not confidential.
    static func mayTeach(_ ticket: ID, in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT ticket.id FROM ticket JOIN queue ON queue.id = ticket.queue_id
            WHERE ticket.id = \(ticket) AND ticket.is_protected = 0 AND queue.is_confidential = 0
                AND NOT EXISTS (SELECT 1 FROM redaction JOIN message ON message.id = redaction.message_id
                    WHERE message.ticket_id = ticket.id)
                AND NOT EXISTS (SELECT 1 FROM ticket_label WHERE ticket_label.ticket_id = ticket.id)
            """) != nil
    }

    private func write(_ lesson: Lesson, in db: any Connection) throws {
        let isThere = try db.first("SELECT id FROM message WHERE id = \(lesson.message)") != nil
        guard isThere, try Self.mayTeach(lesson.ticket, in: db) else { return }
        try db.execute("DELETE FROM answered WHERE message_id = \(lesson.message)")
        try db.execute(
            """
            INSERT INTO answered (message_id, ticket_id, text_id, language, gap_id)
            VALUES (\(lesson.message), \(lesson.ticket), \(lesson.text), \(lesson.language), NULL)
            """)
        let sides = [(lesson.question, Self.question), (lesson.answer, Self.answer)]
        for (terms, side) in sides {
            try db.insert(
                into: "answered_term", "term, side, message_id",
                rows: terms.sorted().map { [$0, side, lesson.message] })
        }
    }
}
