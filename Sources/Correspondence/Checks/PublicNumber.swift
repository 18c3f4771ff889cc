/// Numbers that look like a person's and are nobody's: days and times, years, great amounts, books, tasks and items of
/// public trackers, help lines that are free to call.
enum PublicNumber {
    /// Digits with the lengths of their groups, as they stand in a text.
    struct Run {
        let digits: [Int]
        let groups: [Int]
        let hasPlus: Bool
        let hasPoints: Bool

        /// The numbers of the groups.
        var values: [Int] {
            var rest = digits[...]
            return groups.map { length in
                let value = rest.prefix(length).reduce(0) { ($0 % 1_000_000_000) * 10 + $1 }
                rest = rest.dropFirst(length)
                return value
            }
        }
    }

    static func isPublic(_ run: Run) -> Bool {
        if isBook(run.digits) || isFreeCall(run) { return true }
        return !run.hasPlus && (isTime(run) || isAmount(run))
    }

    /// T345678, Q12345678: tasks, items, properties, lexemes.
    static func isPublic(_ name: String) -> Bool {
        guard let first = name.first, "TQPLM".contains(first) else { return false }
        return name.count <= 11 && name.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// `2026-11-22 10`, `21.-22.11.2026`, `1914-1918`: years and what goes with them.
    private static func isTime(_ run: Run) -> Bool {
        let parts = Array(zip(run.groups, run.values))
        let years = parts.filter { $0.0 == 4 && (1000...2199).contains($0.1) }
        return !years.isEmpty && parts.allSatisfy { $0.0 <= 2 || ($0.0 == 4 && (1000...2199).contains($0.1)) }
    }

    /// `1.250.000`, `10 000 000`; a telephone number of threes ends otherwise.
    private static func isAmount(_ run: Run) -> Bool {
        guard run.groups.count >= 3, run.groups[0] <= 3, run.digits.first != 0 else { return false }
        return run.groups.dropFirst().allSatisfy { $0 == 3 }
            && (run.values.last == 0 || run.groups[0] < 3 && run.hasPoints)
    }

    /// ISBN-13, whose last digit tells whether the others are right.
    private static func isBook(_ digits: [Int]) -> Bool {
        guard digits.count == 13, digits[0] == 9, digits[1] == 7, digits[2] >= 8 else { return false }
        return digits.enumerated().reduce(0) { $0 + $1.element * ($1.offset % 2 == 0 ? 1 : 3) } % 10 == 0
    }

    /// Numbers that cost the caller nothing are services, not people.
    private static func isFreeCall(_ run: Run) -> Bool {
        let number = run.digits.map(String.init).joined()
        if ["0800", "0808", "00800"].contains(where: { number.hasPrefix($0) }) { return true }
        if number.hasPrefix("1800"), number.count == 11 { return true }
        return run.hasPlus && (1...3).contains { number.dropFirst($0).hasPrefix("800") } && number.count >= 10
    }
}
