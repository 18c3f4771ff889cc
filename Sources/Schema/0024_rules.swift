import Storage

extension Schema {
    /// Rules, macros, checklists, assignment, and what tells near copies.
    static let rules = Migration(
        "0024_rules",
        [
            """
            CREATE TABLE text_signature (
                message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, at INT NOT NULL,
                wording BYTES NOT NULL, topic BYTES NOT NULL)
            """,
            "CREATE INDEX text_signature_at ON text_signature (at, message_id)",
            // Of each message 16 keys; messages that share one are compared.
            """
            CREATE TABLE text_band (
                hash INT NOT NULL, at INT NOT NULL,
                message_id INT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
                PRIMARY KEY (hash, at, message_id))
            """,
            // Mail that came in, for trying rules on it.
            "CREATE INDEX message_in ON message (sent_at, id) WHERE direction = 'in'",
            // Two tickets that somebody said are not the same matter; the smaller id first.
            """
            CREATE TABLE not_duplicate (
                ticket_id INT NOT NULL REFERENCES ticket (id), other_id INT NOT NULL REFERENCES ticket (id),
                member_id INT NOT NULL REFERENCES member (id), at INT NOT NULL, PRIMARY KEY (ticket_id, other_id))
            """,
            "CREATE INDEX not_duplicate_other ON not_duplicate (other_id)",
        ] + written + given)

    /// Rules with their versions, what they did, and macros.
    private static let written: [String] = [
        // `queue_id` is absent for all queues, `removed_at` while it is there.
        """
        CREATE TABLE rule (
            id ID, queue_id INT REFERENCES queue (id), place INT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
            is_on INT NOT NULL, version INT NOT NULL, changed_at INT NOT NULL, removed_at INT)
        """,
        "CREATE INDEX rule_queue ON rule (queue_id, place)",
        "CREATE INDEX rule_on ON rule (queue_id) WHERE is_on = 1 AND removed_at IS NULL",
        """
        CREATE TABLE rule_version (
            rule_id INT NOT NULL REFERENCES rule (id), version INT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
            member_id INT REFERENCES member (id), at INT NOT NULL, PRIMARY KEY (rule_id, version))
        """,
        // A message whose rules are to run, or have run. `acknowledges` names the job that waits for them.
        """
        CREATE TABLE rule_run (
            message_id INT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE, acknowledges TEXT NOT NULL,
            is_new INT NOT NULL, done_at INT)
        """,
        """
        CREATE TABLE rule_effect (
            id ID, rule_id INT NOT NULL REFERENCES rule (id), version INT NOT NULL,
            ticket_id INT NOT NULL REFERENCES ticket (id), message_id INT, former TEXT NOT NULL, later TEXT NOT NULL,
            at INT NOT NULL, undone_at INT, undone_by INT)
        """,
        "CREATE INDEX rule_effect_ticket ON rule_effect (ticket_id, id)",
        "CREATE INDEX rule_effect_rule ON rule_effect (rule_id, id)",
        """
        CREATE TABLE macro (
            id ID, queue_id INT REFERENCES queue (id), name TEXT NOT NULL, body TEXT NOT NULL, version INT NOT NULL,
            changed_by INT, changed_at INT NOT NULL, removed_at INT)
        """,
        "CREATE INDEX macro_queue ON macro (queue_id, name)",
        // A knowledge text to answer with; 0 for none.
        "ALTER TABLE ticket ADD COLUMN proposed_text INT NOT NULL DEFAULT 0",
    ]

    /// Checklists, and how tickets are given out.
    private static let given: [String] = [
        """
        CREATE TABLE checklist (
            id ID, queue_id INT REFERENCES queue (id), name TEXT NOT NULL, items TEXT NOT NULL, blocks INT NOT NULL,
            version INT NOT NULL, changed_by INT, changed_at INT NOT NULL, removed_at INT)
        """,
        "CREATE INDEX checklist_queue ON checklist (queue_id, name)",
        // With the words it had when it was put on the ticket.
        """
        CREATE TABLE ticket_checklist (
            id ID, ticket_id INT NOT NULL REFERENCES ticket (id), checklist_id INT NOT NULL REFERENCES checklist (id),
            name TEXT NOT NULL, blocks INT NOT NULL, added_by INT, added_at INT NOT NULL)
        """,
        "CREATE UNIQUE INDEX ticket_checklist_ticket ON ticket_checklist (ticket_id, checklist_id)",
        """
        CREATE TABLE ticket_checklist_item (
            list_id INT NOT NULL REFERENCES ticket_checklist (id) ON DELETE CASCADE, position INT NOT NULL,
            text TEXT NOT NULL, ticked_by INT, ticked_at INT, PRIMARY KEY (list_id, position))
        """,
        // `mode` is off, suggest or assign; `cap` counts open tickets of a member in all queues.
        """
        CREATE TABLE queue_assignment (
            queue_id INT NOT NULL PRIMARY KEY REFERENCES queue (id), mode TEXT NOT NULL, cap INT NOT NULL,
            changed_by INT, changed_at INT NOT NULL)
        """,
        // Who takes tickets of a queue; `last_at` is when they were given one, 0 for never.
        """
        CREATE TABLE queue_taker (
            queue_id INT NOT NULL REFERENCES queue (id), member_id INT NOT NULL REFERENCES member (id),
            last_at INT NOT NULL, PRIMARY KEY (queue_id, member_id))
        """,
        "CREATE INDEX queue_taker_member ON queue_taker (member_id)",
        // Minutes of the member's own day; `cap` 0 for the queue's.
        """
        CREATE TABLE taker_setting (
            member_id INT NOT NULL PRIMARY KEY REFERENCES member (id), cap INT NOT NULL, quiet_from INT NOT NULL,
            quiet_to INT NOT NULL)
        """,
        // `state` is offered, given, taken, declined or lapsed.
        """
        CREATE TABLE assignment (
            id ID, ticket_id INT NOT NULL REFERENCES ticket (id), member_id INT NOT NULL REFERENCES member (id),
            queue_id INT NOT NULL, state TEXT NOT NULL, at INT NOT NULL, changed_at INT NOT NULL)
        """,
        "CREATE UNIQUE INDEX assignment_ticket ON assignment (ticket_id, member_id)",
        "CREATE INDEX assignment_member ON assignment (member_id, state)",
    ]
}
