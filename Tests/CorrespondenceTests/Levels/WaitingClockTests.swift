import Base
import Foundation
import Testing

@testable import Correspondence

/// Row 21 of the desks' table: goals in business hours, several calendars and time zones. The clock is compared with an
/// independent count, minute by minute, by the calendar on the wall.
@Suite struct WaitingClockTests {
    /// Small and always the same.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let minute: Milliseconds = 60_000
    /// Zones with the days around which their clocks are changed, or without any.
    private static let places: [(String, String)] = [
        ("Europe/Berlin", "2026-10-23"), ("Europe/Berlin", "2026-03-27"), ("America/New_York", "2026-10-30"),
        ("America/Santiago", "2026-04-02"), ("Australia/Lord_Howe", "2026-10-02"), ("Asia/Kathmandu", "2026-06-01"),
        ("Africa/Casablanca", "2026-02-13"), ("Asia/Tokyo", "2026-05-01"), ("Pacific/Apia", "2026-01-01"),
        ("UTC", "2026-12-24"),
    ]

    @Test(arguments: 0..<40) func `row 21: the clock agrees with a count of every minute on the wall`(seed: Int) throws
    {
        var dice = Dice(state: UInt64(seed) &* 7919 &+ 17)
        let (name, around) = Self.places[seed % Self.places.count]
        let zone = try #require(TimeZone(identifier: name))
        let start = try #require(ISO8601.startOfDay(around)) + Int64.random(in: 0..<1440, using: &dice) * Self.minute
        let hours = Self.hours(zone, around, &dice)
        // Stretches in which it ran, with pauses between them; the last goes on.
        var runs: [Range<Milliseconds>] = []
        var at = start
        for _ in 0..<Int.random(in: 0...3, using: &dice) {
            let end = at + Int64.random(in: 1...900, using: &dice) * Self.minute
            runs.append(at..<end)
            at = end + Int64.random(in: 1...1500, using: &dice) * Self.minute
        }
        let clock = WaitingClock(hours: hours, runs: runs, runningSince: at)
        let goal = Int64.random(in: 1...1600, using: &dice)

        let counted = Self.count(goal, hours, zone, runs, at)

        if let counted {
            #expect(clock.moment(after: goal * Self.minute) == counted, "\(name) \(goal)")
            #expect(clock.used(at: counted) == goal * Self.minute)
        } else {
            let due = clock.moment(after: goal * Self.minute)
            #expect(due.map { $0 > at + Self.horizon } ?? true)
        }
    }

    private static let horizon: Milliseconds = 9 * 86_400_000

    private static func hours(_ zone: TimeZone, _ around: String, _ dice: inout Dice) -> BusinessHours {
        var week: [Int: [BusinessHours.Span]] = [:]
        for day in 1...7 where Int.random(in: 0..<4, using: &dice) > 0 {
            let from = Int.random(in: 0..<700, using: &dice)
            let to = Int.random(in: from + 1...1440, using: &dice)
            week[day] = [.init(from: from, to: to)]
            if to < 1300, Bool.random(using: &dice) { week[day]?.append(.init(from: to + 30, to: 1440)) }
        }
        if week.isEmpty { week[2] = [.init(from: 540, to: 1020)] }
        let first = (ISO8601.startOfDay(around) ?? 0) / 86_400_000
        let holidays = (0..<8).filter { _ in Int.random(in: 0..<5, using: &dice) == 0 }.map { first + Int64($0) }
        return BusinessHours(zone: zone, week: week, holidays: Set(holidays))
    }

    /// The end of the minute in which the goal is reached: looks at the calendar of the zone for every minute.
    private static func count(
        _ goal: Int64, _ hours: BusinessHours, _ zone: TimeZone, _ runs: [Range<Milliseconds>], _ since: Milliseconds
    ) -> Milliseconds? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var left = goal
        for run in runs + [since..<since + horizon] {
            for time in stride(from: run.lowerBound, to: run.upperBound, by: Int(minute)) {
                let parts = calendar.dateComponents(
                    [.year, .month, .day, .weekday, .hour, .minute],
                    from: Date(timeIntervalSince1970: Double(time) / 1000))
                let weekday = ((parts.weekday ?? 1) + 5) % 7 + 1
                let ofDay = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
                let day = ISO8601.days(fromYear: parts.year ?? 0, month: parts.month ?? 1, day: parts.day ?? 1)
                let spans = hours.week[weekday] ?? []
                guard !hours.holidays.contains(day), spans.contains(where: { $0.from <= ofDay && ofDay < $0.to })
                else { continue }
                left -= 1
                if left == 0 { return time + minute }
            }
        }
        return nil
    }

    @Test func `a clock that pauses before its goal has no end`() {
        let clock = WaitingClock(hours: .always, runs: [0..<1000], runningSince: nil)
        #expect(clock.moment(after: 1000) == 1000)
        #expect(clock.moment(after: 1001) == nil)
        #expect(clock.used(at: 5000) == 1000)
    }

    @Test func `quiet hours end where the awake hours begin, over midnight too`() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let pace = Pace(quietFrom: 22 * 60, quietUntil: 7 * 60)
        let night = try #require(ISO8601.startOfDay("2026-11-22")) + 2 * 3_600_000
        #expect(pace.quietEnd(at: night, in: zone).map(ISO8601.string) == "2026-11-22T06:00:00.000Z")
        #expect(pace.quietEnd(at: night + 8 * 3_600_000, in: zone) == nil)
        #expect(Pace().quietEnd(at: night, in: zone) == nil)
    }
}
