import Storage

extension Schema {
    /// Checks before sending; texts inserted into answers, and what became of them.
    static let suggestions = Migration(
        "0018_suggestions",
        [
            // Why something was sent although the check said no. Stays with the ticket when the draft is gone.
            """
            CREATE TABLE check_reason (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), draft_id INT NOT NULL, kind TEXT NOT NULL,
                fingerprint TEXT NOT NULL, reason TEXT NOT NULL, member_id INT NOT NULL REFERENCES member (id),
                at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX check_reason_finding ON check_reason (draft_id, fingerprint)",
            "CREATE INDEX check_reason_ticket ON check_reason (ticket_id)",
            "ALTER TABLE letter_round ADD COLUMN because TEXT NOT NULL DEFAULT ''",
            // Kinds of hints a member does not want to see.
            """
            CREATE TABLE check_hidden (
                member_id INT NOT NULL REFERENCES member (id), kind TEXT NOT NULL, PRIMARY KEY (member_id, kind))
            """,
            // What a link said when it was asked last, by the hash of its address.
            """
            CREATE TABLE link_answer (
                hash BYTES NOT NULL PRIMARY KEY, outcome TEXT NOT NULL, asked_at INT NOT NULL)
            """,
            "CREATE INDEX link_answer_age ON link_answer (asked_at)",
            // How easy our answers were to read, in thousandths: numbers only.
            """
            CREATE TABLE readability (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, language TEXT NOT NULL,
                measure TEXT NOT NULL, value INT NOT NULL)
            """,
            "CREATE INDEX readability_language ON readability (language, measure, message_id)",
        ])
}
