import Base
import Storage

/// The tables `knowledge_translation`, `knowledge_translation_past` and `knowledge_language`.
///
/// A translation remembers the source it was made from. It is outdated while the source says something else; when the
/// source goes back to those words it is not; and "no new translation needed" gives it the new words to remember.
package struct TranslationStore: Sendable {
    private static let longest = 50_000

    private let ids: IDMaker
    private let events: EventStore
    private let paragraphs: ParagraphStore
    private let index: TextIndex

    init(ids: IDMaker, events: EventStore, paragraphs: ParagraphStore, index: TextIndex) {
        self.ids = ids
        self.events = events
        self.paragraphs = paragraphs
        self.index = index
    }

    // MARK: - Reading

    /// Translations of a text's paragraphs into a language, by paragraph.
    package func translations(
        of text: ID, into language: String, in db: any Connection
    ) throws -> [ID: Translation] {
        try translations(of: text, into: [language], in: db)[language] ?? [:]
    }

    /// By language and paragraph; only paragraphs of the newest version.
    package func translations(
        of text: ID, into languages: [String], in db: any Connection
    ) throws -> [String: [ID: Translation]] {
        var found: [String: [ID: Translation]] = [:]
        let rows = try db.rows(
            """
            SELECT knowledge_translation.* FROM knowledge_paragraph
            JOIN knowledge_translation ON knowledge_translation.paragraph_id = knowledge_paragraph.id
            WHERE knowledge_paragraph.text_id = \(text) AND knowledge_paragraph.position IS NOT NULL
                AND knowledge_translation.language IN \(list: languages)
            """)
        for translation in try rows.map(Self.read) {
            found[translation.language, default: [:]][translation.paragraph] = translation
        }
        return found
    }

    /// Earlier words of a paragraph in a language, newest first.
    package func past(
        of paragraph: ID, in language: String, limit: Int, in db: any Connection
    ) throws -> [Translation] {
        try db.rows(
            """
            SELECT paragraph_id, language, words, source_words, state, author_id, NULL AS reviewer_id, at
            FROM knowledge_translation_past
            WHERE paragraph_id = \(paragraph) AND language = \(language) ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Self.read)
    }

    /// Progress in all languages somebody has begun, or only in these, by text.
    package func progress(
        of texts: [ID], languages: [String]? = nil, in db: any Connection
    ) throws -> [ID: [LanguageProgress]] {
        var found: [ID: [LanguageProgress]] = [:]
        let among: SQL = languages.map { " AND language IN \(list: $0)" } ?? ""
        let rows = try db.rows(
            "SELECT * FROM knowledge_language WHERE text_id IN \(list: texts)\(among) ORDER BY text_id, language")
        for row in rows {
            let progress = LanguageProgress(
                text: try row.int("text_id"), language: try row.text("language"), title: try row.text("title"),
                draft: Int(try row.int("draft")), translated: Int(try row.int("translated")),
                outdated: Int(try row.int("outdated")), reviewed: Int(try row.int("reviewed")))
            found[progress.text, default: []].append(progress)
        }
        return found
    }

    // MARK: - Changing

    /// Saves what a translator wrote; returns the paragraphs somebody else changed meanwhile, which stay as they are.
    /// Empty words take a translation away.
    package func save(
        _ entries: [TranslationEntry], of text: KnowledgeText, into language: String, by author: ID, at: Milliseconds,
        in db: any Connection
    ) throws -> [ID] {
        let language = try requireLanguage(language, of: text)
        let source = try paragraphs.current(of: text.id, in: db)
        let words = Dictionary(uniqueKeysWithValues: source.map { ($0.id, $0.words) })
        let before = try translations(of: text.id, into: language, in: db)
        var collisions: [ID] = []
        var count = 0
        for entry in entries {
            guard let sourceWords = words[entry.paragraph] else { throw Failure(.conflict, "knowledge-changed") }
            let known = before[entry.paragraph]
            let changed = try change(
                entry, known: known, source: sourceWords, isTitle: entry.paragraph == source.first?.id)
            guard let changed else { continue }
            guard (known?.at ?? 0) == entry.seen else {
                collisions.append(entry.paragraph)
                continue
            }
            if let known { try keep(known, in: db) }
            try write(
                changed, stored: entry.isDraft ? .draft : .translated, of: entry.paragraph, language,
                source: sourceWords,
                by: author, at: at, in: db)
            count += 1
        }
        if count > 0 {
            try finish(text, language, in: db)
            let data = ["language": language, "paragraphs": String(count)]
            try events.add(Event("text-translated", actor: author, subject: text.id, data: data), at: at, in: db)
        }
        return collisions
    }

    /// The words to keep, tidied; nil when nothing is new. Refuses what is too long or has unknown placeholders.
    private func change(
        _ entry: TranslationEntry, known: Translation?, source: String, isTitle: Bool
    ) throws(Failure) -> String? {
        let paragraphs = Paragraphs.split(entry.words)
        // One paragraph stays one: an empty line inside becomes a line end.
        let words = paragraphs.joined(separator: isTitle ? " " : "\n")
        guard words.utf8.count <= Self.longest else { throw Failure(.tooLarge, "knowledge-too-long") }
        try Placeholders.check(words)
        let isSame = words == (known?.words ?? "")
        guard isSame else { return words }
        guard let known else { return nil }
        // The same words saved again say: this is right for the source as it is now.
        let isRenewed = known.sourceWords != source && !entry.isDraft
        let isFinished = known.stored == .draft && !entry.isDraft
        let isReopened = known.stored != .draft && entry.isDraft
        return isRenewed || isFinished || isReopened ? words : nil
    }

    private func keep(_ known: Translation, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO knowledge_translation_past (id, paragraph_id, language, words, source_words, state, author_id,
                at)
            VALUES (\(try ids.make()), \(known.paragraph), \(known.language), \(known.words), \(known.sourceWords),
                \(known.stored.rawValue), \(known.author), \(known.at))
            """)
    }

    func write(
        _ words: String, stored: TranslationState, of paragraph: ID, _ language: String, source: String, by author: ID,
        reviewer: ID? = nil, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            "DELETE FROM knowledge_translation WHERE paragraph_id = \(paragraph) AND language = \(language)")
        guard !words.isEmpty else { return }
        try db.execute(
            """
            INSERT INTO knowledge_translation (paragraph_id, language, words, source_words, state, author_id,
                reviewer_id, at)
            VALUES (\(paragraph), \(language), \(words), \(source), \(stored.rawValue), \(author), \(reviewer), \(at))
            """)
    }

    /// Says that paragraphs are right as they are: by somebody who did not translate them, or the text's owner.
    package func review(
        _ ids: [ID], of text: KnowledgeText, in language: String, by reviewer: ID, at: Milliseconds,
        in db: any Connection
    ) throws {
        let language = try requireLanguage(language, of: text)
        let source = try paragraphs.current(of: text.id, in: db)
        let known = try translations(of: text.id, into: language, in: db)
        var count = 0
        for paragraph in source where ids.contains(paragraph.id) {
            guard let translation = known[paragraph.id], translation.state(against: paragraph.words) == .translated
            else { continue }
            guard translation.author != reviewer || text.owner == reviewer else {
                throw Failure(.refused, "knowledge-review-own")
            }
            try db.executeOne(
                """
                UPDATE knowledge_translation SET state = 'reviewed', reviewer_id = \(reviewer)
                WHERE paragraph_id = \(paragraph.id) AND language = \(language) AND at = \(translation.at)
                """)
            count += 1
        }
        guard count > 0 else { return }
        try recount(text.id, in: db)
        let data = ["language": language, "paragraphs": String(count)]
        try events.add(
            Event("text-translation-reviewed", actor: reviewer, subject: text.id, data: data), at: at, in: db)
    }

    /// "No new translation needed": translations made from the words `before` a change hold for those after it.
    package func waive(
        _ changes: [(paragraph: ID, before: String, after: String)], of text: KnowledgeText, by actor: ID,
        at: Milliseconds, in db: any Connection
    ) throws {
        for change in changes {
            try db.execute(
                """
                UPDATE knowledge_translation SET source_words = \(change.after)
                WHERE paragraph_id = \(change.paragraph) AND source_words = \(change.before)
                """)
        }
        guard !changes.isEmpty else { return }
        try recount(text.id, in: db)
        let data = ["paragraphs": String(changes.count)]
        try events.add(Event("text-translation-waived", actor: actor, subject: text.id, data: data), at: at, in: db)
    }

    func requireLanguage(_ language: String, of text: KnowledgeText) throws(Failure) -> String {
        let language = LanguageChain.normal(language)
        guard !language.isEmpty, language.utf8.count <= 20, language != text.language else {
            throw Failure(.invalid, "knowledge-language-wrong")
        }
        return language
    }

    // MARK: - What is counted and found

    /// After a translation was written: progress and search.
    func finish(_ text: KnowledgeText, _ language: String, in db: any Connection) throws {
        try recount(text.id, in: db)
        try indexTranslation(of: text, language, try paragraphs.current(of: text.id, in: db), in: db)
    }

    private func indexTranslation(
        of text: KnowledgeText, _ language: String, _ source: [SourceParagraph], in db: any Connection
    ) throws {
        let known = try translations(of: text.id, into: language, in: db)
        let words = source.compactMap { paragraph -> (Int, String)? in
            guard let translation = known[paragraph.id], translation.stored != .draft else { return nil }
            return (paragraph.position, translation.words)
        }
        try index.replace(
            text.id, language, title: words.first { $0.0 == 0 }?.1 ?? "",
            body: words.filter { $0.0 > 0 }.map(\.1).joined(separator: "\n\n"), in: db)
    }

    func recount(_ text: ID, in db: any Connection) throws {
        let made: SQL = """
            FROM knowledge_paragraph AS part JOIN knowledge_translation AS made ON made.paragraph_id = part.id
            WHERE part.text_id = \(text) AND part.position IS NOT NULL AND part.is_neutral = 0
            """
        try db.execute(
            """
            DELETE FROM knowledge_language WHERE text_id = \(text) AND language NOT IN (SELECT made.language \(made))
            """)
        // Rows that stay as they are are not written, so that those of a text lie together.
        try db.execute(
            """
            INSERT INTO knowledge_language (text_id, language, title, draft, translated, outdated, reviewed)
            SELECT part.text_id, made.language,
                COALESCE(MAX(CASE WHEN part.position = 0 AND made.state <> 'draft' THEN made.words END), ''),
                SUM(CASE WHEN made.state = 'draft' THEN 1 ELSE 0 END),
                SUM(CASE WHEN made.state = 'translated' AND made.source_words = part.words THEN 1 ELSE 0 END),
                SUM(CASE WHEN made.state <> 'draft' AND made.source_words <> part.words THEN 1 ELSE 0 END),
                SUM(CASE WHEN made.state = 'reviewed' AND made.source_words = part.words THEN 1 ELSE 0 END)
            \(made)
            GROUP BY part.text_id, made.language
            ON CONFLICT (text_id, language) DO UPDATE SET title = excluded.title, draft = excluded.draft,
                translated = excluded.translated, outdated = excluded.outdated, reviewed = excluded.reviewed
            WHERE (knowledge_language.title, knowledge_language.draft, knowledge_language.translated,
                    knowledge_language.outdated, knowledge_language.reviewed)
                <> (excluded.title, excluded.draft, excluded.translated, excluded.outdated, excluded.reviewed)
            """)
    }

    /// All languages of a text anew: after its source changed, and after a restore.
    func indexAll(of text: KnowledgeText, in db: any Connection) throws {
        let source = try paragraphs.current(of: text.id, in: db)
        try indexSource(of: text, source, in: db)
        for progress in try progress(of: [text.id], in: db)[text.id] ?? [] {
            try indexTranslation(of: text, progress.language, source, in: db)
        }
    }

    private func indexSource(of text: KnowledgeText, _ source: [SourceParagraph], in db: any Connection) throws {
        let tags = try db.rows("SELECT tag FROM knowledge_tag WHERE text_id = \(text.id) ORDER BY tag")
            .map { try $0.text("tag") }
        let around = ([text.topic] + tags + text.fields.sorted { $0.key < $1.key }.map(\.value)).joined(separator: "\n")
        let body = source.filter { $0.position > 0 }.map(\.words).joined(separator: "\n\n")
        try index.replace(text.id, text.language, title: text.title, body: body, around: around, in: db)
    }

    private static func read(_ row: Row) throws -> Translation {
        Translation(
            paragraph: try row.int("paragraph_id"), language: try row.text("language"), words: try row.text("words"),
            sourceWords: try row.text("source_words"),
            stored: TranslationState(rawValue: try row.text("state")) ?? .draft, author: try row.int("author_id"),
            reviewer: try row.optionalInt("reviewer_id"), at: try row.int("at"))
    }
}
