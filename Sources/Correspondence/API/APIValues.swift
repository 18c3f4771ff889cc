import Base
import People
import Storage

/// What the API says of things: JSON objects whose keys are a contract (DESIGN 4). Ids are strings, times ISO 8601.
enum APIValues {
    static func ticket(_ ticket: Ticket, queue: String, owner: Member?, tags: [String]) -> String {
        JSONText.object([
            ("id", id(ticket.id)), ("number", JSONText.quote(ticket.number)),
            ("subject", JSONText.quote(ticket.subject)),
            ("queue", JSONText.quote(queue)), ("state", JSONText.quote(ticket.state.rawValue)),
            ("language", JSONText.quote(ticket.language)), ("priority", String(ticket.priority)),
            ("outcome", JSONText.quote(ticket.outcome?.rawValue)),
            ("snoozedUntil", ticket.snoozedUntil.map(time) ?? "null"),
            ("owner", owner.map(member) ?? "null"), ("contact", ticket.contact.map(id) ?? "null"),
            ("tags", JSONText.array(tags.map { JSONText.quote($0) })),
            ("mergedInto", ticket.mergedInto.map(id) ?? "null"), ("messages", String(ticket.messageCount)),
            ("version", String(ticket.version)),
            ("due", ticket.dueRank == 0 ? "\"deadline\"" : ticket.dueRank == 1 ? "\"goal\"" : "null"),
            ("dueAt", ticket.dueRank < 2 ? time(ticket.dueAt) : "null"),
            ("createdAt", time(ticket.createdAt)), ("updatedAt", time(ticket.updatedAt)),
        ])
    }

    static func message(
        _ message: Message, _ addresses: [MessageAddress], _ attachments: [Attachment], sha256: [UInt8]?,
        delivery: String?
    ) -> String {
        let kind = message.direction == .outgoing ? "answer" : message.kind
        return JSONText.object([
            ("id", id(message.id)), ("ticket", id(message.ticket)), ("messageID", JSONText.quote(message.headerID)),
            ("from", person(message.fromName, message.fromAddress)), ("to", people(addresses, .to)),
            ("cc", people(addresses, .cc)), ("subject", JSONText.quote(message.subject)),
            ("date", time(message.sentAt)),
            ("kind", JSONText.quote(kind)), ("language", JSONText.quote(message.language)),
            ("text", JSONText.quote(message.text)), ("newText", JSONText.quote(message.newText)),
            ("attachments", JSONText.array(attachments.map(attachment))),
            ("sha256", JSONText.quote(sha256.map { Hex.encode($0) })), ("copies", String(message.copies)),
            ("newcomer", message.isNewcomer ? "true" : "false"), ("delivery", JSONText.quote(delivery)),
            ("problems", JSONText.array(message.problems.map { JSONText.quote($0) })),
        ])
    }

    /// With the caller's own rights.
    static func queue(_ queue: Queue, rights: Set<Right>) -> String {
        JSONText.object([
            ("id", id(queue.id)), ("name", JSONText.quote(queue.name)),
            ("displayName", JSONText.quote(queue.displayName)), ("mode", JSONText.quote(queue.mode.rawValue)),
            ("addresses", JSONText.array(queue.addresses.map { JSONText.quote($0) })),
            ("isList", queue.isList ? "true" : "false"), ("isConfidential", queue.isConfidential ? "true" : "false"),
            ("rights", self.rights(rights)),
        ])
    }

    /// What colleagues know of each other: never the address of the account.
    static func member(_ member: Member) -> String {
        JSONText.object([("id", id(member.id)), ("name", JSONText.quote(member.name))])
    }

    static func rights(_ rights: Set<Right>) -> String {
        JSONText.array(Right.allCases.filter { rights.contains($0) }.map { JSONText.quote($0.rawValue) })
    }

    static func event(_ stored: StoredEvent) -> String {
        let event = stored.event
        let data = event.data.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quote($0.value)) }
        return JSONText.object([
            ("id", id(stored.id)), ("seq", String(stored.seq ?? 0)), ("at", time(stored.at)),
            ("kind", JSONText.quote(event.kind)), ("actor", event.actor.map(id) ?? "null"),
            ("queue", event.queue.map(id) ?? "null"), ("ticket", event.ticket.map(id) ?? "null"),
            ("subject", event.subject.map(id) ?? "null"), ("data", JSONText.object(data)),
        ])
    }

    static func page(_ items: [String], next: String?) -> String {
        JSONText.object([("items", JSONText.array(items)), ("next", JSONText.quote(next))])
    }

    static func id(_ id: ID) -> String { "\"\(id)\"" }

    static func time(_ time: Milliseconds) -> String { "\"\(ISO8601.string(time))\"" }

    private static func person(_ name: String, _ address: String) -> String {
        JSONText.array(
            address.isEmpty && name.isEmpty
                ? [] : [JSONText.object([("name", JSONText.quote(name)), ("address", JSONText.quote(address))])])
    }

    private static func people(_ addresses: [MessageAddress], _ role: MessageAddress.Role) -> String {
        JSONText.array(
            addresses.filter { $0.role == role }.map {
                JSONText.object([("name", JSONText.quote($0.name)), ("address", JSONText.quote($0.address))])
            })
    }

    private static func attachment(_ file: Attachment) -> String {
        JSONText.object([
            ("id", id(file.id)), ("filename", JSONText.quote(file.filename)),
            ("contentType", JSONText.quote(file.contentType)), ("size", String(file.size)),
            ("sha256", JSONText.quote(file.sha256)), ("inline", file.isInline ? "true" : "false"),
        ])
    }
}
