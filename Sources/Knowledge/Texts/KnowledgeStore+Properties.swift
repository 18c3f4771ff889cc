import Base
import Storage

extension KnowledgeStore {
    private static let mostTags = 30

    /// Changes who a text is for, whose it is, and under what it is found.
    package func setProperties(
        _ properties: TextProperties, of text: KnowledgeText, by actor: ID, at: Milliseconds, in db: any Connection
    ) throws {
        let before = try self.properties(of: text, in: db)
        let after = try Self.tidied(properties)
        guard before != after else { return }
        try write(after, of: text.id, in: db)
        try db.executeOne("UPDATE knowledge_text SET updated_at = \(at) WHERE id = \(text.id)")
        try translations.indexAll(of: try reread(text.id, in: db), in: db)
        var data = ["audience": after.audience.rawValue]
        if before.owner != after.owner { data["owner"] = String(after.owner) }
        try events.add(Event("text-described", actor: actor, subject: text.id, data: data), at: at, in: db)
    }

    func write(_ properties: TextProperties, of text: ID, in db: any Connection) throws {
        let properties = try Self.tidied(properties)
        let isOpen =
            properties.audience == .public
            || (properties.audience == .team && properties.teams.isEmpty && properties.queues.isEmpty)
        try db.executeOne(
            """
            UPDATE knowledge_text SET audience = \(properties.audience.rawValue), is_open = \(isOpen),
                owner_id = \(properties.owner), topic = \(properties.topic), review_at = \(properties.reviewAt),
                embargo_until = \(properties.embargoUntil)
            WHERE id = \(text)
            """)
        try db.execute("DELETE FROM knowledge_tag WHERE text_id = \(text)")
        try db.insert(into: "knowledge_tag", "text_id, tag", rows: properties.tags.map { [text, $0] })
        try db.execute("DELETE FROM knowledge_place WHERE text_id = \(text)")
        for team in properties.teams {
            try db.execute(
                "INSERT INTO knowledge_place (id, text_id, team_id) VALUES (\(try ids.make()), \(text), \(team))")
        }
        for queue in properties.queues {
            try db.execute(
                "INSERT INTO knowledge_place (id, text_id, queue_id) VALUES (\(try ids.make()), \(text), \(queue))")
        }
    }

    private static func tidied(_ properties: TextProperties) throws(Failure) -> TextProperties {
        var properties = properties
        properties.topic = Placeholder.trimmed(properties.topic[...])
        let tags = Set(properties.tags.map { Placeholder.trimmed($0[...]).lowercased() }.filter { !$0.isEmpty })
        guard tags.count <= mostTags, tags.allSatisfy({ $0.utf8.count <= 100 }), properties.topic.utf8.count <= 200
        else {
            throw Failure(.tooLarge, "knowledge-too-long")
        }
        properties.tags = tags.sorted()
        if properties.audience == .public {
            properties.teams = []
            properties.queues = []
        }
        properties.teams = Set(properties.teams).sorted()
        properties.queues = Set(properties.queues).sorted()
        return properties
    }

    // MARK: - Publishing

    /// From `moment` on it is published, at once without one. A file without its text alternative, author or licence
    /// is not.
    package func publish(
        _ text: KnowledgeText, from moment: Milliseconds?, by actor: ID, at: Milliseconds, in db: any Connection
    ) throws {
        if text.kind == .file {
            guard text.raw != nil else { throw Failure(.refused, "knowledge-file-missing") }
            let words = try body(of: text.id, in: db)
            guard !words.isEmpty, !text.field(.author).isEmpty, !text.field(.licence).isEmpty else {
                throw Failure(.refused, "knowledge-file-incomplete")
            }
        }
        let later = moment.flatMap { $0 > at ? $0 : nil }
        try setState(.published, of: text, publishAt: later, at: at, in: db)
        let event = Event(
            later == nil ? "text-published" : "text-scheduled", actor: actor, subject: text.id,
            data: ["version": String(text.version)])
        try events.add(event, at: at, in: db)
    }

    /// Back to a draft: the public no longer finds it.
    package func withdraw(_ text: KnowledgeText, by actor: ID, at: Milliseconds, in db: any Connection) throws {
        try setState(.draft, of: text, publishAt: nil, at: at, in: db)
        try events.add(Event("text-withdrawn", actor: actor, subject: text.id), at: at, in: db)
    }

    /// Out of all lists and suggestions; `withdraw` brings it back as a draft.
    package func archive(_ text: KnowledgeText, by actor: ID, at: Milliseconds, in db: any Connection) throws {
        try setState(.archived, of: text, publishAt: nil, at: at, in: db)
        try events.add(Event("text-archived", actor: actor, subject: text.id), at: at, in: db)
    }

    /// Looked through and still right: the next review.
    package func noteReviewed(
        _ text: KnowledgeText, next: Milliseconds?, by actor: ID, at: Milliseconds, in db: any Connection
    ) throws {
        try db.executeOne("UPDATE knowledge_text SET review_at = \(next) WHERE id = \(text.id)")
        try events.add(Event("text-looked-through", actor: actor, subject: text.id), at: at, in: db)
    }

    private func setState(
        _ state: TextState, of text: KnowledgeText, publishAt: Milliseconds?, at: Milliseconds, in db: any Connection
    ) throws {
        try db.executeOne(
            """
            UPDATE knowledge_text SET state = \(state.rawValue), publish_at = \(publishAt), updated_at = \(at)
            WHERE id = \(text.id)
            """)
    }
}
