import Storage

extension Schema {
    /// What pages of many texts read, in as few places as can be.
    static let textPages = Migration(
        "0038_text_pages",
        [
            // A text in one language as it is searched, to be shown around the words that were found.
            """
            CREATE TABLE knowledge_words (
                text_id INT NOT NULL REFERENCES knowledge_text (id), language TEXT NOT NULL, words TEXT NOT NULL,
                PRIMARY KEY (text_id, language))
            """,
            """
            CREATE INDEX knowledge_text_open ON knowledge_text (kind, topic) WHERE is_open = 1 AND state <> 'archived'
            """,
            "CREATE INDEX knowledge_text_closed ON knowledge_text (state, id) WHERE is_open = 0",
            "CREATE INDEX knowledge_text_archived ON knowledge_text (updated_at, id) WHERE state = 'archived'",
        ],
        only: [
            .sqlite: fill("group_concat(words, char(10, 10))"),
            .postgres: fill("string_agg(words, E'\\n\\n' ORDER BY position)") + [
                // Terms stay in their row: those of Chinese and Japanese texts were fetched from elsewhere one by one.
                "ALTER TABLE knowledge_row SET (toast_tuple_target = 8160)"
            ],
        ])

    private static func fill(_ joined: String) -> [String] {
        [
            """
            INSERT INTO knowledge_words (text_id, language, words)
            SELECT text_id, language, \(joined) FROM (
                SELECT part.text_id, knowledge_text.language, part.position, part.words FROM knowledge_text
                JOIN knowledge_paragraph AS part ON part.text_id = knowledge_text.id WHERE part.position > 0
                ORDER BY part.text_id, part.position) AS source
            GROUP BY text_id, language
            """,
            """
            INSERT INTO knowledge_words (text_id, language, words)
            SELECT text_id, language, \(joined) FROM (
                SELECT part.text_id, made.language, part.position, made.words FROM knowledge_paragraph AS part
                JOIN knowledge_translation AS made ON made.paragraph_id = part.id
                WHERE part.position > 0 AND made.state <> 'draft'
                ORDER BY part.text_id, made.language, part.position) AS made
            GROUP BY text_id, language
            """,
        ]
    }
}
