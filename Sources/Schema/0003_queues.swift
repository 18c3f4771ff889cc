import Storage

extension Schema {
    /// Queues, their addresses, what arrived, and mailboxes that are fetched.
    static let queues = Migration(
        "0003_queues",
        [
            """
            CREATE TABLE queue (
                id ID, name TEXT NOT NULL, display_name TEXT NOT NULL, mode TEXT NOT NULL, is_list INT NOT NULL,
                is_confidential INT NOT NULL, uses_plus INT NOT NULL, signature TEXT NOT NULL, created_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX queue_name ON queue (name)",
            """
            CREATE TABLE queue_address (
                address TEXT NOT NULL PRIMARY KEY, queue_id INT NOT NULL REFERENCES queue (id), position INT NOT NULL)
            """,
            "CREATE INDEX queue_address_queue ON queue_address (queue_id, position)",
            """
            CREATE TABLE acknowledgement (
                queue_id INT NOT NULL REFERENCES queue (id), language TEXT NOT NULL, subject TEXT NOT NULL,
                text TEXT NOT NULL, PRIMARY KEY (queue_id, language))
            """,
            """
            CREATE TABLE automatic_answer (
                id ID, queue_id INT NOT NULL, address_hash BYTES NOT NULL, at INT NOT NULL)
            """,
            "CREATE INDEX automatic_answer_address ON automatic_answer (address_hash, at)",
            "CREATE TABLE raw (id ID, size INT NOT NULL, sha256 BYTES NOT NULL)",
            """
            CREATE TABLE raw_chunk (
                raw_id INT NOT NULL REFERENCES raw (id), position INT NOT NULL, bytes BYTES NOT NULL,
                PRIMARY KEY (raw_id, position))
            """,
            """
            CREATE TABLE delivery (
                id ID, queue_id INT NOT NULL REFERENCES queue (id), raw_id INT NOT NULL REFERENCES raw (id),
                dedupe_key BYTES NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, source TEXT NOT NULL,
                received_at INT NOT NULL, state TEXT NOT NULL, deaths INT NOT NULL, message_id INT)
            """,
            "CREATE UNIQUE INDEX delivery_key ON delivery (dedupe_key)",
            """
            CREATE TABLE mailbox (
                id ID, name TEXT NOT NULL, queue_id INT NOT NULL REFERENCES queue (id), host TEXT NOT NULL,
                port INT NOT NULL, security TEXT NOT NULL, login TEXT NOT NULL, secret BYTES NOT NULL,
                secret_kind TEXT NOT NULL, folder TEXT NOT NULL, move_to TEXT NOT NULL, interval_seconds INT NOT NULL,
                state TEXT NOT NULL, checked_at INT)
            """,
            "CREATE UNIQUE INDEX mailbox_name ON mailbox (name)",
            """
            CREATE TABLE mailbox_seen (
                mailbox_id INT NOT NULL REFERENCES mailbox (id), folder TEXT NOT NULL, validity INT NOT NULL,
                uid INT NOT NULL, is_marked INT NOT NULL, PRIMARY KEY (mailbox_id, folder, validity, uid))
            """,
        ])
}
