import Base
import Storage

/// The table `webhook_delivery`.
extension WebhookStore {
    /// Deliveries that were taken or given up are kept for so long.
    static let kept: Milliseconds = 30 * 86_400_000

    /// Nil when this event is on its way to this webhook already.
    func addDelivery(
        event: ID?, kind: String, body: (ID) -> String, to webhook: ID, at: Milliseconds, in db: any Connection
    ) throws -> ID? {
        let id = try ids.make()
        let added = try db.execute(
            """
            INSERT INTO webhook_delivery (id, webhook_id, event_id, kind, body, state, attempts, status, problem,
                created_at, tried_at)
            VALUES (\(id), \(webhook), \(event), \(kind), \(body(id)), 'waiting', 0, 0, '', \(at), NULL)
            ON CONFLICT (webhook_id, event_id) DO NOTHING
            """)
        return added == 1 ? id : nil
    }

    func findDelivery(_ id: ID, in db: any Connection) throws -> WebhookDelivery? {
        try db.first("SELECT * FROM webhook_delivery WHERE id = \(id)").map(Self.readDelivery)
    }

    /// Of a webhook the caller may see, newest first; before `id` where it is given.
    package func deliveries(
        of webhook: ID, before id: ID? = nil, limit: Int, in db: any Connection
    ) throws -> [WebhookDelivery] {
        try db.rows(
            """
            SELECT * FROM webhook_delivery WHERE webhook_id = \(webhook) AND id < \(id ?? ID.max)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Self.readDelivery)
    }

    func waiting(_ webhook: ID, in db: any Connection) throws -> [ID] {
        try db.rows(
            "SELECT id FROM webhook_delivery WHERE webhook_id = \(webhook) AND state = 'waiting' ORDER BY id"
        ).map { try $0.int("id") }
    }

    func countWaiting(_ webhook: ID, in db: any Connection) throws -> Int {
        Int(
            try db.int(
                "SELECT COUNT(*) AS n FROM webhook_delivery WHERE webhook_id = \(webhook) AND state = 'waiting'"))
    }

    func note(
        _ state: WebhookDelivery.State, of id: ID, status: Int, problem: String, at: Milliseconds,
        in db: any Connection
    ) throws {
        try db.execute(
            """
            UPDATE webhook_delivery SET state = \(state.rawValue), status = \(status), problem = \(problem),
                tried_at = \(at), attempts = attempts + 1
            WHERE id = \(id) AND state = 'waiting'
            """)
    }

    /// Once more, under the same id; `conflict` while it waits anyway.
    func repeatDelivery(_ id: ID, of webhook: ID, at: Milliseconds, in db: any Connection) throws {
        guard let delivery = try findDelivery(id, in: db), delivery.webhook == webhook else {
            throw Failure(.notFound, "error-not-found")
        }
        guard delivery.state != .waiting else { throw Failure(.conflict, "error-conflict") }
        try db.executeOne("UPDATE webhook_delivery SET state = 'waiting', created_at = \(at) WHERE id = \(id)")
    }

    /// Some of the oldest that do not wait, and webhooks that were removed long ago; returns how many.
    func forgetOld(at now: Milliseconds, limit: Int, in db: any Connection) throws -> Int {
        let id = max(0, now - Self.kept - IDMaker.epoch) << 21
        var count = try db.execute(
            """
            DELETE FROM webhook_delivery WHERE id IN (
                SELECT id FROM webhook_delivery WHERE id < \(id) AND state <> 'waiting' ORDER BY id LIMIT \(limit))
            """)
        let removed = try db.rows("SELECT id FROM webhook WHERE removed_at < \(now - Self.kept)")
        for row in removed {
            let webhook = try row.int("id")
            count += try db.execute(
                """
                DELETE FROM webhook_delivery WHERE id IN (
                    SELECT id FROM webhook_delivery WHERE webhook_id = \(webhook) ORDER BY id LIMIT \(limit))
                """)
            guard try deliveries(of: webhook, limit: 1, in: db).isEmpty else { continue }
            count += try db.execute("DELETE FROM webhook WHERE id = \(webhook)")
        }
        return count
    }

    private static func readDelivery(_ row: Row) throws -> WebhookDelivery {
        WebhookDelivery(
            id: try row.int("id"), webhook: try row.int("webhook_id"), kind: try row.text("kind"),
            body: try row.text("body"), state: WebhookDelivery.State(rawValue: try row.text("state")) ?? .failed,
            attempts: Int(try row.int("attempts")), status: Int(try row.int("status")),
            problem: try row.text("problem"), createdAt: try row.int("created_at"),
            triedAt: try row.optionalInt("tried_at"))
    }
}
