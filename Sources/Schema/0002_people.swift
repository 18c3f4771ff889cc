import Storage

extension Schema {
    /// Members with their ways in, and contacts outside.
    static let people = Migration(
        "0002_people",
        [
            """
            CREATE TABLE member (
                id ID, email TEXT NOT NULL, name TEXT NOT NULL, letter_name TEXT NOT NULL, language TEXT NOT NULL,
                is_administrator INT NOT NULL, is_disabled INT NOT NULL, password TEXT, must_change INT NOT NULL,
                created_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX member_email ON member (email)",
            """
            CREATE TABLE session (
                id ID, member_id INT NOT NULL REFERENCES member (id), token_hash BYTES NOT NULL,
                created_at INT NOT NULL, seen_at INT NOT NULL, expires_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX session_token ON session (token_hash)",
            "CREATE INDEX session_member ON session (member_id)",
            """
            CREATE TABLE token (
                id ID, member_id INT NOT NULL REFERENCES member (id), name TEXT NOT NULL, scope TEXT NOT NULL,
                token_hash BYTES NOT NULL, created_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX token_hash ON token (token_hash)",
            "CREATE INDEX token_member ON token (member_id)",
            """
            CREATE TABLE queue_right (
                queue_id INT NOT NULL, member_id INT NOT NULL REFERENCES member (id), name TEXT NOT NULL,
                PRIMARY KEY (queue_id, member_id, name))
            """,
            "CREATE INDEX queue_right_member ON queue_right (member_id)",
            """
            CREATE TABLE sign_in_attempt (
                id ID, scope_hash BYTES NOT NULL, at INT NOT NULL)
            """,
            "CREATE INDEX sign_in_attempt_scope ON sign_in_attempt (scope_hash, at)",
            "CREATE TABLE contact (id ID, name TEXT NOT NULL, language TEXT, created_at INT NOT NULL)",
            """
            CREATE TABLE contact_address (
                address TEXT NOT NULL PRIMARY KEY, contact_id INT NOT NULL REFERENCES contact (id),
                is_bouncing INT NOT NULL, bounced_at INT)
            """,
            "CREATE INDEX contact_address_contact ON contact_address (contact_id)",
        ])
}
