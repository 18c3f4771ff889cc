import Base
import Storage
import Text

/// Lists of tickets by a query: the same for the list, the search page, the API and the command line.
package struct TicketSearch: Sendable {
    /// A page of tickets, newest first, and where the next begins.
    package struct Page: Sendable {
        package var tickets: [Ticket]
        package var next: Cursor?
    }

    /// The last ticket of a page: what it is ordered by, and its id. In order of priority there is one more key.
    package struct Cursor: Sendable, Equatable {
        package var updatedAt: Milliseconds
        package var id: ID
        package var priority: Int

        package init(updatedAt: Milliseconds, id: ID, priority: Int = 0) {
            self.updatedAt = updatedAt
            self.id = id
            self.priority = priority
        }

        /// Opaque text for addresses and the API.
        package var text: String { Base64URL.encode(Array("\(updatedAt).\(id).\(priority)".utf8)) }

        package init?(text: String) {
            guard let bytes = Base64URL.decode(text) else { return nil }
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: ".").compactMap { Int64($0) }
            guard parts.count == 2 || parts.count == 3 else { return nil }
            self.init(updatedAt: parts[0], id: parts[1], priority: parts.count == 3 ? Int(clamping: parts[2]) : 0)
        }
    }

    /// Counts stop here.
    package static let countLimit: Int64 = 1000
    private static let queuesPerCount = 100

    package init() {}

    package func page(
        _ query: SearchQuery, visibleTo viewer: Viewer, sort: TicketSort = .updated, after cursor: Cursor? = nil,
        limit: Int, in db: any Connection
    ) throws -> Page {
        var conditions = [Self.visible(to: viewer), try condition(query.expression, viewer: viewer, db: db)]
        if let cursor { conditions.append(sort.after(cursor)) }
        let rows = try db.rows(
            """
            SELECT ticket.* FROM ticket WHERE \(SQL.joined(conditions, by: " AND "))
            ORDER BY \(sort.order) LIMIT \(limit + 1)
            """)
        return try Self.cut(rows, limit, sort)
    }

    /// Ids of what matches, ascending, between two ids: for changes of many tickets in slices.
    func ids(
        _ query: SearchQuery, visibleTo viewer: Viewer, after: ID, upTo: ID, limit: Int, in db: any Connection
    ) throws -> [ID] {
        try db.rows(
            """
            SELECT ticket.id FROM ticket WHERE ticket.id > \(after) AND ticket.id <= \(upTo)
                AND \(Self.visible(to: viewer)) AND \(try condition(query.expression, viewer: viewer, db: db))
            ORDER BY ticket.id LIMIT \(limit)
            """
        ).map { try $0.int("id") }
    }

    /// A page and how many match in all. Where one word is asked for, one look at the index does for both.
    package func found(
        _ query: SearchQuery, visibleTo viewer: Viewer, sort: TicketSort = .updated, after cursor: Cursor? = nil,
        limit: Int, in db: any Connection
    ) throws -> (page: Page, count: Int64) {
        if cursor == nil, sort == .updated, db.engine == .postgres,
            let found = try newestHits(query, viewer, limit: limit, in: db)
        {
            return found
        }
        let page = try page(query, visibleTo: viewer, sort: sort, after: cursor, limit: limit, in: db)
        if cursor == nil, page.next == nil { return (page, Int64(page.tickets.count)) }
        return (page, try count(query, visibleTo: viewer, in: db))
    }

    /// Nil where the index does not answer alone.
    private func newestHits(
        _ query: SearchQuery, _ viewer: Viewer, limit: Int, in db: any Connection
    ) throws -> (page: Page, count: Int64)? {
        guard let (hits, rest) = try SearchIndex.hits(query.expression, in: db) else { return nil }
        let conditions: SQL = "\(Self.visible(to: viewer)) AND \(try condition(rest, viewer: viewer, db: db))"
        let rows = try db.rows(
            """
            WITH hit AS MATERIALIZED (\(hits(conditions)) LIMIT \(Self.countLimit)),
                found AS MATERIALIZED (SELECT DISTINCT ticket_id, updated_at FROM hit)
            SELECT ticket.*, (SELECT COUNT(*) FROM hit) AS hits, (SELECT COUNT(*) FROM found) AS kinds
            FROM (SELECT ticket_id FROM found ORDER BY updated_at DESC, ticket_id DESC LIMIT \(limit + 1)) AS newest
            JOIN ticket ON ticket.id = newest.ticket_id
            ORDER BY \(TicketSort.updated.order)
            """)
        let kinds = try rows.first?.int("kinds") ?? 0
        if try rows.first?.int("hits") ?? 0 < Self.countLimit { return (try Self.cut(rows, limit, .updated), kinds) }
        // There are more hits than were looked at: which are newest is another question.
        return (
            try page(query, visibleTo: viewer, limit: limit, in: db),
            try kinds == Self.countLimit ? kinds : count(query, visibleTo: viewer, in: db)
        )
    }

    private static func cut(_ rows: [Row], _ limit: Int, _ sort: TicketSort) throws -> Page {
        let tickets = try rows.prefix(limit).map(TicketStore.read)
        return Page(tickets: tickets, next: rows.count > limit ? tickets.last.map(sort.cursor) : nil)
    }

    /// How many tickets match; stops at 1,000.
    package func count(_ query: SearchQuery, visibleTo viewer: Viewer, in db: any Connection) throws -> Int64 {
        if let (hits, rest) = try SearchIndex.hits(query.expression, in: db) {
            let conditions: SQL = "\(Self.visible(to: viewer)) AND \(try condition(rest, viewer: viewer, db: db))"
            return try db.countDistinct("ticket_id", among: hits(conditions), upTo: Self.countLimit)
        }
        return try db.int(
            """
            SELECT COUNT(*) AS n FROM (
                SELECT 1 AS one FROM ticket WHERE \(Self.visible(to: viewer))
                    AND \(try condition(query.expression, viewer: viewer, db: db)) LIMIT \(Self.countLimit)) AS found
            """)
    }

    /// How many of these tickets match.
    package func count(
        _ query: SearchQuery, among tickets: [ID], visibleTo viewer: Viewer, in db: any Connection
    ) throws -> Int64 {
        guard !tickets.isEmpty else { return 0 }
        return try db.int(
            """
            SELECT COUNT(*) AS n FROM ticket WHERE ticket.id IN \(list: tickets) AND \(Self.visible(to: viewer))
                AND \(try condition(query.expression, viewer: viewer, db: db))
            """)
    }

    /// Names of people, or an address of theirs, who have a ticket that the viewer may see.
    package func names(of people: [ID], visibleTo viewer: Viewer, in db: any Connection) throws -> [ID: String] {
        var names: [ID: String] = [:]
        for id in Set(people.prefix(10)) {
            let row = try db.first(
                """
                SELECT contact.name, (SELECT MIN(address) FROM contact_address WHERE contact_id = contact.id) AS address
                FROM contact WHERE contact.id = \(id) AND EXISTS (
                    SELECT 1 FROM ticket WHERE ticket.contact_id = contact.id
                        AND ticket.queue_id IN \(list: viewer.queues(.see)))
                """)
            guard let row else { continue }
            let name = try row.text("name")
            names[id] = try name.isEmpty ? row.optionalText("address") : name
        }
        return names
    }

    /// Open tickets per queue the viewer may see; each count stops at 1,000.
    package func openCounts(visibleTo viewer: Viewer, in db: any Connection) throws -> [ID: Int64] {
        // SQLite would rather look at every ticket of the queue than believe in the smaller index.
        let index: SQL = db.engine == .sqlite ? " INDEXED BY ticket_open" : ""
        var counts: [ID: Int64] = [:]
        let queues = viewer.queues(.see)
        for start in stride(from: 0, to: queues.count, by: Self.queuesPerCount) {
            let parts = queues[start..<min(queues.count, start + Self.queuesPerCount)].map { queue -> SQL in
                """
                SELECT * FROM (SELECT queue_id FROM ticket\(index)
                    WHERE queue_id = \(queue) AND state IN ('new', 'open') AND merged_into IS NULL
                    LIMIT \(Self.countLimit)) AS part\(SQL(text: String(queue)))
                """
            }
            let found: SQL = "(\(SQL.joined(parts, by: " UNION ALL "))) AS found"
            for row in try db.rows("SELECT queue_id, COUNT(*) AS n FROM \(found) GROUP BY queue_id") {
                counts[try row.int("queue_id")] = try row.int("n")
            }
        }
        return counts
    }

    /// The message of each ticket that an excerpt is best taken from: the newest that matches, else the newest.
    package func bestMessages(
        of tickets: [ID], for query: SearchQuery, in db: any Connection
    ) throws -> [ID: Message] {
        guard !tickets.isEmpty else { return [:] }
        var parts: [SQL] = []
        Self.collectTerms(query.expression, engine: db.engine, into: &parts)
        var best: [ID: ID] = [:]
        if !parts.isEmpty {
            best = try Self.newest(
                """
                SELECT message.ticket_id, message.id, message.sent_at
                FROM search_row JOIN message ON message.id = search_row.message_id
                WHERE search_row.ticket_id IN \(list: tickets) AND (\(SQL.joined(parts, by: " OR ")))
                """, in: db)
        }
        let others = tickets.filter { best[$0] == nil }
        if !others.isEmpty {
            let found = try Self.newest(
                "SELECT ticket_id, id, sent_at FROM message WHERE ticket_id IN \(list: others)", in: db)
            best.merge(found) { first, _ in first }
        }
        let messages = try db.rows("SELECT * FROM message WHERE id IN \(list: Array(best.values))")
            .map(MessageStore.read)
        return Dictionary(uniqueKeysWithValues: messages.map { ($0.ticket, $0) })
    }

    /// The newest message of each ticket among rows of `ticket_id`, `id` and `sent_at`.
    private static func newest(_ statement: SQL, in db: any Connection) throws -> [ID: ID] {
        var newest: [ID: (at: Milliseconds, id: ID)] = [:]
        for row in try db.rows(statement) {
            let (ticket, this) = (try row.int("ticket_id"), (at: try row.int("sent_at"), id: try row.int("id")))
            if newest[ticket].map({ $0 < this }) ?? true { newest[ticket] = this }
        }
        return newest.mapValues(\.id)
    }

    private static func visible(to viewer: Viewer) -> SQL {
        "ticket.merged_into IS NULL AND ticket.queue_id IN \(list: viewer.queues(.see))"
    }

    private static func collectTerms(_ expression: SearchExpression, engine: Engine, into parts: inout [SQL]) {
        switch expression {
        case .all(let list), .any(let list): for item in list { collectTerms(item, engine: engine, into: &parts) }
        case .not: break
        case .condition(.terms(let terms, let isPrefix, let field)):
            parts.append(SearchIndex.matchesRow(terms, isPrefix: isPrefix, field: field, engine: engine))
        case .condition: break
        }
    }

    private func condition(_ expression: SearchExpression, viewer: Viewer, db: any Connection) throws -> SQL {
        switch expression {
        case .all(let list) where list.isEmpty: return "1 = 1"
        case .any(let list) where list.isEmpty: return "1 = 0"
        case .all(let list):
            return "(" + SQL.joined(try list.map { try condition($0, viewer: viewer, db: db) }, by: " AND ") + ")"
        case .any(let list):
            return "(" + SQL.joined(try list.map { try condition($0, viewer: viewer, db: db) }, by: " OR ") + ")"
        case .not(let inner): return "NOT " + (try condition(.all([inner]), viewer: viewer, db: db))
        case .condition(let single): return try condition(single, viewer: viewer, db: db)
        }
    }

    private func condition(_ condition: SearchCondition, viewer: Viewer, db: any Connection) throws -> SQL {
        switch condition {
        case .terms(let terms, let isPrefix, let field):
            return try SearchIndex.condition(terms, isPrefix: isPrefix, field: field, in: db)
        case .queue(let name):
            // A value, not a list: PostgreSQL would join a list by going through all tickets.
            return "ticket.queue_id = (SELECT id FROM queue WHERE name = \(EmailAddress.folded(name)))"
        case .state("open"): return "ticket.state IN ('new', 'open')"
        case .state(let state): return "ticket.state = \(state)"
        case .owner("me"): return "ticket.owner_id = \(viewer.memberID)"
        case .owner("none"): return "ticket.owner_id IS NULL"
        case .owner(let name):
            return """
                ticket.owner_id IN (
                    SELECT id FROM member WHERE email = \(EmailAddress.folded(name)) OR name = \(name))
                """
        case .isOwnerAway(let time):
            let day = String(ISO8601.string(time).prefix(10))
            let rows = try db.rows(
                "SELECT id FROM member WHERE is_disabled = 1 OR (away_from <= \(day) AND away_until >= \(day))")
            let away = try rows.map { try $0.int("id") }
            return away.isEmpty ? "1 = 0" : "(ticket.owner_id IS NOT NULL AND ticket.owner_id IN \(list: away))"
        case .tag(let tag):
            return "ticket.id IN (SELECT ticket_id FROM ticket_tag WHERE tag = \(EmailAddress.folded(tag)))"
        case .language(let code): return "ticket.language = \(code.lowercased())"
        case .before(let time): return "ticket.updated_at < \(time)"
        case .after(let time): return "ticket.updated_at >= \(time)"
        case .hasAttachment:
            return """
                ticket.id IN (
                    SELECT message.ticket_id FROM attachment JOIN message ON message.id = attachment.message_id)
                """
        case .hasDraft:
            return """
                ticket.id IN (
                    SELECT ticket_id FROM draft WHERE author_id = \(viewer.memberID) AND sent_message IS NULL)
                """
        case .isUnread: return Self.unread(by: viewer)
        case .isSnoozed: return "ticket.snoozed_until IS NOT NULL"
        case .isScheduled:
            return """
                ticket.id IN (
                    SELECT ticket_id FROM draft WHERE send_at IS NOT NULL AND sent_message IS NULL)
                """
        case .isDue: return "ticket.woken_at IS NOT NULL"
        case .isOverdue(let now): return "(ticket.due_rank IN (0, 1) AND ticket.due_at < \(now))"
        case .isSoon(let from, let until):
            return "(ticket.due_rank IN (0, 1) AND ticket.due_at >= \(from) AND ticket.due_at < \(until))"
        case .hasDeadline: return "ticket.due_rank = 0"
        // Without a person is not of this person, also where it is turned round.
        case .contact(let id): return "(ticket.contact_id IS NOT NULL AND ticket.contact_id = \(id))"
        case .priority(let priority): return "ticket.priority = \(priority)"
        case .outcome(let outcome): return "ticket.outcome = \(outcome)"
        case .ticketNumber(let number): return Self.numbered(number)
        }
    }

    /// Open, and not read as far as it goes by now.
    private static func unread(by viewer: Viewer) -> SQL {
        """
        (ticket.state IN ('new', 'open') AND NOT EXISTS (SELECT 1 FROM ticket_read
            WHERE ticket_read.member_id = \(viewer.memberID) AND ticket_read.ticket_id = ticket.id
                AND ticket_read.version >= ticket.version))
        """
    }

    /// The ticket with this number, and the one it was merged into.
    private static func numbered(_ number: String) -> SQL {
        """
        ticket.id IN (WITH RECURSIVE chain (id, next) AS (
            SELECT id, merged_into FROM ticket WHERE number = \(number)
            UNION SELECT one.id, one.merged_into FROM ticket AS one JOIN chain ON one.id = chain.next)
            SELECT id FROM chain)
        """
    }
}
