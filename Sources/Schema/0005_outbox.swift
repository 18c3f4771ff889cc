import Storage

extension Schema {
    /// Everything that leaves us.
    static let outbox = Migration(
        "0005_outbox",
        [
            """
            CREATE TABLE outbox (
                id ID, kind TEXT NOT NULL, queue_id INT NOT NULL REFERENCES queue (id), ticket_id INT, message_id INT,
                raw_id INT NOT NULL REFERENCES raw (id), header_id TEXT NOT NULL, sender TEXT NOT NULL,
                state TEXT NOT NULL, fence INT NOT NULL, not_before INT NOT NULL, created_at INT NOT NULL,
                changed_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX outbox_header ON outbox (header_id)",
            "CREATE INDEX outbox_ticket ON outbox (ticket_id)",
            "CREATE INDEX outbox_message ON outbox (message_id)",
            "CREATE INDEX outbox_care ON outbox (state, id) WHERE state IN ('in-doubt', 'failed', 'handing-over')",
            """
            CREATE TABLE outbox_recipient (
                outbox_id INT NOT NULL REFERENCES outbox (id), address TEXT NOT NULL, state TEXT NOT NULL,
                reply TEXT NOT NULL, at INT NOT NULL, PRIMARY KEY (outbox_id, address))
            """,
        ])
}
