import Base
import Mail
import Storage

/// A server that takes our mail, entered on the pages. The one in use takes the place of the configuration's.
package struct MailServer: Sendable, Equatable {
    package var id: ID
    package var name: String
    package var host: String
    package var port: Int
    package var security: SMTPServer.Security
    /// Empty for a server that asks for none.
    package var login: String
    package var isUsed: Bool
    package var test: ConnectionTest

    package init(
        id: ID, name: String, host: String, port: Int, security: SMTPServer.Security, login: String,
        isUsed: Bool = false, test: ConnectionTest = ConnectionTest()
    ) {
        self.id = id
        self.name = name
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.isUsed = isUsed
        self.test = test
    }
}

/// How the last try of a connection went.
package struct ConnectionTest: Sendable, Equatable {
    /// Until the test that was asked for has ended.
    package static let waiting = "waiting"
    package static let fine = "ok"

    /// Empty, `waiting`, `ok`, or the message key of what is wrong.
    package var state = ""
    package var testedAt: Milliseconds?

    package init(state: String = "", testedAt: Milliseconds? = nil) {
        self.state = state
        self.testedAt = testedAt
    }
}

/// The table `mail_server`. Secrets are sealed with the instance key and never leave in a page.
package struct MailServerStore: Sendable {
    private let ids: IDMaker
    private let key: InstanceKey
    private let events: EventStore

    package init(ids: IDMaker, key: InstanceKey, events: EventStore) {
        self.ids = ids
        self.key = key
        self.events = events
    }

    package func add(
        _ server: MailServer, secret: String, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let id = try ids.make()
        try requireFree(server.name, except: id, in: db)
        let sealed = try key.seal(Array(secret.utf8), for: "mail-server")
        try db.execute(
            """
            INSERT INTO mail_server (id, name, host, port, security, login, secret, is_used, test_state, tested_at)
            VALUES (\(id), \(server.name), \(server.host), \(server.port), \(server.security.rawValue),
                \(server.login), \(sealed), 0, '', NULL)
            """)
        try events.add(Event("mail-server-added", actor: actor, subject: id), at: at, in: db)
        return id
    }

    /// A nil secret keeps the one there is.
    package func change(
        _ server: MailServer, secret: String?, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try requireFree(server.name, except: server.id, in: db)
        try db.executeOne(
            """
            UPDATE mail_server SET name = \(server.name), host = \(server.host), port = \(server.port),
                security = \(server.security.rawValue), login = \(server.login), test_state = ''
            WHERE id = \(server.id)
            """)
        if let secret {
            let sealed = try key.seal(Array(secret.utf8), for: "mail-server")
            try db.executeOne("UPDATE mail_server SET secret = \(sealed) WHERE id = \(server.id)")
        }
        try events.add(Event("mail-server-changed", actor: actor, subject: server.id), at: at, in: db)
    }

    private func requireFree(_ name: String, except id: ID, in db: any Connection) throws {
        guard try db.first("SELECT id FROM mail_server WHERE name = \(name) AND id <> \(id)") == nil else {
            throw Failure(.conflict, "mailbox-name-taken", arguments: [name])
        }
    }

    package func remove(_ id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try Removal.hide(id, in: "mail_server", at: at, db)
        try events.add(Event("mail-server-removed", actor: actor, subject: id), at: at, in: db)
    }

    /// In use again, too, if it was and no other is.
    package func restore(_ id: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        if try db.first("SELECT id FROM mail_server WHERE is_used = 1 AND removed_at IS NULL") != nil {
            try db.execute("UPDATE mail_server SET is_used = 0 WHERE id = \(id)")
        }
        try Removal.show(id, in: "mail_server", db)
        try events.add(Event("mail-server-restored", actor: actor, subject: id), at: at, in: db)
    }

    /// Those that were removed before then are gone for good.
    package func forget(removedBefore time: Milliseconds, in db: any Connection) throws -> Int {
        try db.execute("DELETE FROM mail_server WHERE removed_at < \(time)")
    }

    /// All mail leaves by this one from now on; nil goes back to the configuration's.
    package func use(_ id: ID?, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.execute("UPDATE mail_server SET is_used = 0 WHERE is_used = 1")
        if let id { try db.executeOne("UPDATE mail_server SET is_used = 1 WHERE id = \(id)") }
        let kind = id == nil ? "mail-server-reset" : "mail-server-used"
        try events.add(Event(kind, actor: actor, subject: id), at: at, in: db)
    }

    package func all(in db: any Connection) throws -> [MailServer] {
        try db.rows("SELECT * FROM mail_server WHERE removed_at IS NULL ORDER BY name").map(Self.read)
    }

    package func require(_ id: ID, in db: any Connection) throws -> MailServer {
        guard let row = try db.first("SELECT * FROM mail_server WHERE id = \(id) AND removed_at IS NULL") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try Self.read(row)
    }

    /// What to connect to, with the secret; nil for a server that is gone.
    package func connection(_ id: ID, caFile: String?, in db: any Connection) throws -> SMTPServer? {
        try db.first("SELECT * FROM mail_server WHERE id = \(id) AND removed_at IS NULL").map {
            try open($0, caFile: caFile)
        }
    }

    /// The one mail leaves by; nil while that is the configuration's.
    package func usedConnection(caFile: String?, in db: any Connection) throws -> SMTPServer? {
        try db.first("SELECT * FROM mail_server WHERE is_used = 1 AND removed_at IS NULL").map {
            try open($0, caFile: caFile)
        }
    }

    private func open(_ row: Row, caFile: String?) throws -> SMTPServer {
        let server = try Self.read(row)
        let secret = String(
            decoding: try key.open(try row.bytes("secret"), for: "mail-server"), as: UTF8.self)
        return SMTPServer(
            host: server.host, port: server.port, security: server.security,
            user: server.login.isEmpty ? nil : server.login, password: server.login.isEmpty ? nil : secret,
            caFile: caFile)
    }

    private static func read(_ row: Row) throws -> MailServer {
        MailServer(
            id: try row.int("id"), name: try row.text("name"), host: try row.text("host"),
            port: Int(try row.int("port")), security: SMTPServer.Security(rawValue: try row.text("security")) ?? .tls,
            login: try row.text("login"), isUsed: try row.bool("is_used"),
            test: ConnectionTest(state: try row.text("test_state"), testedAt: try row.optionalInt("tested_at")))
    }
}
