import Storage

extension Schema {
    /// Who is on duty, and pages.
    static let oncall = Migration(
        "0020_oncall",
        [
            // `gap_day` is the last day on which the keeper was told of gaps.
            """
            CREATE TABLE rota (
                id ID, name TEXT NOT NULL, zone TEXT NOT NULL, keeper_id INT NOT NULL REFERENCES member (id),
                outside_address TEXT NOT NULL, outside_language TEXT NOT NULL, repeat_minutes INT NOT NULL,
                next_minutes INT NOT NULL, outside_minutes INT NOT NULL, join_minutes INT NOT NULL,
                is_usual INT NOT NULL, gap_day TEXT NOT NULL, created_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX rota_name ON rota (name)",
            "CREATE UNIQUE INDEX rota_usual ON rota (is_usual) WHERE is_usual = 1",
            """
            CREATE TABLE rota_queue (
                queue_id INT NOT NULL PRIMARY KEY REFERENCES queue (id), rota_id INT NOT NULL REFERENCES rota (id))
            """,
            "CREATE INDEX rota_queue_rota ON rota_queue (rota_id)",
            // `is_in` is theirs alone to set. `address` is empty for the account's own.
            """
            CREATE TABLE rota_member (
                rota_id INT NOT NULL REFERENCES rota (id), member_id INT NOT NULL REFERENCES member (id),
                is_in INT NOT NULL, is_reserve INT NOT NULL, address TEXT NOT NULL,
                changed_at INT NOT NULL, PRIMARY KEY (rota_id, member_id))
            """,
            "CREATE INDEX rota_member_member ON rota_member (member_id)",
            // Local days since 1970-01-01 and minutes since midnight, in the rota's zone. `every_weeks` 0: once.
            """
            CREATE TABLE shift (
                id ID, rota_id INT NOT NULL REFERENCES rota (id), member_id INT NOT NULL REFERENCES member (id),
                first_day INT NOT NULL, from_minute INT NOT NULL, day_count INT NOT NULL, until_minute INT NOT NULL,
                every_weeks INT NOT NULL, last_day INT, place INT NOT NULL)
            """,
            "CREATE INDEX shift_rota ON shift (rota_id)",
            "CREATE INDEX shift_member ON shift (member_id)",
            // `member_id` takes what `asker_id` has from `from_at`; the asker takes `back_from` in return.
            """
            CREATE TABLE shift_swap (
                id ID, rota_id INT NOT NULL REFERENCES rota (id), asker_id INT NOT NULL REFERENCES member (id),
                member_id INT NOT NULL REFERENCES member (id), from_at INT NOT NULL, until_at INT NOT NULL,
                back_from INT, back_until INT, state TEXT NOT NULL, created_at INT NOT NULL)
            """,
            "CREATE INDEX shift_swap_rota ON shift_swap (rota_id, until_at)",
            // Times are of the program's clock; `moved_at` is when the last step was recorded.
            """
            CREATE TABLE page (
                id ID, rota_id INT NOT NULL REFERENCES rota (id), reason TEXT NOT NULL, queue_id INT,
                state TEXT NOT NULL, opened_at INT NOT NULL, moved_at INT NOT NULL, next_at INT NOT NULL,
                outside_at INT NOT NULL, person_id INT, person_since INT NOT NULL, steps INT NOT NULL, held_by INT,
                held_at INT, joined_at INT NOT NULL, told_at INT NOT NULL)
            """,
            "CREATE INDEX page_due ON page (next_at) WHERE state = 'open'",
            "CREATE INDEX page_told ON page (joined_at) WHERE state = 'held' AND joined_at > told_at",
            "CREATE INDEX page_rota ON page (rota_id, opened_at, id)",
            """
            CREATE TABLE page_ticket (
                page_id INT NOT NULL REFERENCES page (id), ticket_id INT NOT NULL REFERENCES ticket (id),
                reason TEXT NOT NULL, at INT NOT NULL, PRIMARY KEY (page_id, ticket_id))
            """,
            "CREATE INDEX page_ticket_ticket ON page_ticket (ticket_id, page_id)",
            // One row per step, `position` counts from 1. `mail_id` is the newest mail of the step.
            """
            CREATE TABLE page_step (
                id ID, page_id INT NOT NULL REFERENCES page (id), position INT NOT NULL, kind TEXT NOT NULL,
                member_id INT, at INT NOT NULL, mail_id INT, mail_state TEXT NOT NULL, repeats INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX page_step_position ON page_step (page_id, position)",
            "CREATE INDEX page_step_mail ON page_step (mail_id) WHERE mail_id IS NOT NULL",
            """
            CREATE TABLE page_link (
                link_hash BYTES NOT NULL PRIMARY KEY, page_id INT NOT NULL REFERENCES page (id), member_id INT,
                used_at INT)
            """,
            "CREATE INDEX page_link_page ON page_link (page_id)",
        ])
}
