import Storage

extension Schema {
    /// Following, mentions, notices and how they are told. Presence is nowhere: it is not stored.
    static let live = Migration(
        "0012_live",
        [
            // `is_on` is 0 for who does not want to follow although they write in the ticket.
            """
            CREATE TABLE follow (
                ticket_id INT NOT NULL REFERENCES ticket (id), member_id INT NOT NULL REFERENCES member (id),
                is_on INT NOT NULL, at INT NOT NULL, PRIMARY KEY (ticket_id, member_id))
            """,
            "CREATE INDEX follow_member ON follow (member_id, ticket_id)",
            """
            CREATE TABLE mention (
                message_id INT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
                member_id INT NOT NULL REFERENCES member (id), may_see INT NOT NULL,
                PRIMARY KEY (message_id, member_id))
            """,
            "CREATE INDEX mention_member ON mention (member_id)",
            // One notice per member and event. `mail` is none, now, digest, sent or dropped.
            """
            CREATE TABLE notice (
                id ID, member_id INT NOT NULL REFERENCES member (id), event_id INT NOT NULL, kind TEXT NOT NULL,
                ticket_id INT NOT NULL REFERENCES ticket (id), actor_id INT, message_id INT, at INT NOT NULL,
                read_at INT, mail TEXT NOT NULL)
            """,
            "CREATE UNIQUE INDEX notice_event ON notice (member_id, event_id)",
            "CREATE INDEX notice_member ON notice (member_id, id)",
            "CREATE INDEX notice_unread ON notice (member_id, ticket_id) WHERE read_at IS NULL",
            "CREATE INDEX notice_ticket ON notice (ticket_id)",
            "CREATE INDEX notice_digest ON notice (member_id) WHERE mail = 'digest'",
            """
            CREATE TABLE notice_choice (
                member_id INT NOT NULL REFERENCES member (id), kind TEXT NOT NULL, way TEXT NOT NULL,
                PRIMARY KEY (member_id, kind))
            """,
            """
            CREATE TABLE notice_setting (
                member_id INT NOT NULL PRIMARY KEY REFERENCES member (id), digest_hour INT NOT NULL,
                digest_day TEXT NOT NULL, hides_reading INT NOT NULL)
            """,
        ])
}
