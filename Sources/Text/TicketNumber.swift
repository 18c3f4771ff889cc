import Base

/// A number people can read out: day, counter of the day and a Damm check digit, 16 digits in all.
package enum TicketNumber {
    /// The quasigroup of order 10 from Damm's thesis: finds every wrong digit and every swap of neighbours.
    private static let table: [[Int]] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2], [7, 0, 9, 2, 1, 5, 4, 8, 6, 3], [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6], [6, 1, 2, 3, 0, 4, 5, 9, 7, 8], [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4], [8, 9, 4, 5, 3, 6, 2, 0, 1, 7], [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ]

    /// The number of the `counter`th ticket (0…9,999,999) of a day counted from 1970-01-01 in the organisation's zone.
    package static func make(day: Int64, counter: Int) -> String {
        precondition((0..<10_000_000).contains(counter))
        let date = ISO8601.civil(fromDays: day)
        let stem = padded(date.year * 10_000 + date.month * 100 + date.day, 8) + padded(counter, 7)
        return stem + String(check(stem.utf8.map { Int($0) - 48 }))
    }

    /// True for 16 ASCII digits with a real day and the right check digit.
    package static func isValid(_ text: String) -> Bool {
        let digits = text.utf8.map { Int($0) - 48 }
        guard digits.count == 16, digits.allSatisfy({ (0...9).contains($0) }), check(digits) == 0 else { return false }
        let date = digits[..<8].reduce(0) { $0 * 10 + $1 }
        let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
        guard year >= 1970, (1...12).contains(month), (1...31).contains(day) else { return false }
        return ISO8601.civil(fromDays: ISO8601.days(fromYear: year, month: month, day: day)) == (year, month, day)
    }

    /// Every valid number in a text, once each, in order: also in other scripts' digits and with single spaces or
    /// dashes.
    package static func find(in text: String) -> [String] {
        var found: [String] = []
        var run: [UInt8] = []
        var gap = 0
        for scalar in text.unicodeScalars {
            if let digit = digit(of: scalar) {
                run.append(48 + digit)
                gap = 0
            } else if !run.isEmpty, gap == 0, isJoiner(scalar) {
                gap = 1
                run.append(32)
            } else if !run.isEmpty, !isInvisible(scalar) {
                collect(run, into: &found)
                run.removeAll()
                gap = 0
            }
        }
        collect(run, into: &found)
        return found
    }

    /// Groups of digits that stand together: each start of a group may begin a number that ends with a group.
    private static func collect(_ run: [UInt8], into found: inout [String]) {
        let groups = run.split(separator: 32)
        var index = 0
        while index < groups.count {
            var digits: [UInt8] = []
            var end = index
            while end < groups.count, digits.count < 16, groups[end].count <= 16 {
                digits += groups[end]
                end += 1
            }
            let number = String(decoding: digits, as: UTF8.self)
            if digits.count == 16, isValid(number) {
                if !found.contains(number) { found.append(number) }
                index = end
            } else {
                index += 1
            }
        }
    }

    private static func check(_ digits: [Int]) -> Int { digits.reduce(0) { table[$0][$1] } }

    private static func digit(of scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0x660...0x669: UInt8(scalar.value - 0x660)
        case 0x6F0...0x6F9: UInt8(scalar.value - 0x6F0)
        case 0x966...0x96F: UInt8(scalar.value - 0x966)
        case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
        default: nil
        }
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x2D, 0xA0, 0x2010...0x2014, 0x202F, 0x3000, 0xFF0D: true
        default: false
        }
    }

    /// Marks of direction, which mail programs put around numbers in right-to-left text.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
