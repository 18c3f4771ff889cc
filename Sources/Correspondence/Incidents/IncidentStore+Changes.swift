import Base
import Foundation
import Storage

/// Changes by a member, each asking for the right it needs; each leaves an event of its transaction.
extension IncidentStore {
    /// What a new one begins with.
    package struct Opening: Sendable {
        package var kind: Incident.Kind
        package var queue: ID
        package var name: String

        package init(kind: Incident.Kind, queue: ID, name: String) {
            self.kind = kind
            self.queue = queue
            self.name = name
        }
    }

    /// Opens one by hand; it belongs to who opened it.
    @discardableResult package func open(
        _ opening: Opening, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard viewer.may(.note, queue: opening.queue) else { throw Failure(.notFound, "error-not-found") }
        let name = try Self.checked(opening.name)
        return try insert(
            opening.kind, queue: opening.queue, name: name, state: .open, member: viewer.memberID, at: at, in: db)
    }

    /// By the program: a group that somebody is to look at.
    func propose(queue: ID, at: Milliseconds, in db: any Connection) throws -> ID {
        try insert(.incident, queue: queue, name: "", state: .proposed, member: nil, at: at, in: db)
    }

    private func insert(
        _ kind: Incident.Kind, queue: ID, name: String, state: Incident.State, member: ID?, at: Milliseconds,
        in db: any Connection
    ) throws -> ID {
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO incident (id, kind, queue_id, name, state, owner_id, made_by, made_at, ended_at, joins,
                told_url, told_at, cause_id)
            VALUES (\(id), \(kind.rawValue), \(queue), \(name), \(state.rawValue), \(member), \(member), \(at), NULL, 0,
                '', NULL, NULL)
            """)
        if let member {
            let event = Event(
                "incident-opened", actor: member, queue: queue, subject: id, data: ["kind": kind.rawValue])
            try events.add(event, at: at, in: db)
        }
        return id
    }

    private static func checked(_ name: String) throws(Failure) -> String {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !name.isEmpty, name.count <= Incident.longestName else {
            throw Failure(.invalid, "incident-name-invalid")
        }
        return name
    }

    /// What the head of its page says.
    package struct Settings: Sendable {
        package var name: String
        package var owner: ID?
        package var joins: Bool
        package var toldURL: String

        package init(name: String, owner: ID?, joins: Bool, toldURL: String) {
            self.name = name
            self.owner = owner
            self.joins = joins
            self.toldURL = toldURL
        }
    }

    package func set(
        _ settings: Settings, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let incident = try require(id, for: .note, visibleTo: viewer, in: db)
        let name = try Self.checked(settings.name)
        if !settings.toldURL.isEmpty { try Self.check(url: settings.toldURL) }
        if let owner = settings.owner, owner != incident.owner {
            let member = try db.first("SELECT is_disabled FROM member WHERE id = \(owner)")
            guard let member, try !member.bool("is_disabled") else { throw Failure(.invalid, "error-invalid") }
        }
        let isNewlyTold = !settings.toldURL.isEmpty && settings.toldURL != incident.toldURL
        let toldAt: Milliseconds? = settings.toldURL.isEmpty ? nil : isNewlyTold ? at : incident.toldAt
        try db.executeOne(
            """
            UPDATE incident SET name = \(name), owner_id = \(settings.owner), joins = \(settings.joins),
                told_url = \(settings.toldURL),
                told_at = \(toldAt)
            WHERE id = \(id)
            """)
        if isNewlyTold, incident.kind == .cause, incident.state == .open {
            try db.executeOne("UPDATE incident SET state = 'told' WHERE id = \(id)")
        }
        try note("incident-changed", incident, viewer, at: at, in: db)
    }

    static func check(url: String) throws(Failure) {
        guard url.utf8.count <= 2000, let parts = URLComponents(string: url),
            ["http", "https"].contains(parts.scheme?.lowercased() ?? ""), !(parts.host ?? "").isEmpty
        else { throw Failure(.invalid, "link-address-invalid") }
    }

    /// Any state of its kind; an incident needs a name before it is open.
    package func setState(
        _ state: Incident.State, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let incident = try require(id, for: .note, visibleTo: viewer, in: db)
        let allowed = incident.kind == .cause ? Incident.State.ofCauses : Incident.State.ofIncidents
        guard allowed.contains(state) else { throw Failure(.invalid, "error-invalid") }
        guard state != incident.state else { return }
        let endedAt: Milliseconds? = state.isOver ? at : nil
        try db.executeOne(
            """
            UPDATE incident SET state = \(state.rawValue), ended_at = \(endedAt),
                owner_id = COALESCE(owner_id, \(viewer.memberID))
            WHERE id = \(id) AND state = \(incident.state.rawValue)
            """)
        try note(
            "incident-state", incident, viewer, data: ["from": incident.state.rawValue, "to": state.rawValue], at: at,
            in: db)
    }

    /// The lasting cause behind an incident: a new one, with its tickets.
    package func makeCause(of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> ID {
        let incident = try require(id, for: .note, visibleTo: viewer, in: db)
        guard incident.kind == .incident, incident.cause == nil else { throw Failure(.conflict, "error-conflict") }
        let cause = try open(
            Opening(kind: .cause, queue: incident.queue, name: incident.name), by: viewer, at: at, in: db)
        for entry in try tickets(of: id, visibleTo: viewer, in: db).entries where entry.item.state == .joined {
            try put(
                entry.ticket.id, in: cause, state: .joined, differs: entry.item.differs, member: viewer.memberID,
                at: at, in: db)
        }
        try db.executeOne("UPDATE incident SET cause_id = \(cause) WHERE id = \(id)")
        return cause
    }

    func note(
        _ kind: String, _ incident: Incident, _ viewer: Viewer, ticket: ID? = nil, data: [String: String] = [:],
        at: Milliseconds, in db: any Connection
    ) throws {
        var queue = incident.queue
        if let ticket, let row = try db.first("SELECT queue_id FROM ticket WHERE id = \(ticket)") {
            queue = try row.int("queue_id")
        }
        let event = Event(
            kind, actor: viewer.memberID, queue: queue, ticket: ticket, subject: incident.id, data: data)
        try events.add(event, at: at, in: db)
    }
}
