import Base
import Hummingbird
import Storage
import Web

/// The page of notices, how one wants to be told, following.
package struct NoticeRoutes: Sendable {
    private static let pageLength = 50

    private let desk: Desk
    private let site: Site
    private let notices: NoticeStore

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
        notices = NoticeStore(ids: desk.ids)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(NoticePaths.list.route, use: list)
        signedIn.post(NoticePaths.reading.route, use: readAll)
        signedIn.get(NoticePaths.settings.route, use: showSettings)
        signedIn.post(NoticePaths.settings.route, use: saveSettings)
        signedIn.get(NoticePaths.open.route, use: open)
        signedIn.post(NoticePaths.following.route) { try await follow($0, $1, isOn: true) }
        signedIn.post(NoticePaths.unfollowing.route) { try await follow($0, $1, isOn: false) }
    }

    // MARK: - List

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let before = request.uri.queryParameters["before"].flatMap { ID(String($0)) }
        let lines = try await desk.database.read { [notices] db in
            try notices.page(before: before, visibleTo: context.viewer, limit: Self.pageLength + 1, in: db)
        }
        let signs = Signs(
            language: site.strings.supported(context.visitor.language), zone: desk.zone, now: desk.clock.now())
        let shown = lines.prefix(Self.pageLength)
        let older = lines.count > Self.pageLength ? shown.last?.notice.id : nil
        let page = NoticeListPage(
            lines: shown.map { line($0, signs) },
            olderPath: older.map { NoticePaths.list(query: [("before", String($0))]) },
            settingsPath: NoticePaths.settings(),
            markAll: shown.contains { !$0.notice.isRead } ? Action(NoticePaths.reading()) : nil)
        return site.page(page, for: context.visitor)
    }

    private func line(_ line: NoticeStore.Line, _ signs: Signs) -> NoticeLine {
        let notice = line.notice
        let isNamed = line.actor != nil && notice.ticket != nil
        let key = "notice-" + notice.wording + (isNamed ? "-by" : "")
        return NoticeLine(
            text: line.actor.map { Phrase(key, .text($0)) } ?? Phrase(key), path: NoticePaths.open(notice.id),
            number: line.number.orNil, subject: line.subject, language: signs.language(line.language),
            moment: signs.moment(notice.at), isUnread: !notice.isRead)
    }

    /// Goes on to the ticket and marks the notice as read.
    @Sendable private func open(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let now = desk.clock.now()
        let notice = try await desk.database.read { [notices] db in
            try notices.require(id, visibleTo: context.viewer, in: db)
        }
        if !notice.isRead {
            try await desk.database.write { [notices] db in
                try notices.markRead(id, of: context.viewer.memberID, at: now, in: db)
            }
        }
        guard let ticket = notice.ticket else { return site.redirect(notice.path) }
        if [.review, .reviewed, .released].contains(notice.kind), let review = notice.message {
            return site.redirect(ReviewPaths.show(review))
        }
        if notice.kind == .incident, let incident = notice.message {
            return site.redirect(IncidentPaths.show(incident))
        }
        let anchor = notice.message.map { "#m\($0)" } ?? ""
        return site.redirect(TicketPaths.show(ticket) + anchor)
    }

    @Sendable private func readAll(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        try await desk.database.write { [notices] db in
            try notices.markAllRead(of: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(NoticePaths.list())
    }

    // MARK: - Settings

    @Sendable private func showSettings(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let setting = try await desk.database.read { [notices] db in
            try notices.setting(of: context.viewer.memberID, in: db)
        }
        let kinds = NoticeKind.allCases.map { kind in
            NoticeKindChoice(
                field: "way-\(kind.rawValue)", name: Phrase("notice-kind-\(kind.rawValue)"),
                ways: NoticeWay.allCases.map {
                    Choice($0.rawValue, Phrase("notice-way-\($0.rawValue)"), isSelected: setting.way(kind) == $0)
                })
        }
        let hours = (0...23).map { hour in
            let text = (hour < 10 ? "0" : "") + "\(hour):00"
            return Choice(String(hour), .verbatim(text), isSelected: hour == setting.digestHour)
        }
        let page = NoticeSettingsPage(
            path: NoticePaths.settings(), listPath: NoticePaths.list(), kinds: kinds, hours: hours,
            hidesReading: setting.hidesReading)
        let isSaved = request.uri.queryParameters["notice"] == "saved"
        return site.page(
            page, for: context.visitor,
            notices: isSaved ? [Frame.Notice(.done, Phrase("notice-settings-saved"))] : [])
    }

    @Sendable private func saveSettings(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        guard let hour = Int(form["hour"]), (0...23).contains(hour) else { throw Failure(.invalid, "error-invalid") }
        var ways: [NoticeKind: NoticeWay] = [:]
        for kind in NoticeKind.allCases {
            guard let way = NoticeWay(rawValue: form["way-\(kind.rawValue)"]) else {
                throw Failure(.invalid, "error-invalid")
            }
            ways[kind] = way
        }
        let setting = NoticeSetting(ways: ways, digestHour: hour, hidesReading: form.has("hides-reading"))
        let now = desk.clock.now()
        try await desk.database.write { [desk, notices] db in
            let me = context.viewer.memberID
            try notices.set(setting, of: me, in: db)
            try desk.stores.events.add(Event("notices-changed", actor: me, subject: me), at: now, in: db)
        }
        return site.redirect(NoticePaths.settings() + "?notice=saved")
    }

    // MARK: - Following

    private func follow(
        _ request: Request, _ context: SignedInContext, isOn: Bool
    ) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let me = context.viewer.memberID
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            try FollowStore().set(isOn, ticket: ticket.id, member: me, at: now, in: db)
            let kind = isOn ? "ticket-followed" : "ticket-unfollowed"
            try desk.stores.events.add(Event(kind, actor: me, queue: ticket.queue, ticket: id), at: now, in: db)
        }
        return site.redirect(TicketPaths.show(id) + "?notice=changed")
    }
}
