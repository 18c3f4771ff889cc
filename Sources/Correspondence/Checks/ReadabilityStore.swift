import Base
import Jobs
import Storage
import Text

/// The table `readability`: how easy our answers were, to show a writer what is usual for the team in that language.
///
/// A job measures what was sent since it ran last, in slices; it may run twice: a message has a number or not.
/// Answers of confidential queues are not measured.
package struct ReadabilityStore: Sendable {
    package static let jobName = "measure-readability"
    private static let mark = "readability-measured"
    private static let slice = 200
    private static let every: Milliseconds = 3_600_000
    /// Answers of a language that are compared with, and the fewest that say something.
    private static let compared = 200
    private static let fewest = 12
    /// Words below which a number says nothing.
    static let fewestWords = 30

    private let database: Database
    private let jobs: JobStore

    package init(database: Database, jobs: JobStore) {
        self.database = database
        self.jobs = jobs
    }

    /// The middle half of the team's earlier answers in a language.
    package struct Usual: Sendable, Equatable {
        package let low: Double
        package let high: Double
        package let count: Int
    }

    package static func usual(
        language: String, measure: String, in db: any Connection
    ) throws -> Usual? {
        let values = try db.rows(
            """
            SELECT value FROM readability WHERE language = \(language) AND measure = \(measure)
            ORDER BY message_id DESC LIMIT \(compared)
            """
        ).map { Double(try $0.int("value")) / 1000 }.sorted()
        guard values.count >= fewest else { return nil }
        return Usual(low: values[values.count / 4], high: values[values.count * 3 / 4], count: values.count)
    }

    package func run(_ job: Job) async throws {
        let (letters, last) = try await database.read { db in
            let done = try StoredSetting.text(Self.mark, in: db) ?? "0"
            let rows = try db.rows(
                """
                SELECT message.id, message.direction, message.kind, message.language, message.new_text,
                    queue.is_confidential
                FROM message JOIN ticket ON ticket.id = message.ticket_id JOIN queue ON queue.id = ticket.queue_id
                WHERE message.id > \(ID(done) ?? 0) ORDER BY message.id LIMIT \(Self.slice)
                """)
            let letters = try rows.compactMap { row -> (ID, String, String)? in
                guard try row.text("direction") == Direction.outgoing.rawValue, try row.text("kind") == "mail",
                    try !row.bool("is_confidential"), let language = try row.optionalText("language")
                else { return nil }
                return (try row.int("id"), language, try row.text("new_text"))
            }
            return (letters, try rows.last?.int("id"))
        }
        let measured = letters.compactMap { id, language, text -> (ID, String, String, Double)? in
            let found = Readability(text, language: language)
            guard found.counts.words >= Self.fewestWords, let main = found.main else { return nil }
            return (id, language, main.name, main.value)
        }
        try await database.write { [jobs] db in
            for (id, language, measure, value) in measured {
                try db.execute(
                    """
                    INSERT INTO readability (message_id, language, measure, value)
                    SELECT id, \(language), \(measure), \(Int64((value * 1000).rounded())) FROM message WHERE id = \(id)
                    ON CONFLICT (message_id) DO NOTHING
                    """)
            }
            if let last {
                try StoredSetting.set(Self.mark, String(last), in: db)
            }
            try jobs.add(Self.jobName, subject: 0, after: last == nil ? Self.every : 1000, in: db)
            try jobs.finish(job, in: db)
        }
    }
}
