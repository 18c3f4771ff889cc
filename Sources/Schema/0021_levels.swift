import Storage

extension Schema {
    /// Service levels, deadlines and escalation.
    static let levels = Migration(
        "0021_levels",
        [
            // 0 a date the person named, 1 a goal's clock runs, 2 neither; `due_at` is 0 then.
            "ALTER TABLE ticket ADD COLUMN due_rank INT NOT NULL DEFAULT 2",
            "ALTER TABLE ticket ADD COLUMN due_at INT NOT NULL DEFAULT 0",
            // When the next step of escalation is to be looked at.
            "ALTER TABLE ticket ADD COLUMN step_at INT",
            """
            CREATE INDEX ticket_open_due ON ticket (due_rank, due_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL
            """,
            "CREATE INDEX ticket_due ON ticket (due_rank, due_at, id)",
            "CREATE INDEX ticket_step_at ON ticket (step_at) WHERE step_at IS NOT NULL",
            """
            CREATE TABLE queue_level (
                queue_id INT NOT NULL REFERENCES queue (id), priority INT NOT NULL, first_minutes INT,
                next_minutes INT, PRIMARY KEY (queue_id, priority))
            """,
            // `base` is percent, before or after; `amount` percent or minutes.
            """
            CREATE TABLE queue_step (
                id ID, queue_id INT NOT NULL REFERENCES queue (id), base TEXT NOT NULL, amount INT NOT NULL,
                action TEXT NOT NULL, target_id INT)
            """,
            "CREATE INDEX queue_step_queue ON queue_step (queue_id)",
            // A round is the time from when somebody waits for us until they are answered.
            """
            CREATE TABLE ticket_clock (
                ticket_id INT NOT NULL PRIMARY KEY REFERENCES ticket (id), round INT NOT NULL, is_first INT NOT NULL,
                answers INT NOT NULL, running_since INT)
            """,
            // Stretches of the round in which the clock ran and stopped again.
            """
            CREATE TABLE ticket_run (
                ticket_id INT NOT NULL REFERENCES ticket (id), from_at INT NOT NULL, until_at INT NOT NULL,
                PRIMARY KEY (ticket_id, from_at))
            """,
            """
            CREATE TABLE ticket_deadline (
                ticket_id INT NOT NULL PRIMARY KEY REFERENCES ticket (id), at INT NOT NULL, zone TEXT NOT NULL,
                set_by INT, set_at INT NOT NULL, met_at INT)
            """,
            // `occasion` is the round, or the deadline's time: each step is taken once in each.
            """
            CREATE TABLE ticket_step (
                ticket_id INT NOT NULL REFERENCES ticket (id), step_id INT NOT NULL, occasion INT NOT NULL,
                at INT NOT NULL, PRIMARY KEY (ticket_id, step_id, occasion))
            """,
            // How many mails about tickets a member takes a day. Quiet hours are in `taker_setting`.
            """
            CREATE TABLE member_pace (
                member_id INT NOT NULL PRIMARY KEY REFERENCES member (id), most_mails INT, mail_day TEXT NOT NULL,
                mails INT NOT NULL)
            """,
        ])
}
