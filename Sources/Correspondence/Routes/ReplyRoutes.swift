import Base
import HTTPTypes
import Hummingbird
import Mail
import People
import Storage
import Web

/// The composer's buttons: saving, sending, files, discarding; notes; taking back.
package struct ReplyRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let pages: WritingPages

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
        pages = WritingPages(desk: desk, site: site)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.post(TicketPaths.draft.route, use: save)
        signedIn.post(TicketPaths.attaching.route) { request, context in
            try await saving(request, context) { draft in
                pages.path(of: draft, context.viewer) + "?notice=draft-saved#answer"
            }
        }
        signedIn.post(DraftPaths.removing.route, use: removeFile)
        signedIn.post(DraftPaths.preview.route) { request, context in
            try await saving(request, context) { DraftPaths.shown($0.id) }
        }
        signedIn.post(DraftPaths.schedule.route, use: schedule)
        signedIn.post(DraftPaths.unschedule.route) { request, context in
            try await saving(request, context) { draft in
                _ = try await desk.later.cancel(draft: draft.id, by: context.viewer)
                return pages.path(of: draft, context.viewer) + "?notice=unscheduled#answer"
            }
        }
        signedIn.post(TicketPaths.sending.route, use: send)
        signedIn.post(TicketPaths.discarding.route, use: discard)
        signedIn.post(TicketPaths.notes.route, use: addNote)
        addAfterSending(to: signedIn)
    }

    private func addAfterSending(to group: RouterGroup<SignedInContext>) {
        group.post(MessagePaths.undo.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let ticket = try await desk.answering.undo(message: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=undone#answer")
        }
        group.post(MessagePaths.resending.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let ticket = try await desk.answering.resend(message: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=sent")
        }
        group.post(MessagePaths.settling.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let ticket = try await desk.answering.settle(message: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=changed")
        }
    }

    /// Saves, then goes where `next` says; what is refused comes back with the words that were entered.
    private func saving(
        _ request: Request, _ context: SignedInContext, _ next: (Draft) async throws -> String
    ) async throws -> Response {
        let form = DraftForm(try await site.form(request, of: context.visitor))
        let ticket = try context.requireID()
        do {
            let draft = try await form.save(ticket, desk, by: context.viewer)
            try await desk.answering.lookAtLinks(of: draft)
            return site.redirect(try await next(draft))
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(form, ticket: ticket, failure, context)
        }
    }

    /// By the button, or by the page itself while somebody types; that one wants JSON.
    @Sendable private func save(_ request: Request, _ context: SignedInContext) async throws -> Response {
        guard request.headers[.accept] == "application/json" else {
            return try await saving(request, context) {
                pages.path(of: $0, context.viewer) + "?notice=draft-saved#answer"
            }
        }
        let form = DraftForm(try await site.form(request, of: context.visitor))
        do {
            let draft = try await form.save(try context.requireID(), desk, by: context.viewer)
            return Self.json(
                "{\"version\":\"\(draft.seenVersion)\",\"draft\":\"\(draft.id)\",\"draftVersion\":\"\(draft.version)\"}"
            )
        } catch let failure as Failure where failure.messageKey == "draft-collision" {
            return Self.json("{\"collision\":true}", status: .conflict)
        }
    }

    private static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    @Sendable private func removeFile(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID("file")
        return try await saving(request, context) { draft in
            try await desk.database.write { [desk] db in
                let (file, owner) = try desk.drafts.requireFile(id, visibleTo: context.viewer, in: db)
                guard owner.id == draft.id else { throw Failure(.notFound, "error-not-found") }
                try desk.drafts.removeFile(file, in: db)
                try desk.drafts.noteFiles(
                    of: draft.id, by: context.viewer.memberID, at: desk.clock.now(), in: db)
            }
            return pages.path(of: draft, context.viewer) + "?notice=draft-saved#answer"
        }
    }

    @Sendable private func schedule(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = DraftForm(try await site.form(request, of: context.visitor))
        let ticket = try context.requireID()
        let zone = TicketRoutes(desk: desk, site: site).signs(context).zone
        do {
            let draft = try await form.save(ticket, desk, by: context.viewer)
            guard let at = LocalTime.parse(form.at, zone: zone) else { throw Failure(.invalid, "later-time-invalid") }
            try await desk.answering.excuse(draft.id, because: form.because, by: context.viewer)
            try await desk.later.schedule(draft: draft.id, at: at, by: context.viewer)
            return site.redirect(pages.path(of: draft, context.viewer) + "?notice=scheduled#answer")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(form, ticket: ticket, failure, context)
        }
    }

    @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = DraftForm(try await site.form(request, of: context.visitor))
        let ticket = try context.requireID()
        do {
            let draft = try await form.save(ticket, desk, by: context.viewer)
            try await desk.answering.excuse(draft.id, because: form.because, by: context.viewer)
            _ = try await desk.answering.send(draft: draft.id, by: context.viewer)
            return site.redirect(TicketPaths.show(ticket) + "?notice=sent")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(form, ticket: ticket, failure, context)
        }
    }

    @Sendable private func discard(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = DraftForm(try await site.form(request, of: context.visitor))
        let id = try context.requireID()
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            let draft =
                try form.draft.map { try desk.drafts.require($0, visibleTo: context.viewer, in: db) }
                ?? desk.drafts.find(ticket: id, author: context.viewer.memberID, kind: form.kind, in: db)
            if let draft, draft.ticket == id { try desk.drafts.delete(draft.id, in: db) }
        }
        return site.redirect(TicketPaths.show(id) + "?notice=draft-discarded")
    }

    @Sendable private func addNote(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        let files = form.files.filter { $0.name == "attachment" }.map { file in
            let clean = DraftFile(filename: file.filename, contentType: file.contentType, bytes: file.bytes)
            return OutgoingAttachment(filename: clean.filename, contentType: clean.contentType, bytes: clean.bytes)
        }
        let (untold, away): ([ID], [ID])
        do {
            (untold, away) = try await desk.database.write { [desk] db in
                let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
                let note = try desk.noting.add(
                    form["text"], to: ticket, by: context.viewer, name: context.visitor.name, files: files, at: now,
                    in: db)
                let untold = try desk.mentioning.add(form["text"], message: note, queue: ticket.queue, in: db).map(\.id)
                let away = try desk.members.away(on: Member.day(at: now, in: desk.zone), in: db)
                return (untold, try desk.mentioning.mentioned(in: note, db).filter(away.contains))
            }
        } catch let failure as Failure where failure.code == .invalid || failure.code == .tooLarge {
            return try await pages.noteAgain(form["text"], ticket: id, failure, context)
        }
        let names = [("untold", untold), ("away", away)].filter { !$1.isEmpty }.map { name, ids in
            "&\(name)=" + ids.map { String($0) }.joined(separator: ",")
        }
        return site.redirect(TicketPaths.show(id) + "?notice=note-saved" + names.joined())
    }
}
