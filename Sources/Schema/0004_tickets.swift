import Storage

extension Schema {
    /// Tickets with what belongs to them.
    static let tickets = Migration(
        "0004_tickets",
        [
            "CREATE TABLE ticket_counter (day INT NOT NULL PRIMARY KEY, next INT NOT NULL)",
            """
            CREATE TABLE ticket (
                id ID, number TEXT NOT NULL, queue_id INT NOT NULL REFERENCES queue (id), subject TEXT NOT NULL,
                state TEXT NOT NULL, language TEXT, priority INT NOT NULL, owner_id INT REFERENCES member (id),
                contact_id INT REFERENCES contact (id), sender TEXT NOT NULL, preview TEXT NOT NULL,
                merged_into INT, message_count INT NOT NULL, version INT NOT NULL,
                created_at INT NOT NULL, updated_at INT NOT NULL)
            """,
            "CREATE UNIQUE INDEX ticket_number ON ticket (number)",
            "CREATE INDEX ticket_queue ON ticket (queue_id, updated_at, id)",
            "CREATE INDEX ticket_queue_state ON ticket (queue_id, state, updated_at, id)",
            "CREATE INDEX ticket_owner ON ticket (owner_id, updated_at, id)",
            "CREATE INDEX ticket_updated ON ticket (updated_at, id)",
            "CREATE INDEX ticket_contact ON ticket (contact_id, updated_at)",
            """
            CREATE TABLE ticket_tag (
                ticket_id INT NOT NULL REFERENCES ticket (id), tag TEXT NOT NULL, PRIMARY KEY (ticket_id, tag))
            """,
            "CREATE INDEX ticket_tag_tag ON ticket_tag (tag, ticket_id)",
            """
            CREATE TABLE participant (
                ticket_id INT NOT NULL REFERENCES ticket (id), address TEXT NOT NULL, name TEXT NOT NULL,
                is_newcomer INT NOT NULL, PRIMARY KEY (ticket_id, address))
            """,
            "CREATE INDEX participant_address ON participant (address, ticket_id)",
            """
            CREATE TABLE may_belong (
                ticket_id INT NOT NULL REFERENCES ticket (id), candidate_id INT NOT NULL REFERENCES ticket (id),
                reason TEXT NOT NULL, PRIMARY KEY (ticket_id, candidate_id))
            """,
            """
            CREATE TABLE message (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), raw_id INT REFERENCES raw (id),
                direction TEXT NOT NULL, kind TEXT NOT NULL, author_id INT REFERENCES member (id),
                from_name TEXT NOT NULL, from_address TEXT NOT NULL, subject TEXT NOT NULL, header_id TEXT NOT NULL,
                sent_at INT NOT NULL, created_at INT NOT NULL, language TEXT, text TEXT NOT NULL,
                new_text TEXT NOT NULL, has_html INT NOT NULL, problems TEXT NOT NULL, content_hash BYTES NOT NULL,
                copies INT NOT NULL, is_newcomer INT NOT NULL)
            """,
            "CREATE INDEX message_ticket ON message (ticket_id, sent_at, id)",
            "CREATE INDEX message_content ON message (content_hash)",
            """
            CREATE TABLE message_address (
                message_id INT NOT NULL REFERENCES message (id), role TEXT NOT NULL, position INT NOT NULL,
                name TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (message_id, role, position))
            """,
            """
            CREATE TABLE message_reference (
                header_hash BYTES NOT NULL, message_id INT NOT NULL REFERENCES message (id),
                queue_id INT NOT NULL, is_own INT NOT NULL, PRIMARY KEY (header_hash, message_id))
            """,
            "CREATE INDEX message_reference_message ON message_reference (message_id)",
            """
            CREATE TABLE attachment (
                id ID, message_id INT NOT NULL REFERENCES message (id), position INT NOT NULL, filename TEXT NOT NULL,
                content_type TEXT NOT NULL, size INT NOT NULL, sha256 TEXT NOT NULL, is_inline INT NOT NULL,
                content_id TEXT NOT NULL, label TEXT NOT NULL)
            """,
            "CREATE INDEX attachment_message ON attachment (message_id, position)",
            """
            CREATE TABLE draft (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), author_id INT NOT NULL REFERENCES member (id),
                recipients TEXT NOT NULL, copies TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
                seen_version INT NOT NULL, version INT NOT NULL, updated_at INT NOT NULL)
            """,
            "CREATE INDEX draft_ticket ON draft (ticket_id)",
            """
            CREATE TABLE draft_file (
                id ID, draft_id INT NOT NULL REFERENCES draft (id), filename TEXT NOT NULL, content_type TEXT NOT NULL,
                raw_id INT NOT NULL REFERENCES raw (id))
            """,
            "CREATE INDEX draft_file_draft ON draft_file (draft_id)",
            // Facts without persons: the baseline of the reports. No foreign keys, so that they survive erasure.
            """
            CREATE TABLE fact (
                ticket_id ID, queue_id INT NOT NULL, language TEXT, arrived_at INT NOT NULL, first_answer_at INT,
                answers INT NOT NULL, messages INT NOT NULL, hand_ons INT NOT NULL, reopenings INT NOT NULL,
                turn TEXT NOT NULL, turn_since INT NOT NULL, outcome TEXT NOT NULL, closed_at INT, source TEXT NOT NULL)
            """,
            "CREATE INDEX fact_queue ON fact (queue_id, arrived_at)",
        ])
}
