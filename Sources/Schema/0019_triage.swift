import Storage

extension Schema {
    /// Labels set by machines too, what triage suggests, learned models with their measure, alarms about lives.
    static let triage = Migration(
        "0019_triage",
        [
            // A label may be set by the packs or a model: no member then.
            "ALTER TABLE ticket_label RENAME TO ticket_label_before",
            """
            CREATE TABLE ticket_label (
                ticket_id INT NOT NULL REFERENCES ticket (id), label TEXT NOT NULL,
                member_id INT REFERENCES member (id), source TEXT NOT NULL, at INT NOT NULL,
                PRIMARY KEY (ticket_id, label))
            """,
            """
            INSERT INTO ticket_label (ticket_id, label, member_id, source, at)
                SELECT ticket_id, label, member_id, 'member', at FROM ticket_label_before
            """,
            "DROP TABLE ticket_label_before",
            "CREATE INDEX ticket_label_label ON ticket_label (label, at)",
            // What the program thinks of a ticket, and what a member made of it. No words: `reason` names an entry of
            // the packs, and is struck with the ticket's words.
            """
            CREATE TABLE triage_suggestion (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), message_id INT NOT NULL, target TEXT NOT NULL,
                value TEXT NOT NULL, score INT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL,
                state TEXT NOT NULL, former TEXT NOT NULL, member_id INT REFERENCES member (id), decided_at INT,
                created_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX triage_suggestion_ticket ON triage_suggestion (ticket_id, target, value)",
            "CREATE INDEX triage_suggestion_state ON triage_suggestion (target, value, state)",
            """
            CREATE TABLE triage_model (
                id ID, version INT NOT NULL, examples INT NOT NULL, held_out INT NOT NULL, took_ms INT NOT NULL,
                is_current INT NOT NULL, made_at INT NOT NULL)
            """,
            """
            CREATE TABLE triage_model_part (
                model_id INT NOT NULL REFERENCES triage_model (id), position INT NOT NULL, bytes BYTES NOT NULL,
                PRIMARY KEY (model_id, position))
            """,
            // Counts of held-out texts by tenths and hundredths of their score, for any threshold.
            """
            CREATE TABLE triage_measure (
                model_id INT NOT NULL REFERENCES triage_model (id), target TEXT NOT NULL, value TEXT NOT NULL,
                language TEXT NOT NULL, examples INT NOT NULL, positives TEXT NOT NULL, negatives TEXT NOT NULL,
                PRIMARY KEY (model_id, target, value, language))
            """,
            // Whose words are in a model, so that they can be taken out of it.
            """
            CREATE TABLE triage_trained (
                model_id INT NOT NULL REFERENCES triage_model (id), ticket_id INT NOT NULL,
                PRIMARY KEY (model_id, ticket_id))
            """,
            """
            CREATE TABLE triage_threshold (
                target TEXT NOT NULL, value TEXT NOT NULL, threshold INT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL, PRIMARY KEY (target, value))
            """,
            // One row for a ticket about a life: who noticed first, and whether it was one. Without foreign keys, so
            // that the count survives the erasure of the ticket.
            """
            CREATE TABLE danger_record (
                ticket_id INT NOT NULL PRIMARY KEY, language TEXT NOT NULL, noticed_by TEXT NOT NULL,
                verdict TEXT NOT NULL, at INT NOT NULL)
            """,
            "CREATE INDEX danger_record_language ON danger_record (language)",
        ])
}
