import Base
import Storage

/// The table `triage_suggestion`: one row for a ticket, what is proposed, and its value.
package struct TriageSuggestionStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// Adds what is not there, renews the score of what waits; a decision stays.
    func propose(
        _ target: TriageSuggestion.Target, _ value: String, ticket: ID, message: ID, score: Int,
        source: TriageSuggestion.Source, reason: String, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO triage_suggestion (id, ticket_id, message_id, target, value, score, source, reason, state,
                former, member_id, decided_at, created_at)
            VALUES (\(try ids.make()), \(ticket), \(message), \(target.rawValue), \(value), \(score),
                \(source.rawValue), \(reason), 'open', '', NULL, NULL, \(at))
            ON CONFLICT (ticket_id, target, value) DO UPDATE SET
                score = CASE WHEN triage_suggestion.state = 'open' THEN excluded.score
                    ELSE triage_suggestion.score END
            """)
    }

    /// A label the packs set by themselves.
    func apply(
        _ label: SpecialistLabel, ticket: ID, message: ID, reason: String, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO triage_suggestion (id, ticket_id, message_id, target, value, score, source, reason, state,
                former, member_id, decided_at, created_at)
            VALUES (\(try ids.make()), \(ticket), \(message), 'label', \(label.rawValue), 100, 'pack', \(reason),
                'applied', '', NULL, NULL, \(at))
            ON CONFLICT (ticket_id, target, value) DO UPDATE SET
                message_id = excluded.message_id, reason = excluded.reason, state = 'applied'
            """)
    }

    /// What a member decided without being asked, or about a label that was set.
    func record(
        _ target: TriageSuggestion.Target, _ value: String, ticket: ID, state: TriageSuggestion.State, by member: ID,
        at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO triage_suggestion (id, ticket_id, message_id, target, value, score, source, reason, state,
                former, member_id, decided_at, created_at)
            VALUES (\(try ids.make()), \(ticket), 0, \(target.rawValue), \(value), 100, 'member', '',
                \(state.rawValue), '', \(member), \(at), \(at))
            ON CONFLICT (ticket_id, target, value) DO UPDATE SET
                state = excluded.state, member_id = excluded.member_id, decided_at = excluded.decided_at, former = ''
            """)
    }

    /// Of a ticket the caller may see, the surest first.
    package func ofTicket(_ ticket: ID, in db: any Connection) throws -> [TriageSuggestion] {
        try db.rows("SELECT * FROM triage_suggestion WHERE ticket_id = \(ticket) ORDER BY score DESC, id").map(
            Self.read)
    }

    func find(
        _ target: TriageSuggestion.Target, _ value: String, ticket: ID, in db: any Connection
    ) throws -> TriageSuggestion? {
        try db.first(
            """
            SELECT * FROM triage_suggestion
            WHERE ticket_id = \(ticket) AND target = \(target.rawValue) AND value = \(value)
            """
        ).map(Self.read)
    }

    /// Of this ticket; `notFound` otherwise.
    func require(_ id: ID, of ticket: ID, in db: any Connection) throws -> TriageSuggestion {
        let row = try db.first("SELECT * FROM triage_suggestion WHERE id = \(id) AND ticket_id = \(ticket)")
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.read(row)
    }

    func decide(
        _ id: ID, _ state: TriageSuggestion.State, former: String, by member: ID?, at: Milliseconds?,
        in db: any Connection
    ) throws {
        try db.executeOne(
            """
            UPDATE triage_suggestion SET state = \(state.rawValue), former = \(former), member_id = \(member),
                decided_at = \(at) WHERE id = \(id)
            """)
    }

    /// Takes out what came from the ticket's words: what waits was made from them, and reasons repeat them.
    package static func strike(ticket: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM triage_suggestion WHERE ticket_id = \(ticket) AND state = 'open'")
        try db.execute("UPDATE triage_suggestion SET reason = '' WHERE ticket_id = \(ticket)")
    }

    static func read(_ row: Row) throws -> TriageSuggestion {
        TriageSuggestion(
            id: try row.int("id"), ticket: try row.int("ticket_id"), message: try row.int("message_id"),
            target: TriageSuggestion.Target(rawValue: try row.text("target")) ?? .topic, value: try row.text("value"),
            score: Int(try row.int("score")),
            source: TriageSuggestion.Source(rawValue: try row.text("source")) ?? .model,
            reason: try row.text("reason"), state: TriageSuggestion.State(rawValue: try row.text("state")) ?? .open,
            former: try row.text("former"), member: try row.optionalInt("member_id"),
            decidedAt: try row.optionalInt("decided_at"))
    }
}
