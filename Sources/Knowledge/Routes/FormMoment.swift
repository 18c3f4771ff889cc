import Base
import Foundation

/// What `datetime-local` sends, in the reader's zone: `2026-11-21T14:30`.
enum FormMoment {
    static func require(_ text: String, zone: TimeZone) throws(Failure) -> Milliseconds {
        let parts = text.split(separator: "T")
        let day = parts.first.flatMap { Placeholder.day(String($0)) }
        let clock = (parts.count > 1 ? parts[1] : "00:00").split(separator: ":").prefix(2).compactMap { Int($0) }
        guard parts.count <= 2, let day, clock.count == 2, (0..<24).contains(clock[0]), (0..<60).contains(clock[1])
        else {
            throw Failure(.invalid, "knowledge-day-wrong", arguments: [String(text.prefix(40))])
        }
        let local = day + Milliseconds(clock[0] * 60 + clock[1]) * 60_000
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(local) / 1000))
        return local - Milliseconds(offset) * 1000
    }

    /// As the field takes it.
    static func text(_ time: Milliseconds?, zone: TimeZone) -> String {
        guard let time else { return "" }
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1000))
        return String(ISO8601.string(time + Milliseconds(offset) * 1000).prefix(16))
    }
}
