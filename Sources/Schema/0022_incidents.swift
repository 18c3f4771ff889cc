import Storage

extension Schema {
    /// Incidents and lasting causes.
    static let incidents = Migration(
        "0022_incidents",
        [
            // `kind`: incident or cause. The name of one that the program proposes is empty: it keeps no words of
            // mails.
            """
            CREATE TABLE incident (
                id ID, kind TEXT NOT NULL, queue_id INT NOT NULL REFERENCES queue (id), name TEXT NOT NULL,
                state TEXT NOT NULL, owner_id INT REFERENCES member (id), made_by INT REFERENCES member (id),
                made_at INT NOT NULL, ended_at INT, joins INT NOT NULL, told_url TEXT NOT NULL, told_at INT,
                cause_id INT REFERENCES incident (id))
            """,
            "CREATE INDEX incident_state ON incident (state, id)",
            "CREATE INDEX incident_queue ON incident (queue_id, id)",
            // A ticket, or the address of something elsewhere. `via_id`: the ticket it was brought by, when joined.
            """
            CREATE TABLE incident_item (
                id ID, incident_id INT NOT NULL REFERENCES incident (id), kind TEXT NOT NULL,
                ticket_id INT REFERENCES ticket (id), url TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
                differs INT NOT NULL, via_id INT, member_id INT REFERENCES member (id), at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX incident_item_ticket ON incident_item (ticket_id, incident_id)",
            "CREATE INDEX incident_item_incident ON incident_item (incident_id, id)",
            // A line is never changed: another version takes its place, so that each use knows its words.
            """
            CREATE TABLE incident_line (
                id ID, incident_id INT NOT NULL REFERENCES incident (id), language TEXT NOT NULL,
                version INT NOT NULL, text TEXT NOT NULL, member_id INT NOT NULL REFERENCES member (id),
                at INT NOT NULL, expires_at INT NOT NULL, approved_by INT REFERENCES member (id), approved_at INT)
            """,
            "CREATE UNIQUE INDEX incident_line_version ON incident_line (incident_id, language, version)",
            """
            CREATE TABLE incident_speaker (
                line_id INT NOT NULL REFERENCES incident_line (id), member_id INT NOT NULL REFERENCES member (id),
                PRIMARY KEY (line_id, member_id))
            """,
            """
            CREATE TABLE incident_answer (
                id ID, incident_id INT NOT NULL REFERENCES incident (id),
                author_id INT NOT NULL REFERENCES member (id), state TEXT NOT NULL, not_before INT NOT NULL,
                made_at INT NOT NULL)
            """,
            "CREATE INDEX incident_answer_incident ON incident_answer (incident_id, id)",
            // One letter for each person; `draft_id` while it is being made, `message_id` once it was.
            """
            CREATE TABLE incident_letter (
                answer_id INT NOT NULL REFERENCES incident_answer (id),
                ticket_id INT NOT NULL REFERENCES ticket (id), line_id INT REFERENCES incident_line (id),
                contact_id INT REFERENCES contact (id), ticket_version INT NOT NULL, draft_id INT, hash TEXT NOT NULL,
                message_id INT, state TEXT NOT NULL, problem TEXT NOT NULL, PRIMARY KEY (answer_id, ticket_id))
            """,
            "CREATE INDEX incident_letter_ticket ON incident_letter (ticket_id)",
            "CREATE INDEX incident_letter_line ON incident_letter (line_id) WHERE line_id IS NOT NULL",
            "CREATE INDEX incident_letter_draft ON incident_letter (draft_id) WHERE draft_id IS NOT NULL",
        ])
}
