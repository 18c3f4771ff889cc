import Base
import Storage

extension KnowledgeStore {
    /// Takes words out of a text for good: of all its versions, paragraphs and translations, and of what they are
    /// found by. For words that must be nowhere any more; no version is made of it.
    package func strike(_ text: ID, _ cut: (String) -> String, in db: any Connection) throws {
        for row in try db.rows("SELECT number, title, body, note FROM knowledge_version WHERE text_id = \(text)") {
            try db.executeOne(
                """
                UPDATE knowledge_version SET title = \(cut(try row.text("title"))),
                    body = \(cut(try row.text("body"))), note = \(cut(try row.text("note")))
                WHERE text_id = \(text) AND number = \(try row.int("number"))
                """)
        }
        for row in try db.rows("SELECT id, words FROM knowledge_paragraph WHERE text_id = \(text)") {
            let id = try row.int("id")
            try db.executeOne(
                "UPDATE knowledge_paragraph SET words = \(cut(try row.text("words"))) WHERE id = \(id)")
            try strikeTranslations(of: id, cut, in: db)
        }
        for row in try db.rows("SELECT id, title, body, comment FROM knowledge_proposal WHERE text_id = \(text)") {
            try db.executeOne(
                """
                UPDATE knowledge_proposal SET title = \(cut(try row.text("title"))),
                    body = \(cut(try row.text("body"))), comment = \(cut(try row.text("comment")))
                WHERE id = \(try row.int("id"))
                """)
        }
        let known = try reread(text, in: db)
        try db.executeOne("UPDATE knowledge_text SET title = \(cut(known.title)) WHERE id = \(text)")
        try translations.recount(text, in: db)
        try translations.indexAll(of: try reread(text, in: db), in: db)
    }

    private func strikeTranslations(
        of paragraph: ID, _ cut: (String) -> String, in db: any Connection
    ) throws {
        for row in try db.rows("SELECT * FROM knowledge_translation WHERE paragraph_id = \(paragraph)") {
            try db.executeOne(
                """
                UPDATE knowledge_translation SET words = \(cut(try row.text("words"))),
                    source_words = \(cut(try row.text("source_words")))
                WHERE paragraph_id = \(paragraph) AND language = \(try row.text("language"))
                """)
        }
        for row in try db.rows("SELECT * FROM knowledge_translation_past WHERE paragraph_id = \(paragraph)") {
            try db.executeOne(
                """
                UPDATE knowledge_translation_past SET words = \(cut(try row.text("words"))),
                    source_words = \(cut(try row.text("source_words"))) WHERE id = \(try row.int("id"))
                """)
        }
    }
}
