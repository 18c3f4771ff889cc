import Base
import Storage
import TestKit
import Testing
import Text

@testable import Knowledge

/// Lists and searches among 5,000 texts in ten languages look at what they show: their plans on both engines, and how
/// long they take.
struct KnowledgePlanTests {
    private static let texts = 5_000

    private static let queries = [
        "", "everywhere", "seldom", "everywhere seldom", "\"everywhere seldom\"", "tag:photo",
    ]

    @Test(arguments: TestDatabase.kinds) func `no list or search of texts reads whole tables`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            try await Self.crowd(scene)
            let viewer = try await scene.viewer(scene.reader)
            var filters = try Self.queries.map { text in
                var filter = TextFilter()
                filter.query = try SearchQuery.parse(text, now: 0)
                return filter
            }
            var template = TextFilter()
            template.kinds = [.template]
            var owned = TextFilter()
            owned.owner = scene.owner.id
            filters += [template, owned]
            for filter in filters {
                let plans = try await database.read { db in
                    let watched = Watched(db)
                    let list = TextList()
                    let page = try list.page(filter, visibleTo: viewer, limit: 50, in: watched)
                    _ = try list.found(filter, visibleTo: viewer, limit: 50, in: watched)
                    _ = try list.counts(visibleTo: viewer, in: watched)
                    _ = try TextIndex.words(of: page.texts.map { ($0.id, "de") }, in: watched)
                    _ = try list.publicPage(filter, at: scene.now, limit: 50, in: watched)
                    _ = try scene.store.translations.progress(of: page.texts.map(\.id), in: watched)
                    _ = try scene.store.tags(of: page.texts.map(\.id), in: watched)
                    if let first = page.texts.first {
                        _ = try scene.store.rendered(first, in: "pt-BR", in: watched)
                        _ = try scene.store.versions(of: first.id, limit: 10, in: watched)
                    }
                    return try watched.plans()
                }
                for (statement, plan) in plans { Self.check(plan, statement, on: kind) }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a word that is in every text is counted with what else is asked`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            try await Self.crowd(scene)
            let viewer = try await scene.viewer(scene.reader)
            func count(_ text: String, topic: String? = nil) async throws -> Int64 {
                var filter = TextFilter()
                filter.query = try SearchQuery.parse(text, now: 0)
                filter.topic = topic
                return try await database.read { [filter] db in
                    try TextList().count(filter, visibleTo: viewer, in: db)
                }
            }

            #expect(try await count("everywhere") == TextList.countLimit)
            for words in ["everywhere", "seldom", "nowhere", "\"everywhere seldom\"", "seldom -nowhere", "tag:photo"] {
                var filter = TextFilter()
                filter.query = try SearchQuery.parse(words, now: 0)
                try await database.read { [filter] db in
                    let list = TextList()
                    let found = try list.found(filter, visibleTo: viewer, limit: 3, in: db)
                    let page = try list.page(filter, visibleTo: viewer, limit: 3, in: db)
                    #expect(found.page?.texts == page.texts, "\(words)")
                    #expect(found.page?.next == page.next, "\(words)")
                    #expect(try found.count == list.count(filter, visibleTo: viewer, in: db), "\(words)")
                    let later = try list.found(filter, visibleTo: viewer, after: page.next, limit: 3, in: db)
                    #expect(later.count == found.count, "\(words)")
                    if page.next != nil { #expect(later.page?.texts.first?.id != page.texts.first?.id, "\(words)") }
                }
            }
            #expect(try await count("everywhere", topic: "Topic 3") == 250)
            #expect(try await count("everywhere seldom") == 5)
            #expect(try await count("everywhere -seldom", topic: "Topic 0") == 245)
            #expect(try await count("nowhere everywhere") == 0)
        }
    }

    /// PostgreSQL rather reads 5,000 texts than looks up fifty of them one by one: the two cost the same.
    private static func check(_ plan: [String], _ what: String, on kind: TestDatabase) {
        let isSearch = what.contains("knowledge_row.terms") || what.contains("knowledge_tag WHERE tag")
        // It counts from the index of kinds and topics once it was vacuumed, which it is not here.
        let isCount = what.contains("GROUP BY kind, topic")
        var texts = kind == .postgres && (isSearch || isCount) ? [] : ["knowledge_text"]
        // Their tags lie on so few pages that it reads those whole too.
        if kind == .sqlite { texts.append("knowledge_tag") }
        let grown =
            texts + [
                "knowledge_row", "knowledge_words", "knowledge_language", "knowledge_paragraph",
                "knowledge_translation",
                "knowledge_version",
            ]
        for (index, line) in plan.enumerated() where index == 0 || !plan[index - 1].contains("->  Limit") {
            // What every row holds is counted from the first thousand.
            let isEverywhere = index + 1 < plan.count && plan[index + 1].contains("'everywhere'")
            if isEverywhere, what.contains("OFFSET 0) AS hit") { continue }
            let isWhole = grown.contains { line == "SCAN \($0)" || line.contains("Seq Scan on \($0) ") }
            #expect(!isWhole, "\(what)\n\(plan.joined(separator: "\n"))")
        }
    }

    /// Texts of one paragraph in ten languages; the word `seldom` stands in every thousandth.
    private static func crowd(_ scene: KnowledgeScene) async throws {
        let owner = scene.owner.id
        try await scene.database.write { db in
            let numbers: SQL = """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.texts)) SELECT
                """
            try db.execute(
                """
                INSERT INTO knowledge_text (id, slug, kind, title, language, owner_id, audience, is_open, topic, state,
                    publish_at, embargo_until, review_at, expires_at, fields, raw_id, version, paragraphs, created_at,
                    updated_at)
                \(numbers) i, 'text-' || CAST(i AS TEXT), CASE WHEN i % 20 = 0 THEN 'template' ELSE 'article' END,
                    'Title', 'en', \(owner), CASE WHEN i % 3 = 0 THEN 'public' ELSE 'team' END, 1,
                    'Topic ' || CAST(i % 20 AS TEXT), 'published', NULL, NULL, NULL, NULL, '{}', NULL, 1, 2, i, i FROM n
                """)
            try db.execute(
                """
                INSERT INTO knowledge_paragraph (id, text_id, position, words, is_neutral)
                SELECT id * 10, id, 0, title, 0 FROM knowledge_text
                """)
            try db.execute(
                """
                INSERT INTO knowledge_paragraph (id, text_id, position, words, is_neutral)
                SELECT id * 10 + 1, id, 1, 'words', 0 FROM knowledge_text
                """)
            try db.execute(
                """
                INSERT INTO knowledge_version (text_id, number, title, body, fields, paragraph_ids, raw_id, author_id,
                    credit_id, note, at)
                SELECT id, 1, title, 'words', '{}', '', NULL, owner_id, NULL, '', id FROM knowledge_text
                """)
            try db.execute(
                """
                INSERT INTO knowledge_tag (text_id, tag)
                SELECT id, CASE WHEN id % 500 = 0 THEN 'photo' ELSE 'other' END FROM knowledge_text
                """)
            for (number, language) in ["de", "fr", "es", "pt", "ru", "ar", "hi", "ja", "zh"].enumerated() {
                try addLanguage(number + 1, language, owner, in: db)
            }
            try addTerms(0, "en", in: db)
            if db.engine == .postgres {
                _ = try db.rows("SELECT gin_clean_pending_list('knowledge_row_terms') AS pages")
                for table in [
                    "knowledge_text", "knowledge_row", "knowledge_words", "knowledge_language", "knowledge_paragraph",
                    "knowledge_translation", "knowledge_version", "knowledge_tag", "knowledge_place",
                ] { try db.execute(SQL(text: "ANALYZE \(table)")) }
            }
        }
    }

    private static func addLanguage(_ number: Int, _ language: String, _ owner: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO knowledge_translation (paragraph_id, language, words, source_words, state, author_id,
                reviewer_id, at)
            SELECT id, CAST(\(language) AS TEXT), words, words, 'translated', \(owner), NULL, 1 FROM knowledge_paragraph
            """)
        try db.execute(
            """
            INSERT INTO knowledge_language (text_id, language, title, draft, translated, outdated, reviewed)
            SELECT id, CAST(\(language) AS TEXT), title, 0, 2, 0, 0 FROM knowledge_text
            """)
        try addTerms(number, language, in: db)
    }

    private static func addTerms(_ number: Int, _ language: String, in db: any Connection) throws {
        let id: SQL = SQL(text: "id * 10 + \(number)")
        try db.execute(
            """
            INSERT INTO knowledge_words (text_id, language, words)
            SELECT id, CAST(\(language) AS TEXT), 'everywhere' FROM knowledge_text
            """)
        let word: SQL = "CASE WHEN id % 1000 = 0 THEN 'everywhere seldom' ELSE 'everywhere' END"
        switch db.engine {
        case .sqlite:
            try db.execute(
                "INSERT INTO knowledge_row (id, text_id, language) SELECT \(id), id, \(language) FROM knowledge_text")
            try db.execute(
                "INSERT INTO knowledge_terms (rowid, title, body) SELECT \(id), '', \(word) FROM knowledge_text")
        case .postgres:
            try db.execute(
                """
                INSERT INTO knowledge_row (id, text_id, language, terms)
                SELECT \(id), id, CAST(\(language) AS TEXT), to_tsvector('simple', \(word)) FROM knowledge_text
                """)
        }
    }
}
