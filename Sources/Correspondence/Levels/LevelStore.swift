import Base
import Storage

/// What a queue promises, by priority: open minutes until the first answer and until each next one. A goal belongs to
/// the queue, never to a person; a queue may have none.
package struct LevelGoal: Sendable, Equatable {
    /// 1 low to 4 urgent.
    package var priority: Int
    package var firstMinutes: Int?
    package var nextMinutes: Int?

    package init(priority: Int, firstMinutes: Int?, nextMinutes: Int?) {
        self.priority = priority
        self.firstMinutes = firstMinutes
        self.nextMinutes = nextMinutes
    }
}

/// Something that is done by itself when a goal comes near or has passed.
package struct LevelStep: Sendable, Equatable {
    /// What `amount` counts: percent of the goal, or minutes before or after it.
    package enum Base: String, Sendable, CaseIterable { case percent, before, after }
    package enum Action: String, Sendable, CaseIterable {
        /// Tells the owner, or those who keep the queue where nobody owns it.
        case notify
        /// One priority higher.
        case raise
        /// Into another queue.
        case move
        /// Calls who is on duty for the queue.
        case page
    }

    package var id: ID
    package var queue: ID
    package var base: Base
    package var amount: Int
    package var action: Action
    /// The other queue, for moving.
    package var target: ID?

    package init(id: ID, queue: ID, base: Base, amount: Int, action: Action, target: ID? = nil) {
        self.id = id
        self.queue = queue
        self.base = base
        self.amount = amount
        self.action = action
        self.target = target
    }
}

/// The tables `queue_level` and `queue_step`.
package struct LevelStore: Sendable {
    private static let longestMinutes = 60 * 24 * 60
    private static let mostSteps = 20

    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    package static func goals(of queue: ID, in db: any Connection) throws -> [LevelGoal] {
        try db.rows("SELECT * FROM queue_level WHERE queue_id = \(queue) ORDER BY priority").map {
            LevelGoal(
                priority: Int(try $0.int("priority")),
                firstMinutes: try $0.optionalInt("first_minutes").map { Int($0) },
                nextMinutes: try $0.optionalInt("next_minutes").map { Int($0) })
        }
    }

    package static func steps(of queue: ID, in db: any Connection) throws -> [LevelStep] {
        try db.rows("SELECT * FROM queue_step WHERE queue_id = \(queue) ORDER BY id").map {
            LevelStep(
                id: try $0.int("id"), queue: try $0.int("queue_id"),
                base: LevelStep.Base(rawValue: try $0.text("base")) ?? .after, amount: Int(try $0.int("amount")),
                action: LevelStep.Action(rawValue: try $0.text("action")) ?? .notify,
                target: try $0.optionalInt("target_id"))
        }
    }

    /// Replaces the goals of a queue. The clocks of its tickets follow by `LevelRefreshing`.
    package func setGoals(
        _ goals: [LevelGoal], of queue: ID, actor: ID, at: Milliseconds, in db: any Connection
    ) throws {
        let minutes = goals.flatMap { [$0.firstMinutes, $0.nextMinutes].compactMap { $0 } }
        guard minutes.allSatisfy({ (1...Self.longestMinutes).contains($0) }),
            goals.allSatisfy({ (1...4).contains($0.priority) }), Set(goals.map(\.priority)).count == goals.count
        else { throw Failure(.invalid, "level-minutes-invalid") }
        try db.execute("DELETE FROM queue_level WHERE queue_id = \(queue)")
        for goal in goals where goal.firstMinutes != nil || goal.nextMinutes != nil {
            try db.execute(
                """
                INSERT INTO queue_level (queue_id, priority, first_minutes, next_minutes)
                VALUES (\(queue), \(goal.priority), \(goal.firstMinutes), \(goal.nextMinutes))
                """)
        }
        try events.add(Event("levels-changed", actor: actor, queue: queue), at: at, in: db)
    }

    package func addStep(_ step: LevelStep, actor: ID, at: Milliseconds, in db: any Connection) throws -> LevelStep {
        let isFine =
            step.base == .percent ? (1...500).contains(step.amount) : (0...Self.longestMinutes).contains(step.amount)
        guard isFine else { throw Failure(.invalid, "level-amount-invalid") }
        guard (step.action == .move) == (step.target != nil), step.target != step.queue else {
            throw Failure(.invalid, "level-target-invalid")
        }
        guard try Self.steps(of: step.queue, in: db).count < Self.mostSteps else {
            throw Failure(.tooMany, "level-steps-too-many", isTemporary: false)
        }
        var step = step
        step.id = try ids.make()
        try db.execute(
            """
            INSERT INTO queue_step (id, queue_id, base, amount, action, target_id)
            VALUES (\(step.id), \(step.queue), \(step.base.rawValue), \(step.amount), \(step.action.rawValue),
                \(step.target))
            """)
        try events.add(
            Event("level-step-added", actor: actor, queue: step.queue, subject: step.id), at: at, in: db)
        return step
    }

    package func removeStep(_ id: ID, queue: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        guard try db.execute("DELETE FROM queue_step WHERE id = \(id) AND queue_id = \(queue)") == 1 else {
            throw Failure(.notFound, "error-not-found")
        }
        try events.add(Event("level-step-removed", actor: actor, queue: queue, subject: id), at: at, in: db)
    }
}
