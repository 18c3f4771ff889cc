import Base
import Storage

/// A queue's public form.
package struct PublicForm: Sendable, Equatable {
    package var queue: Queue
    package var isOpen: Bool
    package var title: String
    package var intro: String
}

/// What somebody sent through a form.
package struct Submission: Sendable, Equatable {
    package var id: ID
    package var queue: ID
    package var address: String
    package var name: String
    package var language: String
    package var createdAt: Milliseconds
    /// Since when the address is known to be the sender's; nil until then: no words of the form are mailed to it.
    package var provenAt: Milliseconds?
    package var withdrawnAt: Milliseconds?
}

/// The tables `queue_form`, `form_text`, `form_submission`, `form_message` and `form_attempt`.
package struct FormStore: Sendable {
    /// Attempts of one network in ten minutes and in a day, and of everybody to one queue in an hour.
    private static let budgets: [(window: Milliseconds, most: Int64)] = [(600_000, 6), (86_400_000, 30)]
    private static let queueBudget: Int64 = 300

    private let ids: IDMaker
    private let queues: QueueStore
    private let events: EventStore
    private let key: InstanceKey

    package init(ids: IDMaker, queues: QueueStore, events: EventStore, key: InstanceKey) {
        self.ids = ids
        self.queues = queues
        self.events = events
        self.key = key
    }

    // MARK: - Forms

    /// Forms anybody may use: of live queues with an address that are not confidential unless they say so.
    package func open(language: String, in db: any Connection) throws -> [PublicForm] {
        let rows = try db.rows("SELECT queue_id FROM queue_form WHERE is_open = 1 ORDER BY queue_id")
        return try rows.map { try form(try queues.require(try $0.int("queue_id"), in: db), language, in: db) }
            .filter { $0.queue.mode == .live && $0.queue.address != nil }
    }

    /// Not there and not open look the same.
    package func requireOpen(name: String, language: String, in db: any Connection) throws -> PublicForm {
        guard let queue = try queues.find(name: name, in: db),
            let form = try open(language: language, in: db).first(where: { $0.queue.id == queue.id })
        else { throw Failure(.notFound, "error-not-found") }
        return form
    }

    /// In the language, else in English, else the queue's name.
    package func form(_ queue: Queue, _ language: String, in db: any Connection) throws -> PublicForm {
        var form = PublicForm(
            queue: queue,
            isOpen: try db.int("SELECT COUNT(*) AS n FROM queue_form WHERE queue_id = \(queue.id) AND is_open = 1") > 0,
            title: queue.displayName, intro: "")
        for language in ["en", language] {
            let row = try db.first(
                "SELECT title, intro FROM form_text WHERE queue_id = \(queue.id) AND language = \(language)")
            guard let row else { continue }
            form.title = try row.text("title")
            form.intro = try row.text("intro")
        }
        return form
    }

    /// What a form says, by language.
    package func texts(
        of queue: ID, in db: any Connection
    ) throws -> [(language: String, title: String, intro: String)] {
        try db.rows("SELECT * FROM form_text WHERE queue_id = \(queue) ORDER BY language").map {
            (try $0.text("language"), try $0.text("title"), try $0.text("intro"))
        }
    }

    package func setOpen(_ isOpen: Bool, queue: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO queue_form (queue_id, is_open) VALUES (\(queue), \(isOpen))
            ON CONFLICT (queue_id) DO UPDATE SET is_open = excluded.is_open
            """)
        let event = Event("form-changed", actor: actor, queue: queue, data: ["to": isOpen ? "open" : "closed"])
        try events.add(event, at: at, in: db)
    }

    /// An empty title takes the text of that language away.
    package func setText(title: String, intro: String, language: String, queue: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM form_text WHERE queue_id = \(queue) AND language = \(language)")
        guard !title.isEmpty else { return }
        try db.execute(
            """
            INSERT INTO form_text (queue_id, language, title, intro)
            VALUES (\(queue), \(language), \(String(title.prefix(200))), \(String(intro.prefix(4000))))
            """)
    }

    // MARK: - Submissions

    func add(_ submission: Submission, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO form_submission (id, queue_id, address, name, language, created_at, proven_at, withdrawn_at)
            VALUES (\(submission.id), \(submission.queue), \(submission.address), \(submission.name),
                \(submission.language), \(submission.createdAt), NULL, NULL)
            """)
    }

    func addMessage(headerID: String, to submission: ID, in db: any Connection) throws {
        let hash = MessageStore.hash(headerID)
        try db.execute("INSERT INTO form_message (header_hash, submission_id) VALUES (\(hash), \(submission))")
    }

    func find(_ id: ID, in db: any Connection) throws -> Submission? {
        try db.first("SELECT * FROM form_submission WHERE id = \(id)").map(Self.read)
    }

    /// The submission a message came with.
    func ofMessage(headerID: String, in db: any Connection) throws -> Submission? {
        try db.first(
            """
            SELECT form_submission.* FROM form_message
            JOIN form_submission ON form_submission.id = form_message.submission_id
            WHERE form_message.header_hash = \(MessageStore.hash(headerID))
            """
        ).map(Self.read)
    }

    /// Messages sent through the form, oldest first; none until the first is filed.
    func messages(of submission: ID, in db: any Connection) throws -> [Message] {
        try db.rows(
            """
            SELECT message.* FROM form_message
            JOIN message_reference ON message_reference.header_hash = form_message.header_hash
                AND message_reference.is_own = 1
            JOIN message ON message.id = message_reference.message_id
            WHERE form_message.submission_id = \(submission) ORDER BY message.sent_at, message.id
            """
        ).map(MessageStore.read)
    }

    /// Whether an address came only through forms and has not shown to be its sender's.
    package static func isUnproven(_ address: String, ticket: ID, in db: any Connection) throws -> Bool {
        let address = EmailAddress.folded(address)
        let rows = try db.rows("SELECT id, proven_at FROM form_submission WHERE address = \(address)")
        guard !rows.isEmpty, try rows.allSatisfy({ try $0.optionalInt("proven_at") == nil }) else { return false }
        let byMail = try db.first(
            """
            SELECT message.id FROM message WHERE message.ticket_id = \(ticket) AND message.direction = 'in'
                AND message.from_address = \(address) AND NOT EXISTS (
                    SELECT 1 FROM message_reference
                    JOIN form_message ON form_message.header_hash = message_reference.header_hash
                    WHERE message_reference.message_id = message.id AND message_reference.is_own = 1)
            LIMIT 1
            """)
        return byMail == nil
    }

    /// Messages of a ticket that came through a form whose sender has not shown that the address is theirs.
    static func unproven(inTicket ticket: ID, in db: any Connection) throws -> Set<ID> {
        let rows = try db.rows(
            """
            SELECT message.id FROM message
            JOIN message_reference ON message_reference.message_id = message.id AND message_reference.is_own = 1
            JOIN form_message ON form_message.header_hash = message_reference.header_hash
            JOIN form_submission ON form_submission.id = form_message.submission_id
            WHERE message.ticket_id = \(ticket) AND form_submission.proven_at IS NULL
            """)
        return Set(try rows.map { try $0.int("id") })
    }

    func prove(_ submission: Submission, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE form_submission SET proven_at = \(at) WHERE id = \(submission.id)")
    }

    /// Whether withdrawing settles the ticket: nothing else is in it, and no label leaves it to specialists.
    func mayClose(_ submission: Submission, _ ticket: Ticket, in db: any Connection) throws -> Bool {
        guard ticket.state != .junk, try LabelStore().labels(of: ticket.id, in: db).isEmpty else { return false }
        return try isAlone(submission, in: ticket.id, in: db)
    }

    /// Whether nobody else's words are in the ticket, nor those of the same person that came another way.
    private func isAlone(_ submission: Submission, in ticket: ID, in db: any Connection) throws -> Bool {
        let merged = try db.first(
            "SELECT 1 AS one FROM ticket_merge WHERE target_id = \(ticket) AND undone_at IS NULL LIMIT 1")
        guard merged == nil else { return false }
        return try db.first(
            """
            SELECT 1 AS one FROM message WHERE message.ticket_id = \(ticket) AND message.direction = 'in'
                AND message.kind <> 'bounce' AND NOT EXISTS (
                    SELECT 1 FROM message_reference
                    JOIN form_message ON form_message.header_hash = message_reference.header_hash
                    WHERE message_reference.message_id = message.id AND message_reference.is_own = 1
                        AND form_message.submission_id = \(submission.id))
            LIMIT 1
            """) == nil
    }

    func withdraw(_ submission: Submission, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE form_submission SET withdrawn_at = \(at) WHERE id = \(submission.id)")
    }

    // MARK: - Budgets

    /// Whether who holds the link is shown what we answered. Who has not proven the address they gave reads answers to
    /// what they sent, but not to what the person of that address wrote, by mail or in a ticket that was joined.
    func showsAnswers(
        _ submission: Submission, to holder: FormReference.Holder, ticket: ID, in db: any Connection
    ) throws -> Bool {
        if holder == .address || submission.provenAt != nil { return true }
        return try isAlone(submission, in: ticket, in: db)
    }

    /// Throws `tooMany` when the network, or everybody together, sent too much to the form.
    func spend(network: String, queue: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM form_attempt WHERE at <= \(at - 86_400_000)")
        let scopes = [scope("network \(Self.prefix(of: network))"), scope("queue \(queue)")]
        // Many at once are counted one after the other.
        for scope in scopes { try db.lock("budget " + Hex.encode(scope)) }
        for (window, most) in Self.budgets { try require(scopes[0], window: window, most: most, at: at, in: db) }
        try require(scopes[1], window: 3_600_000, most: Self.queueBudget, at: at, in: db)
        for scope in scopes {
            try db.execute("INSERT INTO form_attempt (id, scope_hash, at) VALUES (\(try ids.make()), \(scope), \(at))")
        }
    }

    private func require(
        _ scope: [UInt8], window: Milliseconds, most: Int64, at: Milliseconds, in db: any Connection
    ) throws {
        let used = try db.int(
            "SELECT COUNT(*) AS n FROM form_attempt WHERE scope_hash = \(scope) AND at > \(at - window)")
        guard used < most else { throw Failure(.tooMany, "form-busy") }
    }

    private func scope(_ text: String) -> [UInt8] { Array(key.mac("form-attempt", Array(text.utf8)).prefix(16)) }

    /// An IPv6 customer has a whole /64.
    private static func prefix(of network: String) -> String {
        guard network.contains(":"), !network.contains(".") else { return network }
        return network.split(separator: ":", omittingEmptySubsequences: false).prefix(4).joined(separator: ":")
    }

    private static func read(_ row: Row) throws -> Submission {
        Submission(
            id: try row.int("id"), queue: try row.int("queue_id"), address: try row.text("address"),
            name: try row.text("name"), language: try row.text("language"), createdAt: try row.int("created_at"),
            provenAt: try row.optionalInt("proven_at"), withdrawnAt: try row.optionalInt("withdrawn_at"))
    }
}
