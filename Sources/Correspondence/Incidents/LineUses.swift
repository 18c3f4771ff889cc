import Base
import Storage
import Web

/// Where each version of the lines of an incident was said, as one viewer sees it: old versions too.
struct LineUses: Sendable {
    enum Way: String, Sendable { case group, reply, draft }

    struct Entry: Sendable {
        var line: ID
        var ticket: Ticket
        var way: Way
        var message: ID?
    }

    /// Newest first; the rest is counted only.
    private static let most = 500

    var incident: Incident
    var subject: String
    var lines: [IncidentLine]
    var entries: [Entry]
    /// In tickets the viewer does not see.
    var hidden: [ID: Int]

    static func read(
        _ id: ID, _ grouping: GroupAnswering, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> LineUses {
        let incident = try grouping.incidents.require(id, visibleTo: viewer, in: db)
        let lines = try grouping.incidents.lines(of: id, withOld: true, in: db)
        var uses = LineUses(
            incident: incident, subject: try grouping.incidents.subject(of: incident, visibleTo: viewer, in: db),
            lines: lines, entries: [], hidden: [:])
        var seen: [ID: Ticket?] = [:]
        for row in try rows(lines.map(\.id), in: db) {
            let (line, ticket) = (try row.int("line_id"), try row.int("ticket_id"))
            if seen[ticket] == nil {
                let found = try grouping.answering.stores.tickets.target(of: ticket, in: db)
                seen[ticket] = .some(found.flatMap { viewer.may(.see, queue: $0.queue) ? $0 : nil })
            }
            guard let found = seen[ticket] ?? nil else {
                uses.hidden[line, default: 0] += 1
                continue
            }
            let way = Way(rawValue: try row.text("way")) ?? .group
            uses.entries.append(
                Entry(line: line, ticket: found, way: way, message: try row.optionalInt("message_id")))
        }
        return uses
    }

    private static func rows(_ lines: [ID], in db: any Connection) throws -> [Row] {
        try db.rows(
            """
            SELECT line_id, ticket_id, message_id, 'group' AS way FROM incident_letter
            WHERE line_id IS NOT NULL AND line_id IN \(list: lines) AND state = 'sent'
            UNION ALL
            SELECT line_id, ticket_id, message_id, CASE WHEN message_id IS NULL THEN 'draft' ELSE 'reply' END AS way
            FROM line_use WHERE line_id IN \(list: lines) AND (message_id IS NULL OR \(LineUseStore.isSaid))
            ORDER BY line_id DESC, ticket_id DESC LIMIT \(most)
            """)
    }

    func page(_ signs: Signs) -> LineUsesPage {
        LineUsesPage(
            heading: IncidentMaker.name(incident, subject: subject), backPath: IncidentPaths.show(incident.id),
            isCause: incident.kind == .cause, lines: lines.map { version($0, signs) })
    }

    private func version(_ line: IncidentLine, _ signs: Signs) -> LineVersion {
        let isOld = lines.contains { $0.language == line.language && $0.version > line.version }
        let isOver = line.expiresAt <= signs.now
        let hidden = hidden[line.id] ?? 0
        return LineVersion(
            anchor: "line-\(line.id)",
            language: signs.language(line.language) ?? LanguageSign(code: line.language, name: line.language),
            version: Phrase("incident-line-version", .number(line.version)), text: line.text,
            state: isOld
                ? Phrase("incident-uses-replaced")
                : Phrase(
                    isOver ? "incident-line-over" : "incident-line-until", .text(signs.moment(line.expiresAt).exact)),
            isOld: isOld || isOver, uses: Phrase("incident-line-uses", .number(line.uses)),
            people: entries.filter { $0.line == line.id }.map { entry in
                LineUsed(
                    path: TicketPaths.show(entry.ticket.id), number: entry.ticket.number, name: entry.ticket.sender,
                    way: Phrase("incident-uses-\(entry.way.rawValue)"), isDraft: entry.way == .draft)
            }, hidden: hidden > 0 ? Phrase("incident-hidden", .number(hidden)) : nil)
    }
}

/// Every version of what was agreed, and to whom it was said.
struct LineUsesPage: Page {
    static let template = "incidents/uses"

    let heading: Phrase
    let backPath: String
    let isCause: Bool
    let lines: [LineVersion]

    var title: Phrase { Phrase("incident-uses-title") }
    var room: String { "incidents" }
    var section: String { isCause ? "causes" : "" }
}

struct LineVersion: Sendable {
    let anchor: String
    let language: LanguageSign
    let version: Phrase
    let text: String
    let state: Phrase
    let isOld: Bool
    let uses: Phrase
    let people: [LineUsed]
    let hidden: Phrase?
}

struct LineUsed: Sendable {
    let path: String
    let number: String
    let name: String
    let way: Phrase
    let isDraft: Bool
}
