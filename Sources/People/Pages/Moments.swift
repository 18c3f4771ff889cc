import Base
import Foundation
import Text
import Web

/// How times are shown to one reader: in their language and their own zone.
struct Moments: Sendable {
    let language: String
    let zone: String
    let now: Milliseconds

    func moment(_ time: Milliseconds) -> Moment {
        Moment(time, at: now, language: language, zone: zone)
    }

    /// The day `2026-12-24` in words; as it is when it is none.
    func day(_ text: String) -> String {
        ISO8601.startOfDay(text).map { DateText.day($0, language: language) } ?? text
    }

    func away(_ member: Member, organisation: String) -> Phrase? {
        member.away(on: Self.today(now, zone: organisation)).map { Phrase("account-away-until", .text(day($0))) }
    }

    /// `2026-11-21`: the day in a zone. An unknown zone is UTC.
    static func today(_ now: Milliseconds, zone: String) -> String {
        Member.day(at: now, in: TimeZone(identifier: zone) ?? .gmt)
    }
}
