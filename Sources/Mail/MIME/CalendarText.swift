/// What an invitation without a word of text says: the properties of its events, as they stand in it (RFC 5545).
enum CalendarText {
    private static let shown = ["SUMMARY", "DTSTART", "DTEND", "LOCATION", "ORGANIZER", "DESCRIPTION"]
    private static let mostEvents = 20

    /// A paragraph for each event: title, time, place, organiser, description. Empty when it holds none.
    static func readable(_ text: String) -> String {
        var events: [String] = []
        var event: [String: String]?
        for line in unfolded(text) {
            if line.uppercased() == "BEGIN:VEVENT" {
                event = [:]
            } else if line.uppercased() == "END:VEVENT" {
                if let event, events.count < mostEvents { events.append(paragraph(event)) }
                event = nil
            } else if event != nil, let (name, value) = property(line), event?[name] == nil {
                event?[name] = value
            }
        }
        return events.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func paragraph(_ event: [String: String]) -> String {
        let time = [event["DTSTART"], event["DTEND"]].compactMap { $0 }.joined(separator: " – ")
        let lines = [event["SUMMARY"], time, event["LOCATION"], event["ORGANIZER"], event["DESCRIPTION"]]
        return lines.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Lines that begin with a blank go on with the line before.
    private static func unfolded(_ text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: true).prefix(5000) {
            if line.first == " " || line.first == "\t", !lines.isEmpty {
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }

    /// `DTSTART;TZID=Europe/Berlin:20261122T100000` as name and readable value.
    private static func property(_ line: String) -> (String, String)? {
        var isQuoted = false
        let colon = line.firstIndex { character in
            if character == "\"" { isQuoted.toggle() }
            return character == ":" && !isQuoted
        }
        guard let colon else { return nil }
        let parts = line[..<colon].split(separator: ";")
        guard let name = parts.first?.uppercased(), shown.contains(name) else { return nil }
        let value = String(line[line.index(after: colon)...])
        guard name.hasPrefix("DT") else {
            return (name, name == "ORGANIZER" ? value.replacing("mailto:", with: "") : unescaped(value))
        }
        let zone = parts.first { $0.uppercased().hasPrefix("TZID=") }?.dropFirst(5)
        return (name, time(value) + (zone.map { " " + $0.filter { $0 != "\"" } } ?? ""))
    }

    /// `20261122T100000Z` as `2026-11-22 10:00 UTC`; what is no time stays as it is.
    private static func time(_ value: String) -> String {
        let bytes = Array(value.utf8)
        guard bytes.count >= 8, bytes[..<8].allSatisfy(ASCII.isDigit) else { return value }
        let part = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        let day = [part(0..<4), part(4..<6), part(6..<8)].joined(separator: "-")
        guard bytes.count >= 15, bytes[8] == 0x54, bytes[9..<15].allSatisfy(ASCII.isDigit) else { return day }
        return day + " " + part(9..<11) + ":" + part(11..<13) + (bytes.last == 0x5A ? " UTC" : "")
    }

    private static func unescaped(_ value: String) -> String {
        var out = ""
        var isEscaped = false
        for character in value {
            if isEscaped {
                out.append(character == "n" || character == "N" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                out.append(character)
            }
        }
        return out
    }
}
