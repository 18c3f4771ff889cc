import Base
import Storage

/// Texts that speak of what a letter speaks of.
package struct TextMatch: Sendable, Equatable {
    package var text: KnowledgeText
    /// Beginnings of words that stand in both, the rarest first.
    package var terms: [String]
    /// The more and the rarer, the greater.
    package var weight: Double
}

extension KnowledgeStore {
    /// Rows of the index looked at for one word; a word that more texts have says little.
    private static let mostRows = 120

    /// Usable texts of these kinds that the viewer may read, by the beginnings of words they share with a letter, in
    /// one of these languages. Costs a bounded number of rows for each word.
    package func matches(
        _ stems: [String], languages: [String], kinds: [TextKind], limit: Int, visibleTo viewer: Viewer,
        at now: Milliseconds, in db: any Connection
    ) throws -> [TextMatch] {
        var found: [ID: (terms: [(String, Double)], weight: Double)] = [:]
        for stem in stems {
            let texts = try texts(with: stem, languages: languages, in: db)
            let weight = 1 / (1 + Double(texts.count)).squareRoot()
            for (text, isTitle) in texts {
                found[text, default: ([], 0)].terms.append((stem, weight))
                found[text, default: ([], 0)].weight += isTitle ? 2 * weight : weight
            }
        }
        let best = found.filter { $0.value.terms.count >= 2 }
            .sorted { ($1.value.weight, $0.key) < ($0.value.weight, $1.key) }.prefix(4 * limit)
        guard !best.isEmpty else { return [] }
        let rows = try db.rows(
            """
            SELECT knowledge_text.* FROM knowledge_text
            WHERE knowledge_text.id IN \(list: best.map(\.key)) AND knowledge_text.state = 'published'
                AND knowledge_text.audience <> 'confidential' AND \(TextVisibility.readable(by: viewer))
            """)
        let known = Dictionary(try rows.map(Self.read).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return best.compactMap { id, match in
            guard let text = known[id], kinds.contains(text.kind), text.isUsable(at: now) else { return nil }
            let terms = match.terms.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
            return TextMatch(text: text, terms: terms, weight: match.weight)
        }.prefix(limit).map { $0 }
    }

    private func texts(
        with stem: String, languages: [String], in db: any Connection
    ) throws -> [(text: ID, isTitle: Bool)] {
        let rows: [Row]
        switch db.engine {
        case .sqlite:
            let (match, title) = ("\"\(stem)\" *", "title : \"\(stem)\" *")
            rows = try db.rows(
                """
                SELECT knowledge_row.text_id, 0 AS is_title FROM (
                    SELECT rowid FROM knowledge_terms WHERE knowledge_terms MATCH \(match) LIMIT \(10 * Self.mostRows)
                ) AS hit JOIN knowledge_row ON knowledge_row.id = hit.rowid
                WHERE knowledge_row.language IN \(list: languages)
                UNION ALL SELECT knowledge_row.text_id, 1 FROM (
                    SELECT rowid FROM knowledge_terms WHERE knowledge_terms MATCH \(title) LIMIT \(10 * Self.mostRows)
                ) AS hit JOIN knowledge_row ON knowledge_row.id = hit.rowid
                WHERE knowledge_row.language IN \(list: languages)
                """)
        case .postgres:
            rows = try db.rows(
                """
                \(SQL.plannedAnew)SELECT text_id,
                    CASE WHEN terms @@ CAST(\("'\(stem)':*A") AS tsquery) THEN 1 ELSE 0 END AS is_title
                FROM knowledge_row WHERE terms @@ CAST(\("'\(stem)':*") AS tsquery)
                    AND language IN \(list: languages) LIMIT \(Self.mostRows)
                """)
        }
        var texts: [ID: Bool] = [:]
        for row in rows {
            let (text, isTitle) = (try row.int("text_id"), try row.bool("is_title"))
            texts[text] = isTitle || texts[text] == true
        }
        return texts.sorted { $0.key < $1.key }.prefix(Self.mostRows).map { ($0.key, $0.value) }
    }
}
