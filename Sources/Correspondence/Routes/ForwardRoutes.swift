import Base
import Hummingbird
import Storage
import Text
import Web

/// Sending a mail on: as part of a letter of ours, or as it came; copies of a message, and the ticket on paper.
package struct ForwardRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ForwardPaths.forwarding.route) { _, context in
            try await show(context, isRedirect: false, to: Field(), problem: nil)
        }
        signedIn.post(ForwardPaths.forwarding.route, use: forward)
        signedIn.get(ForwardPaths.redirecting.route) { _, context in
            try await show(context, isRedirect: true, to: Field(), problem: nil)
        }
        signedIn.post(ForwardPaths.redirecting.route, use: redirect)
        signedIn.get(ForwardPaths.copies.route, use: copies)
        signedIn.get(ForwardPaths.copy.route, use: copy)
        signedIn.get(ForwardPaths.print.route, use: printed)
    }

    private func signs(_ context: SignedInContext) -> Signs { TicketRoutes(desk: desk, site: site).signs(context) }

    /// The message with its ticket; only what came in or went out, never a note.
    private func read(_ context: SignedInContext) async throws -> (Message, TicketView) {
        let id = try context.requireID()
        let read = try await desk.database.read { [desk] db in
            let message = try desk.stores.messages.require(id, visibleTo: context.viewer, in: db)
            guard message.direction != .note else { throw Failure(.notFound, "error-not-found") }
            return (message, try TicketView.read(message.ticket, desk, context.viewer, in: db))
        }
        try await desk.noteOpened(.ticket, of: [read.0.ticket], subject: id, by: context.viewer)
        return read
    }

    private func show(
        _ context: SignedInContext, isRedirect: Bool, to: Field, problem: Failure?
    ) async throws -> Response {
        let (message, view) = try await read(context)
        let right: Right = isRedirect ? .send : .draft
        guard context.viewer.may(right, queue: view.ticket.queue) else { throw Failure(.notFound, "error-not-found") }
        let thread = TicketPageMaker(view: view, viewer: context.viewer, signs: signs(context)).page().thread
        let path = isRedirect ? ForwardPaths.redirecting(message.id) : ForwardPaths.forwarding(message.id)
        let page = ForwardPage(
            ticket: Link(.verbatim("#" + view.ticket.number), TicketPaths.show(view.ticket.id)),
            subject: view.ticket.subject, isRedirect: isRedirect, path: path, to: to,
            hasOriginal: message.raw != nil, message: thread.filter { $0.anchor == "m\(message.id)" },
            version: String(view.ticket.version),
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func forward(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (message, view) = try await read(context)
        let own = view.drafts.first { $0.author == context.viewer.memberID && $0.kind == .forward }
        if let own { return site.redirect(DraftPaths.show(own.id) + "?notice=forward-begun#answer") }
        let language = site.strings.supported(view.ticket.language ?? context.visitor.language)
        let draft = try await desk.forwarding.begin(
            message: message.id, form["manner"] == "inline" ? .inline : .attached,
            ForwardWords.make(site.strings, language),
            date: DateText.exact(message.sentAt, language: language, zone: desk.zone.identifier), by: context.viewer)
        return site.redirect(DraftPaths.show(draft) + "#answer")
    }

    @Sendable private func redirect(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (message, view) = try await read(context)
        do {
            _ = try await desk.redirecting.redirect(
                message: message.id, to: Draft.addresses(in: form["to"]), closes: form.has("close"),
                seen: Int64(form["version"]), by: context.viewer)
            return site.redirect(TicketPaths.show(view.ticket.id) + "?notice=sent")
        } catch let failure as Failure where [.invalid, .refused, .conflict].contains(failure.code) {
            return try await show(context, isRedirect: true, to: Field(form["to"]), problem: failure)
        }
    }

    // MARK: - Copies and paper

    @Sendable private func copies(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (message, view) = try await read(context)
        let arrived = try await desk.database.read { [desk] db in
            try desk.stores.deliveries.ofMessage(message.id, visibleTo: context.viewer, in: db)
        }
        let signs = signs(context)
        let page = CopiesPage(
            ticket: Link(.verbatim("#" + view.ticket.number), TicketPaths.show(view.ticket.id)),
            subject: message.subject,
            copies: arrived.map { copy in
                CopyLine(
                    moment: signs.moment(copy.receivedAt), recipient: copy.recipient, sender: copy.sender,
                    way: copy.source.rawValue, path: ForwardPaths.copy(copy.id))
            })
        return site.page(page, for: context.visitor)
    }

    @Sendable private func copy(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (raw, ticket) = try await desk.database.read { [desk] db in
            let raw = try desk.stores.deliveries.requireRaw(id, visibleTo: context.viewer, in: db)
            let ticket = try desk.stores.deliveries.ticket(of: id, in: db)
            if let ticket { try ChildSafety.requireOpen(ticket, to: context.viewer, in: db) }
            return (raw, ticket)
        }
        try await desk.noteOpened(.original, of: ticket.map { [$0] } ?? [], subject: id, by: context.viewer)
        return try await MessageRoutes.stream(raw, desk: desk, filename: "\(id).eml")
    }

    @Sendable private func printed(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let view = try await desk.database.read { [desk] db in try TicketView.read(id, desk, context.viewer, in: db) }
        try await desk.noteOpened(.ticket, of: [id], by: context.viewer)
        let withNotes = request.uri.queryParameters["notes"] == "1"
        let page = PrintMaker(view: view, viewer: context.viewer, signs: signs(context)).page(withNotes: withNotes)
        return site.page(page, for: context.visitor)
    }
}

/// The words above a mail that is forwarded in the text.
enum ForwardWords {
    static func make(_ strings: Strings, _ language: String) -> Forwarding.Words {
        let translate = strings.translate(language)
        return Forwarding.Words(
            title: translate("letter-forwarded", []), from: translate("letter-from", []),
            date: translate("letter-date", []), subject: translate("letter-subject", []),
            to: translate("letter-to", []))
    }
}
