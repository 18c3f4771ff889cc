import Base
import Foundation
import Testing

@testable import Correspondence

@Suite struct BusinessHoursTests {
    private static let hour: Milliseconds = 3_600_000
    private static let week: [Int: [BusinessHours.Span]] = [
        1: [.init(from: 540, to: 720), .init(from: 780, to: 1020)], 3: [.init(from: 0, to: 1440)],
        6: [.init(from: 1380, to: 1440)], 7: [.init(from: 60, to: 210)],
    ]

    private static func hours(_ zone: String, holidays: [String] = []) throws -> BusinessHours {
        let days = try holidays.map { try #require(ISO8601.startOfDay($0)) / 86_400_000 }
        return BusinessHours(zone: try #require(TimeZone(identifier: zone)), week: week, holidays: Set(days))
    }

    /// What the clock on the wall says, minute after minute.
    private static func counted(_ hours: BusinessHours, from start: Milliseconds, to end: Milliseconds) -> Milliseconds
    {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = hours.zone
        var sum: Milliseconds = 0
        for time in stride(from: start, to: end, by: 60_000) {
            let date = Date(timeIntervalSince1970: Double(time) / 1000)
            let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: date)
            let weekday = ((parts.weekday ?? 1) + 5) % 7 + 1
            let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
            let day = ISO8601.days(fromYear: parts.year ?? 0, month: parts.month ?? 1, day: parts.day ?? 1)
            let isOpen = (hours.week[weekday] ?? []).contains { $0.from <= minute && minute < $0.to }
            if isOpen, !hours.holidays.contains(day) { sum += 60_000 }
        }
        return sum
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-27"), ("Europe/Berlin", "2026-10-23"), ("Australia/Lord_Howe", "2026-04-03"),
        ("Australia/Lord_Howe", "2026-10-02"), ("Asia/Kolkata", "2026-06-05"), ("America/New_York", "2026-10-30"),
        ("Africa/Cairo", "2026-04-22"), ("Pacific/Chatham", "2026-09-25"),
    ]) func `open time is what the clock on the wall shows, over changes of it`(zone: String, day: String) throws {
        let hours = try Self.hours(zone, holidays: ["2026-10-26", "2026-04-06"])
        let start = try #require(ISO8601.startOfDay(day))
        var random = SystemRandomNumberGenerator()

        for _ in 0..<6 {
            let from = start + Milliseconds.random(in: 0..<2 * 1440, using: &random) * 60_000
            let to = from + Milliseconds.random(in: 0..<4 * 1440, using: &random) * 60_000
            #expect(
                hours.openTime(from: from, to: to) == Self.counted(hours, from: from, to: to), "\(from) to \(to)")
        }
    }

    @Test func `parts add up, and time never runs back`() throws {
        let hours = try Self.hours("Europe/Berlin", holidays: ["2026-01-07"])
        let start = try #require(ISO8601.startOfDay("2025-12-20"))
        var random = SystemRandomNumberGenerator()

        for _ in 0..<200 {
            let times = (0..<3).map { _ in start + Milliseconds.random(in: 0..<400 * 24 * Self.hour, using: &random) }
                .sorted()
            let first = hours.openTime(from: times[0], to: times[1])
            let second = hours.openTime(from: times[1], to: times[2])
            #expect(first >= 0 && second >= 0)
            #expect(first + second == hours.openTime(from: times[0], to: times[2]), "\(times)")
            #expect(first <= times[1] - times[0])
        }
    }

    @Test func `the moment after some open time has just that behind it`() throws {
        let hours = try Self.hours("America/Sao_Paulo", holidays: ["2026-09-07"])
        let start = try #require(ISO8601.startOfDay("2026-08-30"))
        var random = SystemRandomNumberGenerator()

        for _ in 0..<100 {
            let from = start + Milliseconds.random(in: 0..<1_000_000_000, using: &random)
            let wanted = Milliseconds.random(in: 1..<100 * Self.hour, using: &random)
            let moment = try #require(hours.moment(after: wanted, from: from))
            #expect(hours.openTime(from: from, to: moment) == wanted)
            #expect(hours.openTime(from: from, to: moment - 1) == wanted - 1)
        }
    }

    @Test func `always open is all the time there is, and never open none`() {
        let never = BusinessHours(zone: .gmt, week: [:], holidays: [])

        #expect(BusinessHours.always.openTime(from: 5, to: 1_795_262_400_000) == 1_795_262_399_995)
        #expect(BusinessHours.always.openTime(from: 9, to: 9) == 0)
        #expect(never.openTime(from: 0, to: 1_795_262_400_000) == 0)
        #expect(never.moment(after: 1, from: 0) == nil)
    }

    @Test func `an hour that comes twice counts twice, one left out does not count`() throws {
        let hours = try Self.hours("Europe/Berlin")
        let autumn = try #require(ISO8601.startOfDay("2026-10-25")),
            spring = try #require(ISO8601.startOfDay("2026-03-29"))

        // Sundays from 01:00 to 03:30.
        #expect(hours.openTime(from: autumn - 2 * Self.hour, to: autumn + 12 * Self.hour) == 7 * Self.hour / 2)
        #expect(hours.openTime(from: spring - Self.hour, to: spring + 12 * Self.hour) == 3 * Self.hour / 2)
    }
}
