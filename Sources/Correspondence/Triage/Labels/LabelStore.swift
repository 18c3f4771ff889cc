import Base
import Storage

/// The tables `ticket_label` and `label_person`.
package struct LabelStore: Sendable {
    /// Who set a label: a member, the keyword packs, or a learned model.
    package enum Source: String, Sendable { case member, pack, model }

    package struct Labelled: Sendable, Equatable {
        package var label: SpecialistLabel
        package var member: ID?
        package var source: Source
        package var at: Milliseconds
    }

    package init() {}

    /// Of a ticket the caller may see, in the order of their weight.
    package func labels(of ticket: ID, in db: any Connection) throws -> [Labelled] {
        let found = try db.rows("SELECT * FROM ticket_label WHERE ticket_id = \(ticket)").compactMap { row in
            try SpecialistLabel(rawValue: try row.text("label")).map { label in
                Labelled(
                    label: label, member: try row.optionalInt("member_id"),
                    source: Source(rawValue: try row.text("source")) ?? .member, at: try row.int("at"))
            }
        }
        return SpecialistLabel.allCases.compactMap { label in found.first { $0.label == label } }
    }

    /// Those of some tickets the caller may see that have a label.
    func labelled(_ label: SpecialistLabel, among tickets: [ID], in db: any Connection) throws -> Set<ID> {
        guard !tickets.isEmpty else { return [] }
        let rows = try db.rows(
            "SELECT ticket_id FROM ticket_label WHERE ticket_id IN \(list: tickets) AND label = \(label.rawValue)")
        return Set(try rows.map { try $0.int("ticket_id") })
    }

    /// Whether somebody's life may be in danger: nothing the program does by itself puts such a ticket aside.
    func isInDanger(_ ticket: ID, in db: any Connection) throws -> Bool {
        try !labelled(.danger, among: [ticket], in: db).isEmpty
    }

    /// False when the ticket has it already.
    func add(
        _ label: SpecialistLabel, to ticket: ID, source: Source, member: ID?, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        try db.execute(
            """
            INSERT INTO ticket_label (ticket_id, label, member_id, source, at)
            VALUES (\(ticket), \(label.rawValue), \(member), \(source.rawValue), \(at))
            ON CONFLICT (ticket_id, label) DO NOTHING
            """) == 1
    }

    /// False when the ticket does not have it.
    func remove(_ label: SpecialistLabel, from ticket: ID, in db: any Connection) throws -> Bool {
        try db.execute("DELETE FROM ticket_label WHERE ticket_id = \(ticket) AND label = \(label.rawValue)") == 1
    }

    /// What goes to another ticket takes its labels along: they cannot be shaken off by joining or splitting.
    static func copy(from source: ID, to target: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO ticket_label (ticket_id, label, member_id, source, at)
                SELECT \(target), label, member_id, source, at FROM ticket_label WHERE ticket_id = \(source)
            ON CONFLICT (ticket_id, label) DO NOTHING
            """)
    }

    // MARK: - People

    /// Members named for a label who work here.
    package func people(of label: SpecialistLabel, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT label_person.member_id FROM label_person JOIN member ON member.id = label_person.member_id
            WHERE label_person.label = \(label.rawValue) AND member.is_disabled = 0 ORDER BY member_id
            """
        ).map { try $0.int("member_id") }
    }

    package func isNamed(_ viewer: Viewer, for label: SpecialistLabel, in db: any Connection) throws -> Bool {
        try people(of: label, in: db).contains(viewer.memberID)
    }

    /// Replaces the people named. The caller has made sure that an administrator asks. Returns who changed.
    func setPeople(_ members: Set<ID>, of label: SpecialistLabel, in db: any Connection) throws -> [ID: Bool] {
        let former = Set(
            try db.rows("SELECT member_id FROM label_person WHERE label = \(label.rawValue)").map {
                try $0.int("member_id")
            })
        try db.execute("DELETE FROM label_person WHERE label = \(label.rawValue)")
        for member in members.sorted() {
            try db.execute("INSERT INTO label_person (label, member_id) VALUES (\(label.rawValue), \(member))")
        }
        let changed = former.symmetricDifference(members)
        return Dictionary(uniqueKeysWithValues: changed.map { ($0, members.contains($0)) })
    }
}
