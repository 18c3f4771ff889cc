import Base
import Hummingbird
import Storage
import Text
import Web

/// How a word of a query may go on: keys first, then values of a key.
struct Completing: Sendable {
    private static let most = 12
    static let keys = [
        "state:", "queue:", "owner:", "tag:", "language:", "priority:", "outcome:", "from:", "to:", "subject:",
        "before:", "after:", "is:unread", "is:due", "is:overdue", "is:soon", "is:snoozed", "is:scheduled",
        "has:attachment", "has:deadline",
    ]

    private static let signs = [
        (value: "unread", meaning: "search-is-unread"), (value: "due", meaning: "search-is-due"),
        (value: "overdue", meaning: "search-is-overdue"), (value: "soon", meaning: "search-is-soon"),
        (value: "snoozed", meaning: "search-is-snoozed"), (value: "scheduled", meaning: "search-is-scheduled"),
    ]
    private static let holdings = [
        (value: "attachment", meaning: "search-has-attachment"), (value: "deadline", meaning: "search-has-deadline"),
    ]

    let desk: Desk
    let viewer: Viewer
    let language: String

    /// Words with what they mean, where that is not plain.
    func words(after text: String, in db: any Connection) throws -> [(String, Phrase?)] {
        let minus = text.hasPrefix("-") ? "-" : ""
        let word = String(text.dropFirst(minus.count)).lowercased()
        guard let colon = word.firstIndex(of: ":") else {
            return Self.keys.filter { $0.hasPrefix(word) }.map { (minus + $0, nil) }
        }
        let key = String(word[..<colon])
        let begun = word[word.index(after: colon)...].trimmingPrefix("\"")
        return try values(of: key, begun: String(begun), in: db).prefix(Self.most).map { value, name in
            (minus + key + ":" + Self.quoted(value), name)
        }
    }

    private func values(
        of key: String, begun: String, in db: any Connection
    ) throws -> [(String, Phrase?)] {
        func fitting(_ all: [String], _ messages: String) -> [(String, Phrase?)] {
            all.filter { $0.hasPrefix(begun) }.map { ($0, Phrase(messages + $0)) }
        }
        switch key {
        case "state": return fitting(SearchCondition.states, "ticket-state-")
        case "priority": return fitting(SearchCondition.priorities, "ticket-priority-")
        case "outcome": return fitting(SearchCondition.outcomes, "ticket-outcome-")
        case "is":
            return Self.signs.filter { $0.value.hasPrefix(begun) }.map { ($0.value, Phrase($0.meaning)) }
        case "has":
            return Self.holdings.filter { $0.value.hasPrefix(begun) }.map { ($0.value, Phrase($0.meaning)) }
        case "queue":
            return try desk.stores.queues.all(visibleTo: viewer, in: db).map(\.name)
                .filter { $0.lowercased().hasPrefix(begun) }.map { ($0, nil) }
        case "owner": return try owners(begun, in: db)
        case "tag":
            return try desk.search.tags(begun: begun, visibleTo: viewer, limit: Self.most, in: db).map { ($0, nil) }
        case "language":
            return Languages.codes.map { ($0, LanguageNames.name(of: $0, in: language)) }
                .filter { $0.0.hasPrefix(begun) || $0.1.lowercased().hasPrefix(begun) }
                .map { ($0.0, .verbatim($0.1)) }
        default: return []
        }
    }

    private func owners(_ begun: String, in db: any Connection) throws -> [(String, Phrase?)] {
        let special = ["me", "none", "away"].filter { $0.hasPrefix(begun) }.map {
            ($0, Optional(Phrase("search-owner-\($0)")))
        }
        let members = try desk.members.all(in: db).filter {
            !$0.isDisabled && $0.name.lowercased().hasPrefix(begun)
        }
        return special + members.map { ($0.name, nil) }
    }

    private static func quoted(_ value: String) -> String {
        value.contains { $0.isWhitespace || $0 == "\"" } ? "\"" + value.replacing("\"", with: "\"\"") + "\"" : value
    }
}

extension TicketSearch {
    /// Tags that begin so, of tickets the viewer may see.
    func tags(begun: String, visibleTo viewer: Viewer, limit: Int, in db: any Connection) throws -> [String] {
        let end = begun + "\u{10FFFF}"
        // From one tag to the next by the index: a tag may stand on a hundred thousand tickets.
        return try db.rows(
            """
            WITH RECURSIVE known (tag) AS (
                SELECT MIN(tag) FROM ticket_tag WHERE tag >= \(begun) AND tag < \(end)
                UNION ALL
                SELECT (SELECT MIN(tag) FROM ticket_tag WHERE tag > known.tag AND tag < \(end)) FROM known
                WHERE known.tag IS NOT NULL)
            SELECT known.tag FROM known WHERE known.tag IS NOT NULL AND EXISTS (
                SELECT 1 FROM ticket_tag JOIN ticket ON ticket.id = ticket_tag.ticket_id
                WHERE ticket_tag.tag = known.tag AND ticket.queue_id IN \(list: viewer.queues(.see)))
            LIMIT \(limit)
            """
        ).map { try $0.text("tag") }
    }

    /// Tickets with an answer the viewer began, newest draft first.
    func withDrafts(of viewer: Viewer, limit: Int, in db: any Connection) throws -> [Ticket] {
        try db.rows(
            """
            SELECT ticket.* FROM draft JOIN ticket ON ticket.id = draft.ticket_id
            WHERE draft.author_id = \(viewer.memberID) AND draft.sent_message IS NULL
                AND ticket.queue_id IN \(list: viewer.queues(.see))
                AND ticket.merged_into IS NULL
            ORDER BY draft.updated_at DESC, draft.id LIMIT \(limit)
            """
        ).map(TicketStore.read)
    }
}

/// Before a page of the desk: what waits for the visitor, for the rail.
package struct WaitingCounts: RouterMiddleware {
    package typealias Context = WebContext

    private let desk: Desk
    /// What waits in rooms of other modules, by room.
    private let others: @Sendable (Viewer, any Connection) throws -> [String: Int]

    private static let usual = Foresight()

    package init(desk: Desk, others: @escaping @Sendable (Viewer, any Connection) throws -> [String: Int]) {
        self.desk = desk
        self.others = others
    }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if request.method == .get, let viewer = context.visitor?.viewer {
            context.visitor?.waiting = try await desk.database.read { [desk, others] db in
                try db.foresee(Self.usual, by: viewer.memberID, about: [])
                let own = [
                    "tickets": Int(try desk.search.openCount(of: viewer, in: db)),
                    "reviews": try desk.reviews.waitingCount(for: viewer, in: db),
                    "oncall": try desk.paging.map { try $0.pages.openCount(visibleTo: viewer, rotas: $0.rotas, in: db) }
                        ?? 0,
                    "incidents": try desk.incidents.proposedCount(visibleTo: viewer, in: db),
                ]
                return own.merging(try others(viewer, db)) { own, _ in own }
            }
        }
        return try await next(request, context)
    }
}

extension TicketSearch {
    /// Open tickets the viewer owns; stops at 1,000.
    func openCount(of viewer: Viewer, in db: any Connection) throws -> Int64 {
        try db.int(
            """
            SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ticket WHERE owner_id = \(viewer.memberID)
                AND \(TicketStore.isOpen) AND +queue_id IN \(list: viewer.queues(.see))
                LIMIT \(Self.countLimit)) AS found
            """)
    }
}
