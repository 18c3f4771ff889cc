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
            // Texts put into drafts. The words are kept while the draft is.
            """
            CREATE TABLE insertion (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), draft_id INT NOT NULL, message_id INT,
                text_id INT NOT NULL REFERENCES knowledge_text (id), version INT NOT NULL, wanted TEXT NOT NULL,
                language TEXT NOT NULL, marks TEXT NOT NULL, words TEXT NOT NULL,
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL, kept INT)
            """,
            "CREATE INDEX insertion_draft ON insertion (draft_id)",
            "CREATE INDEX insertion_text ON insertion (text_id, id)",
            "CREATE INDEX insertion_ticket ON insertion (ticket_id)",
            "CREATE INDEX insertion_message ON insertion (message_id) WHERE message_id IS NOT NULL",
            "ALTER TABLE queue ADD COLUMN language_rule TEXT NOT NULL DEFAULT 'warn'",
            // What was asked and answered, by hashes of words: no words, and nothing of confidential queues.
            """
            CREATE TABLE answered (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
                ticket_id INT NOT NULL REFERENCES ticket (id), text_id INT REFERENCES knowledge_text (id),
                language TEXT NOT NULL, gap_id INT)
            """,
            "CREATE INDEX answered_ticket ON answered (ticket_id)",
            "CREATE INDEX answered_gap ON answered (gap_id) WHERE gap_id IS NOT NULL",
            """
            CREATE TABLE answered_term (
                term INT NOT NULL, side INT NOT NULL,
                message_id INT NOT NULL REFERENCES answered (message_id) ON DELETE CASCADE,
                PRIMARY KEY (term, side, message_id))
            """,
            "CREATE INDEX answered_term_message ON answered_term (message_id)",
            """
            CREATE TABLE text_gap (
                id ID, language TEXT NOT NULL, size INT NOT NULL, state TEXT NOT NULL, text_id INT,
                found_at INT NOT NULL, decided_by INT REFERENCES member (id))
            """,
            "CREATE INDEX text_gap_open ON text_gap (state, size, id)",
            "CREATE INDEX readability_language ON readability (language, measure, message_id)",
        ])
}
