import Base
import Storage

/// The tables `incident`, `incident_item`, `incident_line` and `incident_speaker`. Nothing of any mail is kept in
/// them but ids.
package struct IncidentStore: Sendable {
    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Tickets that may stand in an incident: neither protected, joined to another, nor redacted, and out of a
    /// confidential queue only where the incident is at home there too.
    static let mayStand: SQL =
        """
        ticket.merged_into IS NULL AND ticket.is_protected = 0
            AND (queue.is_confidential = 0 OR ticket.queue_id = incident.queue_id)
            AND NOT EXISTS (SELECT 1 FROM message JOIN redaction ON redaction.message_id = message.id
                WHERE message.ticket_id = ticket.id)
        """

    /// Incidents the viewer may hear of by one of its tickets: one that is at home in a confidential queue is known to
    /// nobody outside of it, whatever tickets it holds.
    private static func mayBeNamed(to viewer: Viewer) -> SQL {
        """
        (incident.queue_id IN \(list: viewer.queues(.see))
            OR (SELECT home.is_confidential FROM queue AS home WHERE home.id = incident.queue_id) = 0)
        """
    }

    // MARK: - Reading

    func find(_ id: ID, in db: any Connection) throws -> Incident? {
        try db.first("SELECT * FROM incident WHERE id = \(id)").map(Self.read)
    }

    /// Seen by who sees its queue, and, unless that is confidential, by who sees one of its tickets. Not there and not
    /// allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Incident {
        guard let incident = try find(id, in: db) else { throw Failure(.notFound, "error-not-found") }
        if viewer.may(.see, queue: incident.queue) { return incident }
        let seen = try db.first(
            """
            SELECT ticket.id FROM incident_item JOIN incident ON incident.id = incident_item.incident_id
            JOIN ticket ON ticket.id = incident_item.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE incident_item.incident_id = \(id) AND incident_item.state <> 'left'
                AND ticket.queue_id IN \(list: viewer.queues(.see)) AND \(Self.mayStand)
                AND \(Self.mayBeNamed(to: viewer)) LIMIT 1
            """)
        guard seen != nil else { throw Failure(.notFound, "error-not-found") }
        return incident
    }

    /// For changing it: a right where it is at home.
    package func require(
        _ id: ID, for right: Right, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> Incident {
        let incident = try require(id, visibleTo: viewer, in: db)
        guard viewer.may(right, queue: incident.queue) else { throw Failure(.refused, "error-refused") }
        return incident
    }

    /// An incident with what its line in a list shows.
    package struct Line: Sendable {
        package var incident: Incident
        package var tickets: Int
        /// The subject of a ticket the viewer sees, where there is no name.
        package var subject: String
    }

    /// Of queues the viewer sees, newest first.
    package func all(
        _ kind: Incident.Kind, states: [Incident.State], visibleTo viewer: Viewer, limit: Int = 100,
        in db: any Connection
    ) throws -> [Line] {
        let rows = try db.rows(
            """
            SELECT * FROM incident WHERE queue_id IN \(list: viewer.queues(.see)) AND kind = \(kind.rawValue)
                AND state IN \(list: states.map(\.rawValue)) ORDER BY id DESC LIMIT \(limit)
            """)
        return try rows.map { row in
            let incident = try Self.read(row)
            return Line(
                incident: incident, tickets: Int(try count(of: incident.id, in: db)),
                subject: try subject(of: incident, visibleTo: viewer, in: db))
        }
    }

    /// How many groups are proposed where the viewer may work.
    func proposedCount(visibleTo viewer: Viewer, in db: any Connection) throws -> Int {
        Int(
            try db.int(
                """
                SELECT COUNT(*) AS n FROM incident
                WHERE state = 'proposed' AND queue_id IN \(list: viewer.queues(.note))
                """))
    }

    /// What stands for the name until there is one: the subject of its first ticket that the viewer sees.
    package func subject(of incident: Incident, visibleTo viewer: Viewer, in db: any Connection) throws -> String {
        guard incident.name.isEmpty else { return "" }
        let row = try db.first(
            """
            SELECT ticket.subject FROM incident_item JOIN incident ON incident.id = incident_item.incident_id
            JOIN ticket ON ticket.id = incident_item.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE incident_item.incident_id = \(incident.id) AND incident_item.state = 'in'
                AND ticket.queue_id IN \(list: viewer.queues(.see)) AND \(Self.mayStand)
            ORDER BY incident_item.id LIMIT 1
            """)
        return try row?.text("subject") ?? ""
    }

    /// Tickets in it, seen or not.
    func count(of id: ID, in db: any Connection) throws -> Int64 {
        try db.int(
            """
            SELECT COUNT(*) AS n FROM incident_item JOIN incident ON incident.id = incident_item.incident_id
            JOIN ticket ON ticket.id = incident_item.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE incident_item.incident_id = \(id) AND incident_item.state = 'in' AND \(Self.mayStand)
            """)
    }

    /// A ticket of an incident.
    package struct Entry: Sendable {
        package var item: IncidentItem
        package var ticket: Ticket
    }

    /// Tickets the viewer sees, in the order they came, and how many more there are.
    package func tickets(
        of id: ID, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> (entries: [Entry], hidden: Int) {
        let all = try db.rows(
            """
            SELECT ticket.*, incident_item.id AS item_id, incident_item.state AS item_state,
                incident_item.differs AS item_differs, incident_item.at AS item_at
            FROM incident_item JOIN incident ON incident.id = incident_item.incident_id
            JOIN ticket ON ticket.id = incident_item.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE incident_item.incident_id = \(id) AND incident_item.state <> 'left' AND \(Self.mayStand)
            ORDER BY incident_item.id LIMIT 2000
            """
        ).map { row in
            let ticket = try TicketStore.read(row)
            let item = IncidentItem(
                id: try row.int("item_id"), incident: id, kind: .ticket, ticket: ticket.id, url: "", name: "",
                state: IncidentItem.State(rawValue: try row.text("item_state")) ?? .left,
                differs: try row.bool("item_differs"), at: try row.int("item_at"))
            return Entry(item: item, ticket: ticket)
        }
        let seen = all.filter { viewer.may(.see, queue: $0.ticket.queue) }
        return (seen, all.count - seen.count)
    }

    /// What stands elsewhere.
    package func links(of id: ID, in db: any Connection) throws -> [IncidentItem] {
        try db.rows(
            """
            SELECT * FROM incident_item WHERE incident_id = \(id) AND ticket_id IS NULL AND state = 'in' ORDER BY id
            """
        ).map(Self.readItem)
    }

    func item(_ id: ID, of incident: ID, in db: any Connection) throws -> IncidentItem {
        let row = try db.first("SELECT * FROM incident_item WHERE id = \(id) AND incident_id = \(incident)")
        guard let row else { throw Failure(.notFound, "error-not-found") }
        return try Self.readItem(row)
    }

    /// Incidents a ticket the viewer sees belongs to, or is proposed for; not those that were dismissed.
    package func of(
        ticket: Ticket, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [(incident: Incident, item: IncidentItem)] {
        guard viewer.may(.see, queue: ticket.queue) else { return [] }
        return try db.rows(
            """
            SELECT incident.*, incident_item.id AS item_id, incident_item.state AS item_state,
                incident_item.differs AS item_differs, incident_item.at AS item_at
            FROM incident_item JOIN incident ON incident.id = incident_item.incident_id
            JOIN ticket ON ticket.id = incident_item.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE incident_item.ticket_id = \(ticket.id) AND incident_item.state <> 'left'
                AND incident.state <> 'dismissed' AND \(Self.mayStand) AND \(Self.mayBeNamed(to: viewer))
            ORDER BY incident.id
            """
        ).map { row in
            let incident = try Self.read(row)
            let item = IncidentItem(
                id: try row.int("item_id"), incident: incident.id, kind: .ticket, ticket: ticket.id, url: "", name: "",
                state: IncidentItem.State(rawValue: try row.text("item_state")) ?? .left,
                differs: try row.bool("item_differs"), at: try row.int("item_at"))
            return (incident, item)
        }
    }

    static func read(_ row: Row) throws -> Incident {
        Incident(
            id: try row.int("id"), kind: Incident.Kind(rawValue: try row.text("kind")) ?? .incident,
            queue: try row.int("queue_id"), name: try row.text("name"),
            state: Incident.State(rawValue: try row.text("state")) ?? .dismissed,
            owner: try row.optionalInt("owner_id"), madeBy: try row.optionalInt("made_by"),
            madeAt: try row.int("made_at"), endedAt: try row.optionalInt("ended_at"), joins: try row.bool("joins"),
            toldURL: try row.text("told_url"), toldAt: try row.optionalInt("told_at"),
            cause: try row.optionalInt("cause_id"))
    }

    private static func readItem(_ row: Row) throws -> IncidentItem {
        IncidentItem(
            id: try row.int("id"), incident: try row.int("incident_id"),
            kind: IncidentItem.Kind(rawValue: try row.text("kind")) ?? .page, ticket: try row.optionalInt("ticket_id"),
            url: try row.text("url"), name: try row.text("name"),
            state: IncidentItem.State(rawValue: try row.text("state")) ?? .left, differs: try row.bool("differs"),
            at: try row.int("at"))
    }
}
