import Base
import Foundation
import Jobs
import Oncall
import Outbox
import People
import Storage
import Web

/// What the routes of this subsystem work with.
package struct Desk: Sendable {
    package let database: Database
    package let stores: Filing.Stores
    package let members: MemberStore
    package let drafts: DraftStore
    package let search: TicketSearch
    package let answering: Answering
    package let noting: Noting
    package let reader: MailReader
    package let numbers: TicketNumbers
    package let alarm: JobAlarm
    package let ids: IDMaker
    package let clock: Clock
    package let zone: TimeZone
    /// Calls who is on duty; nil where pages are not served.
    package var paging: Paging?

    package init(
        database: Database, stores: Filing.Stores, members: MemberStore, drafts: DraftStore, search: TicketSearch,
        answering: Answering, noting: Noting, reader: MailReader, numbers: TicketNumbers, alarm: JobAlarm, ids: IDMaker,
        clock: Clock, zone: TimeZone
    ) {
        self.database = database
        self.stores = stores
        self.members = members
        self.drafts = drafts
        self.search = search
        self.answering = answering
        self.noting = noting
        self.reader = reader
        self.numbers = numbers
        self.alarm = alarm
        self.ids = ids
        self.clock = clock
        self.zone = zone
    }

    var mentioning: Mentioning { Mentioning(members: members) }

    /// Writing first, to one or to several.
    package var writing: Writing {
        Writing(answering: answering, rounds: RoundStore(ids: ids, raws: stores.raws), numbers: numbers)
    }

    package var later: LaterSending {
        LaterSending(
            answering: answering, database: database, stores: stores, drafts: drafts, members: members, clock: clock)
    }

    var forwarding: Forwarding {
        Forwarding(database: database, stores: stores, drafts: drafts, reader: reader, clock: clock)
    }

    var redirecting: Redirecting { Redirecting(answering: answering) }

    var calling: Calling {
        Calling(database: database, stores: stores, numbers: numbers, ids: ids, clock: clock)
    }

    /// Gives a ticket to someone who can open it, or to nobody.
    package func setOwner(
        _ owner: ID?, of ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let mayOwn = { (id: ID) in
            try members.members(with: .see, queue: ticket.queue, in: db).contains { $0.id == id }
        }
        try stores.tickets.setOwner(owner, of: ticket, by: viewer, mayOwn: mayOwn, at: at, in: db)
    }
}

/// What keeps people safe, made from the same stores.
extension Desk {
    package var redactions: RedactionStore { RedactionStore(ids: ids) }
    package var protecting: Protecting { Protecting(stores: stores, ids: ids) }
    package var childSafety: ChildSafety { ChildSafety(stores: stores) }
    package var blocks: BlockStore { BlockStore(events: stores.events) }

    package var redacting: Redacting {
        Redacting(database: database, stores: stores, reader: reader, ids: ids, clock: clock, alarm: alarm)
    }

    /// Moves a ticket; an owner who does not see the other queue is taken off.
    package func move(
        _ ticket: Ticket, to queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        try stores.tickets.move(ticket, to: queue, by: viewer, at: at, in: db)
        guard let owner = ticket.owner,
            try !members.members(with: .see, queue: queue, in: db).contains(where: { $0.id == owner }),
            let moved = try stores.tickets.find(ticket.id, in: db)
        else { return }
        try stores.tickets.setOwner(nil, of: moved, actor: viewer.memberID, at: at, in: db)
    }
}
