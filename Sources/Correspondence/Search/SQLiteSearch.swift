import Base
import Storage
import Text

/// The index in FTS5, with the `ascii` tokenizer: our terms hold only ASCII letters, digits and what is not ASCII.
enum SQLiteSearch {
    static func add(_ row: SearchRow, in db: any Connection) throws {
        try db.execute(
            "INSERT INTO search_row (id, ticket_id, message_id) VALUES (\(row.id), \(row.ticket), \(row.message))")
        try db.execute(
            """
            INSERT INTO search_terms (rowid, subject, sender, recipients, body)
            VALUES (\(row.id), \(row.subject.joined(separator: " ")), \(row.sender.joined(separator: " ")),
                \(row.recipients.joined(separator: " ")), \(row.body.joined(separator: " ")))
            """)
    }

    static func remove(message: ID, in db: any Connection) throws {
        try db.execute(
            "DELETE FROM search_terms WHERE rowid IN (SELECT id FROM search_row WHERE message_id = \(message))")
    }

    static func matchesRow(_ terms: [String], isPrefix: Bool, field: SearchField?) -> SQL {
        let match = match(terms, isPrefix: isPrefix, field: field)
        return """
            EXISTS (SELECT 1 FROM search_terms
                WHERE search_terms.rowid = search_row.id AND search_terms MATCH \(match))
            """
    }

    /// A rare word gives the tickets, which are then put in order. A common one would give most of them: the list is
    /// walked in its order instead, and each ticket is looked up among the hits until the page is full. The plus sign
    /// keeps SQLite from going through all hits for each ticket.
    static func condition(
        _ terms: [String], isPrefix: Bool, field: SearchField?, in db: any Connection
    ) throws -> SQL {
        let match = match(terms, isPrefix: isPrefix, field: field)
        guard try isCommon(match, in: db) else {
            return """
                ticket.id IN (SELECT search_row.ticket_id FROM search_row
                    WHERE search_row.id IN (SELECT rowid FROM search_terms WHERE search_terms MATCH \(match)))
                """
        }
        return """
            EXISTS (SELECT 1 FROM search_row WHERE search_row.ticket_id = ticket.id
                AND +search_row.id IN (SELECT rowid FROM search_terms WHERE search_terms MATCH \(match)))
            """
    }

    /// Rows from which on a word is common: to put their tickets in order would take longer than to walk.
    private static let common = 2000

    static func isCommon(_ match: String, in db: any Connection) throws -> Bool {
        let count = try db.int(
            """
            SELECT COUNT(*) AS n FROM (
                SELECT rowid FROM search_terms WHERE search_terms MATCH \(match) LIMIT \(common))
            """)
        return count == common
    }

    /// Tickets of hits as they are found, each once, joined to what else is asked of them: a limit ends it early.
    static func hits(_ match: String, where conditions: SQL) -> SQL {
        """
        SELECT DISTINCT search_row.ticket_id FROM search_terms CROSS JOIN search_row CROSS JOIN ticket
        WHERE search_row.id = search_terms.rowid AND search_terms MATCH \(match)
            AND ticket.id = search_row.ticket_id AND \(conditions)
        """
    }

    /// An expression of FTS5.
    static func match(_ terms: [String], isPrefix: Bool, field: SearchField?) -> String {
        let phrase = "\"" + terms.joined(separator: " ") + "\"" + (isPrefix ? " *" : "")
        return switch field {
        case .subject: "subject : " + phrase
        case .from: "sender : " + phrase
        case .to: "recipients : " + phrase
        case nil: phrase
        }
    }
}
