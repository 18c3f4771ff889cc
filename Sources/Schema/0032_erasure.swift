import Storage

extension Schema {
    /// Erasing persons: which, by whose wish, how far it got; tickets that are kept; rules of queues. No words, no
    /// names, no addresses but those members give as reasons for keeping a ticket.
    static let erasure = Migration(
        "0032_erasure",
        [
            """
            CREATE TABLE erasure (
                id ID, contact_id INT NOT NULL, cause TEXT NOT NULL, state TEXT NOT NULL,
                member_id INT REFERENCES member (id), reach TEXT NOT NULL, asked_at INT NOT NULL, done_at INT)
            """,
            "CREATE INDEX erasure_contact ON erasure (contact_id, id)",
            """
            CREATE TABLE erasure_address (
                hash BYTES NOT NULL, erasure_id INT NOT NULL REFERENCES erasure (id), PRIMARY KEY (hash, erasure_id))
            """,
            """
            CREATE TABLE erasure_ticket (
                erasure_id INT NOT NULL REFERENCES erasure (id), ticket_id INT NOT NULL, state TEXT NOT NULL,
                PRIMARY KEY (erasure_id, ticket_id))
            """,
            "CREATE INDEX erasure_ticket_waiting ON erasure_ticket (erasure_id, ticket_id) WHERE state = 'waiting'",
            """
            CREATE TABLE erased_message (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, at INT NOT NULL)
            """,
            "CREATE TABLE erased_raw (raw_id INT NOT NULL PRIMARY KEY REFERENCES raw (id))",
            """
            CREATE TABLE ticket_hold (
                ticket_id INT NOT NULL PRIMARY KEY REFERENCES ticket (id), reason TEXT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL)
            """,
            """
            CREATE TABLE queue_retention (
                queue_id INT NOT NULL PRIMARY KEY REFERENCES queue (id), months INT NOT NULL, is_on INT NOT NULL,
                member_id INT REFERENCES member (id), changed_at INT NOT NULL)
            """,
            "CREATE INDEX fact_closed ON fact (queue_id, closed_at) WHERE closed_at IS NOT NULL",
        ])
}
