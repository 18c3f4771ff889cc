import Base
import Jobs
import Oncall
import People
import Storage

/// Takes the steps a queue wants when a goal comes near or has passed.
///
/// Every node looks for tickets whose next step is due (`ticket.step_at`, kept with the clock), so nothing is lost with
/// a process. For each, in one transaction: what is measured now is worked out anew; the earliest due step that was
/// not taken in this round is recorded, which only one node can do, and done; then the clock says when the next is due.
/// A step that moves the ticket or changes its priority changes what is measured: the next look sees it.
/// A clock that is set back takes no step twice; one that is put on takes steps earlier, none is left out.
package struct Escalating: Sendable {
    private static let atOnce = 50
    private static let perTicket = 10
    private static let mostUrgent = 4

    private let stores: Filing.Stores
    private let members: MemberStore
    private let paging: Paging?

    package init(stores: Filing.Stores, members: MemberStore, paging: Paging?) {
        self.stores = stores
        self.members = members
        self.paging = paging
    }

    /// Returns how many steps were taken.
    @discardableResult package func run(_ database: Database, at now: Milliseconds) async throws -> Int {
        let due = try await database.read { db in try Self.due(at: now, in: db) }
        var taken = 0
        var failure: (any Error)?
        for id in due {
            // A ticket that cannot move keeps no other one back.
            do {
                for _ in 0..<Self.perTicket {
                    guard try await database.write({ db in try step(id, at: now, in: db) }) else { break }
                    taken += 1
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return taken
    }

    static func due(at now: Milliseconds, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT id FROM ticket WHERE step_at IS NOT NULL AND step_at <= \(now) ORDER BY step_at LIMIT \(atOnce)
            """
        ).map { try $0.int("id") }
    }

    /// One step of a ticket; false when none is due.
    private func step(_ id: ID, at now: Milliseconds, in db: any Connection) throws -> Bool {
        try stores.tickets.hold([id], in: db)
        guard let ticket = try stores.tickets.find(id, in: db), let measure = try Clocks().measure(id, in: db),
            let step = try next(ticket, measure, at: now, in: db)
        else {
            try Clocks().refresh(id, at: now, in: db)
            return false
        }
        let isNew =
            try db.execute(
                """
                INSERT INTO ticket_step (ticket_id, step_id, occasion, at)
                VALUES (\(id), \(step.id), \(measure.occasion), \(now))
                ON CONFLICT (ticket_id, step_id, occasion) DO NOTHING
                """) == 1
        if isNew { try take(step, ticket, at: now, in: db) }
        try Clocks().refresh(id, at: now, in: db)
        return isNew
    }

    private func next(
        _ ticket: Ticket, _ measure: Clocks.Measure, at now: Milliseconds, in db: any Connection
    ) throws -> LevelStep? {
        let taken = try Clocks.taken(ticket.id, measure.occasion, in: db)
        return try LevelStore.steps(of: ticket.queue, in: db).filter { !taken.contains($0.id) }
            .compactMap { step in measure.moment(of: step).map { (step, $0) } }
            .filter { $0.1 <= now }.min { ($0.1, $0.0.id) < ($1.1, $1.0.id) }?.0
    }

    private func take(_ step: LevelStep, _ ticket: Ticket, at now: Milliseconds, in db: any Connection) throws {
        let data = [
            "action": step.action.rawValue, "base": step.base.rawValue, "amount": String(step.amount),
        ]
        let event = Event("level-step-taken", queue: ticket.queue, ticket: ticket.id, subject: step.id, data: data)
        try stores.events.add(event, at: now, in: db)
        switch step.action {
        case .notify: break  // Notices are made from the event.
        case .raise:
            guard ticket.priority < Self.mostUrgent else { return }
            try stores.tickets.setPriority(ticket.priority + 1, of: ticket, actor: nil, at: now, in: db)
        case .move:
            guard let target = step.target, target != ticket.queue,
                try stores.queues.find(target, in: db) != nil
            else { return }
            try move(ticket, to: target, at: now, in: db)
        case .page:
            try paging?.page(reason: .level, ticket: ticket.id, queue: ticket.queue, at: now, in: db)
        }
    }

    /// An owner who does not see the other queue is taken off.
    private func move(_ ticket: Ticket, to queue: ID, at: Milliseconds, in db: any Connection) throws {
        try stores.tickets.setQueue(queue, of: ticket, actor: nil, at: at, in: db)
        try stores.tickets.takeAlong(ticket.id, to: queue, in: db)
        guard let owner = ticket.owner,
            try !members.members(with: .see, queue: queue, in: db).contains(where: { $0.id == owner }),
            let moved = try stores.tickets.find(ticket.id, in: db)
        else { return }
        try stores.tickets.setOwner(nil, of: moved, actor: nil, at: at, in: db)
    }
}

/// Brings the clocks of a queue's tickets to new goals, steps or hours, in slices. Running it twice does no harm.
package struct LevelRefreshing: Sendable {
    package static let jobName = "level-refresh"
    private static let slice = 50

    private let database: Database
    private let stores: Filing.Stores
    private let clock: Clock

    package init(database: Database, stores: Filing.Stores, clock: Clock) {
        self.database = database
        self.stores = stores
        self.clock = clock
    }

    /// The subject of the job is the queue.
    package func run(_ job: Job) async throws {
        let now = clock.now()
        var last: ID = 0
        while true {
            let after = last
            let ids = try await database.read { db in
                try db.rows(
                    """
                    SELECT id FROM ticket WHERE queue_id = \(job.subject) AND id > \(after)
                        AND state IN ('new', 'open', 'waiting') AND merged_into IS NULL
                    ORDER BY id LIMIT \(Self.slice)
                    """
                ).map { try $0.int("id") }
            }
            guard let end = ids.last else { break }
            try await database.write { db in for id in ids { try Clocks().refresh(id, at: now, in: db) } }
            last = end
        }
        try await database.write { [stores] db in try stores.jobs.finish(job, in: db) }
    }
}
