import Storage

extension Schema {
    /// Invitations, second factors, resets: the ways in. A notice to a member belongs to no queue.
    static let accounts = Migration(
        "0007_accounts",
        [
            "ALTER TABLE member ADD COLUMN zone TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE member ADD COLUMN theme TEXT NOT NULL DEFAULT 'auto'",
            "ALTER TABLE member ADD COLUMN uses_keys INT NOT NULL DEFAULT 1",
            "ALTER TABLE member ADD COLUMN seen_at INT",
            "ALTER TABLE member ADD COLUMN away_from TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE member ADD COLUMN away_until TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE session ADD COLUMN stage TEXT NOT NULL DEFAULT 'open'",
            "ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT ''",
            """
            CREATE TABLE second_factor (
                member_id INT NOT NULL PRIMARY KEY REFERENCES member (id), secret BYTES NOT NULL,
                last_step INT NOT NULL, created_at INT NOT NULL)
            """,
            """
            CREATE TABLE recovery_code (
                id ID, member_id INT NOT NULL REFERENCES member (id), code_hash BYTES NOT NULL, used_at INT)
            """,
            "CREATE INDEX recovery_code_member ON recovery_code (member_id)",
            """
            CREATE TABLE invitation (
                id ID, email TEXT NOT NULL, name TEXT NOT NULL, is_administrator INT NOT NULL,
                invited_by INT NOT NULL REFERENCES member (id), link_hash BYTES NOT NULL, created_at INT NOT NULL,
                expires_at INT NOT NULL, language TEXT NOT NULL, mail_id INT,
                mail_state TEXT NOT NULL)
            """,
            "CREATE UNIQUE INDEX invitation_email ON invitation (email)",
            "CREATE UNIQUE INDEX invitation_link ON invitation (link_hash)",
            "CREATE INDEX invitation_mail ON invitation (mail_id)",
            "CREATE TABLE password_wish (id ID, email TEXT NOT NULL)",
            """
            CREATE TABLE password_link (
                id ID, member_id INT NOT NULL REFERENCES member (id), link_hash BYTES NOT NULL,
                expires_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX password_link_hash ON password_link (link_hash)",
            "CREATE INDEX password_link_member ON password_link (member_id)",
            """
            CREATE TABLE factor_reset (
                member_id INT NOT NULL PRIMARY KEY REFERENCES member (id), asked_at INT NOT NULL,
                confirmed_by INT REFERENCES member (id))
            """,
            """
            CREATE TABLE member_notice (
                id ID, member_id INT NOT NULL REFERENCES member (id), kind TEXT NOT NULL, at INT NOT NULL)
            """,
            "CREATE INDEX member_notice_member ON member_notice (member_id, id)",
        ],
        only: [.postgres: ["ALTER TABLE outbox ALTER COLUMN queue_id DROP NOT NULL"], .sqlite: outboxWithoutQueue])

    /// SQLite cannot change a column: both tables are written anew, the referring one dropped first.
    private static let outboxWithoutQueue = [
        """
        CREATE TABLE outbox_new (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, queue_id INTEGER REFERENCES queue (id), ticket_id INTEGER,
            message_id INTEGER, raw_id INTEGER NOT NULL REFERENCES raw (id), header_id TEXT NOT NULL,
            sender TEXT NOT NULL, state TEXT NOT NULL, fence INTEGER NOT NULL, not_before INTEGER NOT NULL,
            created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT
        """,
        """
        CREATE TABLE outbox_recipient_new (
            outbox_id INTEGER NOT NULL REFERENCES outbox_new (id), address TEXT NOT NULL, state TEXT NOT NULL,
            reply TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (outbox_id, address)) STRICT
        """,
        """
        INSERT INTO outbox_new SELECT id, kind, queue_id, ticket_id, message_id, raw_id, header_id, sender, state,
            fence, not_before, created_at, changed_at FROM outbox
        """,
        "INSERT INTO outbox_recipient_new SELECT outbox_id, address, state, reply, at FROM outbox_recipient",
        "DROP TABLE outbox_recipient",
        "DROP TABLE outbox",
        "ALTER TABLE outbox_new RENAME TO outbox",
        "ALTER TABLE outbox_recipient_new RENAME TO outbox_recipient",
        "CREATE UNIQUE INDEX outbox_header ON outbox (header_id)",
        "CREATE INDEX outbox_ticket ON outbox (ticket_id)",
        "CREATE INDEX outbox_message ON outbox (message_id)",
        "CREATE INDEX outbox_care ON outbox (state, id) WHERE state IN ('in-doubt', 'failed', 'handing-over')",
    ]
}
