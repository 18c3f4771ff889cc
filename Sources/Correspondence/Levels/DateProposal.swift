import Base
import Foundation
import Web

/// A date in what a person wrote that may be their deadline: proposed, never set by itself.
///
/// Only what cannot be misread: `2026-12-03`, `3.12.2026` and `03/12/2026` where the day is above twelve or both
/// numbers are equal, with a time `18:00` and a zone `UTC` or `GMT+2` beside it where there is one. The first that lies
/// ahead of the message is taken.
struct DateProposal: Sendable, Equatable {
    /// `2026-12-03`, `18:00`; 17:00 where no time was named.
    var day: String
    var time: String
    /// Empty where none was named.
    var zone: String

    private static let longest = 20_000

    static func find(in text: String, sentAt: Milliseconds) -> DateProposal? {
        let words = text.prefix(longest).split { $0.isWhitespace || ",;()".contains($0) }.map(String.init)
        for (index, word) in words.enumerated() {
            guard let day = day(word), let start = ISO8601.startOfDay(day), start >= sentAt - 86_400_000,
                start < sentAt + 366 * 86_400_000
            else { continue }
            let near = words[max(0, index - 4)..<min(words.count, index + 5)]
            let time = near.compactMap(time).first
            return DateProposal(day: day, time: time ?? "17:00", zone: near.compactMap(zone).first ?? "")
        }
        return nil
    }

    func line(_ signs: Signs) -> DeadlineProposal {
        let zone = zone.isEmpty ? signs.zone.identifier : zone
        return DeadlineProposal(
            day: day, time: time, zone: zone, text: Phrase("deadline-proposal", .text("\(day) \(time)"), .text(zone)))
    }

    private static func day(_ word: String) -> String? {
        let word = word.trimmingCharacters(in: CharacterSet(charactersIn: ".!?:'\"<>[]"))
        let parts = word.split(whereSeparator: { "-./".contains($0) }).map { String($0) }
        guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        if parts[0].count == 4 { return text(numbers[0], numbers[1], numbers[2]) }
        guard parts[2].count == 4 else { return nil }
        if word.contains(".") || numbers[0] > 12 { return text(numbers[2], numbers[1], numbers[0]) }
        if numbers[1] > 12 || numbers[0] == numbers[1] { return text(numbers[2], numbers[0], numbers[1]) }
        return nil
    }

    private static func text(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard (2000...2999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let text = "\(year)-" + (month < 10 ? "0" : "") + "\(month)-" + (day < 10 ? "0" : "") + "\(day)"
        guard let start = ISO8601.startOfDay(text), ISO8601.string(start).hasPrefix(text) else { return nil }
        return text
    }

    private static func time(_ word: String) -> String? {
        let parts = word.trimmingCharacters(in: CharacterSet(charactersIn: ".!?'\"")).split(separator: ":")
        guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return (hour < 10 ? "0" : "") + "\(hour):\(parts[1])"
    }

    private static func zone(_ word: String) -> String? {
        let word = word.trimmingCharacters(in: CharacterSet(charactersIn: ".!?'\""))
        if ["UTC", "GMT"].contains(word) { return "UTC" }
        return word.contains("/") && TimeZone.knownTimeZoneIdentifiers.contains(word) ? word : nil
    }
}
