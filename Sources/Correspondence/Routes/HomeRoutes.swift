import Base
import Foundation
import Hummingbird
import Storage
import Text
import Web

/// My day, the next ticket, and how a member likes to work.
package struct HomeRoutes: Sendable {
    private static let lines = 8

    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.get(WorkPaths.home.route, use: home)
        group.post(WorkPaths.next.route, use: next)
        group.get(WorkPaths.settings.route, use: showSettings)
        group.post(WorkPaths.settings.route, use: setSettings)
        group.get(WorkPaths.keys.route) { _, context in site.page(KeysPage(), for: context.visitor) }
        SavedListRoutes(desk: desk, site: site).add(to: group)
        group.get(WorkPaths.completions.route, use: complete)
    }

    // MARK: - My day

    private struct Section: Sendable {
        var key: String
        var query: String
        var sort: TicketSort
        var tickets: [Ticket] = []
        var count = 0
    }

    private struct Day: Sendable {
        var sections: [Section] = []
        var names: TicketRowMaker.Names
        var languages: [String]
        var hasQueues: Bool
        var notices: [Frame.Notice]
        var reviews: [ReviewStore.Line] = []
    }

    @Sendable private func home(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let day = try await desk.database.read { [desk] db in
            try Self.read(viewer, desk, notices: ChangeSign.notices(request, desk, viewer, in: db), in: db)
        }
        let signs = Signs(
            language: site.strings.supported(context.visitor.language),
            zone: TimeZone(identifier: context.visitor.zone) ?? desk.zone, now: desk.clock.now())
        let maker = TicketRowMaker(names: day.names, signs: signs)
        let sections = day.sections.filter { !$0.tickets.isEmpty }.map { section in
            let path = TicketPaths.list(query: [("query", section.query), ("sort", section.sort.rawValue)])
            return HomeSection(
                heading: Phrase("home-\(section.key)"),
                all: CountedLink(Phrase("home-all"), count: section.count, path: path),
                rows: section.tickets.map { maker.row($0) })
        }
        var page = HomePage(
            next: Action(WorkPaths.next()),
            newTicketPath: viewer.queues(.send).isEmpty ? nil : TicketPaths.new(), sections: sections,
            languagesPath: day.languages.isEmpty ? WorkPaths.settings() : nil, settingsPath: WorkPaths.settings(),
            empty: sections.isEmpty
                ? EmptyList(
                    heading: Phrase(day.hasQueues ? "home-empty" : "ticket-list-empty-first"),
                    advice: Phrase(day.hasQueues ? "home-empty-advice" : "home-no-queue-advice"),
                    step: Link(Phrase("ticket-list-empty-filter-step"), TicketPaths.list() + "?query=")) : nil)
        page.reviews = ReviewTeaser.make(
            day.reviews, TicketRoutes(desk: desk, site: site).signs(context))
        var notices = day.notices
        if request.uri.queryParameters["notice"] == "no-next" {
            notices.append(Frame.Notice(.done, Phrase("next-none")))
        }
        if request.uri.queryParameters["notice"] == "full" {
            notices.append(
                Frame.Notice(
                    .warning, Phrase("pace-full"), link: Link(Phrase("pace-title"), LevelPaths.pace())))
        }
        if request.uri.queryParameters["notice"] == "declined" {
            notices.append(Frame.Notice(.done, Phrase("assignment-declined")))
        }
        return site.page(page, for: context.visitor, notices: notices)
    }

    private static func read(
        _ viewer: Viewer, _ desk: Desk, notices: [Frame.Notice], in db: any Connection
    ) throws -> Day {
        let languages = SpokenLanguages.of(try desk.filters.languages(of: viewer.memberID, in: db))
        let spoken = languages.isEmpty ? "" : " (" + languages.map { "language:\($0)" }.joined(separator: " OR ") + ")"
        var sections = [
            Section(key: "overdue", query: "is:overdue owner:me OR owner:none", sort: .due),
            Section(key: "soon", query: "is:soon owner:me OR owner:none", sort: .due),
            Section(key: "due", query: "is:due owner:me OR owner:none", sort: .oldest),
            Section(key: "mine", query: "owner:me state:open", sort: .oldest),
            Section(key: "new", query: "owner:none state:open" + spoken, sort: .priority),
            Section(key: "away", query: "owner:away state:open" + spoken, sort: .priority),
        ]
        let now = desk.clock.now()
        for index in sections.indices {
            let query = try SearchQuery.parse(sections[index].query, now: now)
            let (page, count) = try desk.search.found(
                query, visibleTo: viewer, sort: sections[index].sort, limit: lines, in: db)
            sections[index].tickets = page.tickets
            sections[index].count = Int(count)
        }
        let drafts = try desk.search.withDrafts(of: viewer, limit: lines, in: db)
        sections.append(
            Section(key: "drafts", query: "has:draft", sort: .updated, tickets: drafts, count: drafts.count))
        return Day(
            sections: sections,
            names: try TicketRowMaker.Names.read(sections.flatMap(\.tickets), desk, viewer, in: db),
            languages: languages, hasQueues: !viewer.queues(.see).isEmpty, notices: notices,
            reviews: try desk.reviews.waiting(for: viewer, in: db))
    }

    @Sendable private func next(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        do {
            let ticket = try await desk.takeNext(by: context.viewer, except: ID(form["except"]))
            guard let ticket else { return site.redirect(WorkPaths.home() + "?notice=no-next") }
            return site.redirect(TicketPaths.show(ticket.id) + "?notice=taken")
        } catch let failure as Failure where failure.messageKey == "pace-full" {
            return site.redirect(WorkPaths.home() + "?notice=full")
        }
    }

    // MARK: - Settings

    @Sendable private func showSettings(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let (known, list, saved) = try await desk.database.read { [desk] db in
            (
                try desk.filters.languages(of: viewer.memberID, in: db),
                try desk.filters.listSettings(of: viewer.memberID, in: db),
                try desk.filters.filters(for: viewer, in: db)
            )
        }
        let language = site.strings.supported(context.visitor.language)
        let page = WorkSettingsPage(
            path: WorkPaths.settings(), languages: Languages.choices(in: language, selected: known),
            columns: FilterStore.ListSettings.columns.map {
                Choice($0, Phrase("column-\($0)"), isSelected: list.columns.contains($0))
            },
            sorts: TicketSort.allCases.map {
                Choice($0.rawValue, Phrase("sort-\($0.rawValue)"), isSelected: $0 == list.sort)
            },
            filters: saved.map { SavedFilterLine($0, viewer, current: nil) })
        let isSaved = request.uri.queryParameters["notice"] == "saved"
        return site.page(
            page, for: context.visitor, notices: isSaved ? [Frame.Notice(.done, Phrase("notice-changed"))] : [])
    }

    @Sendable private func setSettings(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let languages = form.all("language").filter { Languages.codes.contains($0) }
        var settings = FilterStore.ListSettings()
        settings.columns = Set(form.all("column"))
        settings.sort = TicketSort(rawValue: form["sort"]) ?? .updated
        let chosen = settings
        try await desk.database.write { [desk] db in
            try desk.filters.setLanguages(languages, of: context.viewer.memberID, in: db)
            try desk.filters.setListSettings(chosen, of: context.viewer.memberID, in: db)
        }
        return site.redirect(WorkPaths.settings() + "?notice=saved")
    }

    /// Words that go on from what was typed, as JSON: `[{"value": "queue:info", "name": "…"}]`.
    @Sendable private func complete(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let word = request.uri.queryParameters["word"].map(String.init) ?? ""
        let language = site.strings.supported(context.visitor.language)
        let translate = site.strings.translate(language)
        let found = try await desk.database.read { [desk] db in
            try Completing(desk: desk, viewer: context.viewer, language: language).words(after: word, in: db)
        }
        let items = found.map { value, name in
            JSONText.object([
                ("value", JSONText.quote(value)), ("name", JSONText.quote(name.map { $0.text(translate) })),
            ])
        }
        return APIRoutes.json(JSONText.array(items))
    }
}
