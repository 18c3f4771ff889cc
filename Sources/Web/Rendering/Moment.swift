import Base
import Text

/// A time as people read it: how long ago, with the exact one in the title.
package struct Moment: Sendable, Equatable {
    package let age: Phrase
    /// Date and time in the reader's zone and language.
    package let exact: String
    /// ISO 8601.
    package let machine: String

    package init(age: Phrase, exact: String, machine: String) {
        self.age = age
        self.exact = exact
        self.machine = machine
    }

    /// A time in milliseconds UTC for a reader: `language` BCP 47, `zone` of the IANA database.
    package init(_ time: Int64, at now: Int64, language: String, zone: String) {
        self.init(
            age: Self.age(of: time, at: now), exact: DateText.exact(time, language: language, zone: zone),
            machine: ISO8601.string(time))
    }

    /// How long ago, from milliseconds UTC. No months: nobody counts them the same.
    package static func age(of time: Int64, at now: Int64) -> Phrase {
        let minutes = Int(max(0, now - time) / 60_000)
        return switch minutes {
        case 0: Phrase("web-age-now")
        case ..<60: Phrase("web-age-minutes", .number(minutes))
        case ..<(48 * 60): Phrase("web-age-hours", .number(max(1, minutes / 60)))
        case ..<(70 * 1440): Phrase("web-age-days", .number(minutes / 1440))
        case ..<(730 * 1440): Phrase("web-age-weeks", .number(minutes / 10_080))
        default: Phrase("web-age-years", .number(minutes / 525_960))
        }
    }
}
