import Storage

extension Schema {
    /// Teams, hours of queues, servers that take our mail, and ways to look through events.
    static let access = Migration(
        "0008_access",
        [
            "CREATE TABLE team (id ID, name TEXT NOT NULL, created_at INT NOT NULL)",
            "CREATE UNIQUE INDEX team_name ON team (name)",
            """
            CREATE TABLE team_member (
                team_id INT NOT NULL REFERENCES team (id), member_id INT NOT NULL REFERENCES member (id),
                is_lead INT NOT NULL, PRIMARY KEY (team_id, member_id))
            """,
            "CREATE INDEX team_member_member ON team_member (member_id)",
            """
            CREATE TABLE team_right (
                queue_id INT NOT NULL REFERENCES queue (id), team_id INT NOT NULL REFERENCES team (id),
                name TEXT NOT NULL, PRIMARY KEY (queue_id, team_id, name))
            """,
            "CREATE INDEX team_right_team ON team_right (team_id)",
            "CREATE TABLE queue_hours (queue_id INT NOT NULL PRIMARY KEY REFERENCES queue (id), zone TEXT NOT NULL)",
            """
            CREATE TABLE queue_opening (
                queue_id INT NOT NULL REFERENCES queue (id), weekday INT NOT NULL, from_minute INT NOT NULL,
                to_minute INT NOT NULL, PRIMARY KEY (queue_id, weekday, from_minute))
            """,
            """
            CREATE TABLE queue_holiday (
                queue_id INT NOT NULL REFERENCES queue (id), day TEXT NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (queue_id, day))
            """,
            """
            CREATE TABLE mail_server (
                id ID, name TEXT NOT NULL, host TEXT NOT NULL, port INT NOT NULL, security TEXT NOT NULL,
                login TEXT NOT NULL, secret BYTES NOT NULL, is_used INT NOT NULL, test_state TEXT NOT NULL,
                tested_at INT)
            """,
            "CREATE UNIQUE INDEX mail_server_name ON mail_server (name)",
            "ALTER TABLE mailbox ADD COLUMN test_state TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE mailbox ADD COLUMN tested_at INT",
            // What is not sealed yet is in none of these: writers of events pay nothing for them.
            "CREATE INDEX event_actor ON event (actor_id, seq) WHERE seq IS NOT NULL",
            "CREATE INDEX event_queue ON event (queue_id, seq) WHERE seq IS NOT NULL",
            "CREATE INDEX event_kind ON event (kind, seq) WHERE seq IS NOT NULL",
            "CREATE INDEX event_reading ON event (queue_id, id) WHERE kind = 'confidential-read'",
            "CREATE INDEX ticket_merged_into ON ticket (merged_into) WHERE merged_into IS NOT NULL",
        ])
}
