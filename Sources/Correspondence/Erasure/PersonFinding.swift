import Base
import Storage

/// Finds the tickets a person stands in.
struct PersonFinding: Sendable {
    /// Rows looked at in one read.
    private static let slice = 5000

    let database: Database

    /// By contact and participants, which are indexed, and by a look at every address of every message, which costs a
    /// second for a hundred thousand of them but forgets nobody.
    func tickets(of contact: ID, _ person: ErasedPerson) async throws -> [ID] {
        var found = Set(try await database.read { db in try Self.known(contact, person.addresses, in: db) })
        guard !person.addresses.isEmpty else { return found.sorted() }
        var last: ID = 0
        while true {
            let after = last
            let rows = try await database.read { db in
                try db.rows(
                    """
                    SELECT id, ticket_id, from_address FROM message WHERE id > \(after)
                    ORDER BY id LIMIT \(Self.slice)
                    """
                ).map { (try $0.int("id"), try $0.int("ticket_id"), try $0.text("from_address")) }
            }
            for row in rows where person.has(row.2) { found.insert(row.1) }
            guard rows.count == Self.slice, let id = rows.last?.0 else { break }
            last = id
        }
        found.formUnion(try await recipients(person))
        return found.sorted()
    }

    private func recipients(_ person: ErasedPerson) async throws -> Set<ID> {
        var found: Set<ID> = []
        var (message, role, place): (ID, String, Int64) = (0, "", -1)
        while true {
            let (id, kind, position) = (message, role, place)
            let rows = try await database.read { db in
                try db.rows(
                    """
                    SELECT message_id, role, position, address FROM message_address
                    WHERE message_id > \(id) OR (message_id = \(id) AND (role > \(kind)
                        OR (role = \(kind) AND position > \(position))))
                    ORDER BY message_id, role, position LIMIT \(Self.slice)
                    """)
            }
            var messages: Set<ID> = []
            for row in rows where person.has(try row.text("address")) { messages.insert(try row.int("message_id")) }
            let named = messages.sorted()
            if !named.isEmpty {
                found.formUnion(
                    try await database.read { db in
                        try db.rows("SELECT DISTINCT ticket_id FROM message WHERE id IN \(list: named)").map {
                            try $0.int("ticket_id")
                        }
                    })
            }
            guard rows.count == Self.slice, let last = rows.last else { return found }
            (message, role, place) = (
                try last.int("message_id"), try last.text("role"), try last.int("position")
            )
        }
    }

    /// At once, by indexes: for pages.
    static func known(_ contact: ID, _ addresses: Set<String>, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT id FROM ticket WHERE contact_id = \(contact)
            UNION SELECT ticket_id FROM participant WHERE address IN \(list: addresses.sorted())
            ORDER BY id
            """
        ).map { try $0.int("id") }
    }
}
