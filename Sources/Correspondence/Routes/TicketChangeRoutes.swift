import Base
import Foundation
import Hummingbird
import Storage
import Text
import Web

/// The small forms of a ticket's page. Each is a change that can be undone.
package struct TicketChangeRoutes: Sendable {
    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        addStates(to: group)
        addProperties(to: group)
        addLinks(to: group)
        group.post(WorkPaths.contact.route, use: setContact)
        group.post(WorkPaths.merging.route, use: merge)
        group.post(WorkPaths.unmerging.route, use: unmerge)
        group.get(WorkPaths.split.route) { request, context in
            try await showSplit(try context.requireID(), context, picked: [], subject: "", problem: nil)
        }
        group.post(WorkPaths.split.route, use: split)
    }

    private typealias Fill = @Sendable (Form, SignedInContext, inout TicketChange) throws -> Void

    /// A form of the ticket's page that fills in a change.
    private func post(_ path: PathPattern, _ group: RouterGroup<SignedInContext>, _ fill: @escaping Fill) {
        group.post(path.route) { request, context in try await change(request, context, fill) }
    }

    private func addStates(to group: RouterGroup<SignedInContext>) {
        post(TicketPaths.closure, group) { form, _, change in
            change.state = TicketState.closed.rawValue
            change.outcome = form["value"]
        }
        post(TicketPaths.reopening, group) { _, _, change in change.state = TicketState.open.rawValue }
        post(TicketPaths.state, group) { form, _, change in change.setState(form["value"]) }
        post(WorkPaths.snooze, group) { [desk] form, context, change in
            change.state = TicketState.waiting.rawValue
            change.until = try desk.snoozing(in: context.visitor.zone).time(
                choice: form["value"], date: form.trimmed("date"), now: desk.clock.now())
        }
    }

    private func addProperties(to group: RouterGroup<SignedInContext>) {
        post(TicketPaths.taking, group) { _, context, change in change.owner = String(context.viewer.memberID) }
        post(TicketPaths.owner, group) { form, context, change in
            change.owner = form["value"] == "me" ? String(context.viewer.memberID) : form["value"]
        }
        post(TicketPaths.queue, group) { form, _, change in change.queue = ID(form["value"]) ?? 0 }
        post(TicketPaths.priority, group) { form, _, change in change.priority = Int(form["value"]) ?? 0 }
        post(TicketPaths.tags, group) { form, _, change in
            change.tags = form["value"].split(separator: ",").map { TicketStore.cleanTag(String($0)) }
                .filter { !$0.isEmpty }
        }
        post(WorkPaths.subject, group) { form, _, change in change.subject = form.trimmed("value") }
        post(WorkPaths.language, group) { form, _, change in change.language = form.trimmed("value") }
    }

    /// One small form: done and recorded in a transaction, then the page again with a way to undo it.
    private func change(
        _ request: Request, _ context: SignedInContext, _ fill: @escaping Fill
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        var change = TicketChange()
        try fill(form, context, &change)
        return try await apply(change, to: id, context)
    }

    private func apply(_ change: TicketChange, to id: ID, _ context: SignedInContext) async throws -> Response {
        let record = try await desk.bulking.changeOne(
            id, change, back: TicketPaths.show(id), by: context.viewer)
        let query = [("change", record.map { String($0) } ?? "")]
        if let queue = change.queue, !context.viewer.may(.see, queue: queue) {
            // Handed over to where one cannot look: the list is all that is left.
            return site.redirect(TicketPaths.list(query: query))
        }
        let shown = change.mergeInto ?? id
        let address = TicketPaths.show(shown)
        return site.redirect(record == nil ? address : "\(address)?change=\(query[0].1)")
    }

    @Sendable private func setContact(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let address = form.trimmed("value")
        let now = desk.clock.now()
        guard address.isEmpty || EmailAddress.isPlausible(address) else {
            throw Failure(.invalid, "draft-recipient-invalid", arguments: [address])
        }
        let contact = try await desk.database.write { [desk] db -> ID in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            if address.isEmpty { return 0 }
            return try desk.stores.contacts.matchSender(address: address, name: "", at: now, in: db).id
        }
        var change = TicketChange()
        change.contact = contact
        return try await apply(change, to: id, context)
    }

    // MARK: - Joining and splitting

    @Sendable private func merge(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let target = try await desk.database.read { [desk] db in
            try desk.find(number: form.trimmed("value"), visibleTo: context.viewer, in: db).id
        }
        guard target != id else { throw Failure(.invalid, "merge-itself") }
        var change = TicketChange()
        change.mergeInto = target
        return try await apply(change, to: id, context)
    }

    @Sendable private func unmerge(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.undoMerge(try context.requireID("merge"), of: id, by: context.viewer)
        return site.redirect(TicketPaths.show(id) + "?notice=changed")
    }

    private func showSplit(
        _ id: ID, _ context: SignedInContext, picked: [ID], subject: String, problem: Failure?
    ) async throws -> Response {
        let (ticket, messages) = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            return (ticket, try desk.stores.messages.ofTicket(id, in: db))
        }
        try await desk.noteOpened(.ticket, of: [id], by: context.viewer)
        let signs = Signs(
            language: site.strings.supported(context.visitor.language),
            zone: TimeZone(identifier: context.visitor.zone) ?? desk.zone, now: desk.clock.now())
        let page = SplitPage(
            path: WorkPaths.split(id), cancelPath: TicketPaths.show(id), number: ticket.number,
            messages: messages.map { message in
                let words = message.newText.split(whereSeparator: \.isWhitespace).prefix(40).joined(separator: " ")
                return SplitLine(
                    value: String(message.id),
                    sender: message.fromName.isEmpty ? message.fromAddress : message.fromName,
                    start: String(words.prefix(200)), moment: signs.moment(message.sentAt),
                    isPicked: picked.contains(message.id))
            },
            subject: subject, problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func split(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let picked = form.all("message").compactMap { ID($0) }
        let subject = form.trimmed("subject")
        do {
            let made = try await desk.split(picked, off: id, subject: subject, by: context.viewer)
            return site.redirect(TicketPaths.show(made.ticket) + "?change=\(made.change)")
        } catch let failure as Failure where failure.code == .invalid {
            return try await showSplit(id, context, picked: picked, subject: subject, problem: failure)
        }
    }

    // MARK: - Links

    private func addLinks(to group: RouterGroup<SignedInContext>) {
        group.post(WorkPaths.links.route) { request, context in
            try await link(request, context) { [desk] form, ticket, now, db in
                let (me, value) = (context.viewer.memberID, form.trimmed("value"))
                if value.contains("://") {
                    try desk.links.add(url: value, name: form.trimmed("name"), to: ticket, actor: me, at: now, in: db)
                    return
                }
                let other = try desk.find(number: value, visibleTo: context.viewer, in: db)
                let kind = TicketLink.Kind(rawValue: form["kind"]) ?? .related
                try desk.links.add(
                    kind == .address ? .related : kind, from: ticket, to: other, actor: me, at: now, in: db)
            }
        }
        group.post(WorkPaths.unlinking.route) { request, context in
            let link = try context.requireID("link")
            return try await self.link(request, context) { [desk] _, ticket, now, db in
                try desk.links.remove(link, from: ticket, actor: context.viewer.memberID, at: now, in: db)
            }
        }
    }

    private func link(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (Form, Ticket, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            try body(form, ticket, now, db)
        }
        return site.redirect(TicketPaths.show(id) + "?notice=changed")
    }
}

extension TicketChange {
    /// A state as forms name it: `open`, `closed:successful`.
    mutating func setState(_ text: String) {
        let parts = text.split(separator: ":").map(String.init)
        state = parts.first ?? ""
        if parts.count == 2 { outcome = parts[1] }
    }
}
