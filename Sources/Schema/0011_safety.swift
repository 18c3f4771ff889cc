import Storage

extension Schema {
    /// Redactions, protected tickets, labels that close a ticket's files, and senders nobody answers.
    static let safety = Migration(
        "0011_safety",
        [
            "ALTER TABLE ticket ADD COLUMN is_protected INT NOT NULL DEFAULT 0",
            "ALTER TABLE queue ADD COLUMN is_refuge INT NOT NULL DEFAULT 0",
            "CREATE INDEX delivery_message ON delivery (message_id) WHERE message_id IS NOT NULL",
            """
            CREATE TABLE redaction (
                id ID, message_id INT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL)
            """,
            "CREATE INDEX redaction_message ON redaction (message_id)",
            """
            CREATE TABLE protection (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), from_queue_id INT NOT NULL,
                reason TEXT NOT NULL, member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL)
            """,
            "CREATE INDEX protection_ticket ON protection (ticket_id)",
            """
            CREATE TABLE ticket_label (
                ticket_id INT NOT NULL REFERENCES ticket (id), label TEXT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL, PRIMARY KEY (ticket_id, label))
            """,
            """
            CREATE TABLE label_person (
                label TEXT NOT NULL, member_id INT NOT NULL REFERENCES member (id), PRIMARY KEY (label, member_id))
            """,
            """
            CREATE TABLE blocked_sender (
                queue_id INT NOT NULL REFERENCES queue (id), address TEXT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL, PRIMARY KEY (queue_id, address))
            """,
        ])
}
