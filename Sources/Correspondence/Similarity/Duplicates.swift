import Base
import Storage

/// A ticket that may be about the same matter as another.
struct Duplicate: Sendable, Equatable {
    enum Reason: String, Sendable, CaseIterable {
        /// The same person has it open.
        case person
        /// It begins with nearly the same words, sent from another address.
        case words
        /// Both.
        case both
    }

    var ticket: Ticket
    var reason: Reason
}

/// Finds tickets that may be the same matter: of the same person and open, or with nearly the same words within a week.
/// Read when a ticket is shown; two indexes answer it. Nothing is joined by itself.
struct Duplicates: Sendable {
    private static let week: Milliseconds = 7 * 86_400_000
    private static let similarity = 0.6
    private static let most = 5

    let similar = SimilarityStore()

    func find(_ ticket: Ticket, visibleTo viewer: Viewer, in db: any Connection) throws -> [Duplicate] {
        guard ticket.mergedInto == nil, ticket.state != .junk else { return [] }
        var found: [ID: Duplicate] = [:]
        for other in try sameWords(ticket, visibleTo: viewer, in: db) {
            let isSame = other.contact != nil && other.contact == ticket.contact
            found[other.id] = Duplicate(ticket: other, reason: isSame ? .both : .words)
        }
        for other in try samePerson(ticket, visibleTo: viewer, in: db) where found[other.id] == nil {
            found[other.id] = Duplicate(ticket: other, reason: .person)
        }
        // Many people who write about one event are an incident, and stay people of their own.
        for other in try together(ticket.id, found.keys.sorted(), in: db) where found[other]?.reason == .words {
            found[other] = nil
        }
        let ruledOut = found.isEmpty ? [] : try notDuplicates(of: ticket.id, in: db)
        return Array(
            found.values.filter { !ruledOut.contains($0.ticket.id) }.sorted { $0.ticket.id > $1.ticket.id }
                .prefix(Self.most))
    }

    private func samePerson(_ ticket: Ticket, visibleTo viewer: Viewer, in db: any Connection) throws -> [Ticket] {
        guard let contact = ticket.contact, ticket.state != .closed else { return [] }
        return try db.rows(
            """
            SELECT * FROM ticket WHERE contact_id = \(contact) AND id <> \(ticket.id) AND merged_into IS NULL
                AND state IN ('new', 'open', 'waiting', 'answered') AND queue_id IN \(list: viewer.queues(.see))
            ORDER BY updated_at DESC LIMIT \(Self.most)
            """
        ).map(TicketStore.read)
    }

    private func sameWords(_ ticket: Ticket, visibleTo viewer: Viewer, in db: any Connection) throws -> [Ticket] {
        let first = try db.first(
            """
            SELECT id, sent_at FROM message WHERE ticket_id = \(ticket.id) AND direction = 'in'
            ORDER BY sent_at, id LIMIT 1
            """)
        guard let first else { return [] }
        let at = try first.int("sent_at")
        let hits = try similar.similar(
            to: try first.int("id"), since: at - Self.week, atLeast: Self.similarity, visibleTo: viewer,
            limit: 20, in: db
        ).filter { $0.at <= at + Self.week && $0.ticket != ticket.id }
        let ids = Set(hits.map(\.ticket)).sorted()
        guard !ids.isEmpty else { return [] }
        return try db.rows(
            "SELECT * FROM ticket WHERE id IN \(list: ids) AND merged_into IS NULL AND state <> 'junk'"
        ).map(TicketStore.read)
    }

    /// Those of some tickets that are in an incident with this one.
    private func together(_ ticket: ID, _ others: [ID], in db: any Connection) throws -> [ID] {
        guard !others.isEmpty else { return [] }
        return try db.rows(
            """
            SELECT other.ticket_id FROM incident_item AS own JOIN incident ON incident.id = own.incident_id
            JOIN incident_item AS other ON other.incident_id = own.incident_id
            WHERE own.ticket_id = \(ticket) AND own.state = 'in' AND incident.state <> 'dismissed'
                AND other.ticket_id IN \(list: others) AND other.state = 'in'
            """
        ).map { try $0.int("ticket_id") }
    }

    // MARK: - Ruled out

    private func notDuplicates(of ticket: ID, in db: any Connection) throws -> Set<ID> {
        let rows = try db.rows(
            """
            SELECT other_id AS id FROM not_duplicate WHERE ticket_id = \(ticket)
            UNION SELECT ticket_id AS id FROM not_duplicate WHERE other_id = \(ticket)
            """)
        return Set(try rows.map { try $0.int("id") })
    }

    /// Somebody says that these are two matters: neither page speaks of the other again.
    func ruleOut(
        _ other: ID, of ticket: Ticket, by viewer: Viewer, at: Milliseconds, events: EventStore,
        in db: any Connection
    ) throws {
        let (first, second) = (min(ticket.id, other), max(ticket.id, other))
        let added = try db.execute(
            """
            INSERT INTO not_duplicate (ticket_id, other_id, member_id, at)
            VALUES (\(first), \(second), \(viewer.memberID), \(at)) ON CONFLICT (ticket_id, other_id) DO NOTHING
            """)
        guard added == 1 else { return }
        let event = Event(
            "duplicate-ruled-out", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: other)
        try events.add(event, at: at, in: db)
    }
}
