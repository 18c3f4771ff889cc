/// The days, hours and zones that a sentence names.
struct DateFinding {
    enum Day: Sendable, Equatable {
        case date(day: Int, month: Int, year: Int?)
        /// 1 is Monday.
        case weekday(Int, isNextWeek: Bool)
        case fromNow(Int), hours(Int)
        case endOfWeek, endOfMonth
    }

    struct Named {
        var day: Day
        var range: Range<Int>
        /// Needs no other word to be one.
        var isDeadline = false
    }

    private typealias Item = DateReading.Item
    private static let reach = (before: 7, after: 9)

    private let items: [DateReading.Item]
    private let language: String

    init(_ items: [DateReading.Item], language: String) {
        self.items = items
        self.language = language
    }

    // MARK: - Days

    func days() -> [Named] {
        var found: [Named] = []
        var index = 0
        while index < items.count {
            let named = numeric(index) ?? eastern(index) ?? withMonth(index) ?? span(index) ?? word(index)
            // `Wednesday, 25.11.`: the date says which.
            if let last = found.last, case .weekday = last.day, case .date = named?.day,
                index - last.range.upperBound <= 2
            {
                found.removeLast()
            }
            if let named, !isOver(named.range) { found.append(named) }
            index = max(index + 1, named?.range.upperBound ?? 0)
        }
        return found
    }

    /// `last Friday`, `vendredi dernier`, `3 days ago`.
    private func isOver(_ range: Range<Int>) -> Bool {
        let before = items[..<range.lowerBound].suffix(1)
        let after = items[range.upperBound...].prefix(1)
        return (before + after).contains { $0.meanings.contains(.past) && !$0.meanings.contains(.until) }
    }

    private func has(_ meaning: DateWords.Meaning, at index: Int) -> Bool {
        items.indices.contains(index) && items[index].meanings.contains(meaning)
    }

    private func number(_ index: Int) -> Int? { items.indices.contains(index) ? items[index].number : nil }

    private func isText(_ text: String, at index: Int) -> Bool {
        items.indices.contains(index) && items[index].text == text
    }

    /// `2026-12-03`, `3.12.2026`, `25/12/2026`, `3.12.`, and `3/12` where a language reads it one way only.
    private func numeric(_ index: Int) -> Named? {
        guard let first = number(index), let second = number(index + 2), items.indices.contains(index + 1),
            items[index + 1].touches, items[index + 2].touches
        else { return nil }
        let mark = items[index + 1].text
        guard ["-", ".", "/"].contains(mark), index == 0 || !(items[index].touches && items[index - 1].text == mark)
        else { return nil }
        if isText(mark, at: index + 3), items[index + 3].touches, let third = number(index + 4),
            items[index + 4].touches
        {
            if isText(mark, at: index + 5), items[index + 5].touches, number(index + 6) != nil { return nil }
            return whole(first, second, third, mark).map { Named(day: $0, range: index..<(index + 5)) }
        }
        let isDot = mark == "." && isText(".", at: index + 3) && ["de", "ru"].contains(language)
        let isSlash = mark == "/" && ["fr", "es", "pt", "ja", "zh"].contains(language)
        guard isDot || isSlash else { return nil }
        let isMonthFirst = ["ja", "zh"].contains(language)
        return date(
            isMonthFirst ? second : first, isMonthFirst ? first : second, nil, index..<(index + (isDot ? 4 : 3)))
    }

    private func whole(_ first: Int, _ second: Int, _ third: Int, _ mark: String) -> Day? {
        if first > 999 { return .date(day: third, month: second, year: first) }
        guard third > 999 else { return nil }
        // With the day first in most languages; in English only where it cannot be the month.
        let isDayFirst = mark == "." || first > 12 || ["de", "fr", "es", "pt", "ru"].contains(language)
        if isDayFirst { return .date(day: first, month: second, year: third) }
        return second > 12 || first == second ? .date(day: second, month: first, year: third) : nil
    }

    private func date(_ day: Int, _ month: Int, _ year: Int?, _ range: Range<Int>) -> Named? {
        guard (1...31).contains(day), (1...12).contains(month) else { return nil }
        return Named(day: .date(day: day, month: month, year: year), range: range)
    }

    /// `12月3日`, `十二月三日`, `2026年12月3日`.
    private func eastern(_ index: Int) -> Named? {
        guard let month = number(index), isText("月", at: index + 1), let day = number(index + 2),
            ["日", "号", "號"].contains(where: { isText($0, at: index + 3) })
        else { return nil }
        return date(day, month, isText("年", at: index - 1) ? number(index - 2) : nil, index..<(index + 4))
    }

    /// `3 December`, `3. Dezember 2026`, `December 3rd, 2026`, `3 de diciembre`.
    private func withMonth(_ index: Int) -> Named? {
        if let day = number(index), day <= 31, let (month, at) = month(after: index) {
            let year = year(after: at)
            return date(day, month, year?.value, index..<(year?.end ?? at + 1))
        }
        guard let month = month(at: index), let (day, at) = number(after: index), day <= 31 else { return nil }
        let year = year(after: at)
        return date(day, month, year?.value, index..<(year?.end ?? at + 1))
    }

    private func month(at index: Int) -> Int? {
        guard items.indices.contains(index) else { return nil }
        for case .month(let month) in items[index].meanings { return month }
        return nil
    }

    private func month(after index: Int) -> (month: Int, at: Int)? {
        for at in (index + 1)..<(index + 4) {
            if let month = month(at: at) { return (month, at) }
            guard isText(".", at: at) || isText("º", at: at) || has(.filler, at: at) else { return nil }
        }
        return nil
    }

    private func number(after index: Int) -> (value: Int, at: Int)? {
        for at in (index + 1)..<(index + 3) {
            if let value = number(at) { return isText(":", at: at + 1) ? nil : (value, at) }
            guard isText(".", at: at) || has(.filler, at: at) else { return nil }
        }
        return nil
    }

    private func year(after index: Int) -> (value: Int, end: Int)? {
        for at in (index + 1)..<(index + 4) {
            if let value = number(at) { return (2000...2999).contains(value) ? (value, at + 1) : nil }
            guard isText(",", at: at) || has(.filler, at: at) else { return nil }
        }
        return nil
    }

    /// `within two days`, `in 24 hours`, `3日以内`.
    private func span(_ index: Int) -> Named? {
        guard let count = number(index), count > 0, items.indices.contains(index + 1) else { return nil }
        let unit = items[index + 1].meanings
        let day: Day? =
            if unit.contains(.hours) { .hours(count) } else if unit.contains(.days) {
                .fromNow(count)
            } else if unit.contains(.weeks) { .fromNow(7 * count) } else { nil }
        guard let day else { return nil }
        let around = [index - 1, index - 2, index + 2, index + 3]
        let isWithin = around.contains { has(.within, at: $0) }
        guard isWithin || has(.later, at: index - 1) else { return nil }
        return Named(day: day, range: index..<(index + 2), isDeadline: isWithin)
    }

    private func word(_ index: Int) -> Named? {
        let range = index..<(index + 1)
        for meaning in items[index].meanings {
            switch meaning {
            case .day(let days): return Named(day: .fromNow(days), range: range)
            case .weekday(let weekday):
                // `5.` before a name of three letters is no day of the week.
                let around = (index - 3)...(index + 3)
                return Named(
                    day: .weekday(weekday, isNextWeek: around.contains { has(.nextWeek, at: $0) }), range: range)
            case .endOfWeek: return Named(day: .endOfWeek, range: range, isDeadline: isEastern)
            case .endOfMonth: return Named(day: .endOfMonth, range: range, isDeadline: isEastern)
            default: continue
            }
        }
        return nil
    }

    /// There the word itself says "until".
    private var isEastern: Bool { language == "ja" || language == "zh" }

    // MARK: - Hours and zones

    /// The hour that stands nearest, in minutes of the day.
    func time(near range: Range<Int>) -> Int? {
        let near = times().filter { time in
            time.range.lowerBound >= range.lowerBound - Self.reach.before
                && time.range.lowerBound <= range.upperBound + Self.reach.after
                && (time.range == range || !time.range.overlaps(range))
        }
        return (near.first { !$0.isNamed } ?? near.first)?.minutes
    }

    func zone() -> String? {
        for item in items { for case .zone(let zone) in item.meanings { return zone } }
        return nil
    }

    func times() -> [(minutes: Int, range: Range<Int>, isNamed: Bool)] {
        var found: [(minutes: Int, range: Range<Int>, isNamed: Bool)] = []
        var index = 0
        while index < items.count {
            if let (minutes, end) = clock(index) {
                found.append((minutes, index..<end, false))
                index = end
                continue
            }
            for case .time(let minutes) in items[index].meanings {
                found.append((minutes, index..<(index + 1), true))
            }
            index += 1
        }
        return found
    }

    /// `17:00`, `5 pm`, `17 Uhr 30`, `17h30`, `17.30 Uhr`, `午後5時半`.
    private func clock(_ index: Int) -> (minutes: Int, end: Int)? {
        guard let hour = number(index), hour <= 24 else { return nil }
        if isText(":", at: index + 1), items[index + 1].touches, let minute = number(index + 2), minute < 60,
            items[index + 2].text.count == 2
        {
            return (twelve(hour, index, index + 3) * 60 + minute, index + 3)
        }
        if isText(".", at: index + 1), let minute = number(index + 2), minute < 60, items[index + 2].text.count == 2,
            has(.oclock, at: index + 3) || has(.afternoon, at: index + 3) || has(.morning, at: index + 3)
        {
            return (twelve(hour, index, index + 3) * 60 + minute, index + 4)
        }
        if has(.oclock, at: index + 1), span(index) == nil {
            let (minute, end) = minutes(after: index + 2)
            return (twelve(hour, index, end) * 60 + minute, end)
        }
        let isHalf = [index - 1, index + 1].contains { has(.morning, at: $0) || has(.afternoon, at: $0) }
        guard isHalf && hour <= 12 || has(.at, at: index - 1), !isUnit(index + 1), !isText("月", at: index + 1),
            month(after: index) == nil
        else { return nil }
        return (twelve(hour, index, index + 1) * 60, index + 1)
    }

    private func isUnit(_ index: Int) -> Bool {
        isText("%", at: index) || has(.days, at: index) || has(.weeks, at: index) || has(.hours, at: index)
    }

    private func minutes(after index: Int) -> (minute: Int, end: Int) {
        if isText("半", at: index) { return (30, index + 1) }
        guard let minute = number(index), minute < 60, items[index].text.count == 2, month(after: index) == nil,
            !isText("月", at: index + 1), !isText(":", at: index + 1)
        else { return (0, index) }
        return (minute, index + 1)
    }

    /// Of twelve hours the second half where a word beside it says so.
    private func twelve(_ hour: Int, _ start: Int, _ end: Int) -> Int {
        let near = [start - 1, start - 2, end, end + 1]
        if hour < 12, near.contains(where: { has(.afternoon, at: $0) }) { return hour + 12 }
        return hour == 12 && near.contains(where: { has(.morning, at: $0) }) ? 0 : hour
    }
}
