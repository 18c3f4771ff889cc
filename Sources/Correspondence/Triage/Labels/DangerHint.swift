import Base
import People
import Storage

/// Perhaps a life is in danger: a model thinks so, the packs do not. Nobody is paged by a model; but somebody shall
/// look soon. A ticket of low or usual priority becomes high, which puts it near the head of what is taken next, and
/// somebody is always told (`told`). A member's "no" gives the former priority back. Who closes the ticket decides
/// nothing: a person's next mail on it brings the question back.
struct DangerHint: Sendable {
    /// Of a ticket; names nobody. `NoticeMaking` tells people of it.
    static let eventKind = "danger-thought"
    private static let priority = 3

    let stores: Filing.Stores

    private var suggestions: TriageSuggestionStore { TriageSuggestionStore(ids: stores.tickets.ids) }

    /// For a suggestion that was made just now.
    func raise(_ id: ID, of ticket: Ticket, at: Milliseconds, in db: any Connection) throws {
        if ticket.priority < Self.priority {
            try suggestions.decide(id, .open, former: String(ticket.priority), by: nil, at: nil, in: db)
            try stores.tickets.setPriority(Self.priority, of: ticket, actor: nil, at: at, in: db)
        }
        try tell(ticket, at: at, in: db)
    }

    /// A mail came to a ticket that was closed: what nobody has decided is asked again.
    func comeBack(_ ticket: Ticket, at: Milliseconds, in db: any Connection) throws {
        guard try !TriageSuggestionStore.perhapsInDanger(among: [ticket.id], in: db).isEmpty,
            try !LabelStore().labelled(.danger, among: [ticket.id], in: db).contains(ticket.id)
        else { return }
        try tell(ticket, at: at, in: db)
    }

    private func tell(_ ticket: Ticket, at: Milliseconds, in db: any Connection) throws {
        try stores.events.add(Event(Self.eventKind, queue: ticket.queue, ticket: ticket.id), at: at, in: db)
    }

    /// Of those who may see the ticket now: who is named for danger; where there is nobody, the leads of its queue;
    /// else administrators; else who may answer there.
    static func told(_ ticket: ID, _ members: MemberStore, in db: any Connection) throws -> [ID] {
        guard let queue = try db.first("SELECT queue_id FROM ticket WHERE id = \(ticket)")?.int("queue_id") else {
            return []
        }
        let readers = try members.members(with: .see, queue: queue, in: db)
        let named = Set(try LabelStore().people(of: .danger, in: db))
        let leads = Set(
            try members.members(with: .manage, queue: queue, in: db).filter { !$0.isAdministrator }.map(\.id))
        let answering = Set(try members.members(with: .send, queue: queue, in: db).map(\.id))
        let choices = [
            readers.filter { named.contains($0.id) }, readers.filter { leads.contains($0.id) },
            readers.filter(\.isAdministrator), readers.filter { answering.contains($0.id) },
        ]
        return (choices.first { !$0.isEmpty } ?? []).map(\.id)
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
    /// decided yet. What the model that is shipped thought counts while it is in use for that.
    static func perhapsInDanger(among tickets: [ID], in db: any Connection) throws -> Set<ID> {
        guard !tickets.isEmpty else { return [] }
        let rows = try db.rows(
            """
            SELECT ticket_id FROM triage_suggestion
            WHERE ticket_id IN \(list: tickets) AND target = 'label' AND value = \(SpecialistLabel.danger.rawValue)
                AND state = 'open' AND (source <> 'starting' OR NOT \(StartingUse.isOff("triage_suggestion.value")))
            """)
        return Set(try rows.map { try $0.int("ticket_id") })
    }
}
