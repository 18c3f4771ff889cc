import Base
import Storage

/// The tables `ticket_clock`, `ticket_run` and `ticket_deadline`, and `due_rank`, `due_at` and `step_at` of `ticket`.
///
/// `refresh` is called in the transaction of every change that may matter: a message, a state, a queue, a priority, an
/// answer that left, a merge. It looks at the ticket as it stands and brings the clock there:
///
/// - new or open, and not answered since: the clock runs. It begins a round when somebody waits for us anew, that is
///   when answers have left since the last round, and goes on with the old one otherwise (a closed ticket that is
///   reopened, an answer that was taken back).
/// - waiting, for the person or until a date: it pauses, and nothing is due.
/// - answered, closed, junk or merged: it stands.
///
/// Calling it once too often changes nothing. In queues without goals it is one look at the ticket.
package struct Clocks: Sendable {
    package init() {}

    private enum Phase { case running, paused, stopped }

    private struct State {
        var queue: ID
        var priority: Int
        var phase: Phase
        var isMerged: Bool
        var isFirst: Bool
        var answers: Int64
        var due: (rank: Int64, at: Milliseconds, step: Milliseconds?)
        var hasGoals: Bool
        var turnSince: Milliseconds
        var deadline: (at: Milliseconds, setAt: Milliseconds)?
    }

    private struct Round {
        var number: Int64
        var isFirst: Bool
        var answers: Int64
        var runningSince: Milliseconds?
    }

    package func refresh(_ ticket: ID, at now: Milliseconds, in db: any Connection) throws {
        guard let row = try Self.look(ticket, in: db) else { return }
        let state = try Self.state(row)
        var round = try Self.round(row)
        // Nothing to measure, and nothing was.
        if !state.hasGoals, state.deadline == nil, round == nil, state.due.rank == 2 { return }
        if state.hasGoals || round != nil {
            try move(&round, of: ticket, to: state, at: now, in: db)
        }
        try write(try due(ticket, state, round, in: db), of: ticket, was: state.due, in: db)
    }

    // MARK: - The clock

    private func move(
        _ round: inout Round?, of ticket: ID, to state: State, at now: Milliseconds, in db: any Connection
    ) throws {
        if state.phase == .running {
            if let known = round, known.answers == state.answers {
                guard known.runningSince == nil else { return }
                round?.runningSince = now
            } else {
                try db.execute("DELETE FROM ticket_run WHERE ticket_id = \(ticket)")
                // Goals that are set later, or a queue it comes into, count from when the person began to wait.
                round = Round(
                    number: (round?.number ?? 0) + 1, isFirst: state.isFirst, answers: state.answers,
                    runningSince: round == nil ? min(now, state.turnSince) : now)
            }
        } else {
            guard let since = round?.runningSince else { return }
            if since < now {
                try db.execute(
                    """
                    INSERT INTO ticket_run (ticket_id, from_at, until_at) VALUES (\(ticket), \(since), \(now))
                    ON CONFLICT (ticket_id, from_at) DO NOTHING
                    """)
            }
            round?.runningSince = nil
        }
        guard let round else { return }
        try db.execute(
            """
            INSERT INTO ticket_clock (ticket_id, round, is_first, answers, running_since)
            VALUES (\(ticket), \(round.number), \(round.isFirst), \(round.answers), \(round.runningSince))
            ON CONFLICT (ticket_id) DO UPDATE SET round = \(round.number), is_first = \(round.isFirst),
                answers = \(round.answers), running_since = \(round.runningSince)
            """)
    }

    /// What is due, and when a step of escalation is next.
    private func due(
        _ ticket: ID, _ state: State, _ round: Round?, in db: any Connection
    ) throws -> (rank: Int64, at: Milliseconds, step: Milliseconds?) {
        guard let measure = try measure(ticket, state, round, in: db), let due = measure.due else { return (2, 0, nil) }
        let taken = try Self.taken(ticket, measure.occasion, in: db)
        let next = try LevelStore.steps(of: state.queue, in: db).filter { !taken.contains($0.id) }
            .compactMap { measure.moment(of: $0) }.min()
        return (measure.kind == .deadline ? 0 : 1, due, next)
    }

    private func write(
        _ due: (rank: Int64, at: Milliseconds, step: Milliseconds?), of ticket: ID,
        was: (rank: Int64, at: Milliseconds, step: Milliseconds?), in db: any Connection
    ) throws {
        guard due.rank != was.rank || due.at != was.at || due.step != was.step else { return }
        try db.executeOne(
            """
            UPDATE ticket SET due_rank = \(due.rank), due_at = \(due.at), step_at = \(due.step) WHERE id = \(ticket)
            """)
    }

    // MARK: - What is measured

    /// What steps of escalation are counted by.
    struct Measure: Sendable {
        var kind: DueKind
        /// The round, or the deadline's time.
        var occasion: Int64
        var goal: Milliseconds
        var clock: WaitingClock?
        var deadline: (at: Milliseconds, setAt: Milliseconds)?

        var due: Milliseconds? { deadline?.at ?? clock?.moment(after: goal) }

        /// Nil when it is years away.
        func moment(of step: LevelStep) -> Milliseconds? {
            let minutes = Milliseconds(step.amount) * 60_000
            if let deadline {
                let length = max(0, deadline.at - deadline.setAt)
                return switch step.base {
                case .percent: deadline.setAt + length * Milliseconds(step.amount) / 100
                case .before: deadline.at - minutes
                case .after: deadline.at + minutes
                }
            }
            let time =
                switch step.base {
                case .percent: goal * Milliseconds(step.amount) / 100
                case .before: goal - minutes
                case .after: goal + minutes
                }
            return clock?.moment(after: time)
        }
    }

    /// Nil while nothing is measured.
    func measure(_ ticket: ID, in db: any Connection) throws -> Measure? {
        guard let row = try Self.look(ticket, in: db) else { return nil }
        return try measure(ticket, try Self.state(row), try Self.round(row), in: db)
    }

    private func measure(
        _ ticket: ID, _ state: State, _ round: Round?, in db: any Connection
    ) throws -> Measure? {
        guard !state.isMerged else { return nil }
        if let deadline = state.deadline, state.phase != .stopped {
            return Measure(kind: .deadline, occasion: deadline.at, goal: 0, clock: nil, deadline: deadline)
        }
        guard state.phase == .running, let round, round.runningSince != nil,
            let goal = try db.first(
                """
                SELECT first_minutes, next_minutes FROM queue_level
                WHERE queue_id = \(state.queue) AND priority = \(state.priority)
                """),
            let minutes = try goal.optionalInt(round.isFirst ? "first_minutes" : "next_minutes")
        else { return nil }
        let runs = try db.rows("SELECT * FROM ticket_run WHERE ticket_id = \(ticket) ORDER BY from_at").map {
            try $0.int("from_at")..<max(try $0.int("from_at"), try $0.int("until_at"))
        }
        let hours = try HoursStore.read(state.queue, in: db)?.value ?? .always
        return Measure(
            kind: round.isFirst ? .first : .next, occasion: round.number, goal: minutes * 60_000,
            clock: WaitingClock(hours: hours, runs: runs, runningSince: round.runningSince), deadline: nil)
    }

    /// Everything a clock follows from, in one look.
    private static func look(_ ticket: ID, in db: any Connection) throws -> Row? {
        try db.first(
            """
            SELECT ticket.queue_id, ticket.state, ticket.priority, ticket.merged_into, ticket.due_rank, ticket.due_at,
                ticket.step_at, fact.first_answer_at, fact.answers, fact.turn, fact.turn_since,
                ticket_deadline.at AS deadline_at, ticket_deadline.set_at, ticket_deadline.met_at, ticket_clock.round,
                ticket_clock.is_first, ticket_clock.answers AS known_answers, ticket_clock.running_since,
                (SELECT COUNT(*) FROM queue_level WHERE queue_level.queue_id = ticket.queue_id) AS goals
            FROM ticket JOIN fact ON fact.ticket_id = ticket.id
                LEFT JOIN ticket_clock ON ticket_clock.ticket_id = ticket.id
                LEFT JOIN ticket_deadline ON ticket_deadline.ticket_id = ticket.id
            WHERE ticket.id = \(ticket)
            """)
    }

    static func taken(_ ticket: ID, _ occasion: Int64, in db: any Connection) throws -> Set<ID> {
        let rows = try db.rows(
            "SELECT step_id FROM ticket_step WHERE ticket_id = \(ticket) AND occasion = \(occasion)")
        return Set(try rows.map { try $0.int("step_id") })
    }

    private static func state(_ row: Row) throws -> State {
        let state = TicketState(rawValue: try row.text("state")) ?? .open
        let isMerged = try row.optionalInt("merged_into") != nil
        let isAnswered = try row.text("turn") == "person"
        let phase: Phase =
            isMerged
            ? .stopped
            : state.isOpen ? (isAnswered ? .stopped : .running) : state == .waiting ? .paused : .stopped
        var deadline: (at: Milliseconds, setAt: Milliseconds)?
        if let at = try row.optionalInt("deadline_at"), try row.optionalInt("met_at") == nil {
            deadline = (at, try row.int("set_at"))
        }
        return State(
            queue: try row.int("queue_id"), priority: Int(try row.int("priority")), phase: phase, isMerged: isMerged,
            isFirst: try row.optionalInt("first_answer_at") == nil, answers: try row.int("answers"),
            due: (try row.int("due_rank"), try row.int("due_at"), try row.optionalInt("step_at")),
            hasGoals: try row.int("goals") > 0, turnSince: try row.int("turn_since"), deadline: deadline)
    }

    private static func round(_ row: Row) throws -> Round? {
        guard let number = try row.optionalInt("round") else { return nil }
        return Round(
            number: number, isFirst: try row.bool("is_first"), answers: try row.int("known_answers"),
            runningSince: try row.optionalInt("running_since"))
    }
}
