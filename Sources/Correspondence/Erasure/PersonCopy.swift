import Base
import Foundation
import Storage

/// A copy of what is held about a person, for them: what they wrote, what was sent to them, and when. Notes of members
/// and mail of others are not in it: whoever answers the request reads them, and decides.
package struct PersonCopy: Sendable {
    let database: Database
    let stores: Filing.Stores
    let clock: Clock

    /// One file of the copy.
    struct File: Sendable {
        var name: String
        var bytes: [UInt8]
    }

    struct Part: Sendable {
        var message: Message
        var number: String
    }

    /// The messages that belong in it, oldest first.
    func parts(_ holdings: Holdings) async throws -> [Part] {
        let person = ErasedPerson(addresses: Set(holdings.addresses))
        return try await database.read { db in
            var parts: [Part] = []
            for held in holdings.tickets.reversed() where held.reason != .childSafety {
                let addresses = try stores.messages.addresses(ofTicket: held.ticket.id, in: db)
                for message in try stores.messages.ofTicket(held.ticket.id, in: db) {
                    let recipients = (addresses[message.id] ?? []).filter { $0.role != .replyTo }
                    let isTheirs = message.direction == .incoming && person.has(message.fromAddress)
                    let isToThem =
                        message.direction == .outgoing && !recipients.isEmpty
                        && recipients.allSatisfy { person.has($0.address) }
                    if isTheirs || isToThem { parts.append(Part(message: message, number: held.ticket.number)) }
                }
            }
            return parts
        }
    }

    /// The mail as it came or went; nil for what was none.
    func file(_ part: Part, number: Int) async throws -> File? {
        guard let raw = part.message.raw else { return nil }
        let bytes = try await database.read { db in try stores.raws.bytes(of: raw, in: db) }
        return bytes.isEmpty ? nil : File(name: Self.name(number), bytes: bytes)
    }

    private static func name(_ number: Int) -> String { "mails/\(String(format: "%05d", number)).eml" }

    /// All of it but the mails' own bytes, which it names.
    func index(_ holdings: Holdings, _ parts: [Part]) -> File {
        let messages = parts.enumerated().map { number, part in
            let message = part.message
            return JSONText.object([
                ("ticket", JSONText.quote(part.number)),
                ("way", JSONText.quote(message.direction == .incoming ? "from-person" : "to-person")),
                ("sentAt", JSONText.quote(ISO8601.string(message.sentAt))),
                ("receivedAt", JSONText.quote(ISO8601.string(message.createdAt))),
                ("subject", JSONText.quote(message.subject)), ("language", JSONText.quote(message.language)),
                ("text", JSONText.quote(message.text)),
                ("file", message.raw == nil ? "null" : JSONText.quote(Self.name(number + 1))),
            ])
        }
        let tickets = holdings.tickets.map { held in
            let ticket = held.ticket
            return JSONText.object([
                ("number", JSONText.quote(ticket.number)), ("state", JSONText.quote(ticket.state.rawValue)),
                ("subject", JSONText.quote(held.isOwn ? ticket.subject : "")),
                ("createdAt", JSONText.quote(ISO8601.string(ticket.createdAt))),
                ("updatedAt", JSONText.quote(ISO8601.string(ticket.updatedAt))),
            ])
        }
        let counts = Holdings.Kind.allCases.map { ($0.rawValue, String(holdings.counts[$0] ?? 0)) }
        let text = JSONText.object([
            ("madeAt", JSONText.quote(ISO8601.string(clock.now()))), ("name", JSONText.quote(holdings.contact.name)),
            ("language", JSONText.quote(holdings.contact.language)),
            ("addresses", JSONText.array(holdings.addresses.map { JSONText.quote($0) })),
            ("tickets", JSONText.array(tickets)), ("messages", JSONText.array(messages)),
            ("counts", JSONText.object(counts)),
        ])
        return File(name: "person.json", bytes: Array(text.utf8))
    }
}
