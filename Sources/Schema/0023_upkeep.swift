import Storage

extension Schema {
    /// How often texts helped: counts of days, nothing of persons.
    static let upkeep = Migration(
        "0023_upkeep",
        [
            """
            CREATE TABLE knowledge_feedback (
                text_id INT NOT NULL REFERENCES knowledge_text (id), language TEXT NOT NULL, day INT NOT NULL,
                helped INT NOT NULL, did_not INT NOT NULL, PRIMARY KEY (text_id, language, day))
            """
        ])
}
