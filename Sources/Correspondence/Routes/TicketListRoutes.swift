import Base
import Hummingbird
import People
import Storage
import Text
import Web

extension TicketRoutes {
    private static let pageLength = 50
    private static let excerptLength = 220
    private static let usualOfList = Foresight()
    private static let usualOfSearch = Foresight()
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
        var targets: [Queue] = []
        var openCounts: [ID: Int64] = [:]
        var names: TicketRowMaker.Names
        var texts: [ID: Message] = [:]
        var members: [Member] = []
        var saved: [SavedFilter] = []
        var settings = FilterStore.ListSettings()
        var tags: [String] = []
        var unowned: Int64 = 0
        var notices: [Frame.Notice] = []
        var sort: TicketSort
        var macros: [Macro] = []
        /// Names of people the query asks for by id.
        var people: [ID: String] = [:]
    }

    /// What the address of a list holds.
    private struct Address: Sendable {
        var path: PathPattern
        var query: String
        var sort: String

        func link(after cursor: TicketSearch.Cursor? = nil, sort other: String? = nil) -> String {
            let order = other ?? sort
            return path() + "?query=" + URLEncoding.encode(query) + (order.isEmpty ? "" : "&sort=" + order)
                + (cursor.map { "&after=" + $0.text } ?? "")
        }
    }

    @Sendable func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = request.queryText("query") ?? "state:open"
        let sort = request.uri.queryParameters["sort"].map(String.init) ?? ""
        let address = Address(path: TicketPaths.list, query: text, sort: TicketSort(rawValue: sort) == nil ? "" : sort)
        let (query, problem) = parse(text)
        let cursor = request.uri.queryParameters["after"].flatMap { TicketSearch.Cursor(text: String($0)) }
        let found = try await find(query, request, context, after: cursor, withTexts: false)
        if query.expression.asksForWords {
            // What fits tells what is in them.
            try await desk.noteOpened(.excerpt, of: found.page.tickets.map(\.id), by: context.viewer)
        }
        let page = listPage(address, problem, found, isFirst: cursor == nil, context)
        return site.page(
            page, for: context.visitor, notices: found.notices, query: "",
            status: problem == nil ? .ok : .unprocessableContent)
    }

    private func listPage(
        _ address: Address, _ problem: Phrase?, _ found: Found, isFirst: Bool, _ context: SignedInContext
    ) -> TicketListPage {
        let text = address.query
        let viewer = context.viewer
        let mayChange = !viewer.queues(.note).isEmpty
        var maker = TicketRowMaker(names: found.names, signs: signs(context))
        maker.isPickable = mayChange
        maker.showsPriority = found.settings.columns.contains("priority")
        let counts = ["mine": context.visitor.waiting["tickets"] ?? 0, "unowned": Int(found.unowned)]
        var page = TicketListPage(
            views: Self.views.map { name, query in
                CountedLink(
                    Phrase("ticket-view-\(name)"), count: counts[name] ?? 0,
                    path: TicketPaths.list() + "?query=" + URLEncoding.encode(query), isCurrent: query == text)
            },
            queues: found.queues.map { queue in
                let path = TicketPaths.list(query: [("query", "queue:\(queue.name) state:open")])
                return CountedLink(
                    .verbatim(queue.name), count: Int(found.openCounts[queue.id] ?? 0), path: path,
                    isCurrent: text.contains("queue:\(queue.name)"))
            },
            filter: filter(address, problem, found), count: Self.count(found.count, key: "ticket-list-count"),
            rows: found.page.tickets.map(maker.row), newerPath: isFirst ? nil : address.link(),
            olderPath: found.page.next.map { address.link(after: $0) },
            newTicketPath: viewer.queues(.send).isEmpty ? nil : TicketPaths.new(),
            empty: found.page.tickets.isEmpty ? empty(text, found, context) : nil)
        page.sorts = TicketSort.allCases.map { sort in
            CountedLink(
                Phrase("sort-\(sort.rawValue)"), count: 0, path: address.link(sort: sort.rawValue),
                isCurrent: sort == found.sort)
        }
        page.columns = TicketColumns(found.settings.columns)
        page.saved = found.saved.map { SavedFilterLine($0, viewer, current: text) }
        page.save = FilterForm(path: WorkPaths.filters(), query: text, sort: found.sort.rawValue)
        page.next = viewer.queues(.draft).isEmpty ? nil : Action(WorkPaths.next())
        if mayChange, !found.page.tickets.isEmpty { page.bulk = bulkForm(address, found, viewer, maker.signs) }
        if problem == nil, isFirst {
            page.live = LiveList(query: text, newsPath: LivePaths.list(), path: address.link())
        }
        return page
    }

    @Sendable func search(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = request.queryText("query") ?? ""
        let address = Address(path: SitePaths.search, query: text, sort: "")
        let (query, problem) = parse(text)
        let cursor = request.uri.queryParameters["after"].flatMap { TicketSearch.Cursor(text: String($0)) }
        let found = try await find(query, request, context, after: cursor, withTexts: true)
        try await desk.noteOpened(.excerpt, of: found.page.tickets.map(\.id), by: context.viewer)
        let signs = signs(context)
        let page = SearchPage(
            filter: filter(address, problem, found), count: Self.count(found.count, key: "search-count"),
            results: found.page.tickets.map { result($0, query, found, signs) },
            olderPath: found.page.next.map { address.link(after: $0) }, limit: nil,
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
        _ query: SearchQuery, _ request: Request, _ context: SignedInContext, after: TicketSearch.Cursor?,
        withTexts: Bool
    ) async throws -> Found {
        let asked = request.uri.queryParameters["sort"].flatMap { TicketSort(rawValue: String($0)) }
        let viewer = context.viewer
        return try await desk.database.read { [desk] db in
            try db.foresee(withTexts ? Self.usualOfSearch : Self.usualOfList, by: viewer.memberID, about: [])
            let settings = try desk.filters.listSettings(of: viewer.memberID, in: db)
            let sort = withTexts ? .updated : asked ?? settings.sort
            let (page, count) = try desk.search.found(
                query, visibleTo: viewer, sort: sort, after: after, limit: Self.pageLength, in: db)
            var found = Found(
                page: page, count: count,
                queues: try desk.stores.queues.all(visibleTo: viewer, in: db),
                names: try TicketRowMaker.Names.read(
                    page.tickets, desk, viewer, withTags: settings.columns.contains("tags"), in: db), sort: sort)
            found.settings = settings
            found.people = try desk.search.names(of: query.expression.contacts, visibleTo: viewer, in: db)
            guard !withTexts else {
                found.texts = try desk.search.bestMessages(of: page.tickets.map(\.id), for: query, in: db)
                return found
            }
            found.openCounts = try desk.search.openCounts(visibleTo: viewer, in: db)
            found.unowned = try desk.search.unownedCount(visibleTo: viewer, in: db)
            found.members = try desk.members.all(in: db)
            found.targets = try desk.stores.queues.targets(of: viewer, in: db)
            found.saved = try desk.filters.filters(for: viewer, in: db)
            found.tags = try desk.search.tags(begun: "", visibleTo: viewer, limit: 50, in: db)
            found.notices = try ChangeSign.notices(request, desk, viewer, in: db)
            found.macros = try desk.macros.all(usableBy: viewer, in: db)
            return found
        }
    }

    private func bulkForm(_ address: Address, _ found: Found, _ viewer: Viewer, _ signs: Signs) -> BulkForm {
        let keep = Choice("", Phrase("bulk-keep"))
        var form = BulkForm(
            path: WorkPaths.changes(), back: address.link(), query: address.query,
            all: Phrase("bulk-all", .phrase(Phrase.figure(Int(found.count)))),
            states: [keep] + Signs.stateChoices(of: nil),
            owners: [
                keep, Choice("me", Phrase("search-owner-me")), Choice("none", Phrase("ticket-list-nobody")),
            ] + found.members.filter { !$0.isDisabled }.map { Choice(String($0.id), signs.name(of: $0)) },
            queues: [keep] + found.targets.map { Choice(String($0.id), .verbatim($0.name)) },
            priorities: [keep]
                + Signs.priorities.enumerated().map { Choice(String($0 + 1), Phrase("ticket-priority-\($1)")) },
            snoozes: [keep] + Snoozing.choices.map { Choice($0.0, Phrase("snooze-\($0.0)")) }, tags: found.tags)
        form.macros =
            [Choice("", Phrase("macro-none"))] + found.macros.map { Choice(String($0.id), .verbatim($0.name)) }
        form.hasMacros = !found.macros.isEmpty
        return form
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
            queue: found.names.queues[ticket.queue] ?? "", language: signs.language(ticket.language),
            state: signs.state(ticket.state), age: signs.moment(ticket.updatedAt))
    }

    private func filter(_ address: Address, _ problem: Phrase?, _ found: Found) -> TicketFilter {
        let text = address.query
        let words = text.split(separator: " ").map(String.init)
        // A phrase in quotation marks holds spaces, and brackets belong together: then there are no chips.
        let isPlain = !text.contains { "\"()".contains($0) }
        let marked: [Int] = isPlain ? words.indices.filter { words[$0].contains(":") } : []
        let chips = marked.map { index -> FilterChip in
            var left = address
            left.query = (words[..<index] + words[(index + 1)...]).joined(separator: " ")
            let person = words[index].hasPrefix("contact:") ? ID(words[index].dropFirst(8)) : nil
            return FilterChip(
                words: person.flatMap { found.people[$0] } ?? words[index], removePath: left.link())
        }
        let examples = [
            "state:open owner:me", "state:open owner:none", "is:unread", "is:overdue", "is:due", "has:attachment",
        ]
        var all = address
        all.query = ""
        return TicketFilter(
            path: address.path(), query: text, problem: problem, chips: chips,
            clearPath: chips.isEmpty ? nil : all.link(),
            examples: examples + found.queues.prefix(20).map { "queue:\($0.name) state:open" }, sort: address.sort)
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

extension TicketColumns {
    init(_ names: Set<String>) {
        self.init(
            number: names.contains("number"), priority: names.contains("priority"), tags: names.contains("tags"),
            language: names.contains("language"), sender: names.contains("sender"), queue: names.contains("queue"),
            owner: names.contains("owner"), age: names.contains("age"))
    }
}

extension TicketSearch {
    /// Open tickets nobody owns; stops at 1,000.
    func unownedCount(visibleTo viewer: Viewer, in db: any Connection) throws -> Int64 {
        try db.int(
            """
            SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ticket WHERE owner_id IS NULL
                AND \(TicketStore.isOpen) AND +queue_id IN \(list: viewer.queues(.see))
                LIMIT \(Self.countLimit)) AS found
            """)
    }
}
