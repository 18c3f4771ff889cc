import Base
import Hummingbird
import Storage
import Text
import Web

extension TicketRoutes {
    private static let pageLength = 50
    private static let excerptLength = 220
    /// The views beside the list: message key and query.
    private static let views = [
        ("open", "state:open"), ("mine", "owner:me state:open"), ("unowned", "owner:none state:open"),
        ("waiting", "state:waiting"), ("closed", "state:closed"), ("all", ""),
    ]

    /// What list and search page have in common.
    private struct Found: Sendable {
        var page: TicketSearch.Page
        var count: Int64
        var queues: [Queue]
        var openCounts: [ID: Int64]
        var owners: [ID: String]
        var texts: [ID: Message]
    }

    @Sendable func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = request.uri.queryParameters["query"].map(String.init) ?? "state:open"
        let (query, problem) = parse(text)
        let cursor = request.uri.queryParameters["after"].flatMap { TicketSearch.Cursor(text: String($0)) }
        let found = try await find(query, context, after: cursor, withTexts: false)
        let signs = signs(context)
        let page = TicketListPage(
            views: Self.views.map { name, query in
                CountedLink(
                    Phrase("ticket-view-\(name)"), count: 0,
                    path: TicketPaths.list() + "?query=" + URLEncoding.encode(query),
                    isCurrent: query == text)
            },
            queues: found.queues.map { queue in
                let path = TicketPaths.list(query: [("query", "queue:\(queue.name) state:open")])
                return CountedLink(
                    .verbatim(queue.name), count: Int(found.openCounts[queue.id] ?? 0), path: path,
                    isCurrent: text.contains("queue:\(queue.name)"))
            },
            filter: filter(text, problem, path: TicketPaths.list),
            count: Self.count(found.count, key: "ticket-list-count"),
            rows: found.page.tickets.map { row($0, found, signs) },
            newerPath: cursor == nil ? nil : older(text, nil, TicketPaths.list),
            olderPath: found.page.next.map { older(text, $0, TicketPaths.list) },
            newTicketPath: context.viewer.queues(.send).isEmpty ? nil : TicketPaths.new(),
            empty: found.page.tickets.isEmpty ? empty(text, found, context) : nil,
            live: problem == nil && cursor == nil
                ? LiveList(query: text, newsPath: LivePaths.list(), path: older(text, nil, TicketPaths.list)) : nil)
        return site.page(page, for: context.visitor, query: "", status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable func search(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = request.uri.queryParameters["query"].map(String.init) ?? ""
        let (query, problem) = parse(text)
        let cursor = request.uri.queryParameters["after"].flatMap { TicketSearch.Cursor(text: String($0)) }
        let found = try await find(query, context, after: cursor, withTexts: true)
        try await desk.noteOpened(.excerpt, of: found.page.tickets.map(\.id), by: context.viewer)
        let signs = signs(context)
        let page = SearchPage(
            filter: filter(text, problem, path: SitePaths.search), count: Self.count(found.count, key: "search-count"),
            results: found.page.tickets.map { result($0, query, found, signs) },
            olderPath: found.page.next.map { older(text, $0, SitePaths.search) }, limit: nil,
            empty: found.page.tickets.isEmpty
                ? EmptyList(heading: Phrase("search-empty"), advice: Phrase("search-empty-advice"), step: nil) : nil)
        return site.page(page, for: context.visitor, query: text, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func parse(_ text: String) -> (SearchQuery, Phrase?) {
        do {
            return (try SearchQuery.parse(text, now: desk.clock.now()), nil)
        } catch {
            return (SearchQuery(expression: .all([])), Phrase(error.messageKey, texts: error.arguments))
        }
    }

    private func find(
        _ query: SearchQuery, _ context: SignedInContext, after: TicketSearch.Cursor?, withTexts: Bool
    ) async throws -> Found {
        try await desk.database.read { [desk] db in
            let page = try desk.search.page(
                query, visibleTo: context.viewer, after: after, limit: Self.pageLength, in: db)
            let isWhole = after == nil && page.next == nil
            let count =
                try isWhole ? Int64(page.tickets.count) : desk.search.count(query, visibleTo: context.viewer, in: db)
            var texts: [ID: Message] = [:]
            if withTexts {
                for ticket in page.tickets {
                    texts[ticket.id] = try desk.search.bestMessage(of: ticket.id, for: query, in: db)
                }
            }
            let owners = try desk.members.all(in: db).map { ($0.id, $0.name) }
            return Found(
                page: page, count: count, queues: try desk.stores.queues.all(visibleTo: context.viewer, in: db),
                openCounts: withTexts ? [:] : try desk.search.openCounts(visibleTo: context.viewer, in: db),
                owners: Dictionary(uniqueKeysWithValues: owners), texts: texts)
        }
    }

    private func row(_ ticket: Ticket, _ found: Found, _ signs: Signs) -> TicketRow {
        TicketRow(
            path: TicketPaths.show(ticket.id), number: ticket.number, subject: ticket.subject, excerpt: ticket.preview,
            sender: ticket.sender, language: signs.language(ticket.language),
            queue: found.queues.first { $0.id == ticket.queue }?.name ?? "",
            owner: ticket.owner.flatMap { found.owners[$0] },
            state: signs.state(ticket.state), isUnread: ticket.state == .new, hasAttachments: false,
            messages: ticket.messageCount, clock: nil, age: signs.moment(ticket.updatedAt))
    }

    private func result(_ ticket: Ticket, _ query: SearchQuery, _ found: Found, _ signs: Signs) -> SearchResult {
        let message = found.texts[ticket.id]
        let pieces = message.map { Text.Excerpt.make(of: $0.text, matching: query, length: Self.excerptLength) } ?? []
        let subject = Text.Excerpt.make(of: ticket.subject, matching: query, length: 500)
        let excerpt = Excerpt(
            runs: pieces.map { TextRun($0.text, isMarked: $0.isMatch) }, language: message?.language,
            path: TicketPaths.show(ticket.id) + (message.map { "#m\($0.id)" } ?? ""))
        return SearchResult(
            path: TicketPaths.show(ticket.id), number: ticket.number,
            subject: subject.isEmpty
                ? [TextRun(ticket.subject)] : subject.map { TextRun($0.text, isMarked: $0.isMatch) },
            excerpts: pieces.isEmpty ? [] : [excerpt], sender: ticket.sender,
            queue: found.queues.first { $0.id == ticket.queue }?.name ?? "", language: signs.language(ticket.language),
            state: signs.state(ticket.state), age: signs.moment(ticket.updatedAt))
    }

    private func filter(_ text: String, _ problem: Phrase?, path: PathPattern) -> TicketFilter {
        let words = text.split(separator: " ").map(String.init)
        // A phrase in quotation marks holds spaces: then there are no chips to take apart.
        let marked: [Int] = text.contains("\"") ? [] : words.indices.filter { words[$0].contains(":") }
        let chips = marked.map { index -> FilterChip in
            let left = (words[..<index] + words[(index + 1)...]).joined(separator: " ")
            return FilterChip(words: words[index], removePath: path() + "?query=" + URLEncoding.encode(left))
        }
        return TicketFilter(
            path: path(), query: text, problem: problem, chips: chips,
            clearPath: chips.isEmpty ? nil : path() + "?query=")
    }

    private func older(_ text: String, _ cursor: TicketSearch.Cursor?, _ path: PathPattern) -> String {
        path() + "?query=" + URLEncoding.encode(text) + (cursor.map { "&after=" + $0.text } ?? "")
    }

    private static func count(_ count: Int64, key: String) -> Phrase {
        count >= TicketSearch.countLimit
            ? Phrase(key + "-more", .number(Int(count))) : Phrase(key, .number(Int(count)))
    }

    private func empty(_ text: String, _ found: Found, _ context: SignedInContext) -> EmptyList {
        let isFirst = found.queues.isEmpty || (text.isEmpty && found.count == 0)
        if isFirst {
            let step =
                context.viewer.isAdministrator ? Link(Phrase("ticket-list-empty-first-step"), QueuePaths.list()) : nil
            return EmptyList(
                heading: Phrase("ticket-list-empty-first"), advice: Phrase("ticket-list-empty-first-advice"), step: step
            )
        }
        if text == "state:open" {
            return EmptyList(
                heading: Phrase("ticket-list-empty-done"), advice: Phrase("ticket-list-empty-done-advice"), step: nil)
        }
        return EmptyList(
            heading: Phrase("ticket-list-empty-filter"), advice: Phrase("ticket-list-empty-filter-advice"),
            step: Link(Phrase("ticket-list-empty-filter-step"), TicketPaths.list() + "?query="))
    }
}
