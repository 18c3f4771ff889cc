import Base
import Correspondence
import Foundation
import Server
import Storage

/// What was done for somebody's safety: the confidential queue takes protected tickets in, one was protected into it,
/// and a picture was taken out of a mail for good.
struct SafetyTelling: Sendable {
    private struct Words: Decodable {
        var protectedFrom: String
        var protection: String
        var redactedIn: String
        var redaction: String
    }

    let services: Services
    let founded: Founding.Founded
    let folder: URL

    func tell() async throws {
        let words: Words = try Material.read("safety.json", in: folder)
        try await protect(words)
        try await redact(words)
    }

    private func protect(_ words: Words) async throws {
        guard let refuge = founded.queues["legal"], let keeper = founded.viewers["beatrix"],
            let queue = founded.queues[words.protectedFrom], let head = founded.viewers["greta"]
        else { return }
        let now = services.clock.now()
        let protecting = Protecting(stores: services.stores, members: services.members, ids: services.ids)
        try await services.database.write { db in
            try protecting.setRefuge(true, queue: refuge.id, by: keeper, at: now, in: db)
            let ticket = try db.first(
                """
                SELECT id FROM ticket WHERE queue_id = \(queue.id) AND state = 'closed'
                    AND id NOT IN (SELECT ticket_id FROM incident_item WHERE ticket_id IS NOT NULL)
                ORDER BY updated_at DESC, id DESC LIMIT 1
                """
            )?.int("id")
            guard let ticket else { return }
            try protecting.protect(ticket, in: refuge.id, reason: words.protection, by: head, at: now, db)
        }
    }

    private func redact(_ words: Words) async throws {
        guard let queue = founded.queues[words.redactedIn],
            let lead = founded.viewers.values.filter({ $0.may(.manage, queue: queue.id) && !$0.isAdministrator })
                .min(by: { $0.memberID < $1.memberID })
        else { return }
        let file = try await services.database.read { db -> (message: ID, id: ID)? in
            try db.first(
                """
                SELECT attachment.id, attachment.message_id FROM attachment
                JOIN message ON message.id = attachment.message_id
                JOIN ticket ON ticket.id = message.ticket_id
                WHERE ticket.queue_id = \(queue.id) AND ticket.state = 'closed' AND message.direction = 'in'
                ORDER BY attachment.id DESC LIMIT 1
                """
            ).map { (try $0.int("message_id"), try $0.int("id")) }
        }
        guard let file else { return }
        let redacting = Redacting(
            database: services.database, stores: services.stores, reader: services.reader, ids: services.ids,
            clock: services.clock, alarm: services.alarm)
        _ = try await redacting.redact(.attachment(file.id), of: file.message, reason: words.redaction, by: lead)
    }
}
