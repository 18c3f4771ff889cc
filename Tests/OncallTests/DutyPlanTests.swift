import Base
import Foundation
import Storage
import TestKit
import Testing

@testable import Oncall

@Suite struct DutyPlanTests {
    private static let zones = [
        "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Casablanca",
        "America/Santiago", "Asia/Kathmandu", "Pacific/Apia", "UTC",
    ]

    private static func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    @Test func `a weekly shift begins at the same time on the wall before and after the clock is changed`() throws {
        let zone = try Self.zone("Europe/Berlin")
        let day = try #require(WallTime.parse(day: "2026-10-19", time: "09:00")).day
        let shift = Shift(
            id: 1, rota: 1, member: 1, firstDay: day, fromMinute: 540, dayCount: 0, untilMinute: 1020, everyWeeks: 1)
        let start = try #require(ISO8601.startOfDay("2026-10-19"))
        let duties = shift.duties(from: start, until: start + 14 * WallTime.day, in: zone)
        #expect(duties.map { ISO8601.string($0.from) } == ["2026-10-19T07:00:00.000Z", "2026-10-26T08:00:00.000Z"])
    }

    @Test(arguments: zones) func `shifts that follow each other leave no gap and no overlap all year`(name: String)
        throws
    {
        let zone = try Self.zone(name)
        let day = try #require(WallTime.parse(day: "2026-01-01", time: "00:00")).day
        // Two a day, parted in the hour in which clocks are changed.
        for minute in [30, 120, 150] {
            let shifts = Self.twoADay(from: day, parting: minute)
            let plan = DutyPlan(zone: zone, shifts: shifts, swaps: [], ready: [1, 2])
            let from = WallTime.moment(day: day + 8, minute: 0, in: zone)
            let until = from + 370 * WallTime.day
            #expect(plan.gaps(from: from, until: until) == [], "\(name) \(minute)")
            var end = from
            for turn in plan.turns(from: from, until: until) {
                #expect(turn.duty.from <= from || turn.duty.from == end, "\(name) \(minute)")
                end = turn.duty.until
            }
        }
    }

    private static func twoADay(from day: Int64, parting minute: Int) -> [Shift] {
        var shifts: [Shift] = []
        for offset in 0..<7 {
            var shift = Shift(
                id: ID(offset * 2), rota: 1, member: 1, firstDay: day + Int64(offset), fromMinute: minute, dayCount: 0,
                untilMinute: 1080, everyWeeks: 1)
            shifts.append(shift)
            (shift.id, shift.member) = (ID(offset * 2 + 1), 2)
            (shift.fromMinute, shift.dayCount, shift.untilMinute) = (1080, 1, minute)
            shifts.append(shift)
        }
        return shifts
    }

    @Test(arguments: zones) func `a moment of the wall comes back from its day and minute`(name: String) throws {
        let zone = try Self.zone(name)
        let start = try #require(ISO8601.startOfDay("2026-01-01"))
        for step in stride(from: 0, to: 366 * WallTime.day, by: 7 * 3_600_000) {
            let (day, minute) = WallTime.local(start + step, in: zone)
            let moment = WallTime.moment(day: day, minute: minute, in: zone)
            let again = WallTime.local(moment, in: zone)
            #expect(again.day == day && again.minute == minute, "\(name) \(ISO8601.string(start + step))")
        }
    }

    @Test func `a swap gives one time away and takes another in return`() throws {
        let zone = try Self.zone("UTC")
        let shifts = [
            Shift(id: 1, rota: 1, member: 1, firstDay: 0, fromMinute: 0, dayCount: 1, untilMinute: 0),
            Shift(id: 2, rota: 1, member: 2, firstDay: 1, fromMinute: 0, dayCount: 1, untilMinute: 0),
        ]
        var swap = Swap(
            id: 1, rota: 1, asker: 1, member: 2, from: 0, until: WallTime.day, backFrom: WallTime.day,
            backUntil: 2 * WallTime.day, state: .asked)
        let asked = DutyPlan(zone: zone, shifts: shifts, swaps: [swap], ready: [1, 2])
        #expect(asked.onDuty(at: 5).map(\.duty.member) == [1])
        swap.state = .agreed
        let agreed = DutyPlan(zone: zone, shifts: shifts, swaps: [swap], ready: [1, 2])
        #expect(agreed.onDuty(at: 5).map(\.duty.member) == [2])
        #expect(agreed.onDuty(at: WallTime.day + 5).map(\.duty.member) == [1])
        // A part of a shift can be given away too.
        let part = Swap(id: 2, rota: 1, asker: 1, member: 2, from: 100, until: 200, state: .agreed)
        let parts = DutyPlan(zone: zone, shifts: shifts, swaps: [part], ready: [1, 2]).turns(from: 0, until: 300)
        #expect(parts.map(\.duty.member) == [1, 2, 1])
    }

    @Test func `a shift of who has not said yes is a gap`() throws {
        let zone = try Self.zone("UTC")
        let shift = Shift(id: 1, rota: 1, member: 1, firstDay: 0, fromMinute: 0, dayCount: 1, untilMinute: 0)
        let plan = DutyPlan(zone: zone, shifts: [shift], swaps: [], ready: [])
        #expect(plan.gaps(from: 0, until: WallTime.day) == [0..<WallTime.day])
        #expect(plan.onDuty(at: 5).isEmpty)
    }

    @Test(arguments: TestDatabase.kinds)
    func `the keeper hears of gaps a week ahead, once a day from nine o'clock`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let watch = GapWatch(scene.paging)
            // The week is covered to its end: on Monday noon the gap after it lies within seven days.
            let morning = OncallScene.monday - 6 * 3_600_000
            #expect(try await watch.run(database, at: morning) == 0)
            #expect(try await watch.run(database, at: OncallScene.monday) == 1)
            #expect(try await watch.run(database, at: OncallScene.monday + 3_600_000) == 0)
            #expect(try await watch.run(database, at: OncallScene.monday + WallTime.day) == 1)
            let letter = try #require(try await scene.letters().first)
            #expect(letter.to == "ana@desk.example" && letter.text.contains("oncall-mail-gaps-text"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `only the one who is asked agrees to a swap, and only to a time that is the asker's`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let now = scene.time.clock.now()
            try await database.write {
                [shifts = scene.shifts, rota = scene.rota, ana = scene.ana, ben = scene.ben, chi = scene.chi] db in
                let wish = Swap(
                    id: 0, rota: rota.id, asker: ana.id, member: ben.id, from: now, until: now + 3_600_000)
                let swap = try shifts.ask(wish, at: now, in: db)
                #expect(throws: Failure.self) {
                    try shifts.settle(swap.id, rota: rota.id, as: .agreed, by: ana.id, at: now, in: db)
                }
                try shifts.settle(swap.id, rota: rota.id, as: .agreed, by: ben.id, at: now, in: db)
                let plan = try shifts.plan(of: rota, in: db)
                #expect(plan.onDuty(at: now + 1).first?.duty.member == ben.id)
                // Chi has no shift to give, and has not said yes to be given one.
                for other in [(chi.id, ben.id), (ana.id, chi.id)] {
                    let wrong = Swap(
                        id: 0, rota: rota.id, asker: other.0, member: other.1, from: now, until: now + 3_600_000)
                    #expect(throws: Failure.self) { try shifts.ask(wrong, at: now, in: db) }
                }
            }
        }
    }
}
