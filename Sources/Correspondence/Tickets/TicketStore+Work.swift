import Base
import Storage

extension TicketStore {
    private static let longestSubject = 998

    /// An empty subject is allowed: people send them.
    package func setSubject(_ subject: String, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection)
        throws
    {
        let clean = String(
            subject.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        guard clean.utf8.count <= Self.longestSubject else { throw Failure(.tooLarge, "error-too-large") }
        guard clean != ticket.subject else { return }
        try db.executeOne("UPDATE ticket SET subject = \(clean), updated_at = \(at) WHERE id = \(ticket.id)")
        let event = Event("subject-changed", actor: actor, queue: ticket.queue, ticket: ticket.id)
        try events.add(event, at: at, in: db)
    }

    /// nil: not known.
    package func setLanguage(
        _ language: String?, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        let code = language?.lowercased()
        let isFine = code.map { $0.utf8.count <= 35 && $0.utf8.allSatisfy(Self.isTagByte) && !$0.isEmpty } ?? true
        guard isFine else { throw Failure(.invalid, "error-invalid") }
        guard code != ticket.language else { return }
        try db.executeOne("UPDATE ticket SET language = \(code), updated_at = \(at) WHERE id = \(ticket.id)")
        let event = Event(
            "language-changed", actor: actor, queue: ticket.queue, ticket: ticket.id, data: ["to": code ?? ""])
        try events.add(event, at: at, in: db)
    }

    private static func isTagByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte) || byte == 45
    }

    package func setContact(_ contact: ID?, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection)
        throws
    {
        guard contact != ticket.contact else { return }
        try db.executeOne("UPDATE ticket SET contact_id = \(contact), updated_at = \(at) WHERE id = \(ticket.id)")
        let event = Event(
            "contact-changed", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: contact)
        try events.add(event, at: at, in: db)
    }

    /// What was joined to a ticket, and to that, goes along, so that nothing of it stays in the old queue.
    func takeAlong(_ id: ID, to queue: ID, in db: any Connection) throws {
        try db.execute("UPDATE ticket SET queue_id = \(queue) WHERE id IN (\(Self.joined(to: id)))")
    }

    /// The ids of all tickets that were merged into one, directly or by way of others.
    static func joined(to id: ID) -> SQL {
        """
        WITH RECURSIVE joined (id) AS (
            SELECT id FROM ticket WHERE merged_into = \(id)
            UNION SELECT ticket.id FROM ticket JOIN joined ON ticket.merged_into = joined.id)
        SELECT id FROM joined
        """
    }

    /// A knowledge text to answer with; nil for none.
    func setProposedText(
        _ text: ID?, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        guard text != ticket.proposedText else { return }
        try db.executeOne("UPDATE ticket SET proposed_text = \(text ?? 0), updated_at = \(at) WHERE id = \(ticket.id)")
        try events.add(
            Event("text-proposed", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: text), at: at, in: db)
    }

    /// Adds and removes single tags; the others stay.
    func changeTags(
        add: [String], remove: [String], of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        let now = try tags(of: ticket.id, in: db)
        let gone = Set(remove.map(Self.cleanTag))
        let wanted = Set(now).subtracting(gone).union(add.map(Self.cleanTag))
        guard wanted != Set(now) else { return }
        try setTags(wanted.sorted(), of: ticket, actor: actor, at: at, in: db)
    }

    /// A tag as it is kept: folded, without spaces around it and with dashes inside.
    static func cleanTag(_ text: String) -> String { EmailAddress.folded(text).replacing(" ", with: "-") }

    /// Brings a ticket back whose date has come; false when it was moved on or changed since.
    func wake(_ ticket: Ticket, at: Milliseconds, in db: any Connection) throws -> Bool {
        guard ticket.state == .waiting, let until = ticket.snoozedUntil, until <= at, ticket.mergedInto == nil else {
            return false
        }
        try setState(.open, of: ticket, actor: nil, at: at, in: db)
        try db.executeOne("UPDATE ticket SET woken_at = \(at) WHERE id = \(ticket.id)")
        try events.add(Event("ticket-woken", queue: ticket.queue, ticket: ticket.id), at: at, in: db)
        return true
    }

    /// What a member may answer next, of their languages or of none: first a life in danger; then what a date was named
    /// for or a goal's clock runs for, what is due first before the rest; then the most urgent, then the oldest.
    /// Nothing that a label
    /// leaves to others.
    struct Wish: Sendable {
        var member: ID
        var queues: [ID]
        /// Empty: any language.
        var languages: [String]
        /// The ticket they are looking at.
        var except: ID?
        /// Colleagues who are away: what they own can be taken too.
        var away: [ID] = []
    }

    /// The ticket next to be answered, made theirs. Two members never get the same one: on PostgreSQL the row is
    /// locked and rows that others hold are passed over, on SQLite one transaction writes at a time.
    func takeNext(_ wish: Wish, at: Milliseconds, in db: any Connection) throws -> Ticket? {
        let danger: SQL = "AND ticket.id IN (SELECT ticket_id FROM ticket_label WHERE label = 'danger')"
        let due: SQL = "AND ticket.due_rank < 2"
        let found =
            try best(wish, and: danger, by: "priority DESC, created_at, id", in: db)
            ?? best(wish, and: due, by: "due_rank, due_at, priority DESC, created_at, id", in: db)
            ?? best(wish, and: "", by: "priority DESC, created_at, id", in: db)
        guard let ticket = found else { return nil }
        if ticket.owner != wish.member {
            try setOwner(wish.member, of: ticket, actor: wish.member, at: at, in: db)
        }
        return try find(ticket.id, in: db)
    }

    /// The first of each language by an index of its own, then the first of these.
    private func best(_ wish: Wish, and also: SQL, by order: SQL, in db: any Connection) throws -> Ticket? {
        let lock: SQL = db.engine == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
        let owners = [wish.member] + wish.away
        let choices: [SQL] =
            wish.languages.isEmpty
            ? ["1 = 1"] : wish.languages.map { "ticket.language = \($0)" } + ["ticket.language IS NULL"]
        let found = try choices.compactMap { choice in
            try db.first(
                """
                SELECT * FROM ticket WHERE \(choice) AND \(Self.isOpen) \(also) AND +queue_id IN \(list: wish.queues)
                    AND (+owner_id IS NULL OR +owner_id IN \(list: owners)) AND id <> \(wish.except ?? 0)
                    AND NOT \(Self.isClosed(to: wish.member))
                ORDER BY \(order) LIMIT 1 \(lock)
                """
            ).map(Self.read)
        }
        return found.min(by: Self.isBefore)
    }

    /// The condition of the indexes of open tickets, word for word. A query that is to use one of them asks for
    /// `+queue_id`, so that SQLite does not begin with the queue.
    static let isOpen: SQL = "ticket.state IN ('new', 'open') AND ticket.merged_into IS NULL"

    private static func isBefore(_ left: Ticket, _ right: Ticket) -> Bool {
        (left.dueRank, left.dueAt, -left.priority, left.createdAt, left.id)
            < (right.dueRank, right.dueAt, -right.priority, right.createdAt, right.id)
    }
}
