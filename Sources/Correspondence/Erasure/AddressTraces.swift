import Base
import People
import Storage

/// What hangs on an address itself, and on no ticket.
struct AddressTraces: Sendable {
    /// Where members may have typed it: in searches and rules.
    private static let typed = [
        ("saved_filter", "query"), ("bulk", "query"), ("bulk", "back"), ("rule", "body"), ("rule_version", "body"),
    ]
    /// Stands in rules and searches in its place; nobody has it.
    private static let nobody = "erased@invalid.invalid"

    let key: InstanceKey

    func erase(_ addresses: Set<String>, within reach: Erasure.Reach, in db: any Connection) throws {
        let queues = reach.list
        for address in addresses.sorted() {
            let hash = AutomaticAnswers.hash(address, key)
            try db.execute("DELETE FROM automatic_answer WHERE address_hash = \(hash)")
            try db.execute(
                """
                DELETE FROM form_message WHERE submission_id IN (
                    SELECT id FROM form_submission WHERE address = \(address) AND queue_id IN \(queues))
                """)
            try db.execute("DELETE FROM form_submission WHERE address = \(address) AND queue_id IN \(queues)")
            try db.execute("DELETE FROM text_told WHERE address = \(address)")
            try db.execute("DELETE FROM blocked_sender WHERE address = \(address) AND queue_id IN \(queues)")
            try RoundStore.erase(address: address, within: queues, in: db)
            for (table, column) in Self.typed {
                try db.execute(
                    SQL(text: "UPDATE \(table) SET \(column) = REPLACE(\(column), ")
                        + "\(address), \(Self.nobody)"
                        + SQL(text: ") WHERE \(column) LIKE ") + "\(Self.pattern(address)) ESCAPE '!'")
            }
        }
    }

    private static func pattern(_ address: String) -> String {
        var text = "%"
        for character in address {
            if "%_!".contains(character) { text.append("!") }
            text.append(character)
        }
        return text + "%"
    }
}

extension ContactStore {
    func madeAt(_ id: ID, in db: any Connection) throws -> Milliseconds? {
        try db.first("SELECT created_at FROM contact WHERE id = \(id)")?.int("created_at")
    }

    /// Nothing is left of a contact but, where a ticket still names them, a row without a name.
    func erase(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM contact_address WHERE contact_id = \(id)")
        try db.execute("UPDATE contact SET name = '', language = NULL WHERE id = \(id)")
        try db.execute(
            """
            DELETE FROM contact WHERE id = \(id)
                AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.contact_id = contact.id)
                AND NOT EXISTS (SELECT 1 FROM incident_letter WHERE incident_letter.contact_id = contact.id)
            """)
    }
}
