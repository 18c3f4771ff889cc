import Storage

extension Schema {
    /// Agreed lines in single replies, and the next ticket to be answered by what is due.
    static let lineUses = Migration(
        "0028_incidents",
        [
            // An agreed line put into one reply. The words are kept while the draft is; `kept`: percent of them that
            // stood in the letter that left.
            """
            CREATE TABLE line_use (
                id ID, line_id INT NOT NULL REFERENCES incident_line (id),
                ticket_id INT NOT NULL REFERENCES ticket (id), draft_id INT NOT NULL, message_id INT,
                words TEXT NOT NULL, member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL, kept INT)
            """,
            "CREATE INDEX line_use_line ON line_use (line_id, id)",
            "CREATE INDEX line_use_draft ON line_use (draft_id)",
            "CREATE INDEX line_use_ticket ON line_use (ticket_id)",
            "CREATE INDEX line_use_message ON line_use (message_id) WHERE message_id IS NOT NULL",
            // What is due in a language; only tickets for which a date was named or a clock runs.
            """
            CREATE INDEX ticket_next_due ON ticket (language, due_rank, due_at, priority DESC, created_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL AND due_rank < 2
            """,
        ])
}
