import Base
import Storage

/// The table `fact`: what happened to tickets, without persons and without words. The baseline reports start from it;
/// it survives the erasure of the ticket.
package struct FactStore: Sendable {
    package init() {}

    func open(
        ticket: ID, queue: ID, language: String?, at: Milliseconds, source: String, in db: any Connection
    ) throws {
        try db.send(
            """
            INSERT INTO fact (ticket_id, queue_id, language, arrived_at, first_answer_at, answers, messages, hand_ons,
                reopenings, turn, turn_since, outcome, closed_at, source)
            VALUES (\(ticket), \(queue), \(language), \(at), NULL, 0, 0, 0, 0, 'desk', \(at), '', NULL, \(source))
            """)
    }

    /// A person wrote: it is the desk's turn.
    func noteArrival(ticket: ID, language: String?, isReopening: Bool, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE fact SET messages = messages + 1, language = COALESCE(language, \(language)),
                turn_since = CASE WHEN turn = 'desk' THEN turn_since ELSE \(at) END, turn = 'desk',
                reopenings = reopenings + \(isReopening), outcome = '', closed_at = NULL
            WHERE ticket_id = \(ticket)
            """)
        try Clocks().refresh(ticket, at: at, in: db)
    }

    /// A person at the desk answered: it is the writer's turn.
    func noteAnswer(ticket: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE fact SET answers = answers + 1,
                first_answer_at = CASE WHEN first_answer_at IS NULL OR first_answer_at > \(at) THEN \(at)
                    ELSE first_answer_at END,
                turn = CASE WHEN closed_at IS NULL THEN 'person' ELSE turn END, turn_since = \(at)
            WHERE ticket_id = \(ticket)
            """)
        try DeadlineStore.meet(ticket, at: at, in: db)
        try Clocks().refresh(ticket, at: at, in: db)
    }

    func noteState(
        _ state: TicketState, outcome: Outcome? = nil, from: TicketState, ticket: ID, at: Milliseconds,
        in db: any Connection
    ) throws {
        let isClosed = state == .closed || state == .junk
        let wasClosed = from == .closed || from == .junk
        let ending = isClosed ? outcome?.rawValue ?? state.rawValue : ""
        try db.executeOne(
            """
            UPDATE fact SET outcome = \(ending), closed_at = \(isClosed ? at : nil),
                reopenings = reopenings + \(wasClosed && !isClosed), turn = \(isClosed ? "none" : "desk"),
                turn_since = \(at)
            WHERE ticket_id = \(ticket)
            """)
    }

    func noteHandOn(ticket: ID, queue: ID? = nil, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE fact SET hand_ons = hand_ons + 1, queue_id = COALESCE(\(queue), queue_id)
            WHERE ticket_id = \(ticket)
            """
        )
    }

    /// The facts of a merged ticket go with it: its arrival counts if it was earlier.
    func merge(_ source: ID, into target: ID, in db: any Connection) throws {
        guard
            let fact = try db.first(
                "SELECT arrived_at, messages, answers, first_answer_at FROM fact WHERE ticket_id = \(source)")
        else { return }
        let arrived = try fact.int("arrived_at")
        let answered = try fact.optionalInt("first_answer_at")
        try db.executeOne(
            """
            UPDATE fact SET messages = messages + \(try fact.int("messages")),
                answers = answers + \(try fact.int("answers")),
                arrived_at = CASE WHEN arrived_at > \(arrived) THEN \(arrived) ELSE arrived_at END,
                first_answer_at = CASE WHEN first_answer_at IS NULL THEN \(answered)
                    WHEN first_answer_at > COALESCE(\(answered), first_answer_at) THEN \(answered)
                    ELSE first_answer_at END
            WHERE ticket_id = \(target)
            """)
        try db.executeOne("UPDATE fact SET outcome = 'merged', turn = 'none' WHERE ticket_id = \(source)")
    }

    /// What a merge adds up, so that it can be taken apart again.
    struct Counts: Sendable, Codable, Equatable {
        var arrivedAt: Int64
        var firstAnswerAt: Int64?
        var messages: Int64
        var answers: Int64
        var turn: String
        var outcome: String
    }

    func counts(of ticket: ID, in db: any Connection) throws -> Counts? {
        try db.first("SELECT * FROM fact WHERE ticket_id = \(ticket)").map {
            Counts(
                arrivedAt: try $0.int("arrived_at"), firstAnswerAt: try $0.optionalInt("first_answer_at"),
                messages: try $0.int("messages"), answers: try $0.int("answers"), turn: try $0.text("turn"),
                outcome: try $0.text("outcome"))
        }
    }

    func unmerge(_ former: Merge.Former, source: ID, target: ID, in db: any Connection) throws {
        guard let own = former.facts, let others = former.targetFacts else { return }
        try db.execute("UPDATE fact SET outcome = \(own.outcome), turn = \(own.turn) WHERE ticket_id = \(source)")
        let hadAnswer = others.firstAnswerAt
        try db.execute(
            """
            UPDATE fact SET messages = messages - \(own.messages), answers = answers - \(own.answers),
                arrived_at = \(others.arrivedAt),
                first_answer_at = CASE WHEN first_answer_at = \(own.firstAnswerAt) THEN \(hadAnswer)
                    ELSE first_answer_at END
            WHERE ticket_id = \(target)
            """)
    }
}
