import Base
import CGMime

/// The Date header.
enum HeaderDate {
    /// Milliseconds UTC; nil when it is no date. GMime reads the usual forms; the others are rewritten to them.
    static func parse(_ value: [UInt8]) -> Milliseconds? {
        MIMEDocument.prepareLibrary()
        let text = EncodedWords.oneLine(value)
        guard text.utf8.count <= 200, let date = g_mime_utils_header_decode_date(usual(text)) else { return nil }
        defer { g_date_time_unref(date) }
        return Milliseconds(g_date_time_to_unix(date)) * 1000
    }

    /// Names of zones that mail programs write and GMime does not know; those that mean two things are not here.
    private static let zones = [
        "WET": "+0000", "WEST": "+0100", "BST": "+0100", "CET": "+0100", "MEZ": "+0100", "MET": "+0100",
        "CEST": "+0200", "MESZ": "+0200", "MEST": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300",
        "JST": "+0900", "KST": "+0900", "HKT": "+0800", "SGT": "+0800", "AEST": "+1000", "AEDT": "+1100",
        "NZST": "+1200", "NZDT": "+1300", "BRT": "-0300",
    ]

    private static func usual(_ text: String) -> String {
        var words = text.split(separator: " ").map(String.init)
        if let first = words.first, isDay(first.prefix(10)), let mark = first.dropFirst(10).first, "Tt".contains(mark) {
            words[0] = String(first.prefix(10))
            words.insert(contentsOf: parts(ofTime: first.dropFirst(11)), at: 1)
        }
        if !text.contains(":") {
            for index in words.indices.dropFirst(3) where isDottedTime(words[index]) {
                words[index] = words[index].replacing(".", with: ":")
            }
        }
        for index in words.indices.dropFirst() {
            if let offset = zones[words[index].uppercased()] {
                words[index] = offset
            } else if let offset = offset(words[index]) {
                words[index] = offset
            }
        }
        return words.joined(separator: " ")
    }

    /// `2026-11-20`.
    private static func isDay(_ text: Substring) -> Bool {
        text.utf8.count == 10
            && text.utf8.enumerated().allSatisfy { $0.offset == 4 || $0.offset == 7 ? $0.element == 0x2D : isDigit($0) }
    }

    private static func isDigit(_ pair: (offset: Int, element: UInt8)) -> Bool { ASCII.isDigit(pair.element) }

    /// The time and the offset of `10:00:00.123+01:00` or `10:00Z`.
    private static func parts(ofTime text: Substring) -> [String] {
        let clock = text.prefix { $0.isNumber || $0 == ":" }
        let rest = text[clock.endIndex...].drop { $0 == "." || $0.isNumber }
        let zone = rest.uppercased() == "Z" ? "+0000" : String(rest)
        return [clock.filter { $0 == ":" }.count == 1 ? clock + ":00" : String(clock)] + (zone.isEmpty ? [] : [zone])
    }

    /// `10.00` or `10.00.00`.
    private static func isDottedTime(_ word: String) -> Bool {
        let parts = word.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        return (2...3).contains(parts.count)
            && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(ASCII.isDigit) }
    }

    /// `+01:00`, also behind `GMT` or `UTC`, as `+0100`.
    private static func offset(_ word: String) -> String? {
        var bytes = Array(word.utf8)
        if ASCII.hasPrefix(bytes[...], "gmt") || ASCII.hasPrefix(bytes[...], "utc") { bytes.removeFirst(3) }
        guard let sign = bytes.first, sign == 0x2B || sign == 0x2D else { return nil }
        let digits = bytes.dropFirst().filter { $0 != 0x3A }
        guard digits.count == 4, digits.allSatisfy(ASCII.isDigit) else { return nil }
        return String(decoding: [sign] + digits, as: UTF8.self)
    }
}
