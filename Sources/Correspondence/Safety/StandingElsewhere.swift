import Base
import Hummingbird
import Storage
import Text
import Web

/// Other tickets that hold the same words, the same mail or the same file: a redaction ends with its ticket, and says
/// where there is more to do.
struct StandingElsewhere: Sendable {
    /// More are not named.
    static let most = 5
    /// A long passage is known by its beginning.
    private static let mostTerms = 30

    let stores: Filing.Stores

    /// Read before anything is taken out. Only tickets the viewer sees.
    func tickets(
        _ scope: Redacting.Scope, of id: ID, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [ID] {
        let message = try stores.messages.require(id, visibleTo: viewer, in: db)
        let found: [ID]
        switch scope {
        case .passage(let text): found = try withWords(text, visibleTo: viewer, in: db)
        case .message: found = try withMail(message, in: db)
        case .attachment(let file): found = try withFile(file, of: message, in: db)
        }
        var others: [ID] = []
        for ticket in found where ticket != message.ticket && others.count < Self.most {
            if (try? stores.tickets.require(ticket, visibleTo: viewer, in: db)) != nil { others.append(ticket) }
        }
        return others
    }

    private func withWords(_ text: String, visibleTo viewer: Viewer, in db: any Connection) throws -> [ID] {
        let terms = Array(SearchTerms.terms(of: text).prefix(Self.mostTerms))
        guard !terms.isEmpty else { return [] }
        let query = SearchQuery(expression: .condition(.terms(terms, isPrefix: false, field: nil)))
        return try TicketSearch().page(query, visibleTo: viewer, limit: Self.most + 1, in: db).tickets.map(\.id)
    }

    /// The same mail to another queue.
    private func withMail(_ message: Message, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT DISTINCT other.ticket_id FROM message JOIN message AS other
                ON other.content_hash = message.content_hash
            WHERE message.id = \(message.id) AND message.direction = 'in' AND other.ticket_id <> message.ticket_id
            ORDER BY other.ticket_id DESC LIMIT \(Self.most * 4)
            """
        ).map { try $0.int("ticket_id") }
    }

    /// The same file in other tickets of the same person.
    private func withFile(_ id: ID, of message: Message, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT DISTINCT other.id FROM ticket JOIN ticket AS other ON other.contact_id = ticket.contact_id
            JOIN message ON message.ticket_id = other.id JOIN attachment ON attachment.message_id = message.id
            WHERE ticket.id = \(message.ticket) AND other.id <> ticket.id AND attachment.sha256 =
                (SELECT sha256 FROM attachment WHERE id = \(id) AND message_id = \(message.id) AND sha256 <> '')
            ORDER BY other.id DESC LIMIT \(Self.most * 4)
            """
        ).map { try $0.int("id") }
    }
}

extension StandingElsewhere {
    /// What the page of a ticket says right after a redaction.
    static func notices(
        _ request: Request, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> [Frame.Notice] {
        let ids = (request.uri.queryParameters["also"] ?? "").split(separator: ",").prefix(most).compactMap { ID($0) }
        return ids.compactMap { id in
            guard let ticket = try? desk.stores.tickets.require(id, visibleTo: viewer, in: db) else { return nil }
            return Frame.Notice(
                .warning, Phrase("redaction-elsewhere", .text(ticket.number)),
                link: Link(Phrase("redaction-elsewhere-look"), TicketPaths.show(id)))
        }
    }
}
