import Base
import Storage

/// How tickets of a queue are given out.
package struct QueueAssignment: Sendable, Equatable {
    package enum Mode: String, Sendable, CaseIterable {
        case off
        /// Somebody is proposed and takes it or not.
        case suggest
        /// Somebody gets it, and may decline.
        case assign
    }

    package static let usualCap = 10

    package var mode: Mode
    /// Open tickets a member may have, in all queues together, and still be given one.
    package var cap: Int

    package init(mode: Mode = .off, cap: Int = usualCap) {
        self.mode = mode
        self.cap = cap
    }
}

/// What a member has decided about being given tickets.
package struct TakerSetting: Sendable, Equatable {
    /// 0: the queue's.
    package var cap: Int
    /// Minutes of the member's day; equal: never quiet. Over midnight when `quietFrom` is after `quietTo`.
    package var quietFrom: Int
    package var quietTo: Int

    package init(cap: Int = 0, quietFrom: Int = 0, quietTo: Int = 0) {
        self.cap = cap
        self.quietFrom = quietFrom
        self.quietTo = quietTo
    }

    func isQuiet(minute: Int) -> Bool {
        guard quietFrom != quietTo else { return false }
        return quietFrom < quietTo
            ? (quietFrom..<quietTo).contains(minute) : minute >= quietFrom || minute < quietTo
    }
}

/// A ticket that was proposed or given to a member.
package struct Assignment: Sendable, Equatable {
    package enum State: String, Sendable { case offered, given, taken, declined, lapsed }

    package var id: ID
    package var ticket: ID
    package var member: ID
    package var queue: ID
    package var state: State
    package var at: Milliseconds
}

/// The tables `queue_assignment`, `queue_taker`, `taker_setting` and `assignment`.
package struct AssignmentStore: Sendable {
    static let caps = 1...500

    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    // MARK: - Queues

    package func setting(of queue: ID, in db: any Connection) throws -> QueueAssignment {
        let row = try db.first("SELECT mode, cap FROM queue_assignment WHERE queue_id = \(queue)")
        guard let row else { return QueueAssignment() }
        return QueueAssignment(
            mode: QueueAssignment.Mode(rawValue: try row.text("mode")) ?? .off, cap: Int(try row.int("cap")))
    }

    package func set(
        _ setting: QueueAssignment, of queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue) else { throw Failure(.notFound, "error-not-found") }
        guard Self.caps.contains(setting.cap) else { throw Failure(.invalid, "assignment-cap-invalid") }
        try db.execute(
            """
            INSERT INTO queue_assignment (queue_id, mode, cap, changed_by, changed_at)
            VALUES (\(queue), \(setting.mode.rawValue), \(setting.cap), \(viewer.memberID), \(at))
            ON CONFLICT (queue_id) DO UPDATE SET mode = excluded.mode, cap = excluded.cap,
                changed_by = excluded.changed_by, changed_at = excluded.changed_at
            """)
        let event = Event(
            "assignment-set", actor: viewer.memberID, queue: queue,
            data: ["mode": setting.mode.rawValue, "cap": String(setting.cap)])
        try events.add(event, at: at, in: db)
    }

    // MARK: - Members

    /// Who takes tickets of a queue, by when they were given one last, 0 for never.
    func takers(of queue: ID, in db: any Connection) throws -> [(member: ID, lastAt: Milliseconds)] {
        try db.rows("SELECT member_id, last_at FROM queue_taker WHERE queue_id = \(queue) ORDER BY last_at, member_id")
            .map { (try $0.int("member_id"), try $0.int("last_at")) }
    }

    /// Queues a member takes tickets of.
    package func queues(takenBy member: ID, in db: any Connection) throws -> [ID] {
        try db.rows("SELECT queue_id FROM queue_taker WHERE member_id = \(member) ORDER BY queue_id").map {
            try $0.int("queue_id")
        }
    }

    package func setting(ofMember member: ID, in db: any Connection) throws -> TakerSetting {
        try Self.setting(ofMember: member, db)
    }

    static func setting(ofMember member: ID, _ db: any Connection) throws -> TakerSetting {
        try db.first("SELECT * FROM taker_setting WHERE member_id = \(member)").map {
            TakerSetting(
                cap: Int(try $0.int("cap")), quietFrom: Int(try $0.int("quiet_from")),
                quietTo: Int(try $0.int("quiet_to")))
        } ?? TakerSetting()
    }

    /// A member decides for themselves: queues in which they may draft, cap, quiet hours.
    package func set(
        _ setting: TakerSetting, queues: Set<ID>, of viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard setting.cap == 0 || Self.caps.contains(setting.cap) else {
            throw Failure(.invalid, "assignment-cap-invalid")
        }
        guard [setting.quietFrom, setting.quietTo].allSatisfy({ (0..<1440).contains($0) }),
            queues.allSatisfy({ viewer.may(.draft, queue: $0) })
        else { throw Failure(.invalid, "error-invalid") }
        let me = viewer.memberID
        try Self.set(setting, ofMember: me, db)
        for gone in Set(try self.queues(takenBy: me, in: db)).subtracting(queues) {
            try db.execute("DELETE FROM queue_taker WHERE queue_id = \(gone) AND member_id = \(me)")
        }
        for queue in queues.sorted() {
            try db.execute(
                """
                INSERT INTO queue_taker (queue_id, member_id, last_at) VALUES (\(queue), \(me), 0)
                ON CONFLICT (queue_id, member_id) DO NOTHING
                """)
        }
        try events.add(Event("taker-changed", actor: me, subject: me), at: at, in: db)
    }

    static func set(_ setting: TakerSetting, ofMember member: ID, _ db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO taker_setting (member_id, cap, quiet_from, quiet_to)
            VALUES (\(member), \(setting.cap), \(setting.quietFrom), \(setting.quietTo))
            ON CONFLICT (member_id) DO UPDATE SET cap = excluded.cap, quiet_from = excluded.quiet_from,
                quiet_to = excluded.quiet_to
            """)
    }

    /// Open tickets a member has now, in all queues, with those that are proposed to them.
    func openTickets(of member: ID, in db: any Connection) throws -> Int {
        let own = try db.int(
            """
            SELECT COUNT(*) AS n FROM ticket
            WHERE owner_id = \(member) AND state IN ('new', 'open') AND merged_into IS NULL
            """)
        let proposed = try db.int(
            """
            SELECT COUNT(*) AS n FROM assignment JOIN ticket ON ticket.id = assignment.ticket_id
            WHERE assignment.member_id = \(member) AND assignment.state = 'offered' AND ticket.owner_id IS NULL
                AND ticket.state IN ('new', 'open') AND ticket.merged_into IS NULL
            """)
        return Int(own + proposed)
    }

    // MARK: - Tickets

    /// Newest first.
    package func assignments(of ticket: ID, in db: any Connection) throws -> [Assignment] {
        try db.rows("SELECT * FROM assignment WHERE ticket_id = \(ticket) ORDER BY id DESC").map {
            Assignment(
                id: try $0.int("id"), ticket: try $0.int("ticket_id"), member: try $0.int("member_id"),
                queue: try $0.int("queue_id"),
                state: Assignment.State(rawValue: try $0.text("state")) ?? .lapsed, at: try $0.int("at"))
        }
    }

    /// Also counts as the member's turn.
    func add(
        _ state: Assignment.State, _ ticket: Ticket, to member: ID, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO assignment (id, ticket_id, member_id, queue_id, state, at, changed_at)
            VALUES (\(try ids.make()), \(ticket.id), \(member), \(ticket.queue), \(state.rawValue), \(at), \(at))
            """)
        try db.execute(
            "UPDATE queue_taker SET last_at = \(at) WHERE queue_id = \(ticket.queue) AND member_id = \(member)")
    }

    func setState(_ state: Assignment.State, of id: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE assignment SET state = \(state.rawValue), changed_at = \(at) WHERE id = \(id)")
    }
}
