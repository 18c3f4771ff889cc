import Base
import Hummingbird
import Storage
import Web

/// Drafts, sending, notes.
package struct ReplyRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let tickets: TicketRoutes

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
        tickets = TicketRoutes(desk: desk, site: site)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.post(TicketPaths.draft.route) { request, context in
            let seen = try await save(request, context).seenVersion
            if request.headers[.accept] == "application/json" {
                // The page saves by itself while somebody types.
                return Response(
                    status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
                    body: .init(byteBuffer: ByteBuffer(string: "{\"version\":\"\(seen)\"}")))
            }
            return site.redirect(TicketPaths.show(try context.requireID()) + "?notice=draft-saved#answer")
        }
        signedIn.post(TicketPaths.attaching.route) { request, context in
            try await save(request, context)
            return site.redirect(TicketPaths.show(try context.requireID()) + "?notice=draft-saved#answer")
        }
        signedIn.post(TicketPaths.sending.route, use: send)
        signedIn.post(TicketPaths.discarding.route, use: discard)
        signedIn.post(TicketPaths.notes.route, use: addNote)
        signedIn.post(MessagePaths.undo.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let ticket = try await desk.answering.undo(message: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=undone#answer")
        }
        signedIn.post(MessagePaths.resending.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let ticket = try await desk.answering.resend(message: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=sent")
        }
        signedIn.post(MessagePaths.settling.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let ticket = try await desk.answering.settle(message: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=changed")
        }
    }

    private static func content(_ form: Form) -> Draft.Content {
        Draft.Content(
            to: Draft.addresses(in: form["to"]), cc: Draft.addresses(in: form["cc"]), subject: form.trimmed("subject"),
            text: form["text"])
    }

    /// Keeps what was written, right or wrong, with new files.
    @discardableResult private func save(_ request: Request, _ context: SignedInContext) async throws -> Draft {
        let form = try await site.form(request, of: context.visitor)
        let content = Self.content(form)
        let id = try context.requireID()
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, for: .draft, visibleTo: context.viewer, in: db)
            let seen = Int64(form["version"]) ?? ticket.version
            let draft = try desk.drafts.save(
                content, ticket: ticket, author: context.viewer.memberID, seenVersion: seen, at: now, in: db)
            for file in form.files where file.name == "attachment" {
                try desk.drafts.addFile(
                    filename: file.filename, contentType: file.contentType, bytes: file.bytes, to: draft.id, in: db)
            }
            return draft
        }
    }

    @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let draft = try await save(request, context)
        let content = Draft.Content(to: draft.to, cc: draft.cc, subject: draft.subject, text: draft.text)
        let id = try context.requireID()
        do {
            _ = try await desk.answering.send(ticket: id, by: context.viewer)
            return site.redirect(TicketPaths.show(id) + "?notice=sent")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            let view = try await desk.database.read { [desk] db in try TicketView.read(id, desk, context.viewer, in: db)
            }
            var maker = TicketPageMaker(view: view, viewer: context.viewer, signs: tickets.signs(context))
            maker.entered = (content, Phrase(failure.messageKey, texts: failure.arguments))
            return site.page(maker.page(), for: context.visitor, status: failure.status)
        }
    }

    @Sendable private func discard(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.database.write { [desk] db in
            _ = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            if let draft = try desk.drafts.find(ticket: id, author: context.viewer.memberID, in: db) {
                try desk.drafts.delete(draft.id, in: db)
            }
        }
        return site.redirect(TicketPaths.show(id) + "?notice=draft-discarded")
    }

    @Sendable private func addNote(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        do {
            try await desk.database.write { [desk] db in
                let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
                _ = try desk.noting.add(
                    form["text"], to: ticket, by: context.viewer, name: context.visitor.name, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid || failure.code == .tooLarge {
            let view = try await desk.database.read { [desk] db in try TicketView.read(id, desk, context.viewer, in: db)
            }
            var maker = TicketPageMaker(view: view, viewer: context.viewer, signs: tickets.signs(context))
            maker.note = Field(form["text"], problem: Phrase(failure.messageKey))
            return site.page(maker.page(), for: context.visitor, status: failure.status)
        }
        return site.redirect(TicketPaths.show(id) + "?notice=note-saved")
    }
}
