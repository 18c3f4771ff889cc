import Storage

extension Schema {
    /// The full-text index: rows of at most 4,000 terms, made by our own analyser on both engines.
    static let search = Migration(
        "0006_search",
        [
            """
            CREATE TABLE search_row (
                id ID, ticket_id INT NOT NULL REFERENCES ticket (id), message_id INT NOT NULL REFERENCES message (id))
            """,
            "CREATE INDEX search_row_ticket ON search_row (ticket_id)",
            "CREATE INDEX search_row_message ON search_row (message_id)",
        ],
        only: [
            .sqlite: [
                """
                CREATE VIRTUAL TABLE search_terms USING fts5 (subject, sender, recipients, body, tokenize = 'ascii')
                """
            ],
            .postgres: [
                "ALTER TABLE search_row ADD COLUMN terms tsvector NOT NULL",
                "CREATE INDEX search_row_terms ON search_row USING gin (terms)",
            ],
        ])
}
