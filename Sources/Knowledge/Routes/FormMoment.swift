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
        // The offset of that moment, not of the one that clocks in UTC show the same for: they differ on two days.
        return local - offset(local - offset(local, zone), zone)
    }

    private static func offset(_ time: Milliseconds, _ zone: TimeZone) -> Milliseconds {
        Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1000))) * 1000
    }

    /// As the field takes it.
    static func text(_ time: Milliseconds?, zone: TimeZone) -> String {
        guard let time else { return "" }
        return String(ISO8601.string(time + offset(time, zone)).prefix(16))
    }
}
