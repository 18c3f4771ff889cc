import Base
import Foundation
import Knowledge
import Storage

extension Answering {
    package var knowledge: KnowledgeStore { KnowledgeStore(ids: ids, events: stores.events, raws: stores.raws) }
    package var insertions: InsertionStore { InsertionStore(ids: ids, events: stores.events) }
    package var sources: ReviewSources { .inserted(insertions, gate.reviews) }
    package var suggesting: Suggesting { Suggesting(stores: stores, knowledge: knowledge) }

    func inserting(zone: TimeZone) -> Inserting {
        Inserting(
            stores: stores, drafts: drafts, members: members, knowledge: knowledge, insertions: insertions, zone: zone)
    }

    /// Puts a text into a draft.
    package func insert(
        _ text: ID, into draft: ID, by viewer: Viewer, zone: TimeZone, at: Milliseconds, in db: any Connection
    ) throws -> Draft {
        try inserting(zone: zone).insert(text, into: draft, by: viewer, at: at, in: db)
    }

    /// Puts the text that fits a ticket best into a draft; nil where none fits.
    package func insertBest(
        into draft: ID, of ticket: Ticket, by viewer: Viewer, zone: TimeZone, at: Milliseconds, in db: any Connection
    ) throws -> Draft? {
        let best = try suggesting.suggestions(for: ticket, limit: 1, visibleTo: viewer, at: at, in: db).first
        return try best.map { try inserting(zone: zone).insert($0.text, into: draft, by: viewer, at: at, in: db) }
    }
}

extension Desk {
    var inserting: Inserting { answering.inserting(zone: zone) }
}
