import Base
import Knowledge
import Storage

extension ReviewSources {
    /// Texts of `Knowledge` that were put into drafts and left with messages.
    package static func inserted(_ insertions: InsertionStore, _ reviews: ReviewStore) -> ReviewSources {
        ReviewSources(
            ofDraft: { draft, db in
                let writers = try reviews.writers(ofDraft: draft, in: db)
                return try insertions.ofDraft(draft, in: db).compactMap { insertion in
                    // Words that were struck say nothing about what was changed.
                    guard insertion.paragraphs.contains(where: { !$0.words.isEmpty || !$0.marks.isEmpty }) else {
                        return nil
                    }
                    return try InsertedSource(insertion).source(except: writers, in: db)
                }
            },
            ofMessage: { message, db in
                try insertions.ofMessage(message, keptAtLeast: InsertedSource.leastKept, in: db).compactMap {
                    try InsertedSource($0).source(except: [], in: db)
                }
            })
    }
}

/// What is known of a text that was inserted.
///
/// A paragraph counts as reviewed when a second person stands behind its words: of a translation whoever reviewed it,
/// of the source whoever wrote that version. Who wrote the reply is no second person: nobody reviews their own by way
/// of a template. A translation that was changed since does not count.
struct InsertedSource {
    /// Less than this of a text left in a letter, in percent, is the writer's own work.
    static let leastKept = 20

    let insertion: Insertion

    init(_ insertion: Insertion) { self.insertion = insertion }

    private struct Made {
        var hash: String
        var reviewer: ID?
    }

    func source(except writers: Set<ID>, in db: any Connection) throws -> ReviewSource? {
        let row = try db.first(
            """
            SELECT knowledge_text.title, knowledge_text.language, knowledge_version.author_id
            FROM knowledge_text JOIN knowledge_version ON knowledge_version.text_id = knowledge_text.id
            WHERE knowledge_text.id = \(insertion.text) AND knowledge_version.number = \(insertion.version)
            """)
        guard let row else { return nil }
        let isSource = try row.text("language") == insertion.language
        let author = try row.int("author_id")
        let made = try isSource ? [:] : translations(in: db)
        let title = try db.first(
            """
            SELECT title FROM knowledge_language
            WHERE text_id = \(insertion.text) AND language = \(insertion.language) AND title <> ''
            """)
        let paragraphs = insertion.paragraphs.map { paragraph -> ReviewSource.Paragraph in
            if !paragraph.marks.isEmpty { return ReviewSource.Paragraph(marks: paragraph.marks) }
            let second: ID? =
                isSource ? author : made[paragraph.id].flatMap { $0.hash == paragraph.hash ? $0.reviewer : nil }
            // What is still to be filled in was seen by nobody.
            let isFilled = !paragraph.words.contains("{{")
            let isReviewed = paragraph.isReviewed && isFilled && second.map { !writers.contains($0) } ?? false
            return ReviewSource.Paragraph(words: paragraph.words, isReviewed: isReviewed)
        }
        return ReviewSource(
            name: try title?.text("title") ?? row.text("title"), paragraphs: paragraphs,
            translators: try isSource ? [] : translators(in: db), knowledge: insertion.text)
    }

    private func translations(in db: any Connection) throws -> [ID: Made] {
        var made: [ID: Made] = [:]
        for row in try db.rows(
            """
            SELECT paragraph_id, words, reviewer_id FROM knowledge_translation
            WHERE paragraph_id IN \(list: insertion.paragraphs.map(\.id)) AND language = \(insertion.language)
            """)
        {
            made[try row.int("paragraph_id")] = Made(
                hash: Insertion.hash(try row.text("words")), reviewer: try row.optionalInt("reviewer_id"))
        }
        return made
    }

    /// Whoever wrote the very words that were inserted, also when others stand there by now.
    private func translators(in db: any Connection) throws -> [ID] {
        let hashes = Dictionary(
            insertion.paragraphs.map { ($0.id, $0.hash) }, uniquingKeysWith: { first, _ in first })
        let ids = insertion.paragraphs.map(\.id)
        let rows = try db.rows(
            """
            SELECT paragraph_id, words, author_id FROM knowledge_translation
            WHERE paragraph_id IN \(list: ids) AND language = \(insertion.language)
            UNION SELECT paragraph_id, words, author_id FROM knowledge_translation_past
            WHERE paragraph_id IN \(list: ids) AND language = \(insertion.language) AND state <> 'draft'
            """)
        let authors = try rows.compactMap { row -> ID? in
            let isTheirs = hashes[try row.int("paragraph_id")] == Insertion.hash(try row.text("words"))
            return isTheirs ? try row.int("author_id") : nil
        }
        return Set(authors).sorted()
    }
}
