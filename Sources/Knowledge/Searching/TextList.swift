import Base
import Storage
import Text

/// What a list of texts is narrowed to. Everything given must hold.
package struct TextFilter: Sendable, Equatable {
    /// What a translator looks for in one language.
    package enum Need: String, Sendable, CaseIterable { case missing, outdated, unreviewed }

    package var kinds: [TextKind] = []
    package var topic: String?
    package var tag: String?
    package var owner: ID?
    package var audience: TextAudience?
    /// Archived texts are only found when they are asked for.
    package var state: TextState?
    /// Review due before this moment.
    package var dueBefore: Milliseconds?
    /// Somebody proposed a change that waits for its owner.
    package var hasProposals = false
    package var language: String?
    package var need: Need?
    /// Words and fields of search.
    package var query = SearchQuery(expression: .all([]))

    package init() {}

    /// Whether it narrows by nothing but one word.
    var asksOneWord: Bool {
        var rest = self
        rest.query = TextFilter().query
        if need == nil { rest.language = nil }
        return rest == TextFilter() && query.expression.isOneCondition
    }
}

/// Lists of texts and searches among them: the same for pages, API, composer and public help.
package struct TextList: Sendable {
    /// Counts stop here.
    package static let countLimit: Int64 = 1000

    package struct Cursor: Sendable, Equatable {
        package var updatedAt: Milliseconds
        package var id: ID

        package var text: String { Base64URL.encode(Array("\(updatedAt).\(id)".utf8)) }

        package init(updatedAt: Milliseconds, id: ID) {
            self.updatedAt = updatedAt
            self.id = id
        }

        package init?(text: String) {
            guard let bytes = Base64URL.decode(text) else { return nil }
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: ".").compactMap { Int64($0) }
            guard parts.count == 2 else { return nil }
            self.init(updatedAt: parts[0], id: parts[1])
        }
    }

    package struct Page: Sendable {
        package var texts: [KnowledgeText]
        package var next: Cursor?
    }

    package init() {}

    /// Newest change first.
    package func page(
        _ filter: TextFilter, visibleTo viewer: Viewer, after cursor: Cursor? = nil, limit: Int, in db: any Connection
    ) throws -> Page {
        try page(filter, TextVisibility.readable(by: viewer), viewer, after: cursor, limit: limit, in: db)
    }

    /// What everybody may read at this moment.
    package func publicPage(
        _ filter: TextFilter, at now: Milliseconds, after cursor: Cursor? = nil, limit: Int, in db: any Connection
    ) throws -> Page {
        try page(filter, TextVisibility.isPublic(at: now), nil, after: cursor, limit: limit, in: db)
    }

    /// How many match; stops at 1,000.
    package func count(_ filter: TextFilter, visibleTo viewer: Viewer, in db: any Connection) throws -> Int64 {
        let visible = TextVisibility.readable(by: viewer)
        if let hits = try TextIndex.hits(filter, in: db) {
            let conditions: SQL = "\(visible) AND \(try besides(hits, filter, viewer, in: db))"
            return try db.countDistinct("text_id", among: hits.texts(conditions), upTo: Self.countLimit)
        }
        return try db.int(
            """
            SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM knowledge_text
                WHERE \(visible) AND \(try conditions(filter, viewer, in: db)) LIMIT \(Self.countLimit)) AS found
            """)
    }

    /// A page and how many match in all. Where one word is asked for, one look at the index does for both.
    package func found(
        _ filter: TextFilter, visibleTo viewer: Viewer, after cursor: Cursor? = nil, limit: Int,
        in db: any Connection
    ) throws -> (page: Page?, count: Int64) {
        if cursor == nil, db.engine == .postgres, let found = try newestHits(filter, viewer, limit: limit, in: db) {
            return found
        }
        let page = try page(filter, visibleTo: viewer, after: cursor, limit: limit, in: db)
        if cursor == nil, page.next == nil { return (page, Int64(page.texts.count)) }
        return (page, try count(filter, visibleTo: viewer, in: db))
    }

    /// Nil where the index does not answer alone.
    private func newestHits(
        _ filter: TextFilter, _ viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> (page: Page?, count: Int64)? {
        guard let hits = try TextIndex.hits(filter, in: db) else { return nil }
        let conditions: SQL =
            "\(TextVisibility.readable(by: viewer)) AND \(try besides(hits, filter, viewer, in: db))"
        let rows = try db.rows(
            """
            WITH hit AS MATERIALIZED (\(hits.texts(conditions)) LIMIT \(Self.countLimit)),
                found AS MATERIALIZED (SELECT DISTINCT text_id, updated_at FROM hit)
            SELECT knowledge_text.*, (SELECT COUNT(*) FROM hit) AS hits, (SELECT COUNT(*) FROM found) AS kinds
            FROM (SELECT text_id FROM found ORDER BY updated_at DESC, text_id DESC LIMIT \(limit + 1)) AS newest
            JOIN knowledge_text ON knowledge_text.id = newest.text_id
            ORDER BY knowledge_text.updated_at DESC, knowledge_text.id DESC
            """)
        let kinds = try rows.first?.int("kinds") ?? 0
        if try rows.first?.int("hits") ?? 0 < Self.countLimit {
            return (Self.cut(try rows.map(KnowledgeStore.read), limit), kinds)
        }
        // There are more hits than were looked at: among the newest texts are enough of them.
        return (
            try page(where: "\(conditions) AND \(hits.isIn)", limit: limit, in: db),
            try kinds == Self.countLimit ? kinds : count(filter, visibleTo: viewer, in: db)
        )
    }

    private func besides(
        _ hits: TextIndex.Hits, _ filter: TextFilter, _ viewer: Viewer, in db: any Connection
    ) throws -> SQL {
        var others = filter
        others.query = SearchQuery(expression: hits.rest)
        return try conditions(others, viewer, in: db)
    }

    /// How many texts there are of each kind and topic, archived ones left out.
    package func counts(
        visibleTo viewer: Viewer, in db: any Connection
    ) throws -> (kinds: [TextKind: Int], topics: [(name: String, count: Int)]) {
        var kinds: [TextKind: Int] = [:]
        var topics: [String: Int] = [:]
        let rows = try db.rows(
            """
            SELECT kind, topic, COUNT(*) AS n FROM knowledge_text
            WHERE state <> 'archived' AND is_open = 1 GROUP BY kind, topic
            UNION ALL
            SELECT kind, topic, COUNT(*) AS n FROM knowledge_text
            WHERE state <> 'archived' AND is_open = 0 AND \(TextVisibility.readable(by: viewer)) GROUP BY kind, topic
            """)
        for row in rows {
            let count = Int(try row.int("n"))
            if let kind = TextKind(rawValue: try row.text("kind")) { kinds[kind, default: 0] += count }
            let topic = try row.text("topic")
            if !topic.isEmpty { topics[topic, default: 0] += count }
        }
        return (kinds, topics.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    /// Topics of public texts of these kinds, with how many texts each has.
    package func publicTopics(
        _ kinds: [TextKind], at now: Milliseconds, in db: any Connection
    ) throws -> [(name: String, count: Int)] {
        try db.rows(
            """
            SELECT topic, COUNT(*) AS n FROM knowledge_text
            WHERE kind IN \(list: kinds.map(\.rawValue)) AND \(TextVisibility.isPublic(at: now))
            GROUP BY topic ORDER BY topic
            """
        ).map { (try $0.text("topic"), Int(try $0.int("n"))) }
    }

    private func page(
        _ filter: TextFilter, _ visible: SQL, _ viewer: Viewer?, after cursor: Cursor?, limit: Int,
        in db: any Connection
    ) throws -> Page {
        var all: [SQL] = [visible, try conditions(filter, viewer, in: db)]
        if let cursor {
            all.append(
                """
                (knowledge_text.updated_at < \(cursor.updatedAt)
                    OR (knowledge_text.updated_at = \(cursor.updatedAt) AND knowledge_text.id < \(cursor.id)))
                """)
        }
        return try page(where: SQL.joined(all, by: " AND "), limit: limit, in: db)
    }

    private func page(where conditions: SQL, limit: Int, in db: any Connection) throws -> Page {
        let texts = try db.rows(
            """
            SELECT knowledge_text.* FROM knowledge_text WHERE \(conditions)
            ORDER BY knowledge_text.updated_at DESC, knowledge_text.id DESC LIMIT \(limit + 1)
            """
        ).map(KnowledgeStore.read)
        return Self.cut(texts, limit)
    }

    private static func cut(_ texts: [KnowledgeText], _ limit: Int) -> Page {
        let shown = Array(texts.prefix(limit))
        let next = texts.count > limit ? shown.last.map { Cursor(updatedAt: $0.updatedAt, id: $0.id) } : nil
        return Page(texts: shown, next: next)
    }

    private func conditions(_ filter: TextFilter, _ viewer: Viewer?, in db: any Connection) throws -> SQL {
        var all: [SQL] = []
        if filter.kinds.count == 1, let kind = filter.kinds.first {
            all.append("knowledge_text.kind = \(kind.rawValue)")
        } else if !filter.kinds.isEmpty {
            all.append("knowledge_text.kind IN \(list: filter.kinds.map(\.rawValue))")
        }
        if let topic = filter.topic { all.append("knowledge_text.topic = \(topic)") }
        if let tag = filter.tag { all.append(Self.tagged(tag)) }
        if let owner = filter.owner { all.append("knowledge_text.owner_id = \(owner)") }
        if let audience = filter.audience { all.append("knowledge_text.audience = \(audience.rawValue)") }
        if let state = filter.state {
            // Spelled out, so that the index of archived texts is known to do.
            all.append(SQL(text: "knowledge_text.state = '\(state.rawValue)'"))
        } else {
            all.append("knowledge_text.state <> 'archived'")
        }
        if let due = filter.dueBefore { all.append("knowledge_text.review_at < \(due)") }
        if filter.hasProposals {
            all.append(
                """
                knowledge_text.id IN (SELECT text_id FROM knowledge_proposal WHERE state = 'open' AND due_at IS NULL)
                """)
        }
        if let language = filter.language, let need = filter.need { all += Self.needing(need, language) }
        all.append(try condition(filter.query.expression, viewer, in: db))
        return SQL.joined(all, by: " AND ")
    }

    private static func tagged(_ tag: String) -> SQL {
        "knowledge_text.id IN (SELECT text_id FROM knowledge_tag WHERE tag = \(tag.lowercased()))"
    }

    private static func needing(_ need: TextFilter.Need, _ language: String) -> [SQL] {
        let language = LanguageChain.normal(language)
        let known: SQL = "FROM knowledge_language WHERE text_id = knowledge_text.id AND language = \(language)"
        switch need {
        case .missing:
            return [
                "knowledge_text.language <> \(language)",
                """
                NOT EXISTS (SELECT 1 \(known)
                    AND translated + outdated + reviewed >= knowledge_text.paragraphs)
                """,
            ]
        case .outdated:
            return [
                """
                knowledge_text.id IN (SELECT text_id FROM knowledge_language
                    WHERE language = \(language) AND outdated > 0)
                """
            ]
        case .unreviewed: return ["EXISTS (SELECT 1 \(known) AND translated > 0)"]
        }
    }

    // MARK: - Search

    private func condition(_ expression: SearchExpression, _ viewer: Viewer?, in db: any Connection) throws -> SQL {
        switch expression {
        case .all(let list):
            guard !list.isEmpty else { return "1 = 1" }
            return SQL(text: "(") + SQL.joined(try list.map { try condition($0, viewer, in: db) }, by: " AND ")
                + SQL(text: ")")
        case .any(let list):
            guard !list.isEmpty else { return "1 = 1" }
            return SQL(text: "(") + SQL.joined(try list.map { try condition($0, viewer, in: db) }, by: " OR ")
                + SQL(text: ")")
        case .not(let inner): return SQL(text: "NOT ") + (try condition(inner, viewer, in: db))
        case .condition(let one): return try condition(one, viewer, in: db)
        }
    }

    private func condition(_ one: SearchCondition, _ viewer: Viewer?, in db: any Connection) throws -> SQL {
        switch one {
        case .terms(let terms, let isPrefix, let field) where field == nil || field == .subject:
            guard !terms.isEmpty else { return "1 = 1" }
            return try TextIndex.condition(terms, isPrefix: isPrefix, isTitle: field == .subject, in: db)
        case .tag(let tag): return Self.tagged(tag)
        case .language(let language):
            let language = LanguageChain.normal(language)
            return """
                (knowledge_text.language = \(language) OR knowledge_text.id IN (
                    SELECT text_id FROM knowledge_language WHERE language = \(language)))
                """
        case .before(let time): return "knowledge_text.updated_at < \(time)"
        case .after(let time): return "knowledge_text.updated_at >= \(time)"
        case .owner("me") where viewer != nil: return "knowledge_text.owner_id = \(viewer?.memberID)"
        default: throw Failure(.invalid, "knowledge-search-field")
        }
    }
}
