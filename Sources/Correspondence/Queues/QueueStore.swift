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
        let name = try requireName(name, except: nil, in: db)
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

    /// The name folded; throws `invalid`, or `conflict` when another queue has it.
    private func requireName(_ name: String, except id: ID?, in db: any Connection) throws -> String {
        let name = EmailAddress.folded(name)
        let isNameFine =
            !name.isEmpty && name.utf8.count <= 60
            && name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)
            }
        guard isNameFine else { throw Failure(.invalid, "queue-name-invalid", arguments: [name]) }
        if let other = try db.first("SELECT id FROM queue WHERE name = \(name)"), try other.int("id") != id {
            throw Failure(.conflict, "queue-name-taken", arguments: [name])
        }
        return name
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

    /// Whether mail to this address comes to a queue of ours by its own name; a catch-all alone does not count.
    package func owns(_ address: String, in db: any Connection) throws -> Bool {
        let candidates = [EmailAddress.folded(address), PlusAddress(address).base]
        return try candidates.contains {
            try db.first("SELECT queue_id FROM queue_address WHERE address = \($0)") != nil
        }
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

    /// Queues the viewer may move a ticket into: those they see, and those they may only hand over to.
    package func targets(of viewer: Viewer, in db: any Connection) throws -> [Queue] {
        try db.rows("SELECT * FROM queue WHERE id IN \(list: viewer.targets) ORDER BY name").map {
            try read($0, in: db)
        }
    }

    /// Queues the viewer keeps: all for administrators, confidential ones too, for others those they manage.
    package func all(keptBy viewer: Viewer, in db: any Connection) throws -> [Queue] {
        viewer.isAdministrator
            ? try all(in: db)
            : try db.rows("SELECT * FROM queue WHERE id IN \(list: viewer.queues(.manage)) ORDER BY name").map {
                try read($0, in: db)
            }
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, keptBy viewer: Viewer, in db: any Connection) throws -> Queue {
        guard viewer.mayKeep(queue: id) else { throw Failure(.notFound, "error-not-found") }
        return try require(id, in: db)
    }

    package func setMode(_ mode: QueueMode, of id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE queue SET mode = \(mode.rawValue) WHERE id = \(id)")
        try events.add(
            Event("queue-mode-changed", actor: actor, queue: id, data: ["mode": mode.rawValue]), at: at, in: db)
    }

    /// What administrators decide about a queue.
    package struct Settings: Sendable, Equatable {
        package var name: String
        package var displayName: String
        package var addresses: [String]
        package var mode: QueueMode
        package var isList: Bool
        package var isConfidential: Bool
        package var usesPlus: Bool

        package init(
            name: String, displayName: String, addresses: [String], mode: QueueMode, isList: Bool,
            isConfidential: Bool, usesPlus: Bool
        ) {
            self.name = name
            self.displayName = displayName
            self.addresses = addresses
            self.mode = mode
            self.isList = isList
            self.isConfidential = isConfidential
            self.usesPlus = usesPlus
        }
    }

    /// Replaces the settings; mode and confidentiality are events of their own.
    package func change(
        _ id: ID, to new: Settings, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        let old = try require(id, in: db)
        let name = try requireName(new.name, except: id, in: db)
        try db.executeOne(
            """
            UPDATE queue SET name = \(name), display_name = \(new.displayName.isEmpty ? name : new.displayName),
                is_list = \(new.isList), is_confidential = \(new.isConfidential), uses_plus = \(new.usesPlus)
            WHERE id = \(id)
            """)
        if old.addresses != new.addresses { try setAddresses(new.addresses, of: id, in: db) }
        if old.mode != new.mode { try setMode(new.mode, of: id, actor: actor, at: at, in: db) }
        if old.isConfidential != new.isConfidential {
            let kind = new.isConfidential ? "queue-made-confidential" : "queue-made-open"
            try events.add(Event(kind, actor: actor, queue: id), at: at, in: db)
            try TriageTraining.forgetHidden(ids: ids, in: db)
        }
        try events.add(Event("queue-settings-changed", actor: actor, queue: id), at: at, in: db)
    }

    package func setSignature(
        _ signature: String, of id: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.executeOne("UPDATE queue SET signature = \(signature) WHERE id = \(id)")
        try events.add(Event("queue-signature-changed", actor: actor, queue: id), at: at, in: db)
    }

    /// The text sent for a new ticket in a language; an empty text switches it off.
    package func setAcknowledgement(
        subject: String, text: String, language: String, of id: ID, in db: any Connection
    ) throws {
        guard !text.isEmpty else {
            try db.execute("DELETE FROM acknowledgement WHERE queue_id = \(id) AND language = \(language)")
            return
        }
        try db.execute(
            """
            INSERT INTO acknowledgement (queue_id, language, subject, text)
            VALUES (\(id), \(language), \(subject), \(text))
            ON CONFLICT (queue_id, language) DO UPDATE SET subject = excluded.subject, text = excluded.text
            """)
    }

    /// A text of a queue, sent or kept for later.
    package struct AcknowledgementEntry: Sendable, Equatable {
        package var language: String
        package var subject: String
        package var text: String
        package var isOn: Bool

        package init(language: String, subject: String, text: String, isOn: Bool) {
            self.language = language
            self.subject = subject
            self.text = text
            self.isOn = isOn
        }
    }

    package func acknowledgements(of id: ID, in db: any Connection) throws -> [AcknowledgementEntry] {
        try db.rows("SELECT * FROM acknowledgement WHERE queue_id = \(id) ORDER BY language").map {
            AcknowledgementEntry(
                language: try $0.text("language"), subject: try $0.text("subject"), text: try $0.text("text"),
                isOn: try $0.bool("is_on"))
        }
    }

    /// Keeps a text in one language, on or off; an empty text removes it. Throws `invalid` for a wrong placeholder.
    package func setAcknowledgement(
        _ entry: AcknowledgementEntry, of id: ID, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        if let wrong = AcknowledgementText.unknown(in: entry.subject + "\n" + entry.text).first {
            throw Failure(.invalid, "acknowledgement-placeholder-unknown", arguments: ["{{\(wrong)}}"])
        }
        guard entry.text.utf8.count <= 20_000, entry.subject.utf8.count <= 500 else {
            throw Failure(.tooLarge, "error-too-large")
        }
        try setAcknowledgement(subject: entry.subject, text: entry.text, language: entry.language, of: id, in: db)
        if !entry.text.isEmpty {
            try db.executeOne(
                """
                UPDATE acknowledgement SET is_on = \(entry.isOn)
                WHERE queue_id = \(id) AND language = \(entry.language)
                """)
        }
        try events.add(Event("acknowledgement-changed", actor: actor, queue: id), at: at, in: db)
    }

    package func hasAcknowledgement(_ id: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM acknowledgement WHERE queue_id = \(id) AND is_on = 1 LIMIT 1") != nil
    }

    /// In the language, else in English, else none; only texts that are on.
    package func acknowledgement(
        of id: ID, language: String?, in db: any Connection
    ) throws -> (language: String, subject: String, text: String)? {
        let base = language.map { String($0.prefix { $0 != "-" }) }
        for language in [language, base, "en"].compactMap({ $0 }) {
            let row = try db.first(
                """
                SELECT subject, text FROM acknowledgement
                WHERE queue_id = \(id) AND language = \(language) AND is_on = 1
                """)
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
