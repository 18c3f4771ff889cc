/// How one language speaks of days and hours: what `NamedDate` looks for. Phrases are folded as search folds words.
struct DateWords: Sendable {
    enum Meaning: Sendable, Hashable {
        case month(Int), weekday(Int), day(Int)
        /// Inside a span from now: "within", "in the next".
        case within
        /// A span from now, where something else says that it is a deadline: "in".
        case later
        case hours, days, weeks, number(Int)
        /// Before noon, after noon; of twelve hours.
        case morning, afternoon
        /// A time of its own, in minutes.
        case time(Int)
        /// After a number, or before it, it is an hour.
        case oclock, at
        case endOfWeek, endOfMonth
        /// The day named is over; the day named is in the week that comes.
        case past, nextWeek
        /// What makes a date a deadline: beside it, or anywhere in the sentence.
        case until, goal
        case zone(String)
        /// Says nothing: "the", "of".
        case filler
    }

    /// By the first of its tokens, the longest first.
    private(set) var phrases: [String: [(tokens: [String], meaning: Meaning)]] = [:]

    /// Lines of `what: phrase | phrase`; the languages' own files hold them.
    init(_ lines: String) {
        for line in lines.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let what = line[..<colon].split(separator: " ").map(String.init)
            guard let meaning = Self.meaning(what) else { continue }
            for phrase in line[line.index(after: colon)...].split(separator: "|") {
                let tokens = DateTokens(String(phrase)).all.map(\.text)
                guard let first = tokens.first else { continue }
                phrases[first, default: []].append((tokens, meaning))
            }
        }
        for first in phrases.keys { phrases[first]?.sort { $0.tokens.count > $1.tokens.count } }
    }

    private static func meaning(_ what: [String]) -> Meaning? {
        guard let kind = what.first else { return nil }
        let number = what.count > 1 ? Int(what[1]) : nil
        if let plain = plain[kind] { return plain }
        if kind == "zone", what.count > 1 { return .zone(what[1]) }
        guard let number else { return nil }
        return switch kind {
        case "month": .month(number)
        case "weekday": .weekday(number)
        case "day": .day(number)
        case "number": .number(number)
        case "time": .time(number)
        default: nil
        }
    }

    private static let plain: [String: Meaning] = [
        "within": .within, "later": .later, "hours": .hours, "days": .days, "weeks": .weeks, "morning": .morning,
        "afternoon": .afternoon, "oclock": .oclock, "at": .at, "end-of-week": .endOfWeek,
        "end-of-month": .endOfMonth, "past": .past, "next-week": .nextWeek, "until": .until, "goal": .goal,
        "filler": .filler,
    ]

    static let languages: [String: DateWords] = [
        "en": DateWords(english), "de": DateWords(german), "fr": DateWords(french), "es": DateWords(spanish),
        "pt": DateWords(portuguese), "ru": DateWords(russian), "ar": DateWords(arabic), "hi": DateWords(hindi),
        "ja": DateWords(japanese), "zh": DateWords(chinese),
    ]
}
