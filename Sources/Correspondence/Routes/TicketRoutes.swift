import Base
import Foundation
import Hummingbird
import People
import Storage
import Text
import Web

/// Lists, tickets and what is changed on them.
package struct TicketRoutes: Sendable {
    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(TicketPaths.list.route, use: list)
        signedIn.get(SitePaths.search.route, use: search)
        signedIn.get(TicketPaths.show.route, use: show)
        addChanges(to: signedIn)
    }

    private func addChanges(to group: RouterGroup<SignedInContext>) {
        group.post(TicketPaths.joining.route, use: join)
        group.post(TicketPaths.admission.route, use: admit)
    }

    /// One small form of the ticket's page: done in a transaction, then the page again.
    private func change(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (Ticket, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, for: .note, visibleTo: context.viewer, in: db)
            try body(ticket, form, now, db)
        }
        return site.redirect(TicketPaths.show(id) + "?notice=changed")
    }

    @Sendable private func join(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let (id, candidate) = (try context.requireID(), try context.requireID("candidate"))
        var change = TicketChange()
        change.mergeInto = candidate
        let record = try await desk.bulking.changeOne(id, change, back: TicketPaths.show(id), by: context.viewer)
        let query = [("change", record.map { String($0) } ?? "")]
        return site.redirect(TicketPaths.show(candidate) + "?\(query[0].0)=\(query[0].1)")
    }

    @Sendable private func admit(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let position = Int(try context.requireID("position"))
        return try await change(request, context) { [desk] ticket, _, at, db in
            let people = try desk.stores.tickets.participants(of: ticket.id, in: db)
            guard people.indices.contains(position) else { throw Failure(.notFound, "error-not-found") }
            try desk.stores.tickets.admit(
                people[position].address, to: ticket, by: context.viewer, at: at, in: db)
        }
    }

    // MARK: - Ticket

    /// What the page of a ticket asks.
    private static let usual = Foresight()

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let viewer = context.viewer
        let (view, work) = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: viewer, in: db)
            let subjects = [id, ticket.queue] + (ticket.contact.map { [$0] } ?? [])
            try db.foresee(Self.usual, by: viewer.memberID, about: subjects)
            let view = try TicketView.read(id, desk, viewer, in: db)
            return (view, try TicketWorkView.read(view, request, desk, viewer, in: db))
        }
        if let target = view.ticket.mergedInto { return site.redirect(TicketPaths.show(target)) }
        try await desk.noteOpened(.ticket, of: [id], by: viewer)
        async let isMarked: Void = markRead(view, work, viewer)
        try await markNoticesRead(of: id, context)
        var maker = TicketPageMaker(view: view, viewer: viewer, signs: signs(context))
        maker.work = work
        maker.wantsAll = request.uri.queryParameters["all"] == "1"
        maker.quoted = request.uri.queryParameters["quote"].flatMap { ID($0) }
        let page = site.page(
            maker.page(), for: context.visitor,
            notices: work.notices + notices(request, view, context) + TriageRoutes.notices(request, ticket: id))
        try await isMarked
        return page
    }

    /// Read marks may be written when a page is shown; only when there is something new.
    private func markRead(_ view: TicketView, _ work: TicketWorkView, _ viewer: Viewer) async throws {
        let mark = ReadMarkStore.Mark(
            version: view.ticket.version, message: view.messages.map(\.id).max() ?? 0)
        guard mark != work.mark else { return }
        let now = desk.clock.now()
        try await markIfPossible { [desk] db in
            try desk.marks.set(mark, ticket: view.ticket.id, member: viewer.memberID, at: now, in: db)
        }
    }

    /// Marks are a comfort: a page is shown without them while the database takes nothing.
    private func markIfPossible(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws {
        do { try await desk.database.write(body) } catch let failure as Failure where failure.isTemporary {}
    }

    /// Whoever opens a ticket has heard what they were told of it.
    private func markNoticesRead(of ticket: ID, _ context: SignedInContext) async throws {
        guard context.visitor.bell?.count != nil else { return }
        let notices = NoticeStore(ids: desk.ids)
        let now = desk.clock.now()
        let me = context.viewer.memberID
        guard try await desk.database.read({ try notices.hasUnread(about: ticket, of: me, in: $0) }) else { return }
        try await markIfPossible { try notices.markAllRead(of: me, ticket: ticket, at: now, in: $0) }
    }

    private func notices(_ request: Request, _ view: TicketView, _ context: SignedInContext) -> [Frame.Notice] {
        let known = [
            "sent", "sent-theirs", "undone", "note-saved", "draft-saved", "draft-discarded", "joined", "changed",
            "added",
            "taken-over", "scheduled", "unscheduled", "call-noted", "redacted", "taken", "review-submitted",
            "review-withdrawn", "unblocked",
        ]
        guard let notice = request.uri.queryParameters["notice"].map(String.init), known.contains(notice) else {
            return []
        }
        guard notice == "sent" || notice == "sent-theirs" else {
            return [Frame.Notice(.done, Phrase("notice-\(notice)"))] + untold(request, view)
                + away(request, view, signs(context))
        }
        let now = desk.clock.now()
        let waiting = view.outbox.last { $0.state == .queued && $0.notBefore > now }?.message
        let undo = waiting.map { Frame.NoticeAction(Phrase("delivery-undo"), MessagePaths.undo($0)) }
        return [Frame.Notice(.done, Phrase("notice-\(notice)"), action: undo)]
    }

    /// Colleagues that a note named and who may not see the queue.
    private func untold(_ request: Request, _ view: TicketView) -> [Frame.Notice] {
        members("untold", request, view).map { Frame.Notice(.warning, Phrase("notice-untold", .text($0.name))) }
    }

    /// Colleagues that a note named and who will read it only when they are back.
    private func away(_ request: Request, _ view: TicketView, _ signs: Signs) -> [Frame.Notice] {
        members("away", request, view).compactMap { member in
            signs.away(member).map {
                Frame.Notice(.warning, Phrase("notice-named-away", .text(member.name), .text($0)))
            }
        }
    }

    private func members(_ field: String, _ request: Request, _ view: TicketView) -> [Member] {
        let ids = (request.uri.queryParameters[Substring(field)] ?? "").split(separator: ",").compactMap { ID($0) }
        return view.members.filter { ids.contains($0.id) }
    }

    func signs(_ context: SignedInContext) -> Signs {
        var signs = Signs(
            language: site.strings.supported(context.visitor.language),
            zone: TimeZone(identifier: context.visitor.zone) ?? desk.zone, now: desk.clock.now())
        signs.quotation = Quotation(zone: desk.zone) { [site] key, language, arguments in
            site.strings.translate(site.strings.supported(language))(key, arguments)
        }
        return signs
    }
}
