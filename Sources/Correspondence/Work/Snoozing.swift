import Base
import Foundation

/// When a ticket that waits comes back: at eight in the morning of a day, in the organisation's zone. Which day
/// "tomorrow" is depends on where the member is; the hour does not, since colleagues see it and would know the zone.
struct Snoozing: Sendable {
    /// What a form offers: message key `snooze-…` and days from today.
    static let choices = [("tomorrow", 1), ("three-days", 3), ("week", 7), ("two-weeks", 14), ("month", 30)]
    private static let hour = 8
    private static let longestDays = 3660

    let zone: TimeZone
    /// Of who asks.
    let ownZone: TimeZone

    init(zone: TimeZone, ownZone: TimeZone? = nil) {
        self.zone = zone
        self.ownZone = ownZone ?? zone
    }

    /// A choice's name or a date `2026-11-21`; `invalid` for anything else and for days that are over.
    func time(choice: String, date: String, now: Milliseconds) throws(Failure) -> Milliseconds {
        let time = date.isEmpty ? day(choice: choice, now: now) : day(date: date)
        guard let time, time > now, time < now + Milliseconds(Self.longestDays) * 86_400_000 else {
            throw Failure(.invalid, "snooze-invalid")
        }
        return time
    }

    private func calendar(_ zone: TimeZone) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    private func day(choice: String, now: Milliseconds) -> Milliseconds? {
        guard let days = Self.choices.first(where: { $0.0 == choice })?.1 else { return nil }
        let (own, today) = (calendar(ownZone), Date(timeIntervalSince1970: Double(now) / 1000))
        // Far to the west of the organisation its morning of tomorrow may be over already.
        return [days, days + 1].lazy.compactMap { days -> Milliseconds? in
            let later = own.date(byAdding: .day, value: days, to: today)
            return later.flatMap { morning(own.dateComponents([.year, .month, .day], from: $0)) }
        }.first { $0 > now }
    }

    private func day(date: String) -> Milliseconds? {
        let parts = date.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else { return nil }
        let day = DateComponents(year: parts[0], month: parts[1], day: parts[2])
        return day.isValidDate(in: calendar(zone)) ? morning(day) : nil
    }

    private func morning(_ day: DateComponents) -> Milliseconds? {
        var day = day
        day.hour = Self.hour
        return calendar(zone).date(from: day).map { Milliseconds($0.timeIntervalSince1970 * 1000) }
    }
}
