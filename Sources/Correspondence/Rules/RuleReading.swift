import Base
import Storage

/// Reads a message as rules look at it.
struct RuleReading: Sendable {
    let stores: Filing.Stores

    /// Nil when the message or its ticket is gone.
    func parts(of id: ID, withHeaders: Bool, in db: any Connection) throws -> RuleMail.Parts? {
        guard let message = try stores.messages.find(id, in: db),
            let ticket = try stores.tickets.target(of: message.ticket, in: db)
        else { return nil }
        let isNew =
            try db.first(
                """
                SELECT 1 AS one FROM message WHERE ticket_id = \(message.ticket) AND direction <> 'note'
                    AND (sent_at < \(message.sentAt) OR (sent_at = \(message.sentAt) AND id < \(id))) LIMIT 1
                """) == nil
        return RuleMail.Parts(
            message: message, isNew: isNew, queue: ticket.queue,
            tags: try stores.tickets.tags(of: ticket.id, in: db), language: ticket.language,
            isKnownSender: try isKnown(ticket, before: message.sentAt, in: db),
            recipients: try recipients(of: id, in: db),
            files: try stores.messages.attachments(of: id, in: db).filter { !$0.isInline }.map(\.filename),
            headers: withHeaders ? try headers(of: message, in: db) : [])
    }

    private func isKnown(_ ticket: Ticket, before: Milliseconds, in db: any Connection) throws -> Bool {
        guard let contact = ticket.contact else { return false }
        return try db.first(
            """
            SELECT 1 AS one FROM ticket WHERE contact_id = \(contact) AND id <> \(ticket.id) AND created_at < \(before)
            LIMIT 1
            """) != nil
    }

    private func recipients(of id: ID, in db: any Connection) throws -> [MessageAddress] {
        try db.rows("SELECT name, address FROM message_address WHERE message_id = \(id) ORDER BY position").map {
            MessageAddress(role: .to, name: try $0.text("name"), address: try $0.text("address"))
        }
    }

    private func headers(of message: Message, in db: any Connection) throws -> [(name: String, value: String)] {
        guard let raw = message.raw, let bytes = try stores.raws.chunk(0, of: raw, in: db) else { return [] }
        return RuleMail.headers(of: Array(bytes.prefix(RuleMail.headerBytes)))
    }
}
