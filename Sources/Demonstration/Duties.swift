import Base
import Correspondence
import Oncall
import Server
import Storage

/// Tells of the room On-call and of goals: a rota with a gap, a page that was answered, tickets that are overdue, a
/// journalist's date.
struct Duties: Sendable {
    private static let minute: Milliseconds = 60_000
    private static let day: Milliseconds = 86_400_000

    let services: Services
    let founded: Founding.Founded

    func tell() async throws {
        let paging = try services.paging()
        let now = services.clock.now()
        guard let greta = founded.members["greta"], let nils = founded.members["nils"],
            let yusra = founded.members["yusra"]
        else { return }
        let rota = try await services.database.write { db in
            let rota = try paging.rotas.add(
                Rota(
                    id: 0, name: "Nights and weekends", zone: "Europe/Berlin", keeper: greta.id,
                    outsideAddress: "night-desk@almanac.example", isUsual: true), queues: [], actor: greta.id,
                at: now, in: db)
            for member in [greta, nils, yusra] {
                try paging.rotas.seat(member.id, rota: rota.id, actor: greta.id, at: now, in: db)
            }
            for member in [greta, nils] {
                let seat = Seat(rota: rota.id, member: member.id, isIn: true, isReserve: member.id == nils.id)
                try paging.rotas.choose(seat, at: now, in: db)
            }
            try addShifts(paging.shifts, rota, days: greta.id, nights: nils.id, weekend: yusra.id, at: now, in: db)
            return rota
        }
        try await addGoals(actor: greta.id, at: now)
        try await call(paging, rota, holder: nils.id, at: now - 25 * Self.minute)
    }

    /// Days are Greta's, nights Nils's; Yusra has Saturdays and has not said yes to being called: a gap.
    private func addShifts(
        _ shifts: ShiftStore, _ rota: Rota, days: ID, nights: ID, weekend: ID, at now: Milliseconds,
        in db: any Connection
    ) throws {
        let today = WallTime.local(now, in: rota.timeZone).day
        // The Monday two weeks ago.
        let monday = today - Int64(WallTime.weekday(today) - 1) - 14
        for offset in 0..<7 {
            let isSaturday = offset == 5
            let day = monday + Int64(offset)
            let daily = Shift(
                id: 0, rota: rota.id, member: isSaturday ? weekend : days, firstDay: day, fromMinute: 8 * 60,
                dayCount: 0, untilMinute: 20 * 60, everyWeeks: 1)
            let nightly = Shift(
                id: 0, rota: rota.id, member: nights, firstDay: day, fromMinute: 20 * 60, dayCount: 1,
                untilMinute: 8 * 60, everyWeeks: 1)
            for shift in [daily, nightly] { _ = try shifts.add(shift, actor: rota.keeper, at: now, in: db) }
        }
    }

    private func addGoals(actor: ID, at now: Milliseconds) async throws {
        let levels = LevelStore(ids: services.ids, events: services.stores.events)
        for (name, hours) in [("info-de", 24), ("info-en", 36), ("info-es", 36), ("info-fr", 36), ("press", 4)] {
            guard let queue = founded.queues[name] else { continue }
            try await services.database.write { db in
                // Who has waited longest has waited too long.
                let since = try db.int(
                    """
                    SELECT COALESCE(MIN(fact.turn_since), \(now)) AS since FROM ticket
                    JOIN fact ON fact.ticket_id = ticket.id
                    WHERE ticket.queue_id = \(queue.id) AND ticket.state IN ('new', 'open')
                        AND ticket.merged_into IS NULL AND fact.turn = 'desk'
                    """)
                let store = HoursStore(events: services.stores.events)
                let calendar = try store.find(queue.id, in: db)?.value ?? .always
                let waited = Int(calendar.openTime(from: since, to: now) / Self.minute)
                let most = min(hours * 60, max(60, waited * 2 / 3))
                let goals = (1...4).map {
                    LevelGoal(priority: $0, firstMinutes: most / max(1, $0 - 1), nextMinutes: most)
                }
                try levels.setGoals(goals, of: queue.id, actor: actor, at: now, in: db)
                let step = LevelStep(id: 0, queue: queue.id, base: .percent, amount: 80, action: .notify)
                _ = try levels.addStep(step, actor: actor, at: now, in: db)
                let open = try db.rows(
                    """
                    SELECT id FROM ticket WHERE queue_id = \(queue.id) AND state IN ('new', 'open')
                        AND merged_into IS NULL
                    """)
                for row in open { try Clocks().refresh(try row.int("id"), at: now, in: db) }
            }
        }
        try await setDeadline(actor: actor, at: now)
    }

    /// A journalist needs an answer by tomorrow evening in New York.
    private func setDeadline(actor: ID, at now: Milliseconds) async throws {
        guard let queue = founded.queues["info-en"] else { return }
        try await services.database.write { db in
            guard let ticket = try Self.open(in: queue.id, offset: 1, db) else { return }
            let found = try services.stores.tickets.require(ticket, visibleTo: viewer, in: db)
            let deadline = Deadline(at: now + Self.day + 9 * 3_600_000, zone: "America/New_York")
            try DeadlineStore(events: services.stores.events).set(deadline, of: found, actor: actor, at: now, in: db)
        }
    }

    /// Of the letter about a life that came just now: somebody was called, called again, and had it after eight
    /// minutes.
    private func call(_ paging: Paging, _ rota: Rota, holder: ID, at start: Milliseconds) async throws {
        let page = try await services.database.write { db -> ID? in
            let flagged = try db.first(
                """
                SELECT ticket.id, ticket.queue_id FROM ticket_label JOIN ticket ON ticket.id = ticket_label.ticket_id
                WHERE ticket_label.label = 'danger' ORDER BY ticket_label.at DESC, ticket.id DESC LIMIT 1
                """)
            guard let flagged else { return nil }
            return try paging.page(
                rota: rota.id, reason: .danger, ticket: try flagged.int("id"), queue: try flagged.int("queue_id"),
                at: start, in: db)
        }
        guard let page else { return }
        try await paging.run(services.database, at: start + 5 * Self.minute)
        try await services.database.write { db in
            _ = try paging.hold(page, by: holder, at: start + 8 * Self.minute, in: db)
        }
    }

    private var viewer: Viewer { founded.viewers["greta"] ?? Viewer(memberID: 0, isAdministrator: false, rights: [:]) }

    /// One of the newest open tickets of a queue.
    private static func open(in queue: ID, offset: Int, _ db: any Connection) throws -> ID? {
        try db.first(
            """
            SELECT id FROM ticket WHERE queue_id = \(queue) AND state IN ('new', 'open') AND merged_into IS NULL
            ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET \(offset)
            """)?.int("id")
    }
}
