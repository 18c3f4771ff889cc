import Base
import Foundation
import Testing

@testable import Knowledge

/// Row 80 of the table of desks: publishing at a time, which is the time on the clock of who chose it.
@Suite struct FormMomentTests {
    @Test(arguments: [
        ("2027-01-05T09:00", "Asia/Tokyo", "2027-01-05T00:00:00.000Z"),
        ("2027-07-05T09:00", "Europe/Berlin", "2027-07-05T07:00:00.000Z"),
        // On the days on which clocks change, hours after the change.
        ("2027-03-14T05:00", "America/Los_Angeles", "2027-03-14T12:00:00.000Z"),
        ("2027-11-07T05:00", "America/Los_Angeles", "2027-11-07T13:00:00.000Z"),
        ("2027-03-28T03:30", "Europe/Berlin", "2027-03-28T01:30:00.000Z"),
        ("2027-04-04T04:30", "Australia/Sydney", "2027-04-03T18:30:00.000Z"),
        ("2027-01-05", "UTC", "2027-01-05T00:00:00.000Z"),
    ]) func `a moment of a form is that of the clock on the wall`(text: String, zone: String, moment: String) throws {
        let zone = try #require(TimeZone(identifier: zone))
        let read = try FormMoment.require(text, zone: zone)

        #expect(ISO8601.string(read) == moment)
        #expect(FormMoment.text(read, zone: zone).hasPrefix(text))
    }

    @Test(arguments: ["", "soon", "2027-13-01T00:00", "2027-01-05T24:00"])
    func `what is no moment is refused`(text: String) {
        #expect(throws: Failure.self) { try FormMoment.require(text, zone: .gmt) }
    }
}
