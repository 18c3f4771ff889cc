import Base
import Storage

/// Checklists on tickets. What was joined to a ticket brings its own.
extension ChecklistStore {
    package func lists(of ticket: ID, in db: any Connection) throws -> [TicketChecklist] {
        let rows = try db.rows(
            """
            SELECT * FROM ticket_checklist
            WHERE ticket_id = \(ticket) OR ticket_id IN (SELECT id FROM ticket WHERE merged_into = \(ticket))
            ORDER BY id
            """)
        guard !rows.isEmpty else { return [] }
        let ids = try rows.map { try $0.int("id") }
        var items: [ID: [TicketChecklist.Item]] = [:]
        for row in try db.rows(
            "SELECT * FROM ticket_checklist_item WHERE list_id IN \(list: ids) ORDER BY list_id, position")
        {
            let item = TicketChecklist.Item(
                position: Int(try row.int("position")), text: try row.text("text"),
                tickedBy: try row.optionalInt("ticked_by"), tickedAt: try row.optionalInt("ticked_at"))
            items[try row.int("list_id"), default: []].append(item)
        }
        return try rows.map { row in
            let id = try row.int("id")
            return TicketChecklist(
                id: id, ticket: try row.int("ticket_id"), checklist: try row.int("checklist_id"),
                name: try row.text("name"), blocks: try row.bool("blocks"), addedBy: try row.optionalInt("added_by"),
                items: items[id] ?? [])
        }
    }

    /// `conflict` while a blocking list of the ticket has something open.
    static func requireDone(_ ticket: ID, in db: any Connection) throws {
        let open = try db.first(
            """
            SELECT ticket_checklist.name FROM ticket_checklist
            JOIN ticket_checklist_item ON ticket_checklist_item.list_id = ticket_checklist.id
            WHERE (ticket_checklist.ticket_id = \(ticket)
                    OR ticket_checklist.ticket_id IN (SELECT id FROM ticket WHERE merged_into = \(ticket)))
                AND ticket_checklist.blocks = 1 AND ticket_checklist_item.ticked_at IS NULL
            LIMIT 1
            """)
        if let open { throw Failure(.conflict, "checklist-blocks-closing", arguments: [try open.text("name")]) }
    }

    /// Puts a list on a ticket; nil when it is there already, gone, or of another queue.
    func put(_ id: ID, on ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection) throws -> ID? {
        guard let list = try find(id, in: db), list.removedAt == nil, list.queue == nil || list.queue == ticket.queue,
            try db.first(
                "SELECT id FROM ticket_checklist WHERE ticket_id = \(ticket.id) AND checklist_id = \(id)") == nil
        else { return nil }
        let made = try ids.make()
        try db.execute(
            """
            INSERT INTO ticket_checklist (id, ticket_id, checklist_id, name, blocks, added_by, added_at)
            VALUES (\(made), \(ticket.id), \(id), \(list.name), \(list.blocks), \(actor), \(at))
            """)
        try db.insert(
            into: "ticket_checklist_item", "list_id, position, text",
            rows: list.items.enumerated().map { [made, $0, $1] })
        try note("put", made, ticket, actor, at: at, in: db)
        return made
    }

    /// Takes a list off again unless something of it was done; false when it stays.
    func takeBack(
        _ id: ID, from ticket: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        let ticked = try db.int(
            "SELECT COUNT(*) AS n FROM ticket_checklist_item WHERE list_id = \(id) AND ticked_at IS NOT NULL")
        guard ticked == 0, try db.first("SELECT id FROM ticket_checklist WHERE id = \(id)") != nil else { return false }
        try db.execute("DELETE FROM ticket_checklist_item WHERE list_id = \(id)")
        try db.executeOne("DELETE FROM ticket_checklist WHERE id = \(id)")
        try note("taken-off", id, ticket, actor, at: at, in: db)
        return true
    }

    /// By a person: `notFound` for a list that is not on the ticket, `conflict` when something of it was done.
    package func takeOff(
        _ id: ID, from ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try requireOn(ticket, id, in: db)
        guard try takeBack(id, from: ticket, actor: viewer.memberID, at: at, in: db) else {
            throw Failure(.conflict, "checklist-begun")
        }
    }

    /// Ticks an item or takes the tick away.
    package func tick(
        _ isTicked: Bool, _ position: Int, of id: ID, on ticket: Ticket, by viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws {
        try requireOn(ticket, id, in: db)
        let (by, time): (ID?, Milliseconds?) = isTicked ? (viewer.memberID, at) : (nil, nil)
        let changed = try db.execute(
            """
            UPDATE ticket_checklist_item SET ticked_by = \(by), ticked_at = \(time)
            WHERE list_id = \(id) AND position = \(position)
                AND \(isTicked ? "ticked_at IS NULL" : "ticked_at IS NOT NULL" as SQL)
            """)
        // Somebody else was faster: it is as wanted.
        guard changed == 1 else { return }
        try note(isTicked ? "ticked" : "unticked", id, ticket, viewer.memberID, at: at, in: db)
    }

    private func requireOn(_ ticket: Ticket, _ id: ID, in db: any Connection) throws {
        guard try lists(of: ticket.id, in: db).contains(where: { $0.id == id }) else {
            throw Failure(.notFound, "error-not-found")
        }
    }

    private func note(
        _ what: String, _ id: ID, _ ticket: Ticket, _ actor: ID?, at: Milliseconds, in db: any Connection
    ) throws {
        let event = Event(
            "ticket-checklist-\(what)", actor: actor, queue: ticket.queue, ticket: ticket.id, subject: id)
        try events.add(event, at: at, in: db)
    }
}
