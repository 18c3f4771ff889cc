import Base
import Foundation
import People
import Storage
import Text

extension Desk {
    package var bulking: Bulking {
        Bulking(database: database, stores: stores, members: members, search: search, clock: clock, alarm: alarm)
    }

    var bulks: BulkStore { BulkStore(ids: ids) }
    var filters: FilterStore { FilterStore(ids: ids, events: stores.events) }
    var links: LinkStore { LinkStore(ids: ids, events: stores.events) }
    var marks: ReadMarkStore { ReadMarkStore() }
    /// `own`: the member's zone; empty for the organisation's.
    func snoozing(in own: String) -> Snoozing { Snoozing(zone: zone, ownZone: TimeZone(identifier: own) ?? zone) }

    /// The next ticket the viewer can answer, made theirs; nil when there is none. `conflict` for whoever holds as many
    /// as they said they take.
    func takeNext(by viewer: Viewer, except: ID?) async throws -> Ticket? {
        let now = clock.now()
        let day = Member.day(at: now, in: zone)
        return try await database.write { [stores, filters, members] db in
            if try PaceStore().isFull(viewer.memberID, in: db) { throw Failure(.conflict, "pace-full") }
            let wish = TicketStore.Wish(
                member: viewer.memberID, queues: viewer.queues(.draft),
                languages: SpokenLanguages.of(try filters.languages(of: viewer.memberID, in: db)), except: except,
                away: try members.away(on: day, in: db))
            return try stores.tickets.takeNext(wish, at: now, in: db)
        }
    }

    /// Some messages of a ticket become a ticket of their own; returns it, and the record that undoes it.
    func split(
        _ messages: [ID], off id: ID, subject: String, by viewer: Viewer
    ) async throws -> (ticket: ID, change: ID) {
        let now = clock.now()
        let number = try await numbers.draw(at: now)
        return try await database.write { [stores, bulks] db in
            let made = try Splitting(stores: stores).split(
                messages, off: id, number: number, subject: subject, by: viewer, at: now, in: db)
            var trace = Changing.Trace(former: TicketChange(), later: TicketChange())
            trace.former.splitFrom = id
            let change = try bulks.add(
                trace.former, tickets: [], query: nil, total: 1, back: TicketPaths.show(id),
                member: viewer.memberID, at: now, in: db)
            try bulks.addItem(made, to: change, state: .changed, trace: trace, in: db)
            try bulks.setState(.done, of: change, at: now, in: db)
            return (made, change)
        }
    }

    /// Takes a merge apart, also one of a colleague.
    func undoMerge(_ merge: ID, of target: ID, by viewer: Viewer) async throws {
        let now = clock.now()
        try await database.write { [stores] db in
            let ticket = try stores.tickets.require(target, visibleTo: viewer, in: db)
            guard viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            let open = try MergeStore(ids: stores.tickets.ids).open(into: target, in: db)
            guard open.contains(where: { $0.id == merge }) else { throw Failure(.notFound, "error-not-found") }
            try stores.merging.undo(merge, actor: viewer.memberID, at: now, in: db)
        }
    }

    /// The ticket somebody means by a number, with or without `#`, old ones of merged tickets too.
    func find(number text: String, visibleTo viewer: Viewer, in db: any Connection) throws -> Ticket {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard let ticket = try stores.tickets.find(number: digits, in: db),
            let target = try stores.tickets.target(of: ticket.id, in: db), viewer.may(.see, queue: target.queue)
        else { throw Failure(.invalid, "ticket-number-unknown", arguments: [text]) }
        return target
    }
}
