import Base
import Storage

/// What a rule did to a ticket, once.
package struct RuleEffect: Sendable, Equatable {
    package var id: ID
    package var rule: ID
    package var version: Int
    package var ticket: ID
    package var former: TicketChange
    package var later: TicketChange
    package var at: Milliseconds
    package var undoneAt: Milliseconds?
    package var undoneBy: ID?

    /// Whether it changed the ticket, besides telling somebody or deciding about the acknowledgement.
    package var isChange: Bool { former != later }
}

/// The tables `rule_run` and `rule_effect`: which messages rules ran for, and what they did.
package struct RuleEffectStore: Sendable {
    let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    // MARK: - Runs

    /// Rules are to run for this message. `acknowledges` is the job that waits for what they decide, or empty.
    func expect(_ message: ID, isNew: Bool, acknowledges: String, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO rule_run (message_id, acknowledges, is_new) VALUES (\(message), \(acknowledges), \(isNew))
            ON CONFLICT (message_id) DO NOTHING
            """)
    }

    struct Run: Sendable {
        var isNew: Bool
        var acknowledges: String
    }

    /// Nil when rules have run for it.
    func waiting(_ message: ID, in db: any Connection) throws -> Run? {
        try db.first("SELECT * FROM rule_run WHERE message_id = \(message) AND done_at IS NULL").map {
            Run(isNew: try $0.bool("is_new"), acknowledges: try $0.text("acknowledges"))
        }
    }

    func finish(_ message: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE rule_run SET done_at = \(at) WHERE message_id = \(message) AND done_at IS NULL")
    }

    // MARK: - Effects

    func add(
        _ rule: Rule, ticket: ID, message: ID?, _ trace: Changing.Trace?, at: Milliseconds, in db: any Connection
    ) throws {
        let empty = TicketChange()
        try db.execute(
            """
            INSERT INTO rule_effect (id, rule_id, version, ticket_id, message_id, former, later, at)
            VALUES (\(try ids.make()), \(rule.id), \(rule.version), \(ticket), \(message),
                \(try StoredJSON.text(trace?.former ?? empty)), \(try StoredJSON.text(trace?.later ?? empty)), \(at))
            """)
    }

    /// Oldest first; with those of tickets that were joined to it.
    package func effects(of ticket: ID, in db: any Connection) throws -> [RuleEffect] {
        try db.rows(
            """
            SELECT * FROM rule_effect
            WHERE ticket_id = \(ticket) OR ticket_id IN (SELECT id FROM ticket WHERE merged_into = \(ticket))
            ORDER BY id LIMIT 100
            """
        ).map(Self.read)
    }

    func find(_ id: ID, in db: any Connection) throws -> RuleEffect? {
        try db.first("SELECT * FROM rule_effect WHERE id = \(id)").map(Self.read)
    }

    func setUndone(_ id: ID, by member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            "UPDATE rule_effect SET undone_at = \(at), undone_by = \(member) WHERE id = \(id) AND undone_at IS NULL")
    }

    /// How often each rule fitted since a time; counting stops at 1,000 for each.
    func counts(of rules: [ID], in db: any Connection) throws -> [ID: Int] {
        var counts: [ID: Int] = [:]
        for rule in rules {
            counts[rule] = Int(
                try db.int(
                    """
                    SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM rule_effect WHERE rule_id = \(rule) LIMIT 1000)
                        AS found
                    """))
        }
        return counts
    }

    private static func read(_ row: Row) throws -> RuleEffect {
        RuleEffect(
            id: try row.int("id"), rule: try row.int("rule_id"), version: Int(try row.int("version")),
            ticket: try row.int("ticket_id"), former: try StoredJSON.value(try row.text("former")),
            later: try StoredJSON.value(try row.text("later")), at: try row.int("at"),
            undoneAt: try row.optionalInt("undone_at"), undoneBy: try row.optionalInt("undone_by"))
    }
}
