import Storage

extension Schema {
    /// Webhooks and their deliveries; teams of an invitation; connections that can be brought back.
    static let webhooks = Migration(
        "0015_webhooks",
        [
            // `kinds` are kinds of events separated by spaces, empty for all. `seq`: up to there events were looked at.
            // `state` is on, off, failing (given up after days) or gone (its server said that it is).
            """
            CREATE TABLE webhook (
                id ID, member_id INT NOT NULL REFERENCES member (id), name TEXT NOT NULL, url TEXT NOT NULL,
                kinds TEXT NOT NULL, secret BYTES NOT NULL, state TEXT NOT NULL, seq INT NOT NULL,
                failures INT NOT NULL, failing_since INT, retry_at INT NOT NULL, created_at INT NOT NULL,
                removed_at INT)
            """,
            "CREATE INDEX webhook_member ON webhook (member_id)",
            // `event_id` is NULL for a trial. `state` is waiting, delivered or failed; `status` 0 without an answer.
            """
            CREATE TABLE webhook_delivery (
                id ID, webhook_id INT NOT NULL REFERENCES webhook (id), event_id INT, kind TEXT NOT NULL,
                body TEXT NOT NULL, state TEXT NOT NULL, attempts INT NOT NULL, status INT NOT NULL,
                problem TEXT NOT NULL, created_at INT NOT NULL, tried_at INT)
            """,
            "CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, id)",
            "CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook_id, event_id)",
            "CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook_id) WHERE state = 'waiting'",
            """
            CREATE TABLE invitation_team (
                invitation_id INT NOT NULL REFERENCES invitation (id), team_id INT NOT NULL REFERENCES team (id),
                PRIMARY KEY (invitation_id, team_id))
            """,
            "CREATE INDEX invitation_team_team ON invitation_team (team_id)",
            "ALTER TABLE mailbox ADD COLUMN removed_at INT",
            "ALTER TABLE mail_server ADD COLUMN removed_at INT",
        ])
}
