import Base
import Storage

/// A mailbox of another server that is fetched by IMAP.
package struct Mailbox: Sendable, Equatable {
    package enum Security: String, Sendable, CaseIterable { case tls, startTLS = "starttls", none }
    package enum SecretKind: String, Sendable { case password, oauth }

    package var id: ID
    package var name: String
    package var queue: ID
    package var host: String
    package var port: Int
    package var security: Security
    package var login: String
    package var secretKind: SecretKind
    package var folder: String
    /// Where fetched mail is moved to; empty marks it as seen instead.
    package var moveTo: String
    package var intervalSeconds: Int
    /// `ok`, or what is wrong, as a message key.
    package var state: String
    package var checkedAt: Milliseconds?
    package var test = ConnectionTest()

    package init(
        id: ID, name: String, queue: ID, host: String, port: Int, security: Security, login: String,
        secretKind: SecretKind, folder: String, moveTo: String, intervalSeconds: Int, state: String,
        checkedAt: Milliseconds?
    ) {
        self.id = id
        self.name = name
        self.queue = queue
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.secretKind = secretKind
        self.folder = folder
        self.moveTo = moveTo
        self.intervalSeconds = intervalSeconds
        self.state = state
        self.checkedAt = checkedAt
    }
}

/// The tables `mailbox` and `mailbox_seen`. Secrets are sealed with the instance key.
package struct MailboxStore: Sendable {
    private let ids: IDMaker
    private let key: InstanceKey

    package init(ids: IDMaker, key: InstanceKey) {
        self.ids = ids
        self.key = key
    }

    package func add(_ mailbox: Mailbox, secret: String, in db: any Connection) throws -> ID {
        guard try db.first("SELECT id FROM mailbox WHERE name = \(mailbox.name)") == nil else {
            throw Failure(.conflict, "mailbox-name-taken", arguments: [mailbox.name])
        }
        let id = try ids.make()
        let sealed = try key.seal(Array(secret.utf8), for: "mailbox")
        try db.execute(
            """
            INSERT INTO mailbox (id, name, queue_id, host, port, security, login, secret, secret_kind, folder, move_to,
                interval_seconds, state, checked_at)
            VALUES (\(id), \(mailbox.name), \(mailbox.queue), \(mailbox.host), \(mailbox.port),
                \(mailbox.security.rawValue), \(mailbox.login), \(sealed), \(mailbox.secretKind.rawValue),
                \(mailbox.folder), \(mailbox.moveTo), \(mailbox.intervalSeconds), 'new', NULL)
            """)
        return id
    }

    /// Where it is and how to get in; a nil secret keeps the one there is. What was taken stays known.
    package func change(_ mailbox: Mailbox, secret: String?, in db: any Connection) throws {
        if let other = try db.first("SELECT id FROM mailbox WHERE name = \(mailbox.name)"),
            try other.int("id") != mailbox.id
        {
            throw Failure(.conflict, "mailbox-name-taken", arguments: [mailbox.name])
        }
        try db.executeOne(
            """
            UPDATE mailbox SET name = \(mailbox.name), queue_id = \(mailbox.queue), host = \(mailbox.host),
                port = \(mailbox.port), security = \(mailbox.security.rawValue), login = \(mailbox.login),
                secret_kind = \(mailbox.secretKind.rawValue), folder = \(mailbox.folder), move_to = \(mailbox.moveTo),
                interval_seconds = \(mailbox.intervalSeconds), state = 'new', checked_at = NULL, test_state = ''
            WHERE id = \(mailbox.id)
            """)
        if let secret {
            let sealed = try key.seal(Array(secret.utf8), for: "mailbox")
            try db.executeOne("UPDATE mailbox SET secret = \(sealed) WHERE id = \(mailbox.id)")
        }
    }

    package func all(in db: any Connection) throws -> [Mailbox] {
        try db.rows("SELECT * FROM mailbox WHERE removed_at IS NULL ORDER BY name").map(Self.read)
    }

    package func find(_ id: ID, in db: any Connection) throws -> Mailbox? {
        try db.first("SELECT * FROM mailbox WHERE id = \(id) AND removed_at IS NULL").map(Self.read)
    }

    package func secret(of id: ID, in db: any Connection) throws -> String {
        guard let row = try db.first("SELECT secret FROM mailbox WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return String(decoding: try key.open(try row.bytes("secret"), for: "mailbox"), as: UTF8.self)
    }

    /// In place of the one before, which may be worth nothing any more.
    package func setSecret(_ secret: String, of id: ID, in db: any Connection) throws {
        let sealed = try key.seal(Array(secret.utf8), for: "mailbox")
        try db.executeOne("UPDATE mailbox SET secret = \(sealed) WHERE id = \(id)")
    }

    /// Out of use; can be brought back until it is swept away. Its name is free for another.
    package func remove(_ id: ID, at: Milliseconds, in db: any Connection) throws {
        try Removal.hide(id, in: "mailbox", at: at, db)
    }

    package func restore(_ id: ID, in db: any Connection) throws { try Removal.show(id, in: "mailbox", db) }

    /// Those that were removed before then are gone for good, some of what they took at a time; returns how many rows.
    package func forget(removedBefore time: Milliseconds, limit: Int, in db: any Connection) throws -> Int {
        var count = 0
        for row in try db.rows("SELECT id FROM mailbox WHERE removed_at < \(time)") {
            let id = try row.int("id")
            let seen = try db.rows(
                "SELECT folder, validity, uid FROM mailbox_seen WHERE mailbox_id = \(id) LIMIT \(limit)")
            for one in seen {
                count += try db.execute(
                    """
                    DELETE FROM mailbox_seen WHERE mailbox_id = \(id) AND folder = \(try one.text("folder"))
                        AND validity = \(try one.int("validity")) AND uid = \(try one.int("uid"))
                    """)
            }
            if seen.isEmpty { count += try db.execute("DELETE FROM mailbox WHERE id = \(id)") }
        }
        return count
    }

    /// True when it is time and no other node was faster.
    package func claim(_ mailbox: Mailbox, at: Milliseconds, in db: any Connection) throws -> Bool {
        let due = at - Milliseconds(mailbox.intervalSeconds) * 1000
        return try db.execute(
            """
            UPDATE mailbox SET checked_at = \(at)
            WHERE id = \(mailbox.id) AND (checked_at IS NULL OR checked_at <= \(due))
            """) == 1
    }

    package func setState(_ state: String, of id: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute("UPDATE mailbox SET state = \(state), checked_at = \(at) WHERE id = \(id)")
    }

    /// The newest UID taken from a folder under a UIDVALIDITY; 0 for none.
    package func lastUID(of id: ID, folder: String, validity: Int64, in db: any Connection) throws -> Int64 {
        try db.int(
            """
            SELECT COALESCE(MAX(uid), 0) AS uid FROM mailbox_seen
            WHERE mailbox_id = \(id) AND folder = \(folder) AND validity = \(validity)
            """)
    }

    /// In the transaction that makes the mail durable: this, not a flag on the server, says that it was taken.
    package func noteSeen(_ uid: Int64, of id: ID, folder: String, validity: Int64, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO mailbox_seen (mailbox_id, folder, validity, uid, is_marked)
            VALUES (\(id), \(folder), \(validity), \(uid), 0)
            ON CONFLICT (mailbox_id, folder, validity, uid) DO UPDATE SET is_marked = 0
            WHERE mailbox_seen.is_marked = \(Self.refused)
            """)
    }

    /// What `is_marked` says of mail that its server does not give.
    private static let refused = 2

    /// Passed over, to be asked for again.
    package func noteRefused(_ uid: Int64, of id: ID, folder: String, validity: Int64, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO mailbox_seen (mailbox_id, folder, validity, uid, is_marked)
            VALUES (\(id), \(folder), \(validity), \(uid), \(Self.refused))
            ON CONFLICT (mailbox_id, folder, validity, uid) DO NOTHING
            """)
    }

    /// Passed over; ascending.
    package func refused(of id: ID, folder: String, validity: Int64, in db: any Connection) throws -> [Int64] {
        try db.rows(
            """
            SELECT uid FROM mailbox_seen WHERE mailbox_id = \(id) AND folder = \(folder) AND validity = \(validity)
                AND is_marked = \(Self.refused) ORDER BY uid LIMIT 1000
            """
        ).map { try $0.int("uid") }
    }

    /// No longer in the folder: nothing is left to ask for.
    package func noteGone(_ uids: [Int64], of id: ID, folder: String, validity: Int64, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE mailbox_seen SET is_marked = 1
            WHERE mailbox_id = \(id) AND folder = \(folder) AND validity = \(validity) AND uid IN \(list: uids)
                AND is_marked = \(Self.refused)
            """)
    }

    /// Taken but not yet marked or moved on the server.
    package func unmarked(of id: ID, folder: String, validity: Int64, in db: any Connection) throws -> [Int64] {
        try db.rows(
            """
            SELECT uid FROM mailbox_seen
            WHERE mailbox_id = \(id) AND folder = \(folder) AND validity = \(validity) AND is_marked = 0
            ORDER BY uid LIMIT 1000
            """
        ).map { try $0.int("uid") }
    }

    package func noteMarked(_ uids: [Int64], of id: ID, folder: String, validity: Int64, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE mailbox_seen SET is_marked = 1
            WHERE mailbox_id = \(id) AND folder = \(folder) AND validity = \(validity) AND uid IN \(list: uids)
            """)
    }

    static func read(_ row: Row) throws -> Mailbox {
        var mailbox = Mailbox(
            id: try row.int("id"), name: try row.text("name"), queue: try row.int("queue_id"),
            host: try row.text("host"),
            port: Int(try row.int("port")), security: Mailbox.Security(rawValue: try row.text("security")) ?? .tls,
            login: try row.text("login"),
            secretKind: Mailbox.SecretKind(rawValue: try row.text("secret_kind")) ?? .password,
            folder: try row.text("folder"), moveTo: try row.text("move_to"),
            intervalSeconds: Int(try row.int("interval_seconds")), state: try row.text("state"),
            checkedAt: try row.optionalInt("checked_at"))
        mailbox.test = ConnectionTest(state: try row.text("test_state"), testedAt: try row.optionalInt("tested_at"))
        return mailbox
    }
}
