import Foundation

/// A text as what its words mean for dates, in sentences.
struct DateReading {
    struct Item {
        var meanings: Set<DateWords.Meaning> = []
        var number: Int?
        var text: String
        var touches: Bool
    }

    let language: String
    private(set) var sentences: [[Item]] = []

    init(_ text: String, _ words: DateWords, language: String) {
        self.language = language
        let tokens = DateTokens(text).all
        var sentence: [Item] = []
        var index = 0
        while index < tokens.count {
            let token = tokens[index]
            if Self.ends(tokens, at: index) {
                sentences.append(sentence)
                sentence = []
                index += 1
                continue
            }
            let (item, length) = Self.item(tokens, at: index, words)
            sentence.append(item)
            index += max(1, length)
            if token.text == "\n" { sentence.removeLast() }
        }
        sentences.append(sentence)
    }

    /// Not the full stop of `3. Dezember`, `17.30` or `p.m.`
    private static func ends(_ tokens: [DateTokens.Token], at index: Int) -> Bool {
        let text = tokens[index].text
        if "!?。！？।".contains(text) { return true }
        if text == "\n" { return index + 1 < tokens.count && tokens[index + 1].text == "\n" }
        guard text == ".", index > 0, index + 1 < tokens.count, !tokens[index + 1].touches else { return false }
        let before = tokens[index - 1]
        return before.number == nil && before.text.count > 1
    }

    private static func item(
        _ tokens: [DateTokens.Token], at index: Int, _ words: DateWords
    ) -> (item: Item, length: Int) {
        let token = tokens[index]
        var item = Item(number: token.number, text: token.text, touches: token.touches)
        var length = 0
        for phrase in words.phrases[token.text] ?? [] {
            guard phrase.tokens.count >= max(length, 1), index + phrase.tokens.count <= tokens.count else { continue }
            guard zip(phrase.tokens, tokens[index...]).allSatisfy({ $0 == $1.text }) else { continue }
            length = phrase.tokens.count
            item.meanings.insert(phrase.meaning)
        }
        if item.number == nil, length <= 1 {
            for case .number(let number) in item.meanings { item.number = number }
        }
        if length <= 1, let (zone, count) = DateZones.zone(tokens, at: index) {
            item.meanings.insert(.zone(zone))
            return (item, count)
        }
        return (item, length)
    }
}

/// Short names of time zones, as people write them in capital letters, and distances from UTC.
enum DateZones {
    private static let names: [String: String] = [
        "UTC": "UTC", "GMT": "UTC", "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin",
        "MESZ": "Europe/Berlin", "BST": "Europe/London", "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
        "EET": "Europe/Athens", "EEST": "Europe/Athens", "MSK": "Europe/Moscow", "МСК": "Europe/Moscow",
        "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York", "CST": "America/Chicago",
        "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver", "PST": "America/Los_Angeles",
        "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles", "BRT": "America/Sao_Paulo",
        "ART": "America/Argentina/Buenos_Aires", "IST": "Asia/Kolkata", "JST": "Asia/Tokyo", "KST": "Asia/Seoul",
        "HKT": "Asia/Hong_Kong", "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney", "SAST": "Africa/Johannesburg",
        "WAT": "Africa/Lagos", "EAT": "Africa/Nairobi", "AST": "Asia/Riyadh",
    ]

    static func zone(_ tokens: [DateTokens.Token], at index: Int) -> (zone: String, count: Int)? {
        if index + 1 < tokens.count, tokens[index + 1].text == "/" { return place(tokens, at: index) }
        guard let name = names[tokens[index].written] else { return nil }
        guard name == "UTC", index + 2 < tokens.count, tokens[index + 1].touches, let hours = tokens[index + 2].number,
            hours <= 14, let sign = ["+": "-", "-": "+", "−": "+"][tokens[index + 1].written]
        else { return (name, 1) }
        // Named by what must be added to reach UTC.
        return (hours == 0 ? "UTC" : "Etc/GMT\(sign)\(hours)", 3)
    }

    /// `America/New_York`.
    private static func place(_ tokens: [DateTokens.Token], at index: Int) -> (zone: String, count: Int)? {
        let parts = tokens[index...].prefix(9)
        for count in stride(from: parts.count, through: 3, by: -2) {
            let name = parts.prefix(count).map(\.written).joined()
            if places.contains(name) { return (name, count) }
        }
        return nil
    }

    private static let places = Set(TimeZone.knownTimeZoneIdentifiers)
}
