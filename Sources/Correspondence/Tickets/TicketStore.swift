import Base
import Storage

/// The tables `ticket`, `ticket_tag`, `participant` and `may_belong`.
package struct TicketStore: Sendable {
    let ids: IDMaker
    let events: EventStore
    let facts: FactStore

    package init(ids: IDMaker, events: EventStore, facts: FactStore) {
        self.ids = ids
        self.events = events
        self.facts = facts
    }

    /// What a new ticket begins with.
    struct Opening: Sendable {
        var number: String
        var queue: ID
        var subject: String
        var state: TicketState
        var language: String?
        var contact: ID?
        var sender: String
        var at: Milliseconds
        var source: String
        var actor: ID?
    }

    func open(_ opening: Opening, in db: any Connection) throws -> ID {
        let id = try ids.make()
        try db.send(
            """
            INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id, sender,
                preview, merged_into, message_count, version, created_at, updated_at)
            VALUES (\(id), \(opening.number), \(opening.queue), \(opening.subject), \(opening.state.rawValue),
                \(opening.language), 2, NULL, \(opening.contact), \(opening.sender), '', NULL, 0, 0, \(opening.at),
                \(opening.at))
            """)
        try facts.open(
            ticket: id, queue: opening.queue, language: opening.language, at: opening.at, source: opening.source, in: db
        )
        let event = Event(
            "ticket-opened", actor: opening.actor, queue: opening.queue, ticket: id, data: ["source": opening.source])
        try events.add(event, at: opening.at, in: db)
        return id
    }

    // MARK: - Reading

    /// For the program itself; a page uses `find(_:visibleTo:)`.
    package func find(_ id: ID, in db: any Connection) throws -> Ticket? {
        try db.first("SELECT * FROM ticket WHERE id = \(id)").map(Self.read)
    }

    /// Of two writers who change what belongs to these tickets the second waits for the first; to be read afterwards.
    func hold(_ ids: [ID], in db: any Connection) throws {
        guard db.engine == .postgres else { return }
        _ = try db.rows("SELECT id FROM ticket WHERE id IN \(list: ids) ORDER BY id\(db.forUpdate)")
    }

    func find(number: String, in db: any Connection) throws -> Ticket? {
        try db.first("SELECT * FROM ticket WHERE number = \(number)").map(Self.read)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Ticket {
        guard let ticket = try find(id, in: db), viewer.may(.see, queue: ticket.queue) else {
            throw Failure(.notFound, "error-not-found")
        }
        // What was joined to a ticket is as hidden as that ticket.
        if ticket.mergedInto != nil, let target = try target(of: id, in: db), !viewer.may(.see, queue: target.queue) {
            throw Failure(.notFound, "error-not-found")
        }
        return ticket
    }

    /// Where a merged ticket went; itself otherwise.
    func target(of id: ID, in db: any Connection) throws -> Ticket? {
        var ticket = try find(id, in: db)
        var steps = 0
        while let next = ticket?.mergedInto, steps < 100 {
            ticket = try find(next, in: db)
            steps += 1
        }
        return ticket
    }

    package func tags(of id: ID, in db: any Connection) throws -> [String] {
        try db.rows("SELECT tag FROM ticket_tag WHERE ticket_id = \(id) ORDER BY tag").map { try $0.text("tag") }
    }

    package func participants(of id: ID, in db: any Connection) throws -> [Participant] {
        try db.rows("SELECT * FROM participant WHERE ticket_id = \(id) ORDER BY address").map {
            Participant(
                address: try $0.text("address"), name: try $0.text("name"), isNewcomer: try $0.bool("is_newcomer"))
        }
    }

    func participant(_ address: String, of id: ID, in db: any Connection) throws -> Participant? {
        let address = EmailAddress.folded(address)
        return try db.first("SELECT * FROM participant WHERE ticket_id = \(id) AND address = \(address)").map {
            Participant(
                address: try $0.text("address"), name: try $0.text("name"), isNewcomer: try $0.bool("is_newcomer"))
        }
    }

    /// Tickets this one may belong to, with the reason; only those the viewer may see.
    package func candidates(
        of id: ID, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [(ticket: Ticket, reason: String)] {
        try db.rows(
            """
            SELECT ticket.*, may_belong.reason FROM may_belong JOIN ticket ON ticket.id = may_belong.candidate_id
            WHERE may_belong.ticket_id = \(id) AND ticket.queue_id IN \(list: viewer.queues(.see)) ORDER BY ticket.id
            """
        ).map { (try Self.read($0), try $0.text("reason")) }
    }

    /// Earlier tickets of the same person, newest first.
    package func earlier(than ticket: Ticket, visibleTo viewer: Viewer, limit: Int, in db: any Connection) throws
        -> [Ticket]
    {
        guard let contact = ticket.contact else { return [] }
        return try db.rows(
            """
            SELECT * FROM ticket WHERE contact_id = \(contact) AND id <> \(ticket.id) AND merged_into IS NULL
                AND queue_id IN \(list: viewer.queues(.see))
            ORDER BY updated_at DESC LIMIT \(limit)
            """
        ).map(Self.read)
    }

    // MARK: - Changing

    /// Counts a message: newest text, new version, state and language as they follow from it. Throws `conflict` when
    /// the ticket was merged meanwhile: the message must not be left behind.
    func noteMessage(_ note: MessageNote, of id: ID, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE ticket SET message_count = message_count + 1, version = version + 1, state = \(note.state.rawValue),
                preview = CASE WHEN updated_at <= \(note.at) OR preview = '' THEN \(note.preview) ELSE preview END,
                outcome = CASE WHEN state = \(note.state.rawValue) THEN outcome ELSE '' END,
                snoozed_until = CASE WHEN state = \(note.state.rawValue) THEN snoozed_until ELSE NULL END,
                woken_at = CASE WHEN state = \(note.state.rawValue) THEN woken_at ELSE NULL END,
                language = COALESCE(language, \(note.language)),
                updated_at = CASE WHEN updated_at <= \(note.at) THEN \(note.at) ELSE updated_at END
            WHERE id = \(id) AND merged_into IS NULL
            """)
        // What arrives is told to the facts next, which look at the clock.
        if !note.state.isOpen { try Clocks().refresh(id, at: note.at, in: db) }
    }

    struct MessageNote: Sendable {
        var state: TicketState
        var preview: String
        var language: String?
        var at: Milliseconds
    }

    /// A message was taken back.
    func forgetMessage(of id: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE ticket SET message_count = message_count - 1, version = version + 1 WHERE id = \(id)")
    }

    func addParticipant(_ participant: Participant, to id: ID, in db: any Connection) throws {
        let address = EmailAddress.folded(participant.address)
        guard !address.isEmpty else { return }
        try db.send(
            """
            INSERT INTO participant (ticket_id, address, name, is_newcomer)
            VALUES (\(id), \(address), \(participant.name), \(participant.isNewcomer))
            ON CONFLICT (ticket_id, address) DO NOTHING
            """)
    }

    func addParticipants(_ people: [Participant], to id: ID, in db: any Connection) throws {
        var seen: Set<String> = []
        let rows: [[any Bindable]] = people.compactMap { person in
            let address = EmailAddress.folded(person.address)
            guard !address.isEmpty, seen.insert(address).inserted else { return nil }
            return [id, address, person.name, person.isNewcomer]
        }
        try db.insert(
            into: "participant", "ticket_id, address, name, is_newcomer", rows: rows,
            onConflict: "ON CONFLICT (ticket_id, address) DO NOTHING")
    }

    /// An agent lets a newcomer in.
    package func admit(_ address: String, to id: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        let address = EmailAddress.folded(address)
        try db.executeOne(
            """
            UPDATE participant SET is_newcomer = 0
            WHERE ticket_id = \(id) AND address = \(address) AND is_newcomer = 1
            """
        )
        try events.add(Event("participant-added", actor: actor, ticket: id), at: at, in: db)
    }

    func addCandidate(_ candidate: ID, reason: String, to id: ID, in db: any Connection) throws {
        guard candidate != id else { return }
        try db.send(
            """
            INSERT INTO may_belong (ticket_id, candidate_id, reason) VALUES (\(id), \(candidate), \(reason))
            ON CONFLICT (ticket_id, candidate_id) DO NOTHING
            """)
    }

    /// `outcome` goes with closing only, `until` with waiting only.
    package func setState(
        _ state: TicketState, outcome: Outcome? = nil, until: Milliseconds? = nil, of ticket: Ticket, actor: ID?,
        at: Milliseconds, in db: any Connection
    ) throws {
        let outcome = state == .closed ? outcome : nil
        let until = state == .waiting ? until : nil
        guard state != ticket.state || outcome != ticket.outcome || until != ticket.snoozedUntil else { return }
        if state == .closed, actor != nil { try ChecklistStore.requireDone(ticket.id, in: db) }
        try db.executeOne(
            """
            UPDATE ticket SET state = \(state.rawValue), outcome = \(outcome?.rawValue ?? ""),
                snoozed_until = \(until), woken_at = NULL, updated_at = \(at)
            WHERE id = \(ticket.id)
            """)
        try facts.noteState(state, outcome: outcome, from: ticket.state, ticket: ticket.id, at: at, in: db)
        try Clocks().refresh(ticket.id, at: at, in: db)
        var data = ["from": ticket.state.rawValue, "to": state.rawValue]
        data["outcome"] = outcome?.rawValue
        data["until"] = until.map { String($0) }
        let event = Event("state-changed", actor: actor, queue: ticket.queue, ticket: ticket.id, data: data)
        try events.add(event, at: at, in: db)
    }

    package func setOwner(_ owner: ID?, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE ticket SET owner_id = \(owner), updated_at = \(at) WHERE id = \(ticket.id)")
        if ticket.owner != nil, owner != ticket.owner { try facts.noteHandOn(ticket: ticket.id, in: db) }
        try events.add(
            Event("owner-changed", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: owner), at: at, in: db
        )
    }

    package func setQueue(_ queue: ID, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE ticket SET queue_id = \(queue), updated_at = \(at) WHERE id = \(ticket.id)")
        try facts.noteHandOn(ticket: ticket.id, queue: queue, in: db)
        try Clocks().refresh(ticket.id, at: at, in: db)
        let event = Event(
            "queue-changed", actor: actor, queue: queue, ticket: ticket.id, data: ["from": String(ticket.queue)])
        try events.add(event, at: at, in: db)
        try TriageTraining.forget(ticket: ticket.id, ids: ids, in: db)
    }

    package func setPriority(_ priority: Int, of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection)
        throws
    {
        guard (1...4).contains(priority) else { throw Failure(.invalid, "error-invalid") }
        try db.executeOne("UPDATE ticket SET priority = \(priority), updated_at = \(at) WHERE id = \(ticket.id)")
        try Clocks().refresh(ticket.id, at: at, in: db)
        let event = Event(
            "priority-changed", actor: actor, queue: ticket.queue, ticket: ticket.id, data: ["to": String(priority)])
        try events.add(event, at: at, in: db)
    }

    /// Replaces the tags: folded, without spaces, at most 40 characters each, at most 30.
    package func setTags(_ tags: [String], of ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection)
        throws
    {
        let clean = Set(tags.map { EmailAddress.folded($0).replacing(" ", with: "-") }.filter { !$0.isEmpty })
        guard clean.count <= 30, clean.allSatisfy({ $0.count <= 40 }) else { throw Failure(.invalid, "error-invalid") }
        try db.send("DELETE FROM ticket_tag WHERE ticket_id = \(ticket.id)")
        for tag in clean.sorted() {
            try db.send("INSERT INTO ticket_tag (ticket_id, tag) VALUES (\(ticket.id), \(tag))")
        }
        try db.executeOne("UPDATE ticket SET updated_at = \(at) WHERE id = \(ticket.id)")
        let event = Event(
            "tags-changed", actor: actor, queue: ticket.queue, ticket: ticket.id, data: ["count": String(clean.count)])
        try events.add(event, at: at, in: db)
    }

    static func read(_ row: Row) throws -> Ticket {
        Ticket(
            id: try row.int("id"), number: try row.text("number"), queue: try row.int("queue_id"),
            subject: try row.text("subject"), state: TicketState(rawValue: try row.text("state")) ?? .open,
            language: try row.optionalText("language"), priority: Int(try row.int("priority")),
            owner: try row.optionalInt("owner_id"), contact: try row.optionalInt("contact_id"),
            sender: try row.text("sender"), preview: try row.text("preview"),
            mergedInto: try row.optionalInt("merged_into"),
            messageCount: Int(try row.int("message_count")), version: try row.int("version"),
            createdAt: try row.int("created_at"), updatedAt: try row.int("updated_at"),
            outcome: Outcome(rawValue: try row.text("outcome")), snoozedUntil: try row.optionalInt("snoozed_until"),
            wokenAt: try row.optionalInt("woken_at"),
            isProtected: try row.bool("is_protected"), dueRank: Int(try row.int("due_rank")),
            dueAt: try row.int("due_at"),
            proposedText: try row.int("proposed_text") == 0 ? nil : row.int("proposed_text"))
    }
}
