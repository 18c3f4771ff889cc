import Foundation

/// Milliseconds since 1970-01-01T00:00:00Z.
package typealias Milliseconds = Int64

/// Where the time comes from: passed in, never looked up.
package struct Clock: Sendable {
    package let now: @Sendable () -> Milliseconds

    package init(now: @escaping @Sendable () -> Milliseconds) { self.now = now }

    /// The machine's clock.
    package static let system = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Milliseconds(time.tv_sec) * 1000 + Milliseconds(time.tv_nsec / 1_000_000)
    }
}

/// Days and ISO 8601 from milliseconds, without a time zone database.
package enum ISO8601 {
    /// `2026-11-21T04:30:00.000Z`.
    package static func string(_ time: Milliseconds) -> String {
        let (days, inDay) = time.quotientAndRemainder(floorDividingBy: 86_400_000)
        let date = civil(fromDays: days)
        return pad(date.year, 4) + "-" + pad(date.month, 2) + "-" + pad(date.day, 2) + "T"
            + pad(Int(inDay / 3_600_000), 2) + ":" + pad(Int(inDay / 60_000 % 60), 2) + ":"
            + pad(Int(inDay / 1000 % 60), 2) + "." + pad(Int(inDay % 1000), 3) + "Z"
    }

    /// Start of the UTC day `2026-11-21` or `2026-11` or `2026`; nil when it is no date.
    package static func startOfDay(_ text: String) -> Milliseconds? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0 != nil }) else { return nil }
        let numbers = parts.compactMap { $0 } + [1, 1]
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        return days(fromYear: year, month: month, day: day) * 86_400_000
    }

    /// Year, month and day of a count of days since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms").
    package static func civil(fromDays days: Int64) -> (year: Int, month: Int, day: Int) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * mp + 2) / 5 + 1))
    }

    /// Days since 1970-01-01 of a date (same source).
    package static func days(fromYear year: Int, month: Int, day: Int) -> Int64 {
        let y = Int64(month <= 2 ? year - 1 : year)
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func quotientAndRemainder(floorDividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
