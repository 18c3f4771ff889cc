import Storage

extension Schema {
    /// Notices about texts and reviews that belong to no ticket; lessons made from comments; colleagues without a seat
    /// who want to be told by mail.
    static let reviewAround = Migration(
        "0025_review",
        [
            // One of ticket, review and text. Made anew, because a column cannot become optional everywhere.
            """
            CREATE TABLE notice_now (
                id ID, member_id INT NOT NULL REFERENCES member (id), event_id INT NOT NULL, kind TEXT NOT NULL,
                ticket_id INT REFERENCES ticket (id), review_id INT REFERENCES review (id) ON DELETE CASCADE,
                text_id INT REFERENCES knowledge_text (id), actor_id INT, message_id INT, at INT NOT NULL, read_at INT,
                mail TEXT NOT NULL)
            """,
            """
            INSERT INTO notice_now (id, member_id, event_id, kind, ticket_id, review_id, text_id, actor_id, message_id,
                at, read_at, mail)
            SELECT id, member_id, event_id, kind, ticket_id, NULL, NULL, actor_id, message_id, at, read_at, mail
            FROM notice
            """,
            "DROP TABLE notice",
            "ALTER TABLE notice_now RENAME TO notice",
            "CREATE UNIQUE INDEX notice_event ON notice (member_id, event_id)",
            "CREATE INDEX notice_member ON notice (member_id, id)",
            "CREATE INDEX notice_unread ON notice (member_id, ticket_id) WHERE read_at IS NULL",
            "CREATE INDEX notice_ticket ON notice (ticket_id) WHERE ticket_id IS NOT NULL",
            "CREATE INDEX notice_review ON notice (review_id) WHERE review_id IS NOT NULL",
            "CREATE INDEX notice_digest ON notice (member_id) WHERE mail = 'digest'",
            // The text of knowledge that somebody made of a comment.
            "ALTER TABLE lesson_offer ADD COLUMN text_id INT REFERENCES knowledge_text (id)",
            "CREATE INDEX lesson_offer_text ON lesson_offer (text_id) WHERE text_id IS NOT NULL",
            "CREATE INDEX lesson_offer_at ON lesson_offer (at)",
            // Where a colleague wants to be told of a text; no word of theirs is mailed, and nothing but one question
            // before the address has answered.
            """
            CREATE TABLE text_told (
                review_id INT NOT NULL PRIMARY KEY REFERENCES review (id) ON DELETE CASCADE, address TEXT NOT NULL,
                language TEXT NOT NULL, asked_at INT NOT NULL, proven_at INT)
            """,
        ])
}
