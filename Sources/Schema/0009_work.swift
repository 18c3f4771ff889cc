import Storage

extension Schema {
    /// Saved filters, snoozing, bulk changes and what undoes them.
    static let work = Migration(
        "0009_work",
        [
            "ALTER TABLE ticket ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE ticket ADD COLUMN snoozed_until INT",
            "ALTER TABLE ticket ADD COLUMN woken_at INT",
            """
            CREATE INDEX ticket_next ON ticket (language, priority DESC, created_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL
            """,
            """
            CREATE INDEX ticket_open_priority ON ticket (priority DESC, created_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL
            """,
            """
            CREATE INDEX ticket_open_created ON ticket (created_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL
            """,
            """
            CREATE INDEX ticket_open_owner ON ticket (owner_id, created_at, id)
                WHERE state IN ('new', 'open') AND merged_into IS NULL
            """,
            "CREATE INDEX ticket_created ON ticket (created_at, id)",
            "CREATE INDEX ticket_woken ON ticket (woken_at, id) WHERE woken_at IS NOT NULL",
            "CREATE INDEX ticket_merged ON ticket (merged_into) WHERE merged_into IS NOT NULL",
            // How far a member has read a ticket.
            """
            CREATE TABLE ticket_read (
                member_id INT NOT NULL REFERENCES member (id), ticket_id INT NOT NULL REFERENCES ticket (id),
                version INT NOT NULL, message_id INT NOT NULL, at INT NOT NULL, PRIMARY KEY (member_id, ticket_id))
            """,
            // `ticket_id` is the cause of `other_id`, or related to it; or there is an address instead.
            """
            CREATE TABLE ticket_link (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), other_id INT REFERENCES ticket (id),
                kind TEXT NOT NULL, url TEXT NOT NULL, name TEXT NOT NULL, actor_id INT, created_at INT NOT NULL)
            """,
            "CREATE INDEX ticket_link_ticket ON ticket_link (ticket_id)",
            "CREATE INDEX ticket_link_other ON ticket_link (other_id)",
            """
            CREATE TABLE ticket_merge (
                id ID, source_id INT NOT NULL REFERENCES ticket (id), target_id INT NOT NULL REFERENCES ticket (id),
                actor_id INT, former TEXT NOT NULL, created_at INT NOT NULL, undone_at INT)
            """,
            "CREATE INDEX ticket_merge_source ON ticket_merge (source_id)",
            "CREATE INDEX ticket_merge_target ON ticket_merge (target_id)",
            """
            CREATE TABLE ticket_merge_message (
                merge_id INT NOT NULL REFERENCES ticket_merge (id), message_id INT NOT NULL REFERENCES message (id),
                PRIMARY KEY (merge_id, message_id))
            """,
            "CREATE INDEX ticket_merge_message_message ON ticket_merge_message (message_id)",
            """
            CREATE TABLE bulk (
                id ID, member_id INT NOT NULL REFERENCES member (id), change TEXT NOT NULL, query TEXT,
                last_id INT NOT NULL, state TEXT NOT NULL, total INT NOT NULL, back TEXT NOT NULL,
                created_at INT NOT NULL, changed_at INT NOT NULL)
            """,
            "CREATE INDEX bulk_member ON bulk (member_id, id)",
            """
            CREATE TABLE bulk_item (
                bulk_id INT NOT NULL REFERENCES bulk (id), ticket_id INT NOT NULL REFERENCES ticket (id),
                state TEXT NOT NULL, former TEXT NOT NULL, later TEXT NOT NULL, PRIMARY KEY (bulk_id, ticket_id))
            """,
            "CREATE INDEX bulk_item_state ON bulk_item (bulk_id, state, ticket_id)",
            "CREATE INDEX bulk_item_ticket ON bulk_item (ticket_id)",
            """
            CREATE TABLE saved_filter (
                id ID, member_id INT NOT NULL REFERENCES member (id), name TEXT NOT NULL, query TEXT NOT NULL,
                sort TEXT NOT NULL, is_shared INT NOT NULL, created_at INT NOT NULL)
            """,
            "CREATE INDEX saved_filter_member ON saved_filter (member_id)",
            "CREATE INDEX saved_filter_shared ON saved_filter (is_shared)",
            """
            CREATE TABLE member_language (
                member_id INT NOT NULL REFERENCES member (id), language TEXT NOT NULL,
                PRIMARY KEY (member_id, language))
            """,
            """
            CREATE TABLE member_list (
                member_id INT NOT NULL PRIMARY KEY REFERENCES member (id), columns TEXT NOT NULL, sort TEXT NOT NULL)
            """,
        ])
}
