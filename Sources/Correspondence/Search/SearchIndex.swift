import Base
import Storage
import Text

/// What of a message is searched; terms are made outside the transaction.
package struct SearchDocument: Sendable {
    package var subject: [String]
    package var sender: [String]
    package var recipients: [String]
    package var body: [String]

    package init(subject: String, sender: String, recipients: String, body: String) {
        self.subject = SearchTerms.terms(of: subject)
        self.sender = SearchTerms.terms(of: sender)
        self.recipients = SearchTerms.terms(of: recipients)
        self.body = SearchTerms.terms(of: body)
    }
}

/// The full-text index: table `search_row` with, on SQLite, `search_terms` (FTS5), on PostgreSQL, a tsvector column.
///
/// Long texts become several rows. A row ends at 4,000 terms of the body, or when one term has stood in it 200 times
/// (a tsvector keeps 255 positions a word); the next begins 16 terms earlier, so that phrases are found over the seam.
package struct SearchIndex: Sendable {
    private static let rowLength = 4000
    private static let repetitions = 200
    private static let overlap = 16

    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    func add(_ document: SearchDocument, message: ID, ticket: ID, in db: any Connection) throws {
        for (index, body) in Self.rows(of: document.body).enumerated() {
            let row = SearchRow(
                id: try ids.make(), message: message, ticket: ticket, subject: index == 0 ? document.subject : [],
                sender: index == 0 ? document.sender : [], recipients: index == 0 ? document.recipients : [], body: body
            )
            switch db.engine {
            case .sqlite: try SQLiteSearch.add(row, in: db)
            case .postgres: try PostgresSearch.add(row, in: db)
            }
        }
    }

    func remove(message: ID, in db: any Connection) throws {
        if db.engine == .sqlite { try SQLiteSearch.remove(message: message, in: db) }
        try db.send("DELETE FROM search_row WHERE message_id = \(message)")
    }

    func move(message: ID, to target: ID, in db: any Connection) throws {
        try db.execute("UPDATE search_row SET ticket_id = \(target) WHERE message_id = \(message)")
    }

    func move(from source: ID, to target: ID, in db: any Connection) throws {
        try db.execute("UPDATE search_row SET ticket_id = \(target) WHERE ticket_id = \(source)")
    }

    /// Whether terms match in one row of the index that is known already.
    static func matchesRow(_ terms: [String], isPrefix: Bool, field: SearchField?, engine: Engine) -> SQL {
        switch engine {
        case .sqlite: SQLiteSearch.matchesRow(terms, isPrefix: isPrefix, field: field)
        case .postgres: PostgresSearch.matches(terms, isPrefix: isPrefix, field: field)
        }
    }

    /// Tickets with a row whose terms match: a condition on `ticket.id`.
    static func condition(
        _ terms: [String], isPrefix: Bool, field: SearchField?, in db: any Connection
    ) throws -> SQL {
        switch db.engine {
        case .sqlite: return try SQLiteSearch.condition(terms, isPrefix: isPrefix, field: field, in: db)
        case .postgres: return PostgresSearch.condition(terms, isPrefix: isPrefix, field: field)
        }
    }

    /// For counting: a statement that finds tickets of a word one after the other, some perhaps several times, and what
    /// else is asked of them. Nil when a condition on tickets does as well: on SQLite for a word that is in few, on
    /// PostgreSQL, which knows what is rare, where more is asked than one word.
    static func hits(
        _ expression: SearchExpression, in db: any Connection
    ) throws -> (tickets: (_ conditions: SQL) -> SQL, rest: SearchExpression)? {
        try expression.takingOut { terms, isPrefix, field -> ((SQL) -> SQL)? in
            switch db.engine {
            case .sqlite:
                let match = SQLiteSearch.match(terms, isPrefix: isPrefix, field: field)
                return try SQLiteSearch.isCommon(match, in: db) ? { SQLiteSearch.hits(match, where: $0) } : nil
            case .postgres:
                let match = PostgresSearch.matches(terms, isPrefix: isPrefix, field: field)
                return expression.isOneCondition ? { PostgresSearch.hits(match, where: $0) } : nil
            }
        }.map { (tickets: $0.found, rest: $0.rest) }
    }

    static func rows(of body: [String]) -> [[String]] {
        if body.count <= repetitions { return [body] }
        var rows: [[String]] = []
        var start = 0
        repeat {
            var counts: [String: Int] = [:]
            var end = start
            while end < body.count, end - start < rowLength {
                counts[body[end], default: 0] += 1
                if counts[body[end], default: 0] > repetitions { break }
                end += 1
            }
            rows.append(Array(body[start..<end]))
            start = end < body.count ? max(start + 1, end - overlap) : end
        } while start < body.count
        return rows
    }
}

/// One row of the index.
struct SearchRow: Sendable {
    var id: ID
    var message: ID
    var ticket: ID
    var subject: [String]
    var sender: [String]
    var recipients: [String]
    var body: [String]
}
