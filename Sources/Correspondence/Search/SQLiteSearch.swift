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

    static func matches(_ terms: [String], isPrefix: Bool, field: SearchField?) -> SQL {
        var match = "\"" + terms.joined(separator: " ") + "\"" + (isPrefix ? " *" : "")
        switch field {
        case .subject: match = "subject : " + match
        case .from: match = "sender : " + match
        case .to: match = "recipients : " + match
        case nil: break
        }
        return "search_row.id IN (SELECT rowid FROM search_terms WHERE search_terms MATCH \(match))"
    }
}
