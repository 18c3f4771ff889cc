import Base
import Storage

/// The tables `check_reason` and `check_hidden`.
package struct CheckStore: Sendable {
    private static let longestReason = 500

    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Why something was to be sent all the same.
    package struct Reason: Sendable, Equatable {
        package var kind: String
        package var reason: String
        package var member: ID
        package var at: Milliseconds
    }

    // MARK: - Reasons

    /// Of a draft, oldest first; also of one that was sent.
    package func reasons(draft: ID, in db: any Connection) throws -> [Reason] {
        try db.rows("SELECT * FROM check_reason WHERE draft_id = \(draft) ORDER BY id").map { row in
            Reason(
                kind: try row.text("kind"), reason: try row.text("reason"), member: try row.int("member_id"),
                at: try row.int("at"))
        }
    }

    func excused(draft: ID, in db: any Connection) throws -> Set<String> {
        Set(
            try db.rows("SELECT fingerprint FROM check_reason WHERE draft_id = \(draft)").map {
                try $0.text("fingerprint")
            })
    }

    /// One reason for all that holds the draft back now. The event has kinds, never words.
    func excuse(
        _ findings: [Finding], of draft: Draft, queue: ID, because reason: String, by member: ID, at: Milliseconds,
        in db: any Connection
    ) throws {
        let reason = reason.trimming
        guard !reason.isEmpty, !findings.isEmpty else { return }
        guard reason.count <= Self.longestReason else { throw Failure(.invalid, "check-reason-long") }
        for finding in findings {
            try db.execute(
                """
                INSERT INTO check_reason (id, ticket_id, draft_id, kind, fingerprint, reason, member_id, at)
                VALUES (\(try ids.make()), \(draft.ticket), \(draft.id), \(finding.kind.rawValue),
                    \(finding.fingerprint), \(reason), \(member), \(at))
                ON CONFLICT (draft_id, fingerprint) DO NOTHING
                """)
        }
        let kinds = Set(findings.map(\.kind.rawValue)).sorted().joined(separator: " ")
        let event = Event(
            "check-overridden", actor: member, queue: queue, ticket: draft.ticket, subject: draft.id,
            data: ["kinds": kinds])
        try events.add(event, at: at, in: db)
    }

    /// Redaction: reasons may have quoted what is taken out.
    static func strike(ticket: ID, in db: any Connection, _ cut: (String) -> String) throws {
        for row in try db.rows("SELECT id, reason FROM check_reason WHERE ticket_id = \(ticket)") {
            let reason = cut(try row.text("reason"))
            try db.executeOne("UPDATE check_reason SET reason = \(reason) WHERE id = \(try row.int("id"))")
        }
    }

    // MARK: - What a member wants to see

    func hidden(of member: ID, in db: any Connection) throws -> Set<Finding.Kind> {
        Set(
            try db.rows("SELECT kind FROM check_hidden WHERE member_id = \(member)").compactMap {
                Finding.Kind(rawValue: try $0.text("kind"))
            })
    }

    func setHidden(_ isHidden: Bool, _ kind: Finding.Kind, of member: ID, in db: any Connection) throws {
        guard kind.mayHide else { throw Failure(.invalid, "error-invalid") }
        try db.execute("DELETE FROM check_hidden WHERE member_id = \(member) AND kind = \(kind.rawValue)")
        guard isHidden else { return }
        try db.execute("INSERT INTO check_hidden (member_id, kind) VALUES (\(member), \(kind.rawValue))")
    }
}
