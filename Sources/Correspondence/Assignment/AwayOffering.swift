import Base
import Foundation
import People
import Storage

/// Proposes to others what belongs to a member who is away, in queues that give out tickets.
///
/// Every few minutes: open tickets whose owner is away and that are proposed to nobody, oldest first, a few in each
/// transaction. The owner stays the owner until somebody takes the ticket. A second run, or one on another node, finds
/// them proposed. Whoever was asked once is not asked again for the same ticket.
package struct AwayOffering: Sendable {
    /// Tickets looked at in one pass, and in one transaction.
    private static let most = 200
    private static let slice = 10

    private let database: Database
    private let assigning: Assigning
    private let clock: Clock

    package init(
        database: Database, stores: Filing.Stores, members: MemberStore, zone: TimeZone, clock: Clock
    ) {
        self.database = database
        self.clock = clock
        assigning = Assigning(stores: stores, members: members, zone: zone)
    }

    package func run() async throws {
        let now = clock.now()
        let day = Member.day(at: now, in: assigning.zone)
        let waiting = try await database.read { db in
            let away = try assigning.members.away(on: day, in: db)
            guard !away.isEmpty else { return [ID]() }
            return try Self.tickets(of: away, in: db)
        }
        for start in stride(from: 0, to: waiting.count, by: Self.slice) {
            try await database.write { db in
                for id in waiting[start..<min(waiting.count, start + Self.slice)] {
                    guard let ticket = try assigning.stores.tickets.find(id, in: db) else { continue }
                    try assigning.offer(ticket, at: now, in: db)
                }
            }
        }
    }

    private static func tickets(of members: [ID], in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT ticket.id FROM ticket
            JOIN queue_assignment ON queue_assignment.queue_id = ticket.queue_id AND queue_assignment.mode <> 'off'
            WHERE ticket.owner_id IN \(list: members) AND \(TicketStore.isOpen)
                AND NOT EXISTS (SELECT 1 FROM assignment
                    WHERE assignment.ticket_id = ticket.id AND assignment.state = 'offered'
                        AND assignment.member_id NOT IN \(list: members))
            ORDER BY ticket.updated_at, ticket.id LIMIT \(most)
            """
        ).map { try $0.int("id") }
    }
}
