import Base
import Foundation

/// Local days and minutes of a time zone, and the moments they stand for.
package enum WallTime {
    package static let day: Milliseconds = 86_400_000
    private static let minute: Milliseconds = 60_000

    /// The moment at which the clock on the wall shows this. A time that happens twice is its first, one that is left
    /// out is as much later as the clock was put on: what ends when another begins still does.
    package static func moment(day number: Int64, minute: Int, in zone: TimeZone) -> Milliseconds {
        let local = number * day + Milliseconds(minute) * Self.minute
        let before = offset(at: local - day, zone)
        let after = offset(at: local + day, zone)
        let early = local - max(before, after)
        let late = local - min(before, after)
        if offset(at: early, zone) == max(before, after) { return early }
        if offset(at: late, zone) == min(before, after) { return late }
        return local - before
    }

    /// The local day and minute of a moment.
    package static func local(_ moment: Milliseconds, in zone: TimeZone) -> (day: Int64, minute: Int) {
        let local = moment + offset(at: moment, zone)
        let number = local >= 0 ? local / day : -((-local + day - 1) / day)
        return (number, Int((local - number * day) / Self.minute))
    }

    /// 1 is Monday, 7 is Sunday; 1970-01-01 was a Thursday.
    package static func weekday(_ number: Int64) -> Int { Int(((number + 3) % 7 + 7) % 7) + 1 }

    private static func offset(at moment: Milliseconds, _ zone: TimeZone) -> Milliseconds {
        Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment) / 1000))) * 1000
    }

    /// `2026-11-21` and `09:30` as day and minute; nil when they are none.
    package static func parse(day text: String, time: String) -> (day: Int64, minute: Int)? {
        guard text.utf8.count == 10, let start = ISO8601.startOfDay(text), ISO8601.string(start).hasPrefix(text),
            let minute = parse(time: time)
        else { return nil }
        return (start / day, minute)
    }

    /// `09:30` as minutes since midnight.
    package static func parse(time: String) -> Int? {
        let parts = time.split(separator: ":").map { Int($0) }
        guard parts.count >= 2, let hour = parts[0], let minute = parts[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    /// `2026-11-21`.
    package static func text(day number: Int64) -> String { String(ISO8601.string(number * day).prefix(10)) }

    /// `09:30`.
    package static func text(minute: Int) -> String {
        let (hour, rest) = (minute % 1440).quotientAndRemainder(dividingBy: 60)
        return (hour < 10 ? "0" : "") + "\(hour):" + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
