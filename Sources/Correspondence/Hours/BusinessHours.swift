import Base
import Foundation

/// When a queue is open: spans of local time on weekdays, without holidays, in a time zone.
///
/// A moment is open when the clock on the wall shows a time inside a span of its weekday: an hour that happens twice in
/// autumn counts twice, one that is left out in spring does not count.
package struct BusinessHours: Sendable, Equatable {
    /// Minutes since midnight of the wall clock; `to` is not in it and at most 1,440.
    package struct Span: Sendable, Equatable {
        package var from: Int
        package var to: Int

        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    private static let day: Milliseconds = 86_400_000
    /// How far ahead an opening is looked for.
    private static let horizon: Milliseconds = 800 * day

    package let zone: TimeZone
    /// 1 is Monday, 7 is Sunday; spans do not overlap.
    package let week: [Int: [Span]]
    /// Local days since 1970-01-01.
    package let holidays: Set<Int64>

    package init(zone: TimeZone, week: [Int: [Span]], holidays: Set<Int64>) {
        self.zone = zone
        self.week = week
        self.holidays = holidays
    }

    /// Open day and night: for queues that have set no hours.
    package static let always = BusinessHours(
        zone: .gmt,
        week: Dictionary(uniqueKeysWithValues: (1...7).map { ($0, [Span(from: 0, to: 1440)]) }), holidays: [])

    /// Milliseconds that were open between two moments; 0 when `end` is not after `start`.
    package func openTime(from start: Milliseconds, to end: Milliseconds) -> Milliseconds {
        var sum: Milliseconds = 0
        eachOpening(from: start, to: end) { opening in
            sum += opening.upperBound - opening.lowerBound
            return true
        }
        return sum
    }

    /// The moment at which so much open time has passed since `start`; nil when that is more than two years away.
    package func moment(after openTime: Milliseconds, from start: Milliseconds) -> Milliseconds? {
        guard openTime > 0 else { return start }
        var left = openTime
        var found: Milliseconds?
        eachOpening(from: start, to: start + Self.horizon) { opening in
            let length = opening.upperBound - opening.lowerBound
            if length >= left {
                found = opening.lowerBound + left
                return false
            }
            left -= length
            return true
        }
        return found
    }

    package func isOpen(at moment: Milliseconds) -> Bool { openTime(from: moment, to: moment + 1) == 1 }

    /// Openings between two moments in their order, while `body` says true.
    private func eachOpening(
        from start: Milliseconds, to end: Milliseconds, _ body: (Range<Milliseconds>) -> Bool
    ) {
        var start = start
        while start < end {
            let date = Date(timeIntervalSince1970: Double(start) / 1000)
            let offset = Milliseconds(zone.secondsFromGMT(for: date)) * 1000
            let next = zone.nextDaylightSavingTimeTransition(after: date).map {
                Milliseconds(($0.timeIntervalSince1970 * 1000).rounded())
            }
            let part = min(end, max(next ?? end, start + 1))
            guard eachOpening(local: start + offset..<part + offset, offset: offset, body) else { return }
            start = part
        }
    }

    /// The same within a stretch of time in which the zone's offset stays.
    private func eachOpening(
        local: Range<Milliseconds>, offset: Milliseconds, _ body: (Range<Milliseconds>) -> Bool
    ) -> Bool {
        for number in Self.dayNumber(local.lowerBound)...Self.dayNumber(local.upperBound - 1) {
            guard !holidays.contains(number), let spans = week[Self.weekday(number)] else { continue }
            for span in spans {
                let from = max(local.lowerBound, number * Self.day + Milliseconds(span.from) * 60_000)
                let to = min(local.upperBound, number * Self.day + Milliseconds(span.to) * 60_000)
                if from < to, !body(from - offset..<to - offset) { return false }
            }
        }
        return true
    }

    private static func dayNumber(_ local: Milliseconds) -> Int64 {
        local >= 0 ? local / day : -((-local + day - 1) / day)
    }

    /// 1970-01-01 was a Thursday.
    private static func weekday(_ number: Int64) -> Int { Int(((number + 3) % 7 + 7) % 7) + 1 }
}
