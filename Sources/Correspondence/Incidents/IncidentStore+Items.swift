import Base
import Storage

/// What belongs to an incident: joining, leaving, splitting off.
extension IncidentStore {
    private static let mostLinks = 100

    /// For the program and for members whose right was asked for. What left by hand is not proposed again.
    @discardableResult package func put(
        _ ticket: ID, in incident: ID, state: IncidentItem.State, differs: Bool = false, via: ID? = nil, member: ID?,
        at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        let added = try db.execute(
            """
            INSERT INTO incident_item (id, incident_id, kind, ticket_id, url, name, state, differs, via_id, member_id,
                at)
            VALUES (\(try ids.make()), \(incident), 'ticket', \(ticket), '', '', \(state.rawValue), \(differs),
                \(via), \(member), \(at))
            ON CONFLICT (ticket_id, incident_id) DO NOTHING
            """)
        return added == 1
    }

    /// A member puts a ticket in. Refused for what must not be in a group: protected, redacted, confidential.
    package func join(
        _ ticket: ID, to id: ID, by viewer: Viewer, at: Milliseconds, tickets: TicketStore, in db: any Connection
    ) throws {
        let incident = try require(id, for: .note, visibleTo: viewer, in: db)
        let ticket = try tickets.require(ticket, for: .note, visibleTo: viewer, in: db)
        if let problem = try problem(of: ticket, in: incident, db) { throw Failure(.refused, problem) }
        if try !put(ticket.id, in: id, state: .joined, member: viewer.memberID, at: at, in: db) {
            try db.executeOne(
                """
                UPDATE incident_item SET state = 'in', member_id = \(viewer.memberID), at = \(at)
                WHERE incident_id = \(id) AND ticket_id = \(ticket.id)
                """)
        }
        try note("incident-joined", incident, viewer, ticket: ticket.id, at: at, in: db)
    }

    /// Why a ticket may not be in it: a message key; nil where it may.
    func problem(of ticket: Ticket, in incident: Incident, _ db: any Connection) throws -> String? {
        if ticket.isProtected { return "incident-protected" }
        if ticket.mergedInto != nil { return "error-conflict" }
        let queue = try db.first("SELECT is_confidential FROM queue WHERE id = \(ticket.queue)")
        if try queue?.bool("is_confidential") ?? true, ticket.queue != incident.queue {
            return "incident-confidential"
        }
        let redacted = try db.first(
            """
            SELECT 1 AS one FROM message JOIN redaction ON redaction.message_id = message.id
            WHERE message.ticket_id = \(ticket.id) LIMIT 1
            """)
        return redacted == nil ? nil : "incident-redacted"
    }

    /// What is done with one thing of an incident.
    package enum Step: String, Sendable, CaseIterable { case join, leave, differs, same }

    package func change(
        _ step: Step, item id: ID, of incident: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let found = try require(incident, for: .note, visibleTo: viewer, in: db)
        let item = try item(id, of: incident, in: db)
        if let ticket = item.ticket {
            let seen = try tickets(of: incident, visibleTo: viewer, in: db).entries
            guard seen.contains(where: { $0.ticket.id == ticket }) else { throw Failure(.notFound, "error-not-found") }
        }
        switch step {
        case .join, .leave:
            let state: IncidentItem.State = step == .join ? .joined : .left
            try db.executeOne(
                """
                UPDATE incident_item SET state = \(state.rawValue), member_id = \(viewer.memberID), at = \(at)
                WHERE id = \(id)
                """)
        case .differs, .same:
            try db.executeOne("UPDATE incident_item SET differs = \(step == .differs) WHERE id = \(id)")
        }
        let kind = step == .join ? "incident-joined" : step == .leave ? "incident-left" : "incident-marked"
        try note(kind, found, viewer, ticket: item.ticket, data: ["step": step.rawValue], at: at, in: db)
    }

    /// All that are proposed and seen.
    package func joinProposed(of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        _ = try require(id, for: .note, visibleTo: viewer, in: db)
        for entry in try tickets(of: id, visibleTo: viewer, in: db).entries where entry.item.state == .proposed {
            try change(.join, item: entry.item.id, of: id, by: viewer, at: at, in: db)
        }
    }

    /// Some of its tickets become an incident of their own.
    package func split(
        _ items: [ID], off id: ID, name: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let incident = try require(id, for: .note, visibleTo: viewer, in: db)
        let chosen = try tickets(of: id, visibleTo: viewer, in: db).entries.filter { items.contains($0.item.id) }
        guard !chosen.isEmpty else { throw Failure(.invalid, "incident-split-none") }
        let made = try open(
            Opening(kind: incident.kind, queue: incident.queue, name: name), by: viewer, at: at, in: db)
        for entry in chosen {
            try put(entry.ticket.id, in: made, state: .joined, member: viewer.memberID, at: at, in: db)
            try change(.leave, item: entry.item.id, of: id, by: viewer, at: at, in: db)
        }
        return made
    }

    /// A thread, a press item or a page elsewhere.
    package func addLink(
        _ kind: IncidentItem.Kind, url: String, name: String, to id: ID, by viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws {
        let incident = try require(id, for: .note, visibleTo: viewer, in: db)
        guard IncidentItem.Kind.elsewhere.contains(kind), name.count <= 200 else {
            throw Failure(.invalid, "error-invalid")
        }
        try Self.check(url: url)
        guard try links(of: id, in: db).count < Self.mostLinks else {
            throw Failure(.tooMany, "link-too-many", isTemporary: false)
        }
        try db.execute(
            """
            INSERT INTO incident_item (id, incident_id, kind, ticket_id, url, name, state, differs, via_id, member_id,
                at)
            VALUES (\(try ids.make()), \(id), \(kind.rawValue), NULL, \(url), \(name), 'in', 0, NULL,
                \(viewer.memberID), \(at))
            """)
        try note("incident-linked", incident, viewer, data: ["kind": kind.rawValue], at: at, in: db)
    }

    // MARK: - Tickets that become one

    /// The ticket that stays is where the other was; undone with the merge.
    static func follow(_ source: ID, into target: ID, ids: IDMaker, at: Milliseconds, in db: any Connection) throws {
        let rows = try db.rows("SELECT * FROM incident_item WHERE ticket_id = \(source) AND state <> 'left'")
        for row in rows {
            try db.execute(
                """
                INSERT INTO incident_item (id, incident_id, kind, ticket_id, url, name, state, differs, via_id,
                    member_id, at)
                VALUES (\(try ids.make()), \(try row.int("incident_id")), 'ticket', \(target), '', '',
                    \(try row.text("state")), \(try row.bool("differs")), \(source), NULL, \(at))
                ON CONFLICT (ticket_id, incident_id) DO NOTHING
                """)
        }
    }

    static func unfollow(_ source: ID, from target: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM incident_item WHERE ticket_id = \(target) AND via_id = \(source)")
    }
}
