import Base
import Foundation

/// Of all days that a text names the one that is its deadline.
struct DateChoosing {
    /// A day that is named: where, and how far from a word that makes it a deadline.
    private struct Candidate {
        var named: DateFinding.Named
        var distance: Int
    }

    private static let reach = (before: 4, after: 10)
    /// A word on the side where the language has it not.
    private static let otherSide = 6
    private static let goalOnly = 40
    private static let nothing = 80

    private let reading: DateReading
    private let sentAt: Milliseconds
    private let zone: TimeZone

    init(_ reading: DateReading, sentAt: Milliseconds, zone: TimeZone) {
        self.reading = reading
        self.sentAt = sentAt
        self.zone = zone
    }

    func find() -> NamedDate? {
        var best: (distance: Int, date: NamedDate)?
        var hadGoal = false
        for sentence in reading.sentences {
            let hasGoal = sentence.contains { $0.meanings.contains(.goal) }
            for candidate in candidates(sentence, hasGoal: hasGoal || hadGoal) {
                guard candidate.distance < best?.distance ?? .max,
                    let date = date(candidate.named, in: sentence)
                else { continue }
                best = (candidate.distance, date)
            }
            hadGoal = hasGoal
        }
        return best?.date
    }

    private func candidates(_ sentence: [DateReading.Item], hasGoal: Bool) -> [Candidate] {
        let finding = DateFinding(sentence, language: reading.language)
        var days = finding.days()
        if days.isEmpty, let time = finding.times().first { days = [.init(day: .fromNow(0), range: time.range)] }
        return days.compactMap { named in
            let distance = distance(of: named, in: sentence, hasGoal: hasGoal)
            if distance < Self.nothing { return Candidate(named: named, distance: distance) }
            guard case .date(_, _, let year) = named.day else { return nil }
            // A date with its year is proposed as it stands, one without where an hour is beside it.
            guard year != nil || finding.time(near: named.range) != nil else { return nil }
            return Candidate(named: named, distance: distance)
        }
    }

    private func distance(of named: DateFinding.Named, in sentence: [DateReading.Item], hasGoal: Bool) -> Int {
        if named.isDeadline { return 0 }
        let isPostfix = ["ja", "zh", "hi"].contains(reading.language)
        var least = hasGoal ? Self.goalOnly : Self.nothing
        for (index, item) in sentence.enumerated() where item.meanings.contains(.until) {
            if index < named.range.lowerBound {
                let distance = named.range.lowerBound - index
                guard distance <= Self.reach.before else { continue }
                least = min(least, distance + (isPostfix ? Self.otherSide : 0))
            } else if index >= named.range.upperBound {
                let distance = index - named.range.upperBound + 1
                guard distance <= Self.reach.after else { continue }
                least = min(least, distance + (isPostfix ? 0 : Self.otherSide))
            }
        }
        return least
    }

    // MARK: - The date

    private func date(_ named: DateFinding.Named, in sentence: [DateReading.Item]) -> NamedDate? {
        let finding = DateFinding(sentence, language: reading.language)
        let said = finding.zone()
        let zone = said.flatMap(TimeZone.init(identifier:)) ?? zone
        let days = DateDays(sentAt, in: zone)
        if case .hours(let count) = named.day {
            return days.hours(count).map { NamedDate(day: $0.day, time: $0.time, zone: said ?? "") }
        }
        let minutes = finding.time(near: named.range)
        guard let day = days.day(named.day, minutes: minutes) else { return nil }
        let time = minutes.map(DateDays.time) ?? days.usualTime(on: day)
        guard days.isAhead(day) else { return nil }
        return NamedDate(day: day, time: time, zone: said ?? "")
    }
}

/// Days counted from a moment in a zone.
struct DateDays {
    private static let usual = 17 * 60
    private static let endOfDay = 23 * 60 + 59

    private let calendar: Calendar
    private let sent: Date

    init(_ sentAt: Milliseconds, in zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
        sent = Date(timeIntervalSince1970: Double(sentAt) / 1000)
    }

    static func time(_ minutes: Int) -> String {
        let minutes = min(minutes, endOfDay)
        return two(minutes / 60) + ":" + two(minutes % 60)
    }

    private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    func day(_ named: DateFinding.Day, minutes: Int?) -> String? {
        switch named {
        case .date(let day, let month, let year): date(day, month, year)
        case .weekday(let weekday, let isNextWeek): self.weekday(weekday, isNextWeek: isNextWeek, minutes: minutes)
        case .fromNow(let days): fromNow(days, minutes: minutes)
        case .hours: nil
        case .endOfWeek: weekday(5, isNextWeek: false, minutes: minutes)
        case .endOfMonth: endOfMonth()
        }
    }

    func hours(_ count: Int) -> (day: String, time: String)? {
        guard count <= 24 * 60 else { return nil }
        let date = sent.addingTimeInterval(Double(count) * 3600)
        return (text(date), Self.time(minutes(date)))
    }

    func usualTime(on day: String) -> String {
        Self.time(day == text(sent) && minutes(sent) >= Self.usual ? Self.endOfDay : Self.usual)
    }

    func isAhead(_ day: String) -> Bool {
        let last = calendar.date(byAdding: .day, value: 366, to: sent) ?? sent
        return day >= text(calendar.date(byAdding: .day, value: -1, to: sent) ?? sent) && day < text(last)
    }

    private func text(_ date: Date) -> String {
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return "\(parts.year ?? 0)-\(Self.two(parts.month ?? 0))-\(Self.two(parts.day ?? 0))"
    }

    private func minutes(_ date: Date) -> Int {
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }

    /// A date without a year is the next one.
    private func date(_ day: Int, _ month: Int, _ year: Int?) -> String? {
        let thisYear = calendar.component(.year, from: sent)
        for year in year.map({ [$0] }) ?? [thisYear, thisYear + 1] {
            let parts = DateComponents(year: year, month: month, day: day, hour: 12)
            guard (2000...2999).contains(year), parts.isValidDate(in: calendar), let date = calendar.date(from: parts)
            else { continue }
            if text(date) >= text(sent) { return text(date) }
        }
        return nil
    }

    /// Today counts while its hour lies ahead. 1 is Monday.
    private func weekday(_ weekday: Int, isNextWeek: Bool, minutes named: Int?) -> String? {
        let today = (calendar.component(.weekday, from: sent) + 5) % 7 + 1
        var days = (weekday - today + 7) % 7
        if isNextWeek {
            days = 7 - today + weekday
        } else if days == 0, minutes(sent) >= named ?? Self.usual {
            days = 7
        }
        return calendar.date(byAdding: .day, value: days, to: sent).map(text)
    }

    /// An hour of today that is over is one of tomorrow.
    private func fromNow(_ days: Int, minutes named: Int?) -> String? {
        guard days <= 366 else { return nil }
        let isOver = days == 0 && named.map { $0 <= minutes(sent) } ?? false
        return calendar.date(byAdding: .day, value: isOver ? 1 : days, to: sent).map(text)
    }

    private func endOfMonth() -> String? {
        guard let month = calendar.dateInterval(of: .month, for: sent) else { return nil }
        return text(month.end.addingTimeInterval(-3600))
    }
}
