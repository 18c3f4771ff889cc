import Base
import Storage
import Text

extension KnowledgeStore {
    /// A new text, a draft in its first version. `slug` is asked for by import; else it is made from the title.
    package func add(
        _ kind: TextKind, language: String, _ content: TextContent, _ properties: TextProperties, slug: String? = nil,
        by author: ID, at: Milliseconds, in db: any Connection
    ) throws -> KnowledgeText {
        let content = try checked(content, kind)
        let language = LanguageChain.normal(language)
        guard !language.isEmpty else { throw Failure(.invalid, "knowledge-language-missing") }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO knowledge_text (id, slug, kind, title, language, owner_id, audience, is_open, topic, state,
                publish_at, embargo_until, review_at, expires_at, fields, raw_id, version, paragraphs, created_at,
                updated_at)
            VALUES (\(id), \(try freeSlug(slug ?? Self.slug(content.title, kind), id, in: db)), \(kind.rawValue), '',
                \(language), \(properties.owner), 'confidential', 0, '', 'draft', NULL, NULL, NULL, NULL, '{}', NULL, 0,
                0, \(at), \(at))
            """)
        try events.add(Event("text-added", actor: author, subject: id, data: ["kind": kind.rawValue]), at: at, in: db)
        try write(properties, of: id, in: db)
        let ids = try paragraphs.replace(
            id, title: content.title, paragraphs: Paragraphs.split(content.body), in: db)
        return try write(content, number: 1, paragraphs: ids, of: id, author: author, credit: nil, at: at, in: db)
    }

    /// Saves what somebody wrote over version `seen`; `conflict` when there is a newer one. Saying the same again is no
    /// version.
    package func save(
        _ content: TextContent, of text: KnowledgeText, seen: Int, by author: ID, credit: ID? = nil, at: Milliseconds,
        in db: any Connection
    ) throws -> KnowledgeText {
        let content = try checked(content, text.kind)
        guard text.version == seen else { throw Failure(.conflict, "knowledge-changed") }
        let newest = try requireVersion(text.version, of: text.id, in: db)
        guard
            content.title != newest.title || content.body != newest.body || content.fields != newest.fields
                || (content.raw != nil && content.raw != newest.raw)
        else { return text }
        let ids = try paragraphs.replace(
            text.id, title: content.title, paragraphs: Paragraphs.split(content.body), in: db)
        try events.add(
            Event("text-changed", actor: author, subject: text.id, data: ["version": String(text.version + 1)]), at: at,
            in: db)
        var kept = content
        kept.raw = content.raw ?? text.raw
        return try write(
            kept, number: text.version + 1, paragraphs: ids, of: text.id, author: author, credit: credit, at: at, in: db
        )
    }

    /// An earlier version once more, as the newest: its paragraphs get their ids back, and so their translations.
    package func restore(
        _ number: Int, of text: KnowledgeText, note: String, by author: ID, at: Milliseconds, in db: any Connection
    ) throws -> KnowledgeText {
        let earlier = try requireVersion(number, of: text.id, in: db)
        let words = [earlier.title] + Paragraphs.split(earlier.body)
        guard words.count == earlier.paragraphs.count else {
            throw Failure(.internal, "error-internal", details: "version \(number) has lost its paragraphs")
        }
        try paragraphs.restore(text.id, words: words, ids: earlier.paragraphs, in: db)
        try events.add(
            Event(
                "text-restored", actor: author, subject: text.id,
                data: ["version": String(text.version + 1), "from": String(number)]), at: at, in: db)
        let content = TextContent(
            title: earlier.title, body: earlier.body, fields: earlier.fields, note: note, raw: earlier.raw)
        return try write(
            content, number: text.version + 1, paragraphs: earlier.paragraphs, of: text.id, author: author, credit: nil,
            at: at, in: db)
    }

    private func write(
        _ content: TextContent, number: Int, paragraphs ids: [ID], of text: ID, author: ID, credit: ID?,
        at: Milliseconds, in db: any Connection
    ) throws -> KnowledgeText {
        let fields = FieldText.encode(content.fields)
        try db.execute(
            """
            INSERT INTO knowledge_version (text_id, number, title, body, fields, paragraph_ids, raw_id, author_id,
                credit_id, note, at)
            VALUES (\(text), \(number), \(content.title), \(content.body), \(fields),
                \(ids.map { String($0) }.joined(separator: " ")), \(content.raw), \(author), \(credit), \(content.note),
                \(at))
            """)
        // A day is over when the next one begins everywhere: twelve hours after it ends in UTC.
        let expires = content.fields[TextField.expires.rawValue].flatMap { ISO8601.startOfDay($0) }
            .map { $0 + 36 * 3_600_000 }
        try db.executeOne(
            """
            UPDATE knowledge_text SET title = \(content.title), fields = \(fields), raw_id = \(content.raw),
                expires_at = \(expires), version = \(number), updated_at = \(at),
                paragraphs = (SELECT COUNT(*) FROM knowledge_paragraph
                    WHERE text_id = \(text) AND position IS NOT NULL AND is_neutral = 0)
            WHERE id = \(text)
            """)
        try translations.recount(text, in: db)
        let written = try reread(text, in: db)
        try translations.indexAll(of: written, in: db)
        return written
    }

    func reread(_ id: ID, in db: any Connection) throws -> KnowledgeText {
        guard let row = try db.first("SELECT * FROM knowledge_text WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try Self.read(row)
    }

    /// What was sent, tidied, or why it cannot be kept.
    func checked(_ content: TextContent, _ kind: TextKind) throws(Failure) -> TextContent {
        var content = content
        content.title = Placeholder.trimmed(content.title[...]).replacing("\n", with: " ")
        guard !content.title.isEmpty else { throw Failure(.invalid, "knowledge-title-missing") }
        guard content.title.utf8.count <= Self.longestTitle, content.body.utf8.count <= Self.longestBody else {
            throw Failure(.tooLarge, "knowledge-too-long")
        }
        let paragraphs = Paragraphs.split(content.body)
        guard paragraphs.count <= Paragraphs.most else { throw Failure(.tooLarge, "knowledge-too-long") }
        content.body = Paragraphs.joined(paragraphs)
        try Placeholders.check(content.title)
        try Placeholders.check(content.body)
        var fields: [String: String] = [:]
        for field in kind.fields {
            let value = Placeholder.trimmed((content.fields[field.rawValue] ?? "")[...])
            if field.isDay, !value.isEmpty, Placeholder.day(value) == nil {
                throw Failure(.invalid, "knowledge-day-wrong", arguments: [String(value.prefix(40))])
            }
            guard value.utf8.count <= 2000 else { throw Failure(.tooLarge, "knowledge-too-long") }
            if !value.isEmpty { fields[field.rawValue] = value }
        }
        for name in ["filename", "content-type"] where kind == .file { fields[name] = content.fields[name] }
        if kind == .keyFigure, fields[TextField.value.rawValue] == nil {
            throw Failure(.invalid, "knowledge-value-missing")
        }
        content.fields = fields
        return content
    }

    // MARK: - Names

    /// Letters and digits of the title; the kind alone where the script has none.
    static func slug(_ title: String, _ kind: TextKind) -> String {
        let terms = SearchTerms.terms(of: title).filter { $0.utf8.allSatisfy { $0 < 0x80 } }
        var slug = ""
        for term in terms where slug.utf8.count + term.utf8.count < 60 { slug += (slug.isEmpty ? "" : "-") + term }
        return slug.isEmpty ? kind.rawValue : slug
    }

    package static func isSlug(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 80
            && text.utf8.allSatisfy { ($0 > 0x60 && $0 < 0x7B) || ($0 > 0x2F && $0 < 0x3A) || $0 == 0x2D }
    }

    private func freeSlug(_ wanted: String, _ id: ID, in db: any Connection) throws -> String {
        guard Self.isSlug(wanted) else { return "text-" + String(id, radix: 36) }
        if try db.first("SELECT id FROM knowledge_text WHERE slug = \(wanted)") == nil { return wanted }
        return wanted + "-" + String(id, radix: 36)
    }
}
