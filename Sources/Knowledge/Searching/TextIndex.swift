import Base
import Storage
import Text

/// The full-text index of texts: a row for each text and language, more for long ones. Table `knowledge_row` with, on
/// SQLite, `knowledge_terms` (FTS5), on PostgreSQL a tsvector column. Terms are those of the one analyser. Table
/// `knowledge_words`: what they were made of.
struct TextIndex: Sendable {
    /// A tsvector ends at position 16,383.
    private static let rowLength = 4000

    private let ids: IDMaker

    init(ids: IDMaker) { self.ids = ids }

    /// `around` is found but never shown: topic, tags, fields.
    func replace(
        _ text: ID, _ language: String, title: String, body: String, around: String = "", in db: any Connection
    ) throws {
        try remove(text, language, in: db)
        if !body.isEmpty {
            try db.execute(
                "INSERT INTO knowledge_words (text_id, language, words) VALUES (\(text), \(language), \(body))")
        }
        let title = SearchTerms.terms(of: title)
        let body = SearchTerms.terms(of: around.isEmpty ? body : body + "\n\n" + around)
        guard !title.isEmpty || !body.isEmpty else { return }
        for start in stride(from: 0, to: max(1, body.count), by: Self.rowLength) {
            try add(
                text, language, title: start == 0 ? title : [],
                body: Array(body[start..<min(body.count, start + Self.rowLength)]), in: db)
        }
    }

    private func remove(_ text: ID, _ language: String, in db: any Connection) throws {
        if db.engine == .sqlite {
            try db.execute(
                """
                DELETE FROM knowledge_terms WHERE rowid IN (
                    SELECT id FROM knowledge_row WHERE text_id = \(text) AND language = \(language))
                """)
        }
        try db.execute("DELETE FROM knowledge_row WHERE text_id = \(text) AND language = \(language)")
        try db.execute("DELETE FROM knowledge_words WHERE text_id = \(text) AND language = \(language)")
    }

    private func add(
        _ text: ID, _ language: String, title: [String], body: [String], in db: any Connection
    ) throws {
        let id = try ids.make()
        switch db.engine {
        case .sqlite:
            try db.execute("INSERT INTO knowledge_row (id, text_id, language) VALUES (\(id), \(text), \(language))")
            try db.execute(
                """
                INSERT INTO knowledge_terms (rowid, title, body)
                VALUES (\(id), \(title.joined(separator: " ")), \(body.joined(separator: " ")))
                """)
        case .postgres:
            let terms = Self.vector(title: title, body: body)
            try db.execute(
                """
                INSERT INTO knowledge_row (id, text_id, language, terms)
                VALUES (\(id), \(text), \(language), CAST(\(terms) AS tsvector))
                """)
        }
    }

    /// `'term':1A,7 …`: the title has weight A and lies 100 positions apart, so that no phrase crosses over.
    private static func vector(title: [String], body: [String]) -> String {
        var positions: [String: [String]] = [:]
        for (position, term) in title.enumerated() { positions[term, default: []].append("\(position + 1)A") }
        let start = title.count + 101
        for (position, term) in body.enumerated() { positions[term, default: []].append(String(start + position)) }
        return positions.map { "'\($0.key)':" + $0.value.prefix(255).joined(separator: ",") }.joined(separator: " ")
    }

    // MARK: - Asking

    /// A condition on `knowledge_text`: a row of it has these terms at consecutive positions.
    static func condition(
        _ terms: [String], isPrefix: Bool, isTitle: Bool, in db: any Connection
    ) throws -> SQL {
        switch db.engine {
        case .sqlite:
            let match = match(terms, isPrefix: isPrefix, isTitle: isTitle)
            guard try isCommon(match, in: db) else {
                return """
                    knowledge_text.id IN (SELECT knowledge_row.text_id FROM knowledge_row
                        WHERE knowledge_row.id IN (
                            SELECT rowid FROM knowledge_terms WHERE knowledge_terms MATCH \(match)))
                    """
            }
            // What most texts hold is looked up text by text until the page is full.
            return isIn(match)
        case .postgres:
            let match = matches(terms, isPrefix: isPrefix, isTitle: isTitle)
            return """
                knowledge_text.id IN (\(SQL.plannedAnew)
                    SELECT knowledge_row.text_id FROM knowledge_row WHERE \(match))
                """
        }
    }

    /// The languages of each of these texts in which one of the phrases stands.
    static func languages(
        of texts: [ID], with wanted: [(terms: [String], isPrefix: Bool)], in db: any Connection
    ) throws -> [ID: Set<String>] {
        guard !wanted.isEmpty, !texts.isEmpty else { return [:] }
        let parts = wanted.map { phrase -> SQL in
            if db.engine == .postgres { return matches(phrase.terms, isPrefix: phrase.isPrefix, isTitle: false) }
            // Rows of texts that changed one after the other lie together: only between them is anything read.
            return """
                +knowledge_row.id IN (SELECT rowid FROM knowledge_terms
                    WHERE knowledge_terms MATCH \(match(phrase.terms, isPrefix: phrase.isPrefix, isTitle: false))
                        AND rowid >= (SELECT MIN(id) FROM knowledge_row WHERE text_id IN \(list: texts))
                        AND rowid <= (SELECT MAX(id) FROM knowledge_row WHERE text_id IN \(list: texts)))
                """
        }
        let rows = try db.rows(
            """
            SELECT knowledge_row.text_id, knowledge_row.language FROM knowledge_row
            WHERE knowledge_row.text_id IN \(list: texts) AND (\(SQL.joined(parts, by: " OR ")))
            """)
        var found: [ID: Set<String>] = [:]
        for row in rows { found[try row.int("text_id"), default: []].insert(try row.text("language")) }
        return found
    }

    /// What each of these texts says in a language, title, topic and tags left out; nothing where it says nothing.
    static func words(of texts: [(text: ID, language: String)], in db: any Connection) throws -> [ID: String] {
        guard !texts.isEmpty else { return [:] }
        let wanted = texts.map { text, language -> SQL in "(text_id = \(text) AND language = \(language))" }
        let rows = try db.rows(
            "SELECT text_id, words FROM knowledge_words WHERE \(SQL.joined(wanted, by: " OR "))")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.int("text_id"), try $0.text("words")) })
    }

    /// For counting: a statement that finds texts of a word one after the other, some perhaps several times, and what
    /// else is asked of them. Nil when a condition on texts does as well: on SQLite for a word that is in few, on
    /// PostgreSQL, which knows what is rare but not what it costs to open a long tsvector, where more is asked.
    static func hits(
        _ filter: TextFilter, in db: any Connection
    ) throws -> Hits? {
        try filter.query.expression.takingOut { terms, isPrefix, field -> (texts: (SQL) -> SQL, isIn: SQL)? in
            guard !terms.isEmpty, field == nil || field == .subject else { return nil }
            switch db.engine {
            case .sqlite:
                let match = match(terms, isPrefix: isPrefix, isTitle: field == .subject)
                return try isCommon(match, in: db) ? ({ sqliteHits(match, where: $0) }, isIn(match)) : nil
            case .postgres:
                let match = matches(terms, isPrefix: isPrefix, isTitle: field == .subject)
                // OFFSET keeps PostgreSQL from looking at all rows first.
                let isIn: SQL = """
                    EXISTS (SELECT 1 FROM knowledge_row
                        WHERE knowledge_row.text_id = knowledge_text.id AND \(match) OFFSET 0)
                    """
                return filter.asksOneWord ? ({ postgresHits(match, where: $0) }, isIn) : nil
            }
        }.map { Hits(texts: $0.found.texts, isIn: $0.found.isIn, rest: $0.rest) }
    }

    /// How texts of a word are found one after the other.
    struct Hits {
        /// A statement, given what else is asked of them.
        var texts: (_ conditions: SQL) -> SQL
        /// A condition on `knowledge_text`, looked at text by text: for a word that many have.
        var isIn: SQL
        /// What is asked besides the word.
        var rest: SearchExpression
    }

    private static func isIn(_ match: String) -> SQL {
        """
        EXISTS (SELECT 1 FROM knowledge_row WHERE knowledge_row.text_id = knowledge_text.id
            AND +knowledge_row.id IN (SELECT rowid FROM knowledge_terms WHERE knowledge_terms MATCH \(match)))
        """
    }

    private static func sqliteHits(_ match: String, where conditions: SQL) -> SQL {
        """
        SELECT DISTINCT knowledge_row.text_id FROM knowledge_terms CROSS JOIN knowledge_row CROSS JOIN knowledge_text
        WHERE knowledge_row.id = knowledge_terms.rowid AND knowledge_terms MATCH \(match)
            AND knowledge_text.id = knowledge_row.text_id AND \(conditions)
        """
    }

    private static func postgresHits(_ match: SQL, where conditions: SQL) -> SQL {
        """
        \(SQL.plannedAnew)SELECT hit.text_id, seen.updated_at
        FROM (SELECT text_id FROM knowledge_row WHERE \(match) OFFSET 0) AS hit
        CROSS JOIN LATERAL (
            SELECT updated_at FROM knowledge_text
            WHERE knowledge_text.id = hit.text_id AND \(conditions) OFFSET 0) AS seen
        """
    }

    private static let common = 1000

    private static func isCommon(_ match: String, in db: any Connection) throws -> Bool {
        try db.int(
            """
            SELECT COUNT(*) AS n FROM (
                SELECT rowid FROM knowledge_terms WHERE knowledge_terms MATCH \(match) LIMIT \(common))
            """) == common
    }

    private static func match(_ terms: [String], isPrefix: Bool, isTitle: Bool) -> String {
        (isTitle ? "title : " : "") + "\"" + terms.joined(separator: " ") + "\"" + (isPrefix ? " *" : "")
    }

    private static func matches(_ terms: [String], isPrefix: Bool, isTitle: Bool) -> SQL {
        var parts: [String] = []
        for (index, term) in terms.enumerated() {
            let marks = (isPrefix && index == terms.count - 1 ? "*" : "") + (isTitle ? "A" : "")
            parts.append("'\(term)'" + (marks.isEmpty ? "" : ":" + marks))
        }
        return "knowledge_row.terms @@ CAST(\(parts.joined(separator: " <-> ")) AS tsquery)"
    }
}
