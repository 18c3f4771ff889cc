import Base
import Correspondence
import Foundation
import Jobs
import Server
import Storage

/// Drafts that begin with a text of ours: what is to be filled in by hand is still in them, and the check says so.
struct TextsInUse: Sendable {
    private static let drafts = 6

    let services: Services
    let founded: Founding.Founded
    let end: Milliseconds
    private let time = StoryClock()

    init(services: Services, founded: Founding.Founded, end: Milliseconds) {
        self.services = services
        self.founded = founded
        self.end = end
    }

    private var answering: Answering {
        Answering(
            database: services.database, stores: services.stores, drafts: services.drafts, members: services.members,
            tokens: services.tokens, ids: services.ids, clock: time.clock, alarm: JobAlarm(), undoDelay: 0)
    }

    func tell() async throws {
        guard let queue = founded.queues["info-en"], let edwin = founded.viewers["edwin"] else { return }
        time.set(end)
        let tickets = try await services.database.read { db in
            try db.rows(
                """
                SELECT id FROM ticket WHERE queue_id = \(queue.id) AND merged_into IS NULL AND state IN ('new', 'open')
                    AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.ticket_id = ticket.id)
                ORDER BY updated_at DESC LIMIT \(Self.drafts)
                """
            ).map { try $0.int("id") }
        }
        for ticket in tickets { try await begin(ticket, by: edwin) }
    }

    /// Where no text fits, the draft is not kept.
    private func begin(_ id: ID, by viewer: Viewer) async throws {
        let at = end
        try await services.database.write { [services, answering] db in
            let ticket = try services.stores.tickets.require(id, visibleTo: viewer, in: db)
            let people = try services.stores.tickets.participants(of: id, in: db)
            let content = Draft.Content(
                to: people.prefix(1).map(\.address), cc: [], subject: "Re: " + ticket.subject, text: "")
            let draft = try services.drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, at: at, in: db)
            let filled = try answering.insertBest(
                into: draft.id, of: ticket, by: viewer, zone: services.zone, at: at, in: db)
            if filled == nil { try services.drafts.delete(draft.id, in: db) }
        }
    }
}
