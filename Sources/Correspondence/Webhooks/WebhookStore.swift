import Base
import Storage

/// The tables `webhook` and `webhook_delivery`. Secrets are sealed with the instance key and shown once.
package struct WebhookStore: Sendable {
    /// How many one member may have.
    private static let most = 20

    let ids: IDMaker
    private let key: InstanceKey
    let events: EventStore

    package init(ids: IDMaker, key: InstanceKey, events: EventStore) {
        self.ids = ids
        self.key = key
        self.events = events
    }

    // MARK: - Reading

    /// One's own, and for administrators everybody's, by name.
    package func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Webhook] {
        guard Webhook.mayBeKept(by: viewer) else { throw Failure(.notFound, "error-not-found") }
        let whose: SQL = viewer.isAdministrator ? "" : "AND member_id = \(viewer.memberID)"
        return try db.rows("SELECT * FROM webhook WHERE removed_at IS NULL \(whose) ORDER BY name, id").map(Self.read)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Webhook {
        guard let webhook = try find(id, in: db), Webhook.mayBeKept(by: viewer),
            viewer.isAdministrator || webhook.member == viewer.memberID
        else { throw Failure(.notFound, "error-not-found") }
        return webhook
    }

    /// What tells its owner's things to another place is the owner's alone.
    func require(_ id: ID, of viewer: Viewer, in db: any Connection) throws -> Webhook {
        let webhook = try require(id, visibleTo: viewer, in: db)
        guard webhook.member == viewer.memberID else { throw Failure(.refused, "webhook-not-own") }
        return webhook
    }

    func find(_ id: ID, in db: any Connection) throws -> Webhook? {
        try db.first("SELECT * FROM webhook WHERE id = \(id) AND removed_at IS NULL").map(Self.read)
    }

    func secret(of id: ID, in db: any Connection) throws -> String {
        guard let row = try db.first("SELECT secret FROM webhook WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return String(decoding: try key.open(try row.bytes("secret"), for: "webhook"), as: UTF8.self)
    }

    /// Those that want to be told, oldest first.
    func listening(in db: any Connection) throws -> [Webhook] {
        try db.rows("SELECT * FROM webhook WHERE state = 'on' AND removed_at IS NULL ORDER BY id").map(Self.read)
    }

    // MARK: - Keeping

    /// Begins with what happens from now on. The secret is told here and nowhere else.
    package func add(
        _ content: WebhookContent, secret: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Webhook {
        guard Webhook.mayBeKept(by: viewer) else { throw Failure(.notFound, "error-not-found") }
        try content.validate()
        let me = viewer.memberID
        let count = try db.int(
            "SELECT COUNT(*) AS n FROM webhook WHERE member_id = \(me) AND removed_at IS NULL")
        guard count < Self.most else { throw Failure(.invalid, "webhook-too-many") }
        let id = try ids.make()
        let sealed = try key.seal(Array(secret.utf8), for: "webhook")
        try db.execute(
            """
            INSERT INTO webhook (id, member_id, name, url, kinds, secret, state, seq, failures, failing_since, retry_at,
                created_at, removed_at)
            VALUES (\(id), \(me), \(content.name), \(content.url), \(content.kinds.joined(separator: " ")), \(sealed),
                'on', \(try events.head(in: db)), 0, NULL, 0, \(at), NULL)
            """)
        try events.add(Event("webhook-added", actor: me, subject: id), at: at, in: db)
        return try require(id, visibleTo: viewer, in: db)
    }

    package func change(
        _ id: ID, to content: WebhookContent, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        _ = try require(id, of: viewer, in: db)
        try content.validate()
        try db.executeOne(
            """
            UPDATE webhook SET name = \(content.name), url = \(content.url),
                kinds = \(content.kinds.joined(separator: " ")), failures = 0, failing_since = NULL, retry_at = 0
            WHERE id = \(id)
            """)
        try events.add(Event("webhook-changed", actor: viewer.memberID, subject: id), at: at, in: db)
    }

    /// In place of the one before, which signs nothing any more.
    package func renewSecret(
        _ secret: String, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        _ = try require(id, of: viewer, in: db)
        let sealed = try key.seal(Array(secret.utf8), for: "webhook")
        try db.executeOne("UPDATE webhook SET secret = \(sealed) WHERE id = \(id)")
        try events.add(Event("webhook-secret-renewed", actor: viewer.memberID, subject: id), at: at, in: db)
    }

    /// Administrators switch others' off, never on. Switched on, what waits goes on, and events since are told.
    package func setOn(
        _ isOn: Bool, _ id: ID, by viewer: Viewer, jobs add: (ID) throws -> Void, at: Milliseconds,
        in db: any Connection
    ) throws {
        let webhook = isOn ? try require(id, of: viewer, in: db) : try require(id, visibleTo: viewer, in: db)
        guard isOn != (webhook.state == .on) else { return }
        try setState(isOn ? .on : .off, of: webhook, actor: viewer.memberID, at: at, in: db)
        if isOn { for delivery in try waiting(id, in: db) { try add(delivery) } }
    }

    func setState(
        _ state: Webhook.State, of webhook: Webhook, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.executeOne(
            """
            UPDATE webhook SET state = \(state.rawValue), failures = 0, failing_since = NULL, retry_at = 0
            WHERE id = \(webhook.id)
            """)
        let event = Event(
            "webhook-switched", actor: actor, subject: webhook.id, data: ["to": state.rawValue])
        try events.add(event, at: at, in: db)
    }

    /// Can be brought back until it is swept away.
    package func remove(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        _ = try require(id, visibleTo: viewer, in: db)
        try db.executeOne("UPDATE webhook SET removed_at = \(at) WHERE id = \(id)")
        try events.add(Event("webhook-removed", actor: viewer.memberID, subject: id), at: at, in: db)
    }

    /// What is told again begins where it ended, so that nothing is missed.
    package func restore(
        _ id: ID, by viewer: Viewer, jobs add: (ID) throws -> Void, at: Milliseconds, in db: any Connection
    ) throws {
        guard Webhook.mayBeKept(by: viewer) else { throw Failure(.notFound, "error-not-found") }
        let whose: SQL = viewer.isAdministrator ? "" : "AND member_id = \(viewer.memberID)"
        let back = try db.execute(
            "UPDATE webhook SET removed_at = NULL WHERE id = \(id) AND removed_at IS NOT NULL \(whose)")
        guard back == 1 else { throw Failure(.notFound, "error-not-found") }
        try events.add(Event("webhook-restored", actor: viewer.memberID, subject: id), at: at, in: db)
        for delivery in try waiting(id, in: db) { try add(delivery) }
    }

    // MARK: - Going on

    /// False when another node was there first.
    func advance(_ webhook: Webhook, to seq: Int64, in db: any Connection) throws -> Bool {
        try db.execute(
            """
            UPDATE webhook SET seq = \(seq)
            WHERE id = \(webhook.id) AND seq = \(webhook.seq) AND state = 'on' AND removed_at IS NULL
            """) == 1
    }

    func noteTaken(_ id: ID, in db: any Connection) throws {
        try db.execute("UPDATE webhook SET failures = 0, failing_since = NULL, retry_at = 0 WHERE id = \(id)")
    }

    func noteFailed(_ id: ID, at: Milliseconds, retryAt: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, \(at)),
                retry_at = \(retryAt)
            WHERE id = \(id)
            """)
    }

    private static func read(_ row: Row) throws -> Webhook {
        Webhook(
            id: try row.int("id"), member: try row.int("member_id"), name: try row.text("name"),
            url: try row.text("url"), kinds: try row.text("kinds").split(separator: " ").map(String.init),
            state: Webhook.State(rawValue: try row.text("state")) ?? .off, seq: try row.int("seq"),
            failures: Int(try row.int("failures")), failingSince: try row.optionalInt("failing_since"),
            retryAt: try row.int("retry_at"), createdAt: try row.int("created_at"))
    }
}
