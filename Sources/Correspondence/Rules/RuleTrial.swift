import Base
import Foundation
import Storage

/// Tries a rule on mail that came in before: which messages it would have fitted. Changes nothing.
///
/// Goes back from the newest message, a slice to a snapshot, until so many fit, so many were looked at, or the time is
/// over; what is left is for the next call, which begins where this one ended. Only what the viewer may see is looked
/// at, and only the queues the rule would run in.
struct RuleTrial: Sendable {
    /// What one call may cost.
    struct Limit: Sendable {
        var hits = 40
        var messages = 5000
        var seconds = 2.0
    }

    struct Hit: Sendable, Equatable {
        var message: ID
        var ticket: ID
        var number: String
        var subject: String
        var sender: String
        var language: String?
        var at: Milliseconds
    }

    struct Found: Sendable {
        var hits: [Hit] = []
        var looked = 0
        /// When the oldest message that was looked at came.
        var back: Milliseconds?
        /// Where to go on; nil at the beginning of all mail.
        var next: Cursor?
    }

    /// Time and id of the last message that was looked at.
    struct Cursor: Sendable, Equatable {
        var at: Milliseconds
        var id: ID

        var text: String { "\(at)-\(id)" }

        init(at: Milliseconds, id: ID) {
            self.at = at
            self.id = id
        }

        init?(text: String) {
            let parts = text.split(separator: "-").compactMap { Int64($0) }
            guard parts.count == 2 else { return nil }
            self.init(at: parts[0], id: parts[1])
        }
    }

    private static let slice = 100

    let database: Database
    let stores: Filing.Stores
    let zone: TimeZone
    var limit = Limit()

    func run(_ rule: Rule, after cursor: Cursor?, visibleTo viewer: Viewer) async throws -> Found {
        let compiled = CompiledRules([rule])
        guard let entry = compiled.entries.first else { throw Failure(.invalid, "rule-words-missing") }
        let queues =
            rule.queue.map { viewer.may(.see, queue: $0) ? [$0] : [] }
            ?? viewer.queues(.see).filter { !viewer.confidentialQueues.contains($0) }
        var found = Found()
        found.next = cursor ?? Cursor(at: .max, id: .max)
        let began = ContinuousClock.now
        while let from = found.next, found.hits.count < limit.hits, found.looked < limit.messages,
            began.duration(to: .now) < .seconds(limit.seconds)
        {
            let messages = try await database.read { db in
                try read(before: from, queues: queues, withHeaders: compiled.asksForHeaders, in: db)
            }
            for (parts, hours, ticket) in messages {
                let mail = RuleMail(parts, vocabulary: compiled.vocabulary)
                found.looked += 1
                found.back = parts.message.sentAt
                found.next = Cursor(at: parts.message.sentAt, id: parts.message.id)
                guard compiled.matches(entry, mail, hours: hours, zone: zone) else { continue }
                found.hits.append(Self.hit(parts.message, ticket))
                if found.hits.count >= limit.hits { break }
            }
            if messages.count < Self.slice, found.hits.count < limit.hits { found.next = nil }
        }
        return found
    }

    private static func hit(_ message: Message, _ ticket: Ticket) -> Hit {
        Hit(
            message: message.id, ticket: ticket.id, number: ticket.number, subject: ticket.subject,
            sender: message.fromName.isEmpty ? message.fromAddress : message.fromName, language: ticket.language,
            at: message.sentAt)
    }

    /// Newest first, by the index of messages that came in.
    private func read(
        before cursor: Cursor, queues: [ID], withHeaders: Bool, in db: any Connection
    ) throws -> [(RuleMail.Parts, BusinessHours?, Ticket)] {
        let rows = try db.rows(
            """
            SELECT message.id FROM message JOIN ticket ON ticket.id = message.ticket_id
            WHERE message.direction = 'in' AND (message.sent_at, message.id) < (\(cursor.at), \(cursor.id))
                AND ticket.queue_id IN \(list: queues)
            ORDER BY message.sent_at DESC, message.id DESC LIMIT \(Self.slice)
            """)
        let reading = RuleReading(stores: stores)
        let hours = HoursStore(events: stores.events)
        var known: [ID: BusinessHours?] = [:]
        return try rows.compactMap { row in
            guard let parts = try reading.parts(of: try row.int("id"), withHeaders: withHeaders, in: db),
                let ticket = try stores.tickets.target(of: parts.message.ticket, in: db)
            else { return nil }
            let found = try known[parts.queue] ?? hours.find(parts.queue, in: db)?.value
            known[parts.queue] = .some(found)
            return (parts, found, ticket)
        }
    }
}
