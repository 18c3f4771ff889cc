import Base
import Foundation
import Jobs
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

    /// Starts a ticket by writing to someone: the ticket, the writer's draft and the sending of it.
    package func writeFirst(_ content: Draft.Content, queue name: ID, by viewer: Viewer) async throws -> ID {
        try content.validate()
        guard viewer.may(.send, queue: name) else { throw Failure(.notFound, "error-not-found") }
        let now = clock.now()
        let number = try await numbers.draw(at: now)
        let id = try await database.write { [stores, drafts] db in
            let queue = try stores.queues.require(name, in: db)
            guard queue.mode == .live else { throw Failure(.refused, "composer-shadow") }
            let contact = try stores.contacts.matchSender(address: content.to[0], name: "", at: now, in: db)
            let opening = TicketStore.Opening(
                number: number, queue: queue.id, subject: content.subject, state: .answered, language: contact.language,
                contact: contact.id, sender: contact.name.isEmpty ? content.to[0] : contact.name, at: now,
                source: "desk",
                actor: viewer.memberID)
            let id = try stores.tickets.open(opening, in: db)
            let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
            _ = try drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, at: now, in: db)
            return id
        }
        _ = try await answering.send(ticket: id, by: viewer)
        return id
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
}
