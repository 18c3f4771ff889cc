import Base
import CICU

/// Moments in words, as a language writes them.
package enum DateText {
    private static let long: Int32 = 1
    private static let short: Int32 = 3
    private static let none: Int32 = -1
    // Seconds in a unit and ICU's number for it, longest first.
    private static let units: [(seconds: Int64, icu: Int32)] = [
        (31_556_952, 0), (2_629_746, 2), (604_800, 3), (86_400, 4), (3600, 5), (60, 6), (1, 7),
    ]

    /// `21 November 2026 at 04:30`: date and time in `zone` (`Europe/Berlin`; an unknown zone is UTC).
    package static func exact(_ time: Milliseconds, language: String, zone: String) -> String {
        ICUText.text { cicu_format_date(language, zone, long, short, Double(time), $0, $1) } ?? ISO8601.string(time)
    }

    /// `21 November 2026`.
    package static func day(_ time: Milliseconds, language: String, zone: String) -> String {
        ICUText.text { cicu_format_date(language, zone, long, -1, Double(time), $0, $1) } ?? ISO8601.string(time)
    }

    /// `21/11/2026`: as short as the language writes a day.
    package static func shortDay(_ time: Milliseconds, language: String, zone: String) -> String {
        ICUText.text { cicu_format_date(language, zone, short, -1, Double(time), $0, $1) } ?? ISO8601.string(time)
    }

    /// `04:30`, or as the language writes times of day.
    package static func time(_ time: Milliseconds, language: String, zone: String) -> String {
        ICUText.text { cicu_format_date(language, zone, none, short, Double(time), $0, $1) } ?? ISO8601.string(time)
    }

    /// `21 November 2026`: the day that begins at `time` in UTC.
    package static func day(_ time: Milliseconds, language: String) -> String {
        ICUText.text { cicu_format_date(language, "UTC", long, none, Double(time), $0, $1) }
            ?? String(ISO8601.string(time).prefix(10))
    }

    /// `3 days ago`, `in 2 hours`: `time` seen from `now`, in the largest unit that fits, rounded towards now.
    package static func relative(_ time: Milliseconds, to now: Milliseconds, language: String) -> String {
        let seconds = time / 1000 - now / 1000
        let unit = units.first { abs(seconds) >= $0.seconds } ?? (1, 7)
        let offset = Double(seconds / unit.seconds)
        return ICUText.text { cicu_format_relative(language, offset, unit.icu, $0, $1) } ?? ISO8601.string(time)
    }
}
