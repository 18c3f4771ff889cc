import Base
import Testing

@testable import Text

struct SearchDateTests {
    /// 2026-11-21T04:30:00Z.
    private let now: Milliseconds = 1_795_235_400_000

    private func time(_ text: String) throws -> String { ISO8601.string(try SearchDate.require(text, now: now)) }

    @Test(arguments: [
        ("2026", "2026-01-01T00:00:00.000Z"), ("2026-11", "2026-11-01T00:00:00.000Z"),
        ("2026-11-21", "2026-11-21T00:00:00.000Z"), ("2026-1-5", "2026-01-05T00:00:00.000Z"),
        ("2024-02-29", "2024-02-29T00:00:00.000Z"), ("0999", "0999-01-01T00:00:00.000Z"),
        ("2026-11-21T04:30", "2026-11-21T04:30:00.000Z"), ("2026-11-21T04:30:15Z", "2026-11-21T04:30:15.000Z"),
        ("2026-11-21t04:30:15.25z", "2026-11-21T04:30:15.250Z"), ("2026-11-21T04:30+01:00", "2026-11-21T03:30:00.000Z"),
        ("2026-11-21T22:30:00-0330", "2026-11-22T02:00:00.000Z"),
        ("2026-11-21T00:10:00+01", "2026-11-20T23:10:00.000Z"),
        ("２０２６-11", "2026-11-01T00:00:00.000Z"), ("٢٠٢٦", "2026-01-01T00:00:00.000Z"),
        ("२०२६", "2026-01-01T00:00:00.000Z"),
    ])
    func `years, months, days and times are read`(text: String, expected: String) throws {
        #expect(try time(text) == expected)
    }

    @Test(arguments: [
        ("7d", "2026-11-14T04:30:00.000Z"), ("3w", "2026-10-31T04:30:00.000Z"), ("2m", "2026-09-21T04:30:00.000Z"),
        ("1y", "2025-11-21T04:30:00.000Z"), ("11m", "2025-12-21T04:30:00.000Z"), ("12M", "2025-11-21T04:30:00.000Z"),
        ("0d", "2026-11-21T04:30:00.000Z"), ("2025y", "0001-11-21T04:30:00.000Z"),
    ])
    func `spans count back from now`(text: String, expected: String) throws {
        #expect(try time(text) == expected)
    }

    @Test func `a month without that day gives its last`() throws {
        let march: Milliseconds = try #require(SearchDate.time("2024-03-31T12:00:00Z"))
        #expect(ISO8601.string(try SearchDate.require("1m", now: march)) == "2024-02-29T12:00:00.000Z")
        #expect(ISO8601.string(try SearchDate.require("13m", now: march)) == "2023-02-28T12:00:00.000Z")
    }

    @Test(arguments: [
        "2026-02-31", "2025-02-29", "2026-13", "2026-00", "2026-11-00", "26", "20261121", "0000", "yesterday", "+2026",
        "-5d",
        "d", "7h", "9999y", "99999999999d", "2026-11T04:30", "2026-11-21T", "2026-11-21T4:30", "2026-11-21T24:00",
        "2026-11-21T04:60", "2026-11-21T04:30:60", "2026-11-21T04:30:15.", "2026-11-21T04:30Z1", "2026-11-21T04:30+1",
        "0001-01-01T00:00+23:00", "9999-12-31T23:00-02:00", "2026-11-21-01", "2026--11",
    ])
    func `what is no date is refused with its text`(text: String) {
        #expect { try SearchQuery.parse("before:\"\(text)\"", now: now) } throws: { error in
            let failure = error as? Failure
            return failure?.messageKey == "search-date-invalid" && failure?.arguments == [text]
                && failure?.code == .invalid
        }
    }

    @Test func `before and after keep the time`() throws {
        let start = try #require(SearchDate.time("2026-11-21"))
        #expect(try SearchQuery.parse("before:2026-11-21", now: now).expression == .condition(.before(start)))
        #expect(try SearchQuery.parse("AFTER:2026-11-21T04:30:00Z", now: now).expression == .condition(.after(now)))
    }
}
