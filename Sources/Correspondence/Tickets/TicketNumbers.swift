import Base
import Foundation
import Storage
import Text

/// Numbers of new tickets. Today's are drawn in blocks of 20, each in a transaction of its own, so that writers share
/// no row; gaps are allowed and order is not promised. Those of past days (imports) are counted where they are used.
package actor TicketNumbers {
    private static let block: Int64 = 20

    private let database: Database
    private let zone: TimeZone
    /// Numbers drawn and not used yet, by day.
    private var free: [Int64: [Int64]] = [:]

    package init(database: Database, zone: TimeZone) {
        self.database = database
        self.zone = zone
    }

    /// A number for today.
    package func draw(at time: Milliseconds) async throws -> String {
        try await draw(1, at: time)[0]
    }

    package func draw(_ count: Int, at time: Milliseconds) async throws -> [String] {
        let today = Self.day(of: time, in: zone)
        free = free.filter { $0.key >= today - 1 }
        // Others draw from the same block while we wait for the next one: look again each time.
        while free[today, default: []].count < count {
            let wanted = max(Self.block, Int64(count - free[today, default: []].count))
            let last = try await database.write { try Self.take(wanted, of: today, in: $0) }
            free[today, default: []] += Array(last - wanted..<last)
        }
        let drawn = free[today, default: []].prefix(count)
        free[today]?.removeFirst(count)
        return try drawn.map { try Self.number(day: today, counter: $0) }
    }

    /// A number for the day of an imported mail, inside its transaction.
    static func drawPast(day: Int64, in db: any Connection) throws -> String {
        try number(day: day, counter: take(1, of: day, in: db) - 1)
    }

    /// Days since 1970-01-01 of a moment in a zone.
    static func day(of time: Milliseconds, in zone: TimeZone) -> Int64 {
        let date = Date(timeIntervalSince1970: Double(time) / 1000)
        let local = max(0, time + Milliseconds(zone.secondsFromGMT(for: date)) * 1000)
        return local / 86_400_000
    }

    /// Returns the counter after the block.
    private static func take(_ count: Int64, of day: Int64, in db: any Connection) throws -> Int64 {
        try db.int(
            """
            INSERT INTO ticket_counter (day, next) VALUES (\(day), \(count + 1))
            ON CONFLICT (day) DO UPDATE SET next = ticket_counter.next + \(count) RETURNING next
            """)
    }

    private static func number(day: Int64, counter: Int64) throws -> String {
        guard counter < 10_000_000 else {
            throw Failure(.tooMany, "error-too-many", details: "ticket numbers of \(day)")
        }
        return TicketNumber.make(day: day, counter: Int(counter))
    }
}
