import Storage

extension Schema {
    /// Rules, macros, checklists, assignment, and what tells near copies.
    static let rules = Migration(
        "0024_rules",
        [
            """
            CREATE TABLE text_signature (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, at INT NOT NULL,
                wording BYTES NOT NULL, topic BYTES NOT NULL)
            """,
            "CREATE INDEX text_signature_at ON text_signature (at, message_id)",
            // Of each message 16 keys; messages that share one are compared.
            """
            CREATE TABLE text_band (
                hash INT NOT NULL, at INT NOT NULL,
                message_id INT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
                PRIMARY KEY (hash, at, message_id))
            """,
        ])
}
