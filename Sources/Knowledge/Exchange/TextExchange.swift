import Base
import People
import Storage

/// Texts out of the database and into it, whole. For commands on the machine: it asks no viewer.
package struct TextExchange: Sendable {
    /// What an import did with one text.
    package enum Outcome: Sendable, Equatable { case added, changed, same }

    private let store: KnowledgeStore
    private let members: MemberStore
    private let teams: TeamStore
    /// All queues by id and name.
    private let queues: @Sendable (any Connection) throws -> [(id: ID, name: String)]

    package init(
        store: KnowledgeStore, members: MemberStore, teams: TeamStore,
        queues: @escaping @Sendable (any Connection) throws -> [(id: ID, name: String)]
    ) {
        self.store = store
        self.members = members
        self.teams = teams
        self.queues = queues
    }

    // MARK: - Out

    /// Ids of all texts, in the order of their names.
    package func all(withConfidential: Bool, in db: any Connection) throws -> [ID] {
        try db.rows("SELECT id, audience FROM knowledge_text ORDER BY slug").filter {
            try withConfidential || $0.text("audience") != TextAudience.confidential.rawValue
        }.map { try $0.int("id") }
    }

    package func document(of id: ID, in db: any Connection) throws -> TextDocument {
        let text = try store.reread(id, in: db)
        let properties = try store.properties(of: text, in: db)
        let teamNames = Dictionary(uniqueKeysWithValues: try teams.all(in: db).map { ($0.id, $0.name) })
        let queueNames = Dictionary(uniqueKeysWithValues: try queues(db).map { ($0.id, $0.name) })
        var fields = text.fields
        var file: TextDocument.File?
        if let raw = text.raw {
            file = TextDocument.File(
                name: fields["filename"] ?? "file", contentType: fields["content-type"] ?? "",
                bytes: try store.raws.bytes(of: raw, in: db))
        }
        fields["filename"] = nil
        fields["content-type"] = nil
        return TextDocument(
            slug: text.slug, kind: text.kind, title: text.title, language: text.language,
            body: try store.body(of: id, in: db), fields: fields, audience: text.audience,
            teams: properties.teams.compactMap { teamNames[$0] }.sorted(),
            queues: properties.queues.compactMap { queueNames[$0] }.sorted(),
            owner: try members.find(text.owner, in: db)?.email ?? "", topic: text.topic, tags: properties.tags,
            state: text.state, publishAt: text.publishAt, embargoUntil: text.embargoUntil, reviewAt: text.reviewAt,
            file: file, translations: try translations(of: text, in: db))
    }

    /// One text, whoever may read it.
    package func wikitext(of slug: String, in language: String, in db: any Connection) throws -> String {
        guard let row = try db.first("SELECT * FROM knowledge_text WHERE slug = \(slug)") else {
            throw Failure(.notFound, "error-not-found", details: "there is no text \(slug)")
        }
        return Wikitext.of(try store.rendered(KnowledgeStore.read(row), in: language, in: db))
    }

    private func translations(
        of text: KnowledgeText, in db: any Connection
    ) throws -> [String: [TextDocument.Part]] {
        let source = try store.paragraphs.current(of: text.id, in: db)
        let languages = try db.rows(
            """
            SELECT DISTINCT knowledge_translation.language FROM knowledge_paragraph
            JOIN knowledge_translation ON knowledge_translation.paragraph_id = knowledge_paragraph.id
            WHERE knowledge_paragraph.text_id = \(text.id) AND knowledge_paragraph.position IS NOT NULL
            """
        ).map { try $0.text("language") }
        var found: [String: [TextDocument.Part]] = [:]
        for (language, known) in try store.translations.translations(of: text.id, into: languages, in: db) {
            found[language] = try source.compactMap { paragraph in
                guard let made = known[paragraph.id] else { return nil }
                return TextDocument.Part(
                    position: paragraph.position, words: made.words, state: made.stored,
                    source: made.sourceWords == paragraph.words ? nil : made.sourceWords,
                    author: try members.find(made.author, in: db)?.email ?? "",
                    reviewer: try made.reviewer.flatMap { try members.find($0, in: db)?.email } ?? "")
            }
        }
        return found
    }

    // MARK: - In

    /// Makes or changes the text of this name so that it is the document; a second time changes nothing.
    package func take(
        _ document: TextDocument, ownerElse: ID, at: Milliseconds, in db: any Connection
    ) throws -> Outcome {
        let properties = try properties(document, ownerElse: ownerElse, in: db)
        let row = try db.first("SELECT * FROM knowledge_text WHERE slug = \(document.slug)")
        var text: KnowledgeText
        var outcome = Outcome.same
        if let row {
            text = try KnowledgeStore.read(row)
            guard text.kind == document.kind, text.language == document.language else {
                throw Failure(
                    .conflict, "error-conflict",
                    details: "\(document.slug) is there already, of another kind or in another language")
            }
            let content = try content(document, over: text, in: db)
            let saved = try store.save(content, of: text, seen: text.version, by: properties.owner, at: at, in: db)
            if saved.version != text.version { outcome = .changed }
            text = saved
            if try store.properties(of: text, in: db) != properties {
                try store.setProperties(properties, of: text, by: properties.owner, at: at, in: db)
                outcome = .changed
            }
        } else {
            text = try store.add(
                document.kind, language: document.language, try content(document, over: nil, in: db), properties,
                slug: document.slug, by: properties.owner, at: at, in: db)
            outcome = .added
        }
        let changed = try setState(document, of: text, by: properties.owner, at: at, in: db)
        let translated = try takeTranslations(document, of: text, ownerElse: properties.owner, at: at, in: db)
        return outcome == .same && (changed || translated) ? .changed : outcome
    }

    private func properties(
        _ document: TextDocument, ownerElse: ID, in db: any Connection
    ) throws -> TextProperties {
        let owner = try document.owner.isEmpty ? nil : members.find(email: document.owner, in: db)?.id
        func ids(_ names: [String], _ known: [(id: ID, name: String)], _ what: String) throws -> [ID] {
            try names.map { name in
                guard let id = known.first(where: { $0.name == name })?.id else {
                    throw Failure(
                        .notFound, "error-not-found",
                        details: "\(document.slug) is for the \(what) \(name), which is not there")
                }
                return id
            }
        }
        return TextProperties(
            audience: document.audience,
            teams: try ids(document.teams, try teams.all(in: db).map { ($0.id, $0.name) }, "team").sorted(),
            queues: try ids(document.queues, try queues(db), "queue").sorted(), owner: owner ?? ownerElse,
            topic: document.topic, tags: Set(document.tags).sorted(), reviewAt: document.reviewAt,
            embargoUntil: document.embargoUntil)
    }

    private func content(
        _ document: TextDocument, over text: KnowledgeText?, in db: any Connection
    ) throws -> TextContent {
        var content = TextContent(title: document.title, body: document.body, fields: document.fields)
        guard let file = document.file else { return content }
        content.fields["filename"] = file.name
        content.fields["content-type"] = file.contentType
        let known = try text?.raw.map { try store.raws.sha256(of: $0, in: db) }
        if known != SHA256Digest.of(file.bytes) { content.raw = try store.raws.add(file.bytes, in: db) }
        return content
    }

    private func setState(
        _ document: TextDocument, of text: KnowledgeText, by actor: ID, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        let later = document.publishAt.flatMap { $0 > at ? $0 : nil }
        let known = text.publishAt.flatMap { $0 > at ? $0 : nil }
        guard document.state != text.state || later != known else { return false }
        switch document.state {
        case .draft: try store.withdraw(text, by: actor, at: at, in: db)
        case .published: try store.publish(text, from: later, by: actor, at: at, in: db)
        case .archived: try store.archive(text, by: actor, at: at, in: db)
        }
        return true
    }

    private func takeTranslations(
        _ document: TextDocument, of text: KnowledgeText, ownerElse: ID, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        let source = try store.paragraphs.current(of: text.id, in: db)
        var isChanged = false
        for (language, parts) in document.translations.sorted(by: { $0.key < $1.key }) {
            let language = try store.translations.requireLanguage(language, of: text)
            let known = try store.translations.translations(of: text.id, into: language, in: db)
            var count = 0
            for part in parts {
                guard let paragraph = source.first(where: { $0.position == part.position }) else {
                    throw Failure(
                        .invalid, "error-invalid",
                        details: "\(document.slug)/\(language).md has paragraph \(part.position), the source has not")
                }
                try Placeholders.check(part.words)
                let made = known[paragraph.id]
                let from = part.source ?? paragraph.words
                guard made?.words != part.words || made?.stored != part.state || made?.sourceWords != from else {
                    continue
                }
                let author = try members.find(email: part.author, in: db)?.id ?? ownerElse
                let reviewer = try members.find(email: part.reviewer, in: db)?.id
                try store.translations.write(
                    part.words, stored: part.state, of: paragraph.id, language, source: from, by: author,
                    reviewer: part.state == .reviewed ? reviewer ?? ownerElse : nil, at: at, in: db)
                count += 1
            }
            guard count > 0 else { continue }
            try store.noteImported(language, count, of: text, by: ownerElse, at: at, in: db)
            isChanged = true
        }
        return isChanged
    }
}

extension KnowledgeStore {
    /// After translations were imported: progress, search and the trace of it.
    func noteImported(
        _ language: String, _ count: Int, of text: KnowledgeText, by actor: ID, at: Milliseconds, in db: any Connection
    ) throws {
        try translations.finish(text, language, in: db)
        let data = ["language": language, "paragraphs": String(count)]
        try events.add(Event("text-imported", actor: actor, subject: text.id, data: data), at: at, in: db)
    }
}
