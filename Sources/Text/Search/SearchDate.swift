import Base

/// The dates of `before:` and `after:`, in UTC: a year, month, day or ISO 8601 time, or a span back from now.
enum SearchDate {
    private static let dayLength: Milliseconds = 86_400_000
    /// The years 1 to 9999: what ISO 8601 can write.
    private static let range =
        ISO8601.days(fromYear: 1, month: 1, day: 1) * dayLength..<ISO8601.days(fromYear: 10_000, month: 1, day: 1)
        * dayLength

    /// Throws `search-date-invalid` with the value.
    static func require(_ text: String, now: Milliseconds) throws(Failure) -> Milliseconds {
        let plain = asciiDigits(text)
        if let time = time(plain) ?? relative(plain, now: now), range.contains(time) { return time }
        throw Failure(.invalid, "search-date-invalid", arguments: [text])
    }

    /// `2026`, `2026-11`, `2026-11-21`, `2026-11-21T04:30:00.000Z`, `2026-11-21T04:30+01:00`.
    static func time(_ text: String) -> Milliseconds? {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == "t" }
        guard let day = day(parts[0]) else { return nil }
        guard parts.count == 2 else { return day }
        guard parts[0].utf8.count == 10, let inDay = inDay(parts[1]) else { return nil }
        return day + inDay
    }

    private static func day(_ text: Substring) -> Milliseconds? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { number($0) }
        guard (1...3).contains(parts.count), numbers.count == parts.count, parts[0].utf8.count == 4,
            parts.dropFirst().allSatisfy({ $0.utf8.count <= 2 })
        else { return nil }
        let date = (year: numbers[0], month: parts.count > 1 ? numbers[1] : 1, day: parts.count > 2 ? numbers[2] : 1)
        guard date.year >= 1, (1...12).contains(date.month), (1...31).contains(date.day) else { return nil }
        let days = ISO8601.days(fromYear: date.year, month: date.month, day: date.day)
        return ISO8601.civil(fromDays: days) == date ? days * dayLength : nil
    }

    private static func inDay(_ text: Substring) -> Milliseconds? {
        let zoneStart = text.firstIndex { "Zz+-".contains($0) } ?? text.endIndex
        guard let offset = offset(text[zoneStart...]) else { return nil }
        let parts = text[..<zoneStart].split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let minutes = minutes(parts[0], parts[1]) else { return nil }
        guard parts.count == 3 else { return minutes * 60_000 - offset }
        let seconds = parts[2].split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard seconds[0].utf8.count == 2, let whole = number(seconds[0]), whole < 60 else { return nil }
        guard seconds.count == 2 else { return minutes * 60_000 + Milliseconds(whole) * 1000 - offset }
        guard number(seconds[1]) != nil, let fraction = number((seconds[1] + "00").prefix(3)) else { return nil }
        return minutes * 60_000 + Milliseconds(whole * 1000 + fraction) - offset
    }

    /// Nothing is UTC, as is `Z`.
    private static func offset(_ text: Substring) -> Milliseconds? {
        guard let sign = text.first else { return 0 }
        let rest = text.dropFirst()
        if sign == "Z" || sign == "z" { return rest.isEmpty ? 0 : nil }
        let digits = rest.filter { $0 != ":" }
        guard digits.utf8.count == 2 || digits.utf8.count == 4 else { return nil }
        guard let minutes = minutes(digits.prefix(2), digits.utf8.count == 4 ? digits.suffix(2) : "00") else {
            return nil
        }
        return (sign == "-" ? -minutes : minutes) * 60_000
    }

    private static func minutes(_ hours: Substring, _ minutes: Substring) -> Milliseconds? {
        guard hours.utf8.count == 2, minutes.utf8.count == 2, let hour = number(hours), let minute = number(minutes),
            hour < 24, minute < 60
        else { return nil }
        return Milliseconds(hour * 60 + minute)
    }

    /// `7d`, `3w`, `2m`, `1y` before now; a month without that day gives its last.
    private static func relative(_ text: String, now: Milliseconds) -> Milliseconds? {
        guard let unit = text.last?.lowercased(), let count = number(text.dropLast()), count < 100_000 else {
            return nil
        }
        switch unit {
        case "d": return now - Milliseconds(count) * dayLength
        case "w": return now - Milliseconds(count) * 7 * dayLength
        case "m": return monthsBefore(now, count)
        case "y": return monthsBefore(now, count * 12)
        default: return nil
        }
    }

    private static func monthsBefore(_ now: Milliseconds, _ count: Int) -> Milliseconds {
        let inDay = ((now % dayLength) + dayLength) % dayLength
        let date = ISO8601.civil(fromDays: (now - inDay) / dayLength)
        let months = date.year * 12 + date.month - 1 - count
        let month = ((months % 12) + 12) % 12 + 1
        let year = (months - month + 1) / 12
        let first = ISO8601.days(fromYear: year, month: month, day: 1)
        let length = ISO8601.days(fromYear: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1) - first
        return (first + min(Int64(date.day), length) - 1) * dayLength + inDay
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// Digits of every script as ASCII.
    private static func asciiDigits(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
                let digit = Unicode.Scalar(48 + UInt32(value))
            {
                plain.append(digit)
            } else {
                plain.append(scalar)
            }
        }
        return String(plain)
    }
}
