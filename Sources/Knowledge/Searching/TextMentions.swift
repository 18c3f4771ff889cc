import Base
import Storage
import Text

/// Finds the texts in which somebody is named, for a human to look at: a text may name a person for good reason.
///
/// What stands now, in all languages, is found by the index, whatever its case and marks. Former versions, fields,
/// former translations and proposals are in no index: they are read from first to last, which is for administrators'
/// rare questions, not for lists. There only the case of Latin letters without marks does not matter.
package struct TextMentions: Sendable {
    package struct Mention: Sendable, Equatable {
        package var id: ID
        package var title: String
        package var language: String
        package var updatedAt: Milliseconds
        /// Not in what stands now, but in what stood before, or in a proposal.
        package var isFormer: Bool
    }

    package init() {}

    /// Those the viewer may read, newest change first. A phrase is an address or a whole name.
    package func find(
        _ phrases: [String], visibleTo viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> [Mention] {
        let now = try indexed(phrases, visibleTo: viewer, limit: limit, in: db)
        let known = Set(now.map(\.id))
        let others = try read(phrases, visibleTo: viewer, limit: limit + known.count, in: db).filter {
            !known.contains($0.id)
        }
        return Array((now + others).sorted { ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id) }.prefix(limit))
    }

    private func indexed(
        _ phrases: [String], visibleTo viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> [Mention] {
        var found: [ID: Mention] = [:]
        // Signs alone would be no condition.
        for phrase in phrases where !SearchTerms.terms(of: phrase).isEmpty {
            guard let query = try? SearchQuery.parse("\"\(phrase.filter { $0 != "\"" })\"", now: 0) else { continue }
            var filter = TextFilter()
            filter.query = query
            for state in [nil, TextState.archived] {
                filter.state = state
                for text in try TextList().page(filter, visibleTo: viewer, limit: limit, in: db).texts {
                    found[text.id] = Self.mention(text, isFormer: false)
                }
            }
        }
        return Array(found.values)
    }

    private func read(
        _ phrases: [String], visibleTo viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> [Mention] {
        let patterns = phrases.filter { !SearchTerms.terms(of: $0).isEmpty }.map(Self.pattern)
        guard !patterns.isEmpty else { return [] }
        let named = { (columns: String...) -> SQL in
            SQL.joined(
                columns.flatMap { column in
                    patterns.map { SQL(text: "LOWER(\(column)) LIKE ") + "\($0) ESCAPE '!'" }
                }, by: " OR ")
        }
        let version = named(
            "knowledge_version.title", "knowledge_version.body", "knowledge_version.note", "knowledge_version.fields")
        return try db.rows(
            """
            SELECT knowledge_text.*, EXISTS (SELECT 1 FROM knowledge_version
                    WHERE knowledge_version.text_id = knowledge_text.id
                        AND knowledge_version.number = knowledge_text.version AND (\(version))) AS stands
            FROM knowledge_text
            WHERE \(TextVisibility.readable(by: viewer)) AND knowledge_text.id IN (
                SELECT text_id FROM knowledge_version WHERE \(version)
                UNION SELECT text_id FROM knowledge_proposal WHERE \(named("title", "body", "comment", "answer"))
                UNION SELECT text_id FROM knowledge_paragraph WHERE id IN (
                    SELECT paragraph_id FROM knowledge_translation WHERE \(named("words", "source_words"))
                    UNION SELECT paragraph_id FROM knowledge_translation_past
                        WHERE \(named("words", "source_words"))))
            ORDER BY knowledge_text.updated_at DESC, knowledge_text.id DESC LIMIT \(limit)
            """
        ).map { Self.mention(try KnowledgeStore.read($0), isFormer: try !$0.bool("stands")) }
    }

    private static func mention(_ text: KnowledgeText, isFormer: Bool) -> Mention {
        Mention(
            id: text.id, title: text.title, language: text.language, updatedAt: text.updatedAt, isFormer: isFormer)
    }

    /// Letters are made small as both engines make them: A to Z.
    private static func pattern(_ phrase: String) -> String {
        var text = "%"
        for character in phrase {
            if "%_!".contains(character) { text.append("!") }
            text += character.isASCII ? character.lowercased() : String(character)
        }
        return text + "%"
    }
}
