import Base
import Storage
import Text

/// What the team decided about its tickets: the examples the models learn from.
///
/// Never from confidential queues, never from protected or redacted tickets, never from ones nobody has looked at.
struct Examples: Sendable {
    /// Newest first; more would not fit in the memory of a small machine.
    static let most = 6000
    static let slice = 200

    struct Example: Sendable {
        var ticket: ID
        var queue: ID
        var language: String
        var isJunk: Bool
        var isUrgent: Bool
        var tags: [String]
        /// Members' decisions, by `target:value`.
        var decisions: [String: Bool]
        /// Labels that are set.
        var labels: [String]
        var vector: SparseVector
        /// What the shipped model thinks of a ticket that is held out, in percent.
        var starting: [SpecialistLabel: Int] = [:]
    }

    /// The tickets that may be learned from, before an id, newest first; and the last one looked at, nil at the end.
    static func read(
        before: ID, _ starting: StartingModel = .none, in db: any Connection
    ) throws -> (examples: [Example], last: ID?) {
        let tickets = try db.rows(
            """
            SELECT ticket.id, ticket.queue_id, ticket.state, ticket.priority, ticket.language FROM ticket
            JOIN queue ON queue.id = ticket.queue_id
            WHERE ticket.id < \(before) AND \(learnable)
                AND (ticket.state <> 'new' OR EXISTS (
                    SELECT 1 FROM triage_suggestion WHERE triage_suggestion.ticket_id = ticket.id
                        AND triage_suggestion.member_id IS NOT NULL))
            ORDER BY ticket.id DESC LIMIT \(slice)
            """)
        let ids = try tickets.map { try $0.int("id") }
        guard !ids.isEmpty else { return ([], nil) }
        let tags = try grouped("SELECT ticket_id, tag AS value FROM ticket_tag WHERE ticket_id IN \(list: ids)", db)
        let labels = try grouped(
            "SELECT ticket_id, label AS value FROM ticket_label WHERE ticket_id IN \(list: ids)", db)
        let decisions = try decisions(of: ids, in: db)
        let texts = try texts(of: ids, in: db)
        let examples: [Example] = try tickets.compactMap { row in
            let id = try row.int("id")
            guard let text = texts[id] else { return nil }
            let vector = FeatureHash.vector(of: text)
            guard !vector.isEmpty else { return nil }
            var example = Example(
                ticket: id, queue: try row.int("queue_id"), language: try row.optionalText("language") ?? "",
                isJunk: try row.text("state") == TicketState.junk.rawValue, isUrgent: try row.int("priority") > 2,
                tags: tags[id] ?? [], decisions: decisions[id] ?? [:], labels: labels[id] ?? [], vector: vector)
            if Lesson.isHeldOut(id) {
                example.starting = Dictionary(
                    uniqueKeysWithValues: starting.look(at: text).map { ($0.label, $0.percent) })
            }
            return example
        }
        return (examples, ids.last)
    }

    private static let learnable: SQL = """
        queue.is_confidential = 0 AND ticket.is_protected = 0 AND ticket.merged_into IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM message JOIN redaction ON redaction.message_id = message.id
                WHERE message.ticket_id = ticket.id)
        """

    /// Whether the model in use has learned from tickets it must not know any more: gone, redacted, hidden.
    static func spoilt(_ ticket: ID? = nil, in db: any Connection) throws -> Bool {
        let only: SQL = ticket.map { id -> SQL in "triage_trained.ticket_id = \(id) AND " } ?? ""
        return try db.first(
            """
            SELECT triage_trained.ticket_id FROM triage_trained
            JOIN triage_model ON triage_model.id = triage_trained.model_id AND triage_model.is_current = 1
            WHERE \(only)NOT EXISTS (
                SELECT 1 FROM ticket JOIN queue ON queue.id = ticket.queue_id
                WHERE ticket.id = triage_trained.ticket_id AND \(learnable))
            LIMIT 1
            """) != nil
    }

    private static func grouped(_ sql: SQL, _ db: any Connection) throws -> [ID: [String]] {
        var found: [ID: [String]] = [:]
        for row in try db.rows(sql) { found[try row.int("ticket_id"), default: []].append(try row.text("value")) }
        return found
    }

    private static func decisions(of ids: [ID], in db: any Connection) throws -> [ID: [String: Bool]] {
        var found: [ID: [String: Bool]] = [:]
        let rows = try db.rows(
            """
            SELECT ticket_id, target, value, state FROM triage_suggestion
            WHERE ticket_id IN \(list: ids) AND member_id IS NOT NULL AND state IN ('accepted', 'dismissed')
            """)
        for row in rows {
            let key = "\(try row.text("target")):\(try row.text("value"))"
            found[try row.int("ticket_id"), default: [:]][key] = try row.text("state") == "accepted"
        }
        return found
    }

    /// Subject and new words of the first mails of each.
    private static func texts(of ids: [ID], in db: any Connection) throws -> [ID: String] {
        var found: [ID: String] = [:]
        let rows = try db.rows(
            """
            SELECT ticket_id, subject, new_text, text FROM message
            WHERE ticket_id IN \(list: ids) AND direction = 'in' ORDER BY ticket_id, sent_at, id
            """)
        for row in rows {
            let id = try row.int("ticket_id")
            if let begun = found[id] {
                if begun.utf8.count < 4000 { found[id] = begun + "\n" + (try row.text("new_text")) }
            } else {
                let new = try row.text("new_text")
                found[id] = try row.text("subject") + "\n" + (new.isEmpty ? row.text("text") : new)
            }
        }
        return found
    }
}
