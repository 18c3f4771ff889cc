import Base
import Storage

/// Perhaps a life is in danger: a model thinks so, the packs do not. Nobody is paged by a model; but somebody shall
/// look soon. A ticket of low or usual priority becomes high, which puts it near the head of what is taken next, and
/// who is named for danger is told. A member's "no" gives the former priority back.
struct DangerHint: Sendable {
    private static let priority = 3

    let stores: Filing.Stores

    private var suggestions: TriageSuggestionStore { TriageSuggestionStore(ids: stores.tickets.ids) }

    /// For a suggestion that was made just now.
    func raise(_ id: ID, of ticket: Ticket, at: Milliseconds, in db: any Connection) throws {
        if ticket.priority < Self.priority {
            try suggestions.decide(id, .open, former: String(ticket.priority), by: nil, at: nil, in: db)
            try stores.tickets.setPriority(Self.priority, of: ticket, actor: nil, at: at, in: db)
        }
        for member in try LabelStore().people(of: .danger, in: db) {
            try stores.events.add(
                Event("member-called", queue: ticket.queue, ticket: ticket.id, subject: member), at: at, in: db)
        }
    }

    /// It was none. What people made of the priority since stays.
    func lower(_ found: TriageSuggestion, by member: ID, at: Milliseconds, in db: any Connection) throws {
        try change(found, from: Self.priority, to: Int(found.former), by: member, at: at, in: db)
    }

    /// The "no" was taken back.
    func raiseAgain(_ found: TriageSuggestion, by member: ID, at: Milliseconds, in db: any Connection) throws {
        guard let former = Int(found.former) else { return }
        try change(found, from: former, to: Self.priority, by: member, at: at, in: db)
    }

    private func change(
        _ found: TriageSuggestion, from: Int, to: Int?, by member: ID, at: Milliseconds, in db: any Connection
    ) throws {
        guard let to, let ticket = try stores.tickets.find(found.ticket, in: db), ticket.priority == from else {
            return
        }
        try stores.tickets.setPriority(to, of: ticket, actor: member, at: at, in: db)
    }
}

extension TriageSuggestion {
    /// Whether somebody's life may be in danger.
    var isDanger: Bool { target == .label && value == SpecialistLabel.danger.rawValue }
}

extension TriageSuggestionStore {
    /// Of some tickets the caller may see, those of which it was said that a life may be in danger, and nobody has
    /// decided yet.
    static func perhapsInDanger(among tickets: [ID], in db: any Connection) throws -> Set<ID> {
        guard !tickets.isEmpty else { return [] }
        let rows = try db.rows(
            """
            SELECT ticket_id FROM triage_suggestion
            WHERE ticket_id IN \(list: tickets) AND target = 'label' AND value = \(SpecialistLabel.danger.rawValue)
                AND state = 'open'
            """)
        return Set(try rows.map { try $0.int("ticket_id") })
    }
}
