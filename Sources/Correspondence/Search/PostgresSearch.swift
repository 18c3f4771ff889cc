import Base
import Storage
import Text

/// The index in a tsvector: weight A is the subject, B the sender, C the recipients, D the body.
enum PostgresSearch {
    static func add(_ row: SearchRow, in db: any Connection) throws {
        let terms = vector(row)
        try db.send(
            """
            INSERT INTO search_row (id, ticket_id, message_id, terms)
            VALUES (\(row.id), \(row.ticket), \(row.message), CAST(\(terms) AS tsvector))
            """)
    }

    static func matches(_ terms: [String], isPrefix: Bool, field: SearchField?) -> SQL {
        let weight =
            switch field {
            case .subject: "A"
            case .from: "B"
            case .to: "C"
            case nil: ""
            }
        var parts: [String] = []
        for (index, term) in terms.enumerated() {
            let marks = (isPrefix && index == terms.count - 1 ? "*" : "") + weight
            parts.append("'\(term)'" + (marks.isEmpty ? "" : ":" + marks))
        }
        return "search_row.terms @@ CAST(\(parts.joined(separator: " <-> ")) AS tsquery)"
    }

    static func condition(_ terms: [String], isPrefix: Bool, field: SearchField?) -> SQL {
        // Whether a word is rare or common decides how it is looked for.
        let match = matches(terms, isPrefix: isPrefix, field: field)
        return "ticket.id IN (\(SQL.plannedAnew)SELECT search_row.ticket_id FROM search_row WHERE \(match))"
    }

    /// Tickets of hits as they are found, those with several hits several times, joined to what else is asked of them:
    /// both one after the other, so that a limit ends it early. PostgreSQL would rather walk all tickets, because it
    /// does not count what it costs to open a long tsvector.
    static func hits(_ match: SQL, where conditions: SQL) -> SQL {
        """
        \(SQL.plannedAnew)SELECT hit.ticket_id, seen.updated_at
        FROM (SELECT ticket_id FROM search_row WHERE \(match) OFFSET 0) AS hit
        CROSS JOIN LATERAL (
            SELECT updated_at FROM ticket WHERE ticket.id = hit.ticket_id AND \(conditions) OFFSET 0) AS seen
        """
    }

    /// `'term':1A,7 …`: fields lie 100 positions apart, so that no phrase crosses them.
    private static func vector(_ row: SearchRow) -> String {
        var positions: [String: [String]] = [:]
        var position = 1
        for (terms, weight) in [(row.subject, "A"), (row.sender, "B"), (row.recipients, "C"), (row.body, "")] {
            // The last position a tsvector knows is 16,383: 3 × (3,000 + 100) + 4,000 stay below.
            for term in terms.prefix(weight.isEmpty ? terms.count : 3000) {
                positions[term, default: []].append("\(position)\(weight)")
                position += 1
            }
            position += 100
        }
        return positions.map { "'\($0.key)':" + $0.value.prefix(255).joined(separator: ",") }.joined(separator: " ")
    }
}
