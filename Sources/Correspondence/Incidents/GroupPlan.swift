import Base
import Knowledge
import Storage

/// Who would get which line, and who none and why: shown before sending, and what sending begins with.
struct GroupPlan: Sendable {
    struct Entry: Sendable {
        var ticket: Ticket
        var address: String
        var line: IncidentLine?
        /// Message key of why nothing is sent; empty otherwise.
        var problem: String
    }

    var entries: [Entry]
    var sending: [Entry] { entries.filter { $0.problem.isEmpty } }

    /// One letter for each person, to their newest ticket. `everybody`: also who had an answer of this incident.
    static func make(
        _ incident: Incident, everybody: Bool, _ desk: GroupAnswering, by viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws -> GroupPlan {
        let lines = try desk.incidents.lines(of: incident.id, in: db)
        var answered: (tickets: Set<ID>, contacts: Set<ID>) = ([], [])
        if !everybody { answered = try desk.answers.answered(in: incident.id, db) }
        var told: Set<String> = []
        var entries: [Entry] = []
        let all = try desk.incidents.tickets(of: incident.id, visibleTo: viewer, in: db).entries
        for each in all.reversed() where each.item.state == .joined && each.ticket.state != .junk {
            let ticket = each.ticket
            if answered.tickets.contains(ticket.id) { continue }
            if let contact = ticket.contact, answered.contacts.contains(contact) { continue }
            let address = try Self.address(of: ticket.id, in: db)
            let line = line(for: try WriterLanguage.of(ticket, in: db), among: lines)
            var entry = Entry(ticket: ticket, address: address ?? "", line: line, problem: "")
            if each.item.differs {
                entry.problem = "incident-differs"
            } else if let problem = try problem(entry, desk, by: viewer, at: at, in: db) {
                entry.problem = problem
            } else if !told.insert(ticket.contact.map { String($0) } ?? entry.address).inserted {
                entry.problem = "incident-same-person"
            }
            entries.append(entry)
        }
        return GroupPlan(entries: entries.reversed())
    }

    private static func line(for language: String?, among lines: [IncidentLine]) -> IncidentLine? {
        guard let language else { return nil }
        return lines.first { $0.language == language }
            ?? lines.first { LanguageChain.isSame($0.language, language) }
            ?? lines.first { LanguageCode.base($0.language) == LanguageCode.base(language) }
    }

    private static func problem(
        _ entry: Entry, _ desk: GroupAnswering, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> String? {
        let (ticket, stores) = (entry.ticket, desk.answering.stores)
        guard viewer.may(.send, queue: ticket.queue) else { return "incident-no-right" }
        guard !entry.address.isEmpty else { return "incident-no-address" }
        guard try stores.queues.require(ticket.queue, in: db).mode == .live else { return "composer-shadow" }
        do { try stores.tickets.requireAnswerable(ticket.id, by: viewer, in: db) } catch let failure as Failure
            where failure.code == .refused
        { return failure.messageKey }
        guard let line = entry.line else { return "incident-no-line" }
        guard line.expiresAt > at else { return "incident-line-expired" }
        guard line.speakers.isEmpty || line.speakers.contains(viewer.memberID) else { return "incident-line-speaker" }
        guard line.approvedBy == nil else { return nil }
        let needs = try desk.answering.gate.rules.reasons(
            for: viewer.memberID, ticket: ticket, text: line.text, in: db)
        return needs.isEmpty ? nil : "incident-line-review"
    }

    /// Where the person's last mail came from, or asked to be answered.
    static func address(of ticket: ID, in db: any Connection) throws -> String? {
        let row = try db.first(
            """
            SELECT message.from_address, (SELECT message_address.address FROM message_address
                WHERE message_address.message_id = message.id AND message_address.role = 'reply-to' LIMIT 1) AS reply
            FROM message WHERE message.ticket_id = \(ticket) AND message.direction = 'in' AND message.kind = 'mail'
                AND message.is_newcomer = 0
            ORDER BY message.sent_at DESC, message.id DESC LIMIT 1
            """)
        guard let row else { return nil }
        let address = EmailAddress.folded(try row.optionalText("reply") ?? row.text("from_address"))
        return EmailAddress.isPlausible(address) ? address : nil
    }
}
