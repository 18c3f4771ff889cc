import Storage

extension Schema {
    /// What lists of texts count and look for.
    static let textCounts = Migration(
        "0033_speed",
        [
            // How many texts there are of each kind and topic is read from this alone.
            """
            CREATE INDEX knowledge_text_counted
                ON knowledge_text (kind, topic, state, is_open, owner_id, audience, id)
            """,
            """
            CREATE INDEX knowledge_language_outdated ON knowledge_language (language, text_id) WHERE outdated > 0
            """,
        ])
}
