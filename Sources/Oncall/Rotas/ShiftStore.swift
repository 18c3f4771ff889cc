import Base
import Storage

/// The tables `shift` and `shift_swap`.
package struct ShiftStore: Sendable {
    private static let longest: Milliseconds = 15 * WallTime.day

    private let rotas: RotaStore

    package init(rotas: RotaStore) { self.rotas = rotas }

    /// The plan of a rota as it is now.
    package func plan(of rota: Rota, in db: any Connection) throws -> DutyPlan {
        DutyPlan(
            zone: rota.timeZone, shifts: try shifts(of: rota.id, in: db), swaps: try swaps(of: rota.id, in: db),
            ready: try rotas.ready(in: rota.id, db))
    }

    package func shifts(of rota: ID, in db: any Connection) throws -> [Shift] {
        try db.rows("SELECT * FROM shift WHERE rota_id = \(rota) ORDER BY id").map(Self.read)
    }

    /// In the order in which they were asked for.
    package func swaps(of rota: ID, in db: any Connection) throws -> [Swap] {
        try db.rows("SELECT * FROM shift_swap WHERE rota_id = \(rota) ORDER BY id").map(Self.readSwap)
    }

    /// Throws `invalid` for a shift of no length, of more than two weeks, or of somebody without a seat.
    package func add(_ shift: Shift, actor: ID, at: Milliseconds, in db: any Connection) throws -> Shift {
        guard let rota = try rotas.find(shift.rota, in: db),
            try rotas.seat(of: shift.member, rota: rota.id, in: db) != nil
        else { throw Failure(.invalid, "oncall-shift-nobody") }
        var shift = shift
        shift.id = try rotas.ids.make()
        let start = WallTime.moment(day: shift.firstDay, minute: shift.fromMinute, in: rota.timeZone)
        let end = WallTime.moment(
            day: shift.firstDay + Int64(shift.dayCount), minute: shift.untilMinute, in: rota.timeZone)
        guard start < end, end - start <= Self.longest else { throw Failure(.invalid, "oncall-shift-invalid") }
        guard (0...8).contains(shift.everyWeeks), (1...2).contains(shift.place),
            shift.lastDay.map({ $0 >= shift.firstDay }) ?? true
        else { throw Failure(.invalid, "oncall-shift-invalid") }
        try db.execute(
            """
            INSERT INTO shift (id, rota_id, member_id, first_day, from_minute, day_count, until_minute, every_weeks,
                last_day, place)
            VALUES (\(shift.id), \(shift.rota), \(shift.member), \(shift.firstDay), \(shift.fromMinute),
                \(shift.dayCount), \(shift.untilMinute), \(shift.everyWeeks), \(shift.lastDay), \(shift.place))
            """)
        let data = ["rota": String(rota.id), "weeks": String(shift.everyWeeks)]
        try rotas.events.add(Event("shift-added", actor: actor, subject: shift.member, data: data), at: at, in: db)
        return shift
    }

    package func remove(_ id: ID, rota: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        guard let row = try db.first("SELECT member_id FROM shift WHERE id = \(id) AND rota_id = \(rota)") else {
            throw Failure(.notFound, "error-not-found")
        }
        try db.executeOne("DELETE FROM shift WHERE id = \(id) AND rota_id = \(rota)")
        let event = Event(
            "shift-removed", actor: actor, subject: try row.int("member_id"), data: ["rota": String(rota)])
        try rotas.events.add(event, at: at, in: db)
    }

    // MARK: - Swaps

    /// A member asks a colleague of the rota to take a time of theirs.
    package func ask(_ swap: Swap, at: Milliseconds, in db: any Connection) throws -> Swap {
        guard let rota = try rotas.find(swap.rota, in: db), swap.asker != swap.member, swap.from < swap.until,
            swap.until > at, try rotas.ready(in: rota.id, db).contains(swap.member)
        else { throw Failure(.invalid, "oncall-swap-invalid") }
        let own = try plan(of: rota, in: db).turns(from: swap.from, until: swap.until)
        guard own.contains(where: { $0.duty.member == swap.asker }) else {
            throw Failure(.invalid, "oncall-swap-not-yours")
        }
        var swap = swap
        swap.id = try rotas.ids.make()
        swap.state = .asked
        try db.execute(
            """
            INSERT INTO shift_swap (id, rota_id, asker_id, member_id, from_at, until_at, back_from, back_until, state,
                created_at)
            VALUES (\(swap.id), \(swap.rota), \(swap.asker), \(swap.member), \(swap.from), \(swap.until),
                \(swap.backFrom), \(swap.backUntil), \(swap.state.rawValue), \(at))
            """)
        let event = Event(
            "swap-asked", actor: swap.asker, subject: swap.member, data: ["rota": String(swap.rota)])
        try rotas.events.add(event, at: at, in: db)
        return swap
    }

    /// The one who was asked agrees or declines; the asker may take it back until then.
    package func settle(
        _ id: ID, rota: ID, as state: Swap.State, by member: ID, at: Milliseconds, in db: any Connection
    ) throws {
        let side: SQL = state == .withdrawn ? "asker_id" : "member_id"
        guard state != .asked else { throw Failure(.invalid, "error-invalid") }
        let changed = try db.execute(
            """
            UPDATE shift_swap SET state = \(state.rawValue)
            WHERE id = \(id) AND rota_id = \(rota) AND state = 'asked' AND \(side) = \(member)
            """)
        guard changed == 1 else { throw Failure(.notFound, "error-not-found") }
        try rotas.events.add(
            Event("swap-\(state.rawValue)", actor: member, subject: id, data: ["rota": String(rota)]), at: at, in: db)
    }

    private static func read(_ row: Row) throws -> Shift {
        Shift(
            id: try row.int("id"), rota: try row.int("rota_id"), member: try row.int("member_id"),
            firstDay: try row.int("first_day"), fromMinute: Int(try row.int("from_minute")),
            dayCount: Int(try row.int("day_count")), untilMinute: Int(try row.int("until_minute")),
            everyWeeks: Int(try row.int("every_weeks")), lastDay: try row.optionalInt("last_day"),
            place: Int(try row.int("place")))
    }

    private static func readSwap(_ row: Row) throws -> Swap {
        Swap(
            id: try row.int("id"), rota: try row.int("rota_id"), asker: try row.int("asker_id"),
            member: try row.int("member_id"), from: try row.int("from_at"), until: try row.int("until_at"),
            backFrom: try row.optionalInt("back_from"), backUntil: try row.optionalInt("back_until"),
            state: Swap.State(rawValue: try row.text("state")) ?? .declined)
    }
}
