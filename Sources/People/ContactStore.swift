import Base
import Storage

/// A person outside.
package struct Contact: Sendable, Equatable {
    package var id: ID
    package var name: String
    /// The language they usually write in.
    package var language: String?
}

/// The tables `contact` and `contact_address`.
package struct ContactStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// The contact of an address; made when there is none. A name is only filled in, never replaced.
    package func matchSender(address: String, name: String, at: Milliseconds, in db: any Connection) throws -> Contact {
        let address = EmailAddress.folded(address)
        if let contact = try find(address: address, in: db) {
            if contact.name.isEmpty, !name.isEmpty {
                try db.executeOne("UPDATE contact SET name = \(name) WHERE id = \(contact.id)")
            }
            return contact
        }
        let id = try ids.make()
        try db.send("INSERT INTO contact (id, name, language, created_at) VALUES (\(id), \(name), NULL, \(at))")
        try db.send(
            """
            INSERT INTO contact_address (address, contact_id, is_bouncing, bounced_at)
            VALUES (\(address), \(id), 0, NULL)
            """)
        return Contact(id: id, name: name, language: nil)
    }

    /// Somebody we know by name only: they called, or came by.
    package func addNamed(_ name: String, at: Milliseconds, in db: any Connection) throws -> Contact {
        let id = try ids.make()
        try db.send("INSERT INTO contact (id, name, language, created_at) VALUES (\(id), \(name), NULL, \(at))")
        return Contact(id: id, name: name, language: nil)
    }

    package func find(address: String, in db: any Connection) throws -> Contact? {
        try db.first(
            """
            SELECT contact.* FROM contact_address JOIN contact ON contact.id = contact_address.contact_id
            WHERE contact_address.address = \(EmailAddress.folded(address))
            """
        ).map(Self.read)
    }

    package func find(_ id: ID, in db: any Connection) throws -> Contact? {
        try db.first("SELECT * FROM contact WHERE id = \(id)").map(Self.read)
    }

    /// Addresses with their bouncing mark.
    package func addresses(of id: ID, in db: any Connection) throws -> [(address: String, isBouncing: Bool)] {
        try db.rows("SELECT address, is_bouncing FROM contact_address WHERE contact_id = \(id) ORDER BY address").map {
            (try $0.text("address"), try $0.bool("is_bouncing"))
        }
    }

    package func setLanguage(_ language: String, of id: ID, in db: any Connection) throws {
        try db.send("UPDATE contact SET language = \(language) WHERE id = \(id)")
    }

    /// Marks an address after a permanent bounce; nothing when it is unknown.
    package func markBouncing(address: String, at: Milliseconds, in db: any Connection) throws {
        let address = EmailAddress.folded(address)
        try db.send("UPDATE contact_address SET is_bouncing = 1, bounced_at = \(at) WHERE address = \(address)")
    }

    /// Mail from an address shows that it works again.
    package func markWorking(address: String, in db: any Connection) throws {
        let address = EmailAddress.folded(address)
        try db.send(
            """
            UPDATE contact_address SET is_bouncing = 0, bounced_at = NULL
            WHERE address = \(address) AND is_bouncing = 1
            """
        )
    }

    private static func read(_ row: Row) throws -> Contact {
        Contact(id: try row.int("id"), name: try row.text("name"), language: try row.optionalText("language"))
    }
}
