import Storage

extension Schema {
    /// What the toolkits keep: nodes, settings, jobs, the event chain, answers to repeated API calls.
    static let storage = Migration(
        "0001_storage",
        [
            """
            CREATE TABLE node (number INT NOT NULL PRIMARY KEY, fence INT NOT NULL, lease_until INT NOT NULL)
            """,
            "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
            """
            CREATE TABLE job (
                id ID, kind TEXT NOT NULL, subject_id INT NOT NULL, run_at INT NOT NULL, attempts INT NOT NULL,
                fence INT NOT NULL, holder INT NOT NULL, is_dead INT NOT NULL, error TEXT NOT NULL)
            """,
            "CREATE INDEX job_ready ON job (kind, run_at, id) WHERE is_dead = 0",
            "CREATE INDEX job_holder ON job (holder) WHERE holder >= 0",
            "CREATE INDEX job_subject ON job (subject_id)",
            """
            CREATE TABLE event (
                id ID, seq INT, at INT NOT NULL, kind TEXT NOT NULL, actor_id INT, queue_id INT, ticket_id INT,
                subject_id INT, data TEXT NOT NULL, hash BYTES)
            """,
            "CREATE UNIQUE INDEX event_seq ON event (seq)",
            "CREATE INDEX event_waiting ON event (id) WHERE seq IS NULL",
            "CREATE INDEX event_ticket ON event (ticket_id, id)",
            """
            CREATE TABLE idempotency (
                member_id INT NOT NULL, key_hash BYTES NOT NULL, request_hash BYTES NOT NULL, status INT NOT NULL,
                answer TEXT NOT NULL, at INT NOT NULL, PRIMARY KEY (member_id, key_hash))
            """,
        ])
}
