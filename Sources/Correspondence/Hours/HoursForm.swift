import Base
import Foundation
import Web

/// What the form of a queue's hours sends: `zone`; `from-1` `to-1` `again-1` `until-1` … `…-7` as `09:00`, empty where
/// it is shut; `holidays`, one a line: `2026-12-25 Christmas`.
struct HoursForm: Sendable {
    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    private static let holidayLimit = 500

    let zone: String
    /// From, to, again, until for each weekday, as entered.
    let times: [[String]]
    let holidays: String

    init(_ form: Form) {
        zone = form.trimmed("zone")
        times = (1...7).map { day in
            ["from", "to", "again", "until"].map { form.trimmed("\($0)-\(day)") }
        }
        holidays = form["holidays"]
    }

    init(_ hours: QueueHours?, zone: TimeZone) {
        self.zone = hours?.zone ?? zone.identifier
        times = (1...7).map { day in
            let spans = hours?.week[day] ?? []
            let shown = spans.prefix(2).flatMap { [Self.text($0.from), Self.text($0.to % 1440)] }
            return shown + Array(repeating: "", count: 4 - shown.count)
        }
        holidays = (hours?.holidays ?? []).map { "\($0.day) \($0.name)" }.joined(separator: "\n")
    }

    /// A span of a weekday, 1 for Monday, as `09:00`.
    struct Entry: Sendable {
        let day: Int
        let from: String
        let to: String
    }

    /// As the API gives them: any number of spans a day, in their order.
    static func hours(zone: String, entries: [Entry], holidays: [String]) throws(Failure) -> QueueHours {
        try requireZone(zone)
        var week: [Int: [BusinessHours.Span]] = [:]
        for entry in entries {
            week[entry.day, default: []].append(try span(entry.from, entry.to, after: week[entry.day]?.last))
        }
        guard !week.isEmpty else { throw Failure(.invalid, "hours-empty") }
        return QueueHours(zone: zone, week: week, holidays: try parsed(holidays))
    }

    private static func requireZone(_ zone: String) throws(Failure) {
        guard TimeZone.knownTimeZoneIdentifiers.contains(zone) || zone == "UTC" else {
            throw Failure(.invalid, "hours-zone-invalid")
        }
    }

    /// Throws `invalid` with what is wrong.
    func hours() throws(Failure) -> QueueHours {
        try Self.requireZone(zone)
        var week: [Int: [BusinessHours.Span]] = [:]
        for (index, day) in times.enumerated() {
            let spans = try Self.spans(day)
            if !spans.isEmpty { week[index + 1] = spans }
        }
        guard !week.isEmpty else { throw Failure(.invalid, "hours-empty") }
        return QueueHours(zone: zone, week: week, holidays: try parsedHolidays())
    }

    private static func spans(_ day: [String]) throws(Failure) -> [BusinessHours.Span] {
        var spans: [BusinessHours.Span] = []
        for pair in [day[0...1], day[2...3]] where pair.contains(where: { !$0.isEmpty }) {
            spans.append(try span(pair[pair.startIndex], pair[pair.startIndex + 1], after: spans.last))
        }
        return spans
    }

    private static func span(
        _ from: String, _ to: String, after last: BusinessHours.Span?
    ) throws(Failure) -> BusinessHours.Span {
        guard let from = minutes(from), let end = minutes(to) else { throw Failure(.invalid, "hours-time-invalid") }
        // Midnight at the end is the end of the day.
        let to = end == 0 ? 1440 : end
        guard from < to, from >= last?.to ?? 0 else { throw Failure(.invalid, "hours-order-invalid") }
        return BusinessHours.Span(from: from, to: to)
    }

    private func parsedHolidays() throws(Failure) -> [QueueHours.Holiday] {
        try Self.parsed(holidays.split(separator: "\n").map(String.init))
    }

    private static func parsed(_ lines: [String]) throws(Failure) -> [QueueHours.Holiday] {
        var days: [String: String] = [:]
        for line in lines where !line.allSatisfy(\.isWhitespace) {
            let parts = line.split(separator: " ", maxSplits: 1)
            let day = String(parts[0])
            guard day.utf8.count == 10, let time = ISO8601.startOfDay(day), ISO8601.string(time).hasPrefix(day) else {
                throw Failure(.invalid, "hours-holiday-invalid", arguments: [String(line.prefix(60))])
            }
            days[day] = parts.count > 1 ? String(parts[1].prefix(100)) : ""
        }
        guard days.count <= holidayLimit else { throw Failure(.tooLarge, "error-too-large") }
        return days.sorted { $0.key < $1.key }.map { QueueHours.Holiday(day: $0.key, name: $0.value) }
    }

    /// `09:00`; the end of the day is `24:00`.
    static func text(_ minutes: Int) -> String {
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }

    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count >= 2, let hour = parts[0], let minute = parts[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}
