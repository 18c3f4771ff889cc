import Base
import Foundation
import Storage

/// The hours of a queue as they are entered: with the names of its holidays.
package struct QueueHours: Sendable, Equatable {
    package struct Holiday: Sendable, Equatable {
        /// `2026-12-25`
        package var day: String
        package var name: String

        package init(day: String, name: String) {
            self.day = day
            self.name = name
        }
    }

    package var zone: String
    package var week: [Int: [BusinessHours.Span]]
    package var holidays: [Holiday]

    package init(zone: String, week: [Int: [BusinessHours.Span]], holidays: [Holiday]) {
        self.zone = zone
        self.week = week
        self.holidays = holidays
    }

    package var value: BusinessHours {
        let days = holidays.compactMap { ISO8601.startOfDay($0.day) }.map { $0 / 86_400_000 }
        return BusinessHours(zone: TimeZone(identifier: zone) ?? .gmt, week: week, holidays: Set(days))
    }
}

/// The tables `queue_hours`, `queue_opening` and `queue_holiday`.
package struct HoursStore: Sendable {
    private let events: EventStore

    package init(events: EventStore) { self.events = events }

    /// Nil for a queue that has set none: it is open day and night.
    package func find(_ queue: ID, in db: any Connection) throws -> QueueHours? { try Self.read(queue, in: db) }

    static func zone(of queue: ID, in db: any Connection) throws -> TimeZone? {
        try db.first("SELECT zone FROM queue_hours WHERE queue_id = \(queue)").flatMap {
            TimeZone(identifier: try $0.text("zone"))
        }
    }

    static func read(_ queue: ID, in db: any Connection) throws -> QueueHours? {
        guard let row = try db.first("SELECT zone FROM queue_hours WHERE queue_id = \(queue)") else { return nil }
        var week: [Int: [BusinessHours.Span]] = [:]
        for opening in try db.rows(
            "SELECT * FROM queue_opening WHERE queue_id = \(queue) ORDER BY weekday, from_minute")
        {
            let span = BusinessHours.Span(
                from: Int(try opening.int("from_minute")), to: Int(try opening.int("to_minute")))
            week[Int(try opening.int("weekday")), default: []].append(span)
        }
        let holidays = try db.rows("SELECT day, name FROM queue_holiday WHERE queue_id = \(queue) ORDER BY day").map {
            QueueHours.Holiday(day: try $0.text("day"), name: try $0.text("name"))
        }
        return QueueHours(zone: try row.text("zone"), week: week, holidays: holidays)
    }

    /// Replaces the hours; nil takes them away.
    package func set(
        _ hours: QueueHours?, of queue: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute("DELETE FROM queue_hours WHERE queue_id = \(queue)")
        try db.execute("DELETE FROM queue_opening WHERE queue_id = \(queue)")
        try db.execute("DELETE FROM queue_holiday WHERE queue_id = \(queue)")
        if let hours {
            try db.execute("INSERT INTO queue_hours (queue_id, zone) VALUES (\(queue), \(hours.zone))")
            for (weekday, spans) in hours.week.sorted(by: { $0.key < $1.key }) {
                for span in spans {
                    try db.execute(
                        """
                        INSERT INTO queue_opening (queue_id, weekday, from_minute, to_minute)
                        VALUES (\(queue), \(weekday), \(span.from), \(span.to))
                        """)
                }
            }
            for holiday in hours.holidays {
                try db.execute(
                    """
                    INSERT INTO queue_holiday (queue_id, day, name) VALUES (\(queue), \(holiday.day), \(holiday.name))
                    """)
            }
        }
        try events.add(Event("queue-hours-changed", actor: actor, queue: queue), at: at, in: db)
    }
}
