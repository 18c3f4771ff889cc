import Base

/// The line before each message of an mbox: `From sender date`, the date as asctime writes it.
///
/// Also taken: no sender, a zone before or after the year or none (then UTC), seconds left out, `Mon, 2 Jan 2006`, and
/// `remote from host` at the end. Without a weekday, a month, a day, a time and a year it is a line of text.
struct FromLine: Equatable {
    /// Longer lines are text.
    static let longest = 1024

    /// Nil for a date that cannot be, and for 1970-01-01T00:00:00Z, which writers put where they know none.
    let date: Milliseconds?

    /// Nil when it is a line of text. `line` may have its line end.
    init?(_ line: [UInt8]) {
        guard line.starts(with: "From ".utf8), line.count <= Self.longest + 2 else { return nil }
        let tokens = line.dropFirst(5).split { $0 <= 32 || $0 == 44 }
        guard let weekday = tokens.lastIndex(where: { Self.weekdays.contains(String(decoding: $0, as: UTF8.self)) })
        else { return nil }
        var parts = DateParts()
        for token in tokens[(weekday + 1)...].prefix(9) {
            let word = String(decoding: token, as: UTF8.self)
            if word == "remote", parts.isComplete { break }
            guard parts.take(word) else { return nil }
        }
        guard parts.isComplete else { return nil }
        date = parts.time
    }

    private static let weekdays: Set<String> = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}

/// Month, day, time, year and zone in the order they come.
private struct DateParts {
    private var month: Int?
    private var day: Int?
    private var year: Int?
    private var secondsInDay: Int?
    private var zoneMinutes: Int?

    var isComplete: Bool { month != nil && day != nil && year != nil && secondsInDay != nil }

    var time: Milliseconds? {
        guard let month, let day, let year, let secondsInDay, (1...31).contains(day), (1970...9999).contains(year)
        else {
            return nil
        }
        let days = ISO8601.days(fromYear: year, month: month, day: day)
        let seconds = days * 86_400 + Int64(secondsInDay) - Int64(zoneMinutes ?? 0) * 60
        return seconds > 0 ? seconds * 1000 : nil
    }

    /// False when the word has no place in a date.
    mutating func take(_ word: String) -> Bool {
        if month == nil, let index = Self.months.firstIndex(of: word) {
            month = index + 1
        } else if secondsInDay == nil, word.utf8.contains(58) {
            secondsInDay = Self.clock(word)
            return secondsInDay != nil
        } else if let number = Int(word), word.utf8.first.map({ (48...57).contains($0) }) == true {
            return take(number, digits: word.utf8.count)
        } else if secondsInDay != nil, zoneMinutes == nil || isComplete, let minutes = Self.zone(word) {
            zoneMinutes = zoneMinutes ?? minutes
        } else {
            return false
        }
        return true
    }

    private mutating func take(_ number: Int, digits: Int) -> Bool {
        if digits <= 2, day == nil {
            day = number
        } else if digits == 4, year == nil {
            year = number
        } else if digits == 2, year == nil {
            year = number < 70 ? 2000 + number : 1900 + number
        } else {
            return false
        }
        return true
    }

    private static func clock(_ word: String) -> Int? {
        let numbers = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard (2...3).contains(numbers.count), (0...23).contains(numbers[0]), (0...59).contains(numbers[1]) else {
            return nil
        }
        let seconds = numbers.count == 3 ? numbers[2] : 0
        return (0...60).contains(seconds) ? numbers[0] * 3600 + numbers[1] * 60 + seconds : nil
    }

    /// `+0200`, a name from the lists of old writers, or any other short name, which stands for UTC.
    private static func zone(_ word: String) -> Int? {
        let bytes = Array(word.utf8)
        if bytes.count == 5, bytes[0] == 43 || bytes[0] == 45, let number = Int(word.dropFirst()), number >= 0 {
            return (number / 100 * 60 + number % 100) * (bytes[0] == 45 ? -1 : 1)
        }
        let name = word.filter { $0 != "(" && $0 != ")" }
        guard (1...5).contains(name.utf8.count), name.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
        return (zones[name] ?? 0) * 60
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static let zones = [
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
        "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9,
    ]
}
