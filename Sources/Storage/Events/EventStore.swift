import Base
import Foundation

/// The table `event`: rows are added in the transaction of the change they tell of, and sealed later by `EventSealer`.
package struct EventStore: Sendable {
    private let ids: IDMaker
    /// Grows with every event this process adds, before its commit.
    package let added = EventCounter()

    package init(ids: IDMaker) { self.ids = ids }

    package func add(_ event: Event, at: Milliseconds, in db: any Connection) throws {
        added.increment()
        let data = Self.canonical(event.data)
        try db.send(
            """
            INSERT INTO event (id, at, kind, actor_id, queue_id, ticket_id, subject_id, data)
            VALUES (\(try ids.make()), \(at), \(event.kind), \(event.actor), \(event.queue), \(event.ticket),
                \(event.subject), \(data))
            """)
    }

    /// The newest `seq`; 0 when nothing is sealed.
    package func head(in db: any Connection) throws -> Int64 {
        try db.int("SELECT COALESCE(MAX(seq), 0) AS seq FROM event")
    }

    /// A row of the table `event`.
    package static func read(_ row: Row) throws -> StoredEvent {
        let event = Event(
            try row.text("kind"), actor: try row.optionalInt("actor_id"), queue: try row.optionalInt("queue_id"),
            ticket: try row.optionalInt("ticket_id"), subject: try row.optionalInt("subject_id"),
            data: parse(try row.text("data")))
        return StoredEvent(id: try row.int("id"), seq: try row.optionalInt("seq"), at: try row.int("at"), event: event)
    }

    /// `key=value` pairs sorted by key, joined with `;`. Neither may hold those two characters.
    static func canonical(_ data: [String: String]) -> String {
        data.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    }

    private static func parse(_ text: String) -> [String: String] {
        var data: [String: String] = [:]
        for pair in text.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { data[String(parts[0])] = String(parts[1]) }
        }
        return data
    }
}
