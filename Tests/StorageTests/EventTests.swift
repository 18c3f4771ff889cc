import Base
import Testing
import TestKit

@testable import Storage

struct EventTests {
    private let ids = IDMaker(node: 1, clock: .system)

    private func sealed(_ database: Database, count: Int) async throws {
        let store = EventStore(ids: ids)
        try await database.write { db in
            for number in 0..<count {
                try store.add(
                    Event("ticket-opened", ticket: ID(number), data: ["number": "\(number)"]), at: 1000, in: db)
            }
            while try EventSealer().seal(limit: 3, in: db) != nil {}
        }
    }

    @Test(arguments: TestDatabase.kinds) func `sealed events have no gap and the chain holds`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            try await sealed(database, count: 10)

            let (head, events) = try await database.read { db in
                (
                    try EventSealer.verify(after: .start, limit: 100, in: db),
                    try db.rows("SELECT * FROM event WHERE seq > 0 ORDER BY seq").map(EventStore.read)
                )
            }

            #expect(head.seq == 10)
            #expect(events.map(\.seq) == (1...10).map { $0 })
            #expect(events.map(\.event.ticket) == (0..<10).map { $0 })
        }
    }

    @Test(
        arguments: TestDatabase.kinds,
        [
            "UPDATE event SET kind = 'ticket-merged' WHERE seq = 4", "UPDATE event SET data = 'number=9' WHERE seq = 4",
            "DELETE FROM event WHERE seq = 4", "UPDATE event SET ticket_id = NULL WHERE seq = 4",
        ]) func `an event that was changed or taken out is found`(kind: TestDatabase, change: String) async throws
    {
        try await kind.with { database in
            try await sealed(database, count: 6)
            try await database.write { try $0.execute(SQL(text: change)) }

            await #expect(throws: Failure(.internal, "")) {
                try await database.read { try EventSealer.verify(after: .start, limit: 100, in: $0) }
            }
        }
    }
}
