import Base
import Storage

/// A change of a text that somebody proposes who may only read it, or that its owner has put off until a day.
package struct Proposal: Sendable, Equatable {
    package enum State: String, Sendable { case open, accepted, declined }

    package var id: ID
    package var text: ID
    /// The version it was written against.
    package var base: Int
    package var title: String
    package var body: String
    /// Value, source, days …; nil leaves them as they are.
    package var fields: [String: String]?
    /// Why, in the proposer's words.
    package var comment: String
    package var state: State
    package var author: ID
    /// Why not, or thanks.
    package var answer: String
    package var decidedBy: ID?
    package var decidedAt: Milliseconds?
    /// Accepted by itself from this moment on: a change its owner has planned.
    package var dueAt: Milliseconds?
    package var createdAt: Milliseconds
}

/// The table `knowledge_proposal`.
package struct ProposalStore: Sendable {
    private let ids: IDMaker
    private let events: EventStore
    private let knowledge: KnowledgeStore

    package init(ids: IDMaker, events: EventStore, knowledge: KnowledgeStore) {
        self.ids = ids
        self.events = events
        self.knowledge = knowledge
    }

    /// `text` was read for `author`: whoever may read may propose.
    package func add(
        title: String, body: String, fields: [String: String]? = nil, comment: String, for text: KnowledgeText,
        base: Int, by author: ID, dueAt: Milliseconds? = nil, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard comment.utf8.count <= 5000 else { throw Failure(.tooLarge, "knowledge-too-long") }
        let version = try knowledge.requireVersion(base, of: text.id, in: db)
        var content = TextContent(title: title, body: body, fields: fields ?? version.fields)
        for name in ["filename", "content-type"] { content.fields[name] = version.fields[name] }
        content = try knowledge.checked(content, text.kind)
        guard
            content.title != version.title || content.body != version.body
                || (fields != nil && content.fields != version.fields)
        else { throw Failure(.invalid, "proposal-nothing-changed") }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO knowledge_proposal (id, text_id, base_version, title, body, fields, comment, state, author_id,
                answer, decided_by, decided_at, due_at, created_at)
            VALUES (\(id), \(text.id), \(base), \(content.title), \(content.body),
                \(fields == nil ? "" : FieldText.encode(content.fields)), \(comment), 'open', \(author), '', NULL,
                NULL, \(dueAt), \(at))
            """)
        let kind = dueAt == nil ? "text-change-proposed" : "text-change-planned"
        try events.add(Event(kind, actor: author, subject: text.id, data: ["proposal": String(id)]), at: at, in: db)
        return id
    }

    /// Open ones first, then the newest decided.
    package func ofText(_ text: ID, limit: Int, in db: any Connection) throws -> [Proposal] {
        try db.rows(
            """
            SELECT * FROM knowledge_proposal WHERE text_id = \(text)
            ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, id DESC LIMIT \(limit)
            """
        ).map(Self.read)
    }

    /// How many wait for this member to decide.
    package func waiting(for owner: ID, in db: any Connection) throws -> Int64 {
        try db.int(
            """
            SELECT COUNT(*) AS n FROM knowledge_proposal
            JOIN knowledge_text ON knowledge_text.id = knowledge_proposal.text_id
            WHERE knowledge_proposal.state = 'open' AND knowledge_proposal.due_at IS NULL
                AND knowledge_text.owner_id = \(owner)
            """)
    }

    /// A proposal of a text the viewer may read.
    package func require(
        _ id: ID, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> (Proposal, KnowledgeText) {
        guard let row = try db.first("SELECT * FROM knowledge_proposal WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        let proposal = try Self.read(row)
        return (proposal, try knowledge.require(proposal.text, visibleTo: viewer, in: db))
    }

    /// Makes it the newest version, with thanks. What changed since it was written is put together with it paragraph by
    /// paragraph; `conflict` where both changed the same one.
    package func accept(
        _ id: ID, answer: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> KnowledgeText {
        let (proposal, text) = try requireOpen(id, by: viewer, in: db)
        return try accept(proposal, text, answer: answer, by: viewer.memberID, at: at, in: db)
    }

    private func accept(
        _ proposal: Proposal, _ text: KnowledgeText, answer: String, by actor: ID, at: Milliseconds,
        in db: any Connection
    ) throws -> KnowledgeText {
        let base = try knowledge.requireVersion(proposal.base, of: text.id, in: db)
        let newest = try knowledge.requireVersion(text.version, of: text.id, in: db)
        let merged = ParagraphMerge.merge(
            base: Paragraphs.split(base.body), mine: Paragraphs.split(proposal.body),
            theirs: Paragraphs.split(newest.body))
        guard let merged else { throw Failure(.conflict, "proposal-collides") }
        let title = proposal.title == base.title ? newest.title : proposal.title
        let content = TextContent(
            title: title, body: Paragraphs.joined(merged),
            fields: try Self.merged(base: base.fields, mine: proposal.fields, theirs: newest.fields),
            note: proposal.comment)
        let saved = try knowledge.save(
            content, of: text, seen: text.version, by: actor, credit: proposal.author, at: at, in: db)
        try decide(proposal, .accepted, answer: answer, by: actor, at: at, in: db)
        return saved
    }

    /// What a proposal says of each field, unless somebody else has changed that one meanwhile.
    private static func merged(
        base: [String: String], mine: [String: String]?, theirs: [String: String]
    ) throws(Failure) -> [String: String] {
        guard let mine else { return theirs }
        var merged = theirs
        for name in Set(base.keys).union(mine.keys) where mine[name] != base[name] {
            guard theirs[name] == base[name] || theirs[name] == mine[name] else {
                throw Failure(.conflict, "proposal-collides")
            }
            merged[name] = mine[name]
        }
        return merged
    }

    package func decline(
        _ id: ID, answer: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let (proposal, _) = try requireOpen(id, by: viewer, in: db)
        guard !Placeholder.trimmed(answer[...]).isEmpty else { throw Failure(.invalid, "proposal-reason-missing") }
        try decide(proposal, .declined, answer: answer, by: viewer.memberID, at: at, in: db)
    }

    private func requireOpen(
        _ id: ID, by viewer: Viewer, in db: any Connection
    ) throws -> (Proposal, KnowledgeText) {
        let (proposal, text) = try require(id, visibleTo: viewer, in: db)
        guard try knowledge.mayChange(text, viewer, in: db) else { throw Failure(.refused, "knowledge-not-yours") }
        guard proposal.state == .open else { throw Failure(.conflict, "proposal-decided") }
        return (proposal, text)
    }

    private func decide(
        _ proposal: Proposal, _ state: Proposal.State, answer: String, by actor: ID, at: Milliseconds,
        in db: any Connection
    ) throws {
        try db.executeOne(
            """
            UPDATE knowledge_proposal SET state = \(state.rawValue), answer = \(String(answer.prefix(5000))),
                decided_by = \(actor), decided_at = \(at)
            WHERE id = \(proposal.id) AND state = 'open'
            """)
        let kind = state == .accepted ? "text-proposal-accepted" : "text-proposal-declined"
        try events.add(
            Event(kind, actor: actor, subject: proposal.text, data: ["proposal": String(proposal.id)]), at: at, in: db)
    }

    // MARK: - Planned changes

    /// Makes planned changes whose time has come; returns how many. One that collides stays open for its owner.
    package func acceptDue(at now: Milliseconds, limit: Int, in db: any Connection) throws -> Int {
        let due = try db.rows(
            """
            SELECT * FROM knowledge_proposal WHERE due_at <= \(now) AND state = 'open' ORDER BY due_at, id
            LIMIT \(limit)
            """
        ).map(Self.read)
        for proposal in due {
            let text = try knowledge.reread(proposal.text, in: db)
            let result = try db.attempt { try accept(proposal, text, answer: "", by: proposal.author, at: now, in: db) }
            if case .failure = result {
                try db.executeOne("UPDATE knowledge_proposal SET due_at = NULL WHERE id = \(proposal.id)")
            }
        }
        return due.count
    }

    private static func read(_ row: Row) throws -> Proposal {
        Proposal(
            id: try row.int("id"), text: try row.int("text_id"), base: Int(try row.int("base_version")),
            title: try row.text("title"), body: try row.text("body"),
            fields: try row.text("fields").isEmpty ? nil : FieldText.decode(try row.text("fields")),
            comment: try row.text("comment"),
            state: Proposal.State(rawValue: try row.text("state")) ?? .declined, author: try row.int("author_id"),
            answer: try row.text("answer"), decidedBy: try row.optionalInt("decided_by"),
            decidedAt: try row.optionalInt("decided_at"), dueAt: try row.optionalInt("due_at"),
            createdAt: try row.int("created_at"))
    }
}
