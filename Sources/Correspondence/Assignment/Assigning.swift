import Base
import Foundation
import People
import Storage

/// Gives a ticket that nobody has to somebody, or proposes somebody, where the queue wants that.
///
/// Asked are members who said that they take tickets of the queue, may answer it, know the ticket's language, are
/// not away, have no quiet hours now, have fewer open tickets than their cap, and have not declined this one. Of these
/// the one whose last turn is longest ago; nobody is counted, compared or ranked by anything else. When there is
/// nobody, the ticket waits for whoever takes the next one; a few of those that wait are looked at again each time.
/// What belongs to somebody who is away is proposed to others (`AwayOffering`).
struct Assigning: Sendable {
    /// Tickets that waited and are looked at again with a new one.
    private static let most = 5

    let stores: Filing.Stores
    let members: MemberStore
    /// Of members who set none.
    let zone: TimeZone

    private var store: AssignmentStore { AssignmentStore(ids: stores.tickets.ids, events: stores.events) }
    private var languages: FilterStore { FilterStore(ids: stores.tickets.ids, events: stores.events) }

    /// A new ticket, then a few of its queue that still have nobody.
    func consider(_ id: ID, at: Milliseconds, in db: any Connection) throws {
        guard let ticket = try stores.tickets.find(id, in: db) else { return }
        guard try store.setting(of: ticket.queue, in: db).mode != .off else { return }
        try offer(ticket, at: at, in: db)
        let waiting = try db.rows(
            """
            SELECT * FROM ticket WHERE queue_id = \(ticket.queue) AND \(TicketStore.isOpen) AND owner_id IS NULL
                AND id <> \(id) AND NOT EXISTS (SELECT 1 FROM assignment
                    WHERE assignment.ticket_id = ticket.id AND assignment.state = 'offered')
            ORDER BY updated_at, id LIMIT \(Self.most)
            """
        ).map(TicketStore.read)
        for ticket in waiting { try offer(ticket, at: at, in: db) }
    }

    /// Nothing where the ticket has an owner who is here, or is proposed to somebody who is. What belongs to somebody
    /// who is away is only proposed, never given: they may have left word about it.
    func offer(_ ticket: Ticket, at: Milliseconds, in db: any Connection) throws {
        guard ticket.state.isOpen, ticket.mergedInto == nil, try !isCaredFor(ticket, at: at, in: db) else { return }
        let setting = try store.setting(of: ticket.queue, in: db)
        guard setting.mode != .off else { return }
        // One at a time on all nodes, so that nobody gets above their cap.
        try db.lock("assignment")
        let before = try store.assignments(of: ticket.id, in: db)
        for offer in before where offer.state == .offered {
            guard try isAway(offer.member, at: at, in: db) else { return }
            try store.setState(.lapsed, of: offer.id, at: at, in: db)
        }
        guard let member = try next(for: ticket, setting, except: Set(before.map(\.member)), at: at, in: db)
        else { return }
        let isGiven = setting.mode == .assign && ticket.owner == nil
        try store.add(isGiven ? .given : .offered, ticket, to: member, at: at, in: db)
        if isGiven {
            try stores.tickets.setOwner(member, of: ticket, actor: nil, at: at, in: db)
        } else {
            try stores.events.add(
                Event("member-called", queue: ticket.queue, ticket: ticket.id, subject: member), at: at, in: db)
        }
    }

    private func next(
        for ticket: Ticket, _ setting: QueueAssignment, except: Set<ID>, at: Milliseconds, in db: any Connection
    ) throws -> ID? {
        for (id, _) in try store.takers(of: ticket.queue, in: db) where !except.contains(id) {
            guard let member = try members.find(id, in: db), !member.isDisabled,
                try members.viewer(member, in: db).may(.draft, queue: ticket.queue),
                try stores.tickets.mayAnswer(ticket.id, member: id, in: db),
                try isAwake(member, at: at, in: db), try knows(id, ticket.language, in: db)
            else { continue }
            let own = try store.setting(ofMember: id, in: db).cap
            let cap = own == 0 ? setting.cap : min(own, setting.cap)
            if try store.openTickets(of: id, in: db) < cap { return id }
        }
        return nil
    }

    /// Not away and not in quiet hours, by the member's own clock.
    private func isAwake(_ member: Member, at: Milliseconds, in db: any Connection) throws -> Bool {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: member.zone) ?? zone
        let date = Date(timeIntervalSince1970: Double(at) / 1000)
        let now = calendar.dateComponents([.hour, .minute], from: date)
        let minute = (now.hour ?? 0) * 60 + (now.minute ?? 0)
        return try member.away(on: Member.day(at: at, in: calendar.timeZone)) == nil
            && !store.setting(ofMember: member.id, in: db).isQuiet(minute: minute)
    }

    /// It has an owner who is not away.
    private func isCaredFor(_ ticket: Ticket, at: Milliseconds, in db: any Connection) throws -> Bool {
        guard let owner = ticket.owner else { return false }
        return try !isAway(owner, at: at, in: db)
    }

    private func isAway(_ id: ID, at: Milliseconds, in db: any Connection) throws -> Bool {
        guard let member = try members.find(id, in: db) else { return true }
        return member.away(on: Member.day(at: at, in: TimeZone(identifier: member.zone) ?? zone)) != nil
    }

    /// Who has said no language is asked for all.
    private func knows(_ member: ID, _ language: String?, in db: any Connection) throws -> Bool {
        guard let language else { return true }
        return SpokenLanguages.include(language, named: try languages.languages(of: member, in: db))
    }

    // MARK: - What a member says

    /// Takes what was proposed, by anyone who may: a colleague can be faster.
    func take(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let ticket = try stores.tickets.require(id, for: .note, visibleTo: viewer, in: db)
        for offer in try store.assignments(of: id, in: db) where offer.state == .offered {
            try store.setState(offer.member == viewer.memberID ? .taken : .lapsed, of: offer.id, at: at, in: db)
        }
        if ticket.owner != viewer.memberID {
            try stores.tickets.setOwner(viewer.memberID, of: ticket, actor: viewer.memberID, at: at, in: db)
        }
    }

    /// Declines what was given or proposed to the viewer: the next one is asked. `notFound` when nothing was.
    func decline(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let me = viewer.memberID
        let ticket = try stores.tickets.require(id, for: .note, visibleTo: viewer, in: db)
        let own = try store.assignments(of: id, in: db).first {
            $0.member == me && [.offered, .given, .taken].contains($0.state)
        }
        guard let own else { throw Failure(.notFound, "error-not-found") }
        try store.setState(.declined, of: own.id, at: at, in: db)
        try stores.events.add(
            Event("assignment-declined", actor: me, queue: ticket.queue, ticket: id), at: at, in: db)
        if ticket.owner == me { try stores.tickets.setOwner(nil, of: ticket, actor: me, at: at, in: db) }
        if let now = try stores.tickets.find(id, in: db) { try offer(now, at: at, in: db) }
    }
}
