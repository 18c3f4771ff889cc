import Storage

extension Schema {
    /// Texts, their versions, paragraphs and translations, and the index their words are found by.
    static let knowledge = Migration(
        "0016_knowledge", knowledgeTexts + knowledgeLanguages + knowledgeAround,
        only: [
            .sqlite: ["CREATE VIRTUAL TABLE knowledge_terms USING fts5 (title, body, tokenize = 'ascii')"],
            .postgres: [
                "ALTER TABLE knowledge_row ADD COLUMN terms tsvector NOT NULL",
                "CREATE INDEX knowledge_row_terms ON knowledge_row USING gin (terms)",
            ],
        ])

    private static let knowledgeTexts = [
        """
        CREATE TABLE knowledge_text (
            id ID, slug TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,
            owner_id INT NOT NULL REFERENCES member (id), audience TEXT NOT NULL, is_open INT NOT NULL,
            topic TEXT NOT NULL, state TEXT NOT NULL, publish_at INT, embargo_until INT, review_at INT,
            expires_at INT, fields TEXT NOT NULL, raw_id INT REFERENCES raw (id), version INT NOT NULL,
            paragraphs INT NOT NULL, created_at INT NOT NULL, updated_at INT NOT NULL)
        """,
        "CREATE UNIQUE INDEX knowledge_text_slug ON knowledge_text (slug)",
        "CREATE INDEX knowledge_text_updated ON knowledge_text (updated_at, id)",
        "CREATE INDEX knowledge_text_kind ON knowledge_text (kind, updated_at, id)",
        "CREATE INDEX knowledge_text_topic ON knowledge_text (topic, updated_at, id)",
        "CREATE INDEX knowledge_text_owner ON knowledge_text (owner_id, updated_at, id)",
        "CREATE INDEX knowledge_text_review ON knowledge_text (review_at, id) WHERE review_at IS NOT NULL",
        "CREATE INDEX knowledge_text_raw ON knowledge_text (raw_id) WHERE raw_id IS NOT NULL",
        """
        CREATE TABLE knowledge_version (
            text_id INT NOT NULL REFERENCES knowledge_text (id), number INT NOT NULL, title TEXT NOT NULL,
            body TEXT NOT NULL, fields TEXT NOT NULL, paragraph_ids TEXT NOT NULL, raw_id INT REFERENCES raw (id),
            author_id INT NOT NULL REFERENCES member (id), credit_id INT REFERENCES member (id), note TEXT NOT NULL,
            at INT NOT NULL, PRIMARY KEY (text_id, number))
        """,
        """
        CREATE TABLE knowledge_tag (
            text_id INT NOT NULL REFERENCES knowledge_text (id), tag TEXT NOT NULL, PRIMARY KEY (text_id, tag))
        """,
        "CREATE INDEX knowledge_tag_tag ON knowledge_tag (tag, text_id)",
        // Who a text is for, where it is not for all members: a team, or those who see a queue.
        """
        CREATE TABLE knowledge_place (
            id ID, text_id INT NOT NULL REFERENCES knowledge_text (id),
            team_id INT REFERENCES team (id) ON DELETE CASCADE, queue_id INT REFERENCES queue (id) ON DELETE CASCADE)
        """,
        "CREATE INDEX knowledge_place_text ON knowledge_place (text_id)",
        "CREATE INDEX knowledge_place_team ON knowledge_place (team_id) WHERE team_id IS NOT NULL",
        "CREATE INDEX knowledge_place_queue ON knowledge_place (queue_id) WHERE queue_id IS NOT NULL",
    ]

    private static let knowledgeLanguages = [
        // A paragraph that was removed has no position, and keeps its translations for when it comes back.
        """
        CREATE TABLE knowledge_paragraph (
            id ID, text_id INT NOT NULL REFERENCES knowledge_text (id), position INT, words TEXT NOT NULL,
            is_neutral INT NOT NULL)
        """,
        "CREATE INDEX knowledge_paragraph_text ON knowledge_paragraph (text_id, position)",
        """
        CREATE TABLE knowledge_translation (
            paragraph_id INT NOT NULL REFERENCES knowledge_paragraph (id), language TEXT NOT NULL,
            words TEXT NOT NULL, source_words TEXT NOT NULL, state TEXT NOT NULL,
            author_id INT NOT NULL REFERENCES member (id), reviewer_id INT REFERENCES member (id), at INT NOT NULL,
            PRIMARY KEY (paragraph_id, language))
        """,
        """
        CREATE TABLE knowledge_translation_past (
            id ID, paragraph_id INT NOT NULL REFERENCES knowledge_paragraph (id), language TEXT NOT NULL,
            words TEXT NOT NULL, source_words TEXT NOT NULL, state TEXT NOT NULL,
            author_id INT NOT NULL REFERENCES member (id), at INT NOT NULL)
        """,
        "CREATE INDEX knowledge_translation_past_of ON knowledge_translation_past (paragraph_id, language, id)",
        // How far each language is: counted anew whenever a text or a translation is saved.
        """
        CREATE TABLE knowledge_language (
            text_id INT NOT NULL REFERENCES knowledge_text (id), language TEXT NOT NULL, title TEXT NOT NULL,
            draft INT NOT NULL, translated INT NOT NULL, outdated INT NOT NULL, reviewed INT NOT NULL,
            PRIMARY KEY (text_id, language))
        """,
        "CREATE INDEX knowledge_language_language ON knowledge_language (language, text_id)",
    ]

    private static let knowledgeAround = [
        """
        CREATE TABLE knowledge_proposal (
            id ID, text_id INT NOT NULL REFERENCES knowledge_text (id), base_version INT NOT NULL,
            title TEXT NOT NULL, body TEXT NOT NULL, comment TEXT NOT NULL, state TEXT NOT NULL,
            author_id INT NOT NULL REFERENCES member (id), answer TEXT NOT NULL,
            decided_by INT REFERENCES member (id), decided_at INT, due_at INT, created_at INT NOT NULL)
        """,
        "CREATE INDEX knowledge_proposal_text ON knowledge_proposal (text_id, state, id)",
        "CREATE INDEX knowledge_proposal_due ON knowledge_proposal (due_at) WHERE due_at IS NOT NULL",
        """
        CREATE INDEX knowledge_proposal_open ON knowledge_proposal (text_id) WHERE state = 'open' AND due_at IS NULL
        """,
        "CREATE INDEX knowledge_proposal_author ON knowledge_proposal (author_id, id)",
        """
        CREATE TABLE knowledge_row (
            id ID, text_id INT NOT NULL REFERENCES knowledge_text (id), language TEXT NOT NULL)
        """,
        "CREATE INDEX knowledge_row_text ON knowledge_row (text_id, language)",
    ]
}
