import Storage

extension Schema {
    /// Public forms, and what was sent through them.
    static let forms = Migration(
        "0013_forms",
        [
            "CREATE TABLE queue_form (queue_id INT NOT NULL PRIMARY KEY REFERENCES queue (id), is_open INT NOT NULL)",
            """
            CREATE TABLE form_text (
                queue_id INT NOT NULL REFERENCES queue (id), language TEXT NOT NULL, title TEXT NOT NULL,
                intro TEXT NOT NULL, PRIMARY KEY (queue_id, language))
            """,
            """
            CREATE TABLE form_submission (
                id ID, queue_id INT NOT NULL REFERENCES queue (id), address TEXT NOT NULL, name TEXT NOT NULL,
                language TEXT NOT NULL, created_at INT NOT NULL, proven_at INT, withdrawn_at INT)
            """,
            "CREATE INDEX form_submission_address ON form_submission (address)",
            """
            CREATE TABLE form_message (
                header_hash BYTES NOT NULL PRIMARY KEY, submission_id INT NOT NULL REFERENCES form_submission (id))
            """,
            "CREATE INDEX form_message_submission ON form_message (submission_id)",
            "CREATE TABLE form_attempt (id ID, scope_hash BYTES NOT NULL, at INT NOT NULL)",
            "CREATE INDEX form_attempt_scope ON form_attempt (scope_hash, at)",
        ])
}
