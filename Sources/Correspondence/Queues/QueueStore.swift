import Base
import Storage

/// The tables `queue`, `queue_address` and `acknowledgement`.
package struct QueueStore: Sendable {
    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Throws `conflict` when the name or an address is taken.
    package func add(
        name: String, displayName: String, addresses: [String], isList: Bool, actor: ID?, at: Milliseconds,
        in db: any Connection
    ) throws -> Queue {
        let name = EmailAddress.folded(name)
        let isNameFine =
            !name.isEmpty && name.utf8.count <= 60
            && name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)
            }
        guard isNameFine else { throw Failure(.invalid, "queue-name-invalid", arguments: [name]) }
        guard try db.first("SELECT id FROM queue WHERE name = \(name)") == nil else {
            throw Failure(.conflict, "queue-name-taken", arguments: [name])
        }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO queue (id, name, display_name, mode, is_list, is_confidential, uses_plus, signature, created_at)
            VALUES (\(id), \(name), \(displayName.isEmpty ? name : displayName), 'live', \(isList), 0, 1, '', \(at))
            """)
        try events.add(Event("queue-added", actor: actor, queue: id), at: at, in: db)
        for address in addresses { try addAddress(address, to: id, in: db) }
        return try require(id, in: db)
    }

    /// `name@domain`, or `@domain` for all that no other queue takes. Throws `invalid` or `conflict`.
    package func addAddress(_ address: String, to id: ID, in db: any Connection) throws {
        let address = EmailAddress.folded(address)
        guard EmailAddress.isPlausible(address.hasPrefix("@") ? "x" + address : address) else {
            throw Failure(.invalid, "queue-address-invalid", arguments: [address])
        }
        guard try db.first("SELECT queue_id FROM queue_address WHERE address = \(address)") == nil else {
            throw Failure(.conflict, "queue-address-taken", arguments: [address])
        }
        let position = try db.int("SELECT COUNT(*) AS n FROM queue_address WHERE queue_id = \(id)")
        try db.execute(
            "INSERT INTO queue_address (address, queue_id, position) VALUES (\(address), \(id), \(position))")
    }

    /// Replaces the addresses; the first is the one letters are sent from.
    package func setAddresses(_ addresses: [String], of id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM queue_address WHERE queue_id = \(id)")
        for address in addresses { try addAddress(address, to: id, in: db) }
    }

    /// The queue a recipient's mail goes to: the address, else without its plus tag, else the catch-all of its domain.
    package func find(recipient: String, in db: any Connection) throws -> Queue? {
        let address = EmailAddress.folded(recipient)
        guard let (_, domain) = EmailAddress.parts(address) else { return nil }
        for candidate in [address, PlusAddress(address).base, "@" + domain] {
            if let row = try db.first("SELECT queue_id FROM queue_address WHERE address = \(candidate)") {
                return try require(try row.int("queue_id"), in: db)
            }
        }
        return nil
    }

    package func find(name: String, in db: any Connection) throws -> Queue? {
        try db.first("SELECT * FROM queue WHERE name = \(EmailAddress.folded(name))").map { try read($0, in: db) }
    }

    package func find(_ id: ID, in db: any Connection) throws -> Queue? {
        try db.first("SELECT * FROM queue WHERE id = \(id)").map { try read($0, in: db) }
    }

    package func require(_ id: ID, in db: any Connection) throws -> Queue {
        guard let queue = try find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        return queue
    }

    /// All queues by name: for the program itself, never for a page.
    package func all(in db: any Connection) throws -> [Queue] {
        try db.rows("SELECT * FROM queue ORDER BY name").map { try read($0, in: db) }
    }

    package func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Queue] {
        try db.rows("SELECT * FROM queue WHERE id IN \(list: viewer.queues(.see)) ORDER BY name").map {
            try read($0, in: db)
        }
    }

    package func setMode(_ mode: QueueMode, of id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE queue SET mode = \(mode.rawValue) WHERE id = \(id)")
        try events.add(
            Event("queue-mode-changed", actor: actor, queue: id, data: ["mode": mode.rawValue]), at: at, in: db)
    }

    package func setSignature(_ signature: String, of id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE queue SET signature = \(signature) WHERE id = \(id)")
    }

    /// The text sent for a new ticket in a language; an empty text switches it off.
    package func setAcknowledgement(
        subject: String, text: String, language: String, of id: ID, in db: any Connection
    ) throws {
        try db.execute("DELETE FROM acknowledgement WHERE queue_id = \(id) AND language = \(language)")
        guard !text.isEmpty else { return }
        try db.execute(
            """
            INSERT INTO acknowledgement (queue_id, language, subject, text)
            VALUES (\(id), \(language), \(subject), \(text))
            """)
    }

    /// In the language, else in English, else none.
    package func hasAcknowledgement(_ id: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM acknowledgement WHERE queue_id = \(id) LIMIT 1") != nil
    }

    package func acknowledgement(
        of id: ID, language: String?, in db: any Connection
    ) throws -> (language: String, subject: String, text: String)? {
        for language in [language, "en"].compactMap({ $0 }) {
            let row = try db.first(
                "SELECT subject, text FROM acknowledgement WHERE queue_id = \(id) AND language = \(language)")
            if let row { return (language, try row.text("subject"), try row.text("text")) }
        }
        return nil
    }

    private func read(_ row: Row, in db: any Connection) throws -> Queue {
        let id = try row.int("id")
        let addresses = try db.rows(
            "SELECT address FROM queue_address WHERE queue_id = \(id) ORDER BY position, address")
        return Queue(
            id: id, name: try row.text("name"), displayName: try row.text("display_name"),
            mode: QueueMode(rawValue: try row.text("mode")) ?? .shadow, isList: try row.bool("is_list"),
            isConfidential: try row.bool("is_confidential"), usesPlus: try row.bool("uses_plus"),
            signature: try row.text("signature"), addresses: try addresses.map { try $0.text("address") })
    }
}
