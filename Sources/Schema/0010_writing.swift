import Storage

extension Schema {
    /// Texts on their way: shared drafts, later sending, letters to several people each alone.
    static let writing = Migration(
        "0010_writing",
        [
            "ALTER TABLE draft ADD COLUMN kind TEXT NOT NULL DEFAULT 'answer'",
            "ALTER TABLE draft ADD COLUMN from_address TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE draft ADD COLUMN has_signature INT NOT NULL DEFAULT 1",
            "ALTER TABLE draft ADD COLUMN then_state TEXT NOT NULL DEFAULT 'answered'",
            "ALTER TABLE draft ADD COLUMN saved_by INT",
            "ALTER TABLE draft ADD COLUMN send_at INT",
            "ALTER TABLE draft ADD COLUMN send_by INT",
            "ALTER TABLE draft ADD COLUMN held TEXT NOT NULL DEFAULT ''",
            // While a mail can be taken back, its draft waits here.
            "ALTER TABLE draft ADD COLUMN sent_message INT",
            "ALTER TABLE draft ADD COLUMN state_before TEXT NOT NULL DEFAULT ''",
            "CREATE UNIQUE INDEX draft_writer ON draft (ticket_id, author_id, kind) WHERE sent_message IS NULL",
            "CREATE INDEX draft_sent ON draft (sent_message) WHERE sent_message IS NOT NULL",
            "ALTER TABLE draft_file ADD COLUMN is_original INT NOT NULL DEFAULT 0",
            "ALTER TABLE acknowledgement ADD COLUMN is_on INT NOT NULL DEFAULT 1",
            """
            CREATE TABLE letter_round (
                id ID, queue_id INT NOT NULL REFERENCES queue (id), author_id INT NOT NULL REFERENCES member (id),
                from_address TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, has_signature INT NOT NULL,
                state TEXT NOT NULL, not_before INT NOT NULL, created_at INT NOT NULL)
            """,
            """
            CREATE TABLE letter_round_person (
                round_id INT NOT NULL REFERENCES letter_round (id), position INT NOT NULL, address TEXT NOT NULL,
                ticket_id INT REFERENCES ticket (id), is_sent INT NOT NULL, problem TEXT NOT NULL,
                PRIMARY KEY (round_id, position))
            """,
            """
            CREATE TABLE letter_round_file (
                id ID, round_id INT NOT NULL REFERENCES letter_round (id), filename TEXT NOT NULL,
                content_type TEXT NOT NULL, raw_id INT NOT NULL REFERENCES raw (id))
            """,
            "CREATE INDEX letter_round_file_round ON letter_round_file (round_id)",
        ])
}
