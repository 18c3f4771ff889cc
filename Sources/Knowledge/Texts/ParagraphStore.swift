import Base
import Storage

/// A paragraph of a text's source; number 0 is the title.
package struct SourceParagraph: Sendable, Equatable {
    package var id: ID
    package var position: Int
    package var words: String
    /// Rules, numbers, placeholders alone: the same in every language, and nobody's work.
    package var isNeutral: Bool
}

/// The table `knowledge_paragraph`: the words of the newest version, under ids that outlive changes.
package struct ParagraphStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    package func current(of text: ID, in db: any Connection) throws -> [SourceParagraph] {
        try db.rows(
            """
            SELECT * FROM knowledge_paragraph WHERE text_id = \(text) AND position IS NOT NULL ORDER BY position
            """
        ).map(Self.read)
    }

    static func read(_ row: Row) throws -> SourceParagraph {
        SourceParagraph(
            id: try row.int("id"), position: Int(try row.int("position")), words: try row.text("words"),
            isNeutral: try row.bool("is_neutral"))
    }

    /// Puts these words in the place of what there is; returns the ids in their order, the title's first.
    func replace(_ text: ID, title: String, paragraphs: [String], in db: any Connection) throws -> [ID] {
        let old = try current(of: text, in: db)
        var found = ParagraphMatching.ids(
            from: old.filter { $0.position > 0 }.map { ($0.id, $0.words) }, to: paragraphs)
        try revive(&found, paragraphs, of: text, in: db)
        let all = [old.first { $0.position == 0 }?.id] + found
        return try write(all, words: [title] + paragraphs, old: old, of: text, in: db)
    }

    /// The same with ids of an earlier version.
    func restore(_ text: ID, words: [String], ids: [ID], in db: any Connection) throws {
        _ = try write(ids.map { $0 }, words: words, old: try current(of: text, in: db), of: text, in: db)
    }

    /// What was removed once and stands here again word by word, comes back with its translations.
    private func revive(_ found: inout [ID?], _ paragraphs: [String], of text: ID, in db: any Connection) throws {
        guard found.contains(nil) else { return }
        var removed: [String: [ID]] = [:]
        let rows = try db.rows(
            "SELECT id, words FROM knowledge_paragraph WHERE text_id = \(text) AND position IS NULL ORDER BY id")
        for row in rows { removed[try row.text("words"), default: []].append(try row.int("id")) }
        for place in paragraphs.indices where found[place] == nil {
            found[place] = removed[paragraphs[place]]?.popLast()
        }
    }

    private func write(
        _ found: [ID?], words: [String], old: [SourceParagraph], of text: ID, in db: any Connection
    ) throws -> [ID] {
        let before = Dictionary(uniqueKeysWithValues: old.map { ($0.id, $0) })
        let kept = Set(found.compactMap { $0 })
        for paragraph in old where !kept.contains(paragraph.id) {
            try db.executeOne("UPDATE knowledge_paragraph SET position = NULL WHERE id = \(paragraph.id)")
        }
        var result: [ID] = []
        for (position, words) in words.enumerated() {
            let isNeutral = Paragraphs.isNeutral(words)
            guard let id = found[position] else {
                let id = try ids.make()
                try db.execute(
                    """
                    INSERT INTO knowledge_paragraph (id, text_id, position, words, is_neutral)
                    VALUES (\(id), \(text), \(position), \(words), \(isNeutral))
                    """)
                result.append(id)
                continue
            }
            if before[id]?.position != position || before[id]?.words != words {
                try db.executeOne(
                    """
                    UPDATE knowledge_paragraph SET position = \(position), words = \(words), is_neutral = \(isNeutral)
                    WHERE id = \(id)
                    """)
            }
            result.append(id)
        }
        return result
    }
}
