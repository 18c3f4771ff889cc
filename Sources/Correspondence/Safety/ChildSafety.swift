import Base
import Storage

/// The child-safety label: while a ticket has it, its files and pictures are closed to all but the people named.
package struct ChildSafety: Sendable {
    static let label = "child-safety"

    private let stores: Filing.Stores

    package init(stores: Filing.Stores) { self.stores = stores }

    package static func isSet(on ticket: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT at FROM ticket_label WHERE ticket_id = \(ticket) AND label = \(label)") != nil
    }

    /// Whether the viewer is one of the people named.
    package static func isNamed(_ viewer: Viewer, in db: any Connection) throws -> Bool {
        try db.first("SELECT member_id FROM label_person WHERE label = \(label) AND member_id = \(viewer.memberID)")
            != nil
    }

    /// Refused while files of the ticket are closed to the viewer: downloads, previews, originals, forwarding.
    package static func requireOpen(_ ticket: ID, to viewer: Viewer, in db: any Connection) throws {
        guard try isSet(on: ticket, in: db), try !isNamed(viewer, in: db) else { return }
        throw Failure(.refused, "safety-closed")
    }

    /// Anyone who may write notes can set it; only the people named lift it.
    package func set(_ isOn: Bool, ticket id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        guard viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        if isOn {
            try db.execute(
                """
                INSERT INTO ticket_label (ticket_id, label, member_id, source, at)
                VALUES (\(id), \(Self.label), \(viewer.memberID), 'member', \(at))
                ON CONFLICT (ticket_id, label) DO NOTHING
                """)
        } else {
            guard try Self.isNamed(viewer, in: db) else { throw Failure(.refused, "safety-not-named") }
            try db.execute("DELETE FROM ticket_label WHERE ticket_id = \(id) AND label = \(Self.label)")
        }
        let event = Event(
            isOn ? "safety-label-set" : "safety-label-lifted", actor: viewer.memberID, queue: ticket.queue, ticket: id)
        try stores.events.add(event, at: at, in: db)
    }

    package static func people(in db: any Connection) throws -> [ID] {
        try db.rows("SELECT member_id FROM label_person WHERE label = \(label) ORDER BY member_id").map {
            try $0.int("member_id")
        }
    }

    /// Replaces the people named; for administrators.
    package func setPeople(_ members: Set<ID>, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        let former = Set(try Self.people(in: db))
        try db.execute("DELETE FROM label_person WHERE label = \(Self.label)")
        for member in members.sorted() {
            try db.execute("INSERT INTO label_person (label, member_id) VALUES (\(Self.label), \(member))")
        }
        for member in former.symmetricDifference(members).sorted() {
            let event = Event(
                "safety-person-changed", actor: viewer.memberID, subject: member,
                data: ["to": members.contains(member) ? "named" : "dropped"])
            try stores.events.add(event, at: at, in: db)
        }
    }
}
