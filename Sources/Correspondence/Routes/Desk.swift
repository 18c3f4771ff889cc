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
    /// What drafts were made from.
    package var sources = ReviewSources.none
    /// Packs and models; nil in desks that are made without them.
    package var triage: TriageTools?

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

    package var reviewing: Reviewing { Reviewing(answering: answering) }
    package var reviews: ReviewStore { ReviewStore(ids: ids) }
    package var reviewRules: ReviewRules { ReviewRules(members: members, events: stores.events) }

    var redirecting: Redirecting { Redirecting(answering: answering) }

    var calling: Calling {
        Calling(database: database, stores: stores, numbers: numbers, ids: ids, clock: clock)
    }
}

/// What keeps people safe, made from the same stores.
extension Desk {
    package var redactions: RedactionStore { RedactionStore(ids: ids) }
    package var protecting: Protecting { Protecting(stores: stores, members: members, ids: ids) }
    package var childSafety: ChildSafety { ChildSafety(stores: stores) }
    package var blocks: BlockStore { BlockStore(events: stores.events) }

    package var redacting: Redacting {
        Redacting(database: database, stores: stores, reader: reader, ids: ids, clock: clock, alarm: alarm)
    }
}
