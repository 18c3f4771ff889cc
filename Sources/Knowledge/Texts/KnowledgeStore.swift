import Base
import Storage

/// The tables `knowledge_text`, `knowledge_version`, `knowledge_tag` and `knowledge_place`.
///
/// Every read for the web takes a viewer; what everybody may read has functions of its own (`publicText` …) that only
/// ever give published texts for the public. Whoever changes something must have been given the text by `require`.
package struct KnowledgeStore: Sendable {
    package static let longestBody = 200_000
    package static let longestTitle = 300

    let ids: IDMaker
    let events: EventStore
    package let raws: RawStore
    package let paragraphs: ParagraphStore
    package let translations: TranslationStore
    let index: TextIndex

    package init(ids: IDMaker, events: EventStore, raws: RawStore) {
        self.ids = ids
        self.events = events
        self.raws = raws
        paragraphs = ParagraphStore(ids: ids)
        index = TextIndex(ids: ids)
        translations = TranslationStore(ids: ids, events: events, paragraphs: paragraphs, index: index)
    }

    // MARK: - Reading

    /// A condition on `knowledge_text`, for statements of others: what this viewer may read.
    package static func readable(by viewer: Viewer) -> SQL { TextVisibility.readable(by: viewer) }

    package func find(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> KnowledgeText? {
        try db.first(
            """
            SELECT knowledge_text.* FROM knowledge_text
            WHERE knowledge_text.id = \(id) AND \(TextVisibility.readable(by: viewer))
            """
        ).map(Self.read)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> KnowledgeText {
        guard let text = try find(id, visibleTo: viewer, in: db) else { throw Failure(.notFound, "error-not-found") }
        return text
    }

    package func require(slug: String, visibleTo viewer: Viewer, in db: any Connection) throws -> KnowledgeText {
        let row = try db.first(
            """
            SELECT knowledge_text.* FROM knowledge_text
            WHERE knowledge_text.slug = \(slug) AND \(TextVisibility.readable(by: viewer))
            """)
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.read(row)
    }

    /// A text that this viewer may change; `refused` where they may only read it.
    package func requireChangeable(_ id: ID, by viewer: Viewer, in db: any Connection) throws -> KnowledgeText {
        let text = try require(id, visibleTo: viewer, in: db)
        guard try mayChange(text, viewer, in: db) else { throw Failure(.refused, "knowledge-not-yours") }
        return text
    }

    package func mayChange(_ text: KnowledgeText, _ viewer: Viewer, in db: any Connection) throws -> Bool {
        TextVisibility.mayChange(text, teams: try places(of: text.id, in: db).teams, viewer)
    }

    /// Tags by text, each sorted.
    package func tags(of texts: [ID], in db: any Connection) throws -> [ID: [String]] {
        var tags: [ID: [String]] = [:]
        let rows = try db.rows(
            "SELECT text_id, tag FROM knowledge_tag WHERE text_id IN \(list: texts) ORDER BY text_id, tag")
        for row in rows { tags[try row.int("text_id"), default: []].append(try row.text("tag")) }
        return tags
    }

    /// Teams and queues a text is for.
    package func places(of text: ID, in db: any Connection) throws -> (teams: [ID], queues: [ID]) {
        let rows = try db.rows(
            "SELECT team_id, queue_id FROM knowledge_place WHERE text_id = \(text) ORDER BY id")
        return (
            try rows.compactMap { try $0.optionalInt("team_id") },
            try rows.compactMap { try $0.optionalInt("queue_id") }
        )
    }

    package func properties(of text: KnowledgeText, in db: any Connection) throws -> TextProperties {
        let places = try places(of: text.id, in: db)
        return TextProperties(
            audience: text.audience, teams: places.teams, queues: places.queues, owner: text.owner, topic: text.topic,
            tags: try tags(of: [text.id], in: db)[text.id] ?? [], reviewAt: text.reviewAt,
            embargoUntil: text.embargoUntil)
    }

    /// The words of the newest version, as one Markdown text.
    package func body(of text: ID, in db: any Connection) throws -> String {
        Paragraphs.joined(try paragraphs.current(of: text, in: db).filter { $0.position > 0 }.map(\.words))
    }

    // MARK: - Versions

    /// Newest first.
    package func versions(of text: ID, limit: Int, in db: any Connection) throws -> [TextVersion] {
        try db.rows(
            "SELECT * FROM knowledge_version WHERE text_id = \(text) ORDER BY number DESC LIMIT \(limit)"
        ).map(Self.readVersion)
    }

    package func requireVersion(_ number: Int, of text: ID, in db: any Connection) throws -> TextVersion {
        let row = try db.first(
            "SELECT * FROM knowledge_version WHERE text_id = \(text) AND number = \(number)")
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.readVersion(row)
    }

    // MARK: - Confidential texts

    /// A confidential text that was opened leaves a trace.
    package func noteOpened(_ text: KnowledgeText, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard text.audience == .confidential else { return }
        try events.add(Event("text-opened", actor: viewer.memberID, subject: text.id), at: at, in: db)
    }

    // MARK: - Rows

    package static func read(_ row: Row) throws -> KnowledgeText {
        KnowledgeText(
            id: try row.int("id"), slug: try row.text("slug"),
            kind: TextKind(rawValue: try row.text("kind")) ?? .article,
            title: try row.text("title"), language: try row.text("language"), owner: try row.int("owner_id"),
            audience: TextAudience(rawValue: try row.text("audience")) ?? .confidential,
            topic: try row.text("topic"), state: TextState(rawValue: try row.text("state")) ?? .draft,
            publishAt: try row.optionalInt("publish_at"), embargoUntil: try row.optionalInt("embargo_until"),
            reviewAt: try row.optionalInt("review_at"), expiresAt: try row.optionalInt("expires_at"),
            fields: FieldText.decode(try row.text("fields")), raw: try row.optionalInt("raw_id"),
            version: Int(try row.int("version")), paragraphs: Int(try row.int("paragraphs")),
            createdAt: try row.int("created_at"), updatedAt: try row.int("updated_at"))
    }

    private static func readVersion(_ row: Row) throws -> TextVersion {
        TextVersion(
            text: try row.int("text_id"), number: Int(try row.int("number")), title: try row.text("title"),
            body: try row.text("body"), fields: FieldText.decode(try row.text("fields")),
            paragraphs: try row.text("paragraph_ids").split(separator: " ").compactMap { ID($0) },
            raw: try row.optionalInt("raw_id"), author: try row.int("author_id"),
            credit: try row.optionalInt("credit_id"), note: try row.text("note"), at: try row.int("at"))
    }
}
