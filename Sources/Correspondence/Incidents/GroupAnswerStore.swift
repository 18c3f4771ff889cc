import Base
import People
import Storage

/// The tables `incident_answer` and `incident_letter`.
package struct GroupAnswerStore: Sendable {
    let ids: IDMaker

    func add(_ answer: GroupAnswer, letters: [GroupAnswer.Letter], in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO incident_answer (id, incident_id, author_id, state, not_before, made_at)
            VALUES (\(answer.id), \(answer.incident), \(answer.author), \(answer.state.rawValue), \(answer.notBefore),
                \(answer.madeAt))
            """)
        try db.insert(
            into: "incident_letter",
            "answer_id, ticket_id, line_id, contact_id, ticket_version, draft_id, hash, message_id, state, problem",
            rows: letters.map { letter in
                [
                    answer.id, letter.ticket, letter.line.map { Value.int($0) } ?? .null,
                    letter.contact.map { Value.int($0) } ?? .null, letter.ticketVersion, Value.null, "", Value.null,
                    letter.state.rawValue, letter.problem,
                ] as [any Bindable]
            }, onConflict: "")
    }

    func find(_ id: ID, in db: any Connection) throws -> GroupAnswer? {
        try db.first("SELECT * FROM incident_answer WHERE id = \(id)").map(Self.read)
    }

    package func require(_ id: ID, in db: any Connection) throws -> GroupAnswer {
        guard let answer = try find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        return answer
    }

    /// Newest first.
    package func all(of incident: ID, in db: any Connection) throws -> [GroupAnswer] {
        try db.rows("SELECT * FROM incident_answer WHERE incident_id = \(incident) ORDER BY id DESC LIMIT 50").map(
            Self.read)
    }

    package func letters(of answer: ID, in db: any Connection) throws -> [GroupAnswer.Letter] {
        try db.rows("SELECT * FROM incident_letter WHERE answer_id = \(answer) ORDER BY ticket_id").map(Self.readLetter)
    }

    func letter(_ ticket: ID, of answer: ID, in db: any Connection) throws -> GroupAnswer.Letter? {
        try db.first("SELECT * FROM incident_letter WHERE answer_id = \(answer) AND ticket_id = \(ticket)").map(
            Self.readLetter)
    }

    /// Who had a letter of this incident, or is about to, or a reply with its line: by ticket and by contact.
    func answered(in incident: ID, _ db: any Connection) throws -> (tickets: Set<ID>, contacts: Set<ID>) {
        let rows = try db.rows(
            """
            SELECT line_use.ticket_id, ticket.contact_id FROM incident_line
            JOIN line_use ON line_use.line_id = incident_line.id JOIN ticket ON ticket.id = line_use.ticket_id
            WHERE incident_line.incident_id = \(incident) AND \(LineUseStore.isSaid)
            UNION ALL
            SELECT incident_letter.ticket_id, incident_letter.contact_id FROM incident_answer
            JOIN incident_letter ON incident_letter.answer_id = incident_answer.id
            WHERE incident_answer.incident_id = \(incident) AND incident_letter.state IN ('sent', 'waiting')
            """)
        return (
            Set(try rows.map { try $0.int("ticket_id") }), Set(try rows.compactMap { try $0.optionalInt("contact_id") })
        )
    }

    /// `conflict` when it was in another state.
    func move(_ id: ID, from: GroupAnswer.State, to: GroupAnswer.State, in db: any Connection) throws {
        try db.executeOne(
            "UPDATE incident_answer SET state = \(to.rawValue) WHERE id = \(id) AND state = \(from.rawValue)")
    }

    func set(
        _ state: GroupAnswer.Letter.State, ticket: ID, of answer: ID, message: ID? = nil, problem: String = "",
        in db: any Connection
    ) throws {
        try db.executeOne(
            """
            UPDATE incident_letter SET state = \(state.rawValue), message_id = \(message), problem = \(problem)
            WHERE answer_id = \(answer) AND ticket_id = \(ticket)
            """)
    }

    func setDraft(_ draft: ID, hash: String, ticket: ID, of answer: ID, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE incident_letter SET draft_id = \(draft), hash = \(hash)
            WHERE answer_id = \(answer) AND ticket_id = \(ticket)
            """)
    }

    /// Whether a draft is a letter of a line that a second person, who may approve where its ticket is, agreed to:
    /// with exactly the words the program made of that line.
    static func isAgreed(
        _ draft: Draft, hash: String, queue: ID, _ members: MemberStore, in db: any Connection
    ) throws -> Bool {
        let row = try db.first(
            """
            SELECT incident_letter.hash, incident_line.approved_by FROM incident_letter
            JOIN incident_line ON incident_line.id = incident_letter.line_id
            WHERE incident_letter.draft_id = \(draft.id) AND incident_letter.state = 'waiting'
                AND incident_line.approved_by IS NOT NULL AND incident_line.approved_by <> incident_line.member_id
            """)
        guard let row, try row.text("hash") == hash else { return false }
        return try members.may(.approve, member: try row.int("approved_by"), queue: queue, in: db)
    }

    private static func read(_ row: Row) throws -> GroupAnswer {
        GroupAnswer(
            id: try row.int("id"), incident: try row.int("incident_id"), author: try row.int("author_id"),
            state: GroupAnswer.State(rawValue: try row.text("state")) ?? .cancelled,
            notBefore: try row.int("not_before"), madeAt: try row.int("made_at"))
    }

    private static func readLetter(_ row: Row) throws -> GroupAnswer.Letter {
        GroupAnswer.Letter(
            ticket: try row.int("ticket_id"), line: try row.optionalInt("line_id"),
            contact: try row.optionalInt("contact_id"), ticketVersion: try row.int("ticket_version"),
            draft: try row.optionalInt("draft_id"), message: try row.optionalInt("message_id"),
            state: GroupAnswer.Letter.State(rawValue: try row.text("state")) ?? .held,
            problem: try row.text("problem"))
    }
}
