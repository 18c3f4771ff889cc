import Base
import HTTPTypes
import Hummingbird
import Mail
import Storage
import Web

/// Drafts by their id: a colleague's, a forwarded mail, the preview.
package struct DraftRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let pages: WritingPages

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
        pages = WritingPages(desk: desk, site: site)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(DraftPaths.show.route, use: show)
        signedIn.get(DraftPaths.shown.route) { _, context in try await preview(context, problem: nil) }
        signedIn.get(DraftPaths.html.route, use: html)
        signedIn.get(DraftPaths.file.route, use: file)
        signedIn.post(DraftPaths.sending.route, use: send)
        signedIn.post(DraftPaths.takingOver.route, use: takeOver)
        signedIn.post(DraftPaths.unscheduling.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let draft = try await desk.later.cancel(draft: try context.requireID(), by: context.viewer)
            return site.redirect(TicketPaths.show(draft.ticket) + "?notice=unscheduled")
        }
    }

    private func read(_ context: SignedInContext) async throws -> (Draft, TicketView) {
        let id = try context.requireID()
        let found = try await desk.database.read { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: context.viewer, in: db)
            return (draft, try TicketView.read(draft.ticket, desk, context.viewer, in: db))
        }
        try await desk.noteOpened(.ticket, of: [found.0.ticket], subject: id, by: context.viewer)
        return found
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (draft, view) = try await read(context)
        guard context.viewer.may(.draft, queue: view.ticket.queue) else { throw Failure(.notFound, "error-not-found") }
        let known = ["draft-saved", "scheduled", "unscheduled", "forward-begun", "taken-over", "review-submitted"]
        let notice = request.uri.queryParameters["notice"].map(String.init).flatMap { known.contains($0) ? $0 : nil }
        return try await pages.show(
            draft, view, context, notices: notice.map { [Frame.Notice(.done, Phrase("notice-\($0)"))] } ?? [])
    }

    private func preview(_ context: SignedInContext, problem: Failure?) async throws -> Response {
        let (draft, view) = try await read(context)
        let (files, check) = try await desk.database.read { [desk] db in
            (
                try desk.drafts.files(of: draft.id, in: db),
                try DraftCheckView.read(draft, ticket: view.ticket, desk, context.viewer, in: db)
            )
        }
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        let back = pages.path(of: draft, context.viewer) + "#answer"
        var page = DraftPreviewPage(
            ticket: Link(.verbatim("#" + view.ticket.number), TicketPaths.show(view.ticket.id)),
            from: draft.content.from.isEmpty ? view.queue.address ?? "" : draft.content.from,
            to: draft.to.joined(separator: ", "), cc: draft.cc.joined(separator: ", "), subject: draft.subject,
            files: files.map {
                AttachmentLine(
                    name: $0.filename, size: signs.size($0.size), kind: signs.kind($0.contentType),
                    path: DraftPaths.file($0.id), previewPath: nil, remove: nil)
            }, framePath: DraftPaths.html(draft.id), backPath: back,
            sendPath: context.viewer.may(.send, queue: view.ticket.queue) ? DraftPaths.sending(draft.id) : nil,
            version: String(draft.version), problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        page.check = CheckBoxMaker(view: check).box(hintsPath: nil)
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    /// The body as it will be sent, in a document that may load nothing and run nothing.
    @Sendable private func html(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (ticket, body) = try await desk.database.read { [desk] db in
            (
                try desk.drafts.require(id, visibleTo: context.viewer, in: db).ticket,
                try desk.answering.preview(id, visibleTo: context.viewer, in: db)
            )
        }
        try await desk.noteOpened(.html, of: [ticket], subject: id, by: context.viewer)
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] =
            "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    @Sendable private func file(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (file, draft, bytes) = try await desk.database.read { [desk] db in
            let (file, draft) = try desk.drafts.requireFile(id, visibleTo: context.viewer, in: db)
            return (file, draft, try desk.drafts.bytes(of: file, in: db))
        }
        try await desk.noteOpened(.attachment, of: [draft.ticket], subject: id, by: context.viewer)
        return Response(
            status: .ok, headers: MessageRoutes.download(file.filename, type: file.contentType),
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Sends what was seen in the preview: a version that has changed since is not sent.
    @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (draft, _) = try await read(context)
        do {
            guard String(draft.version) == form["draft-version"] else { throw Failure(.conflict, "draft-collision") }
            try await desk.answering.excuse(draft.id, because: form.trimmed("because"), by: context.viewer)
            _ = try await desk.answering.send(draft: draft.id, by: context.viewer)
            return site.redirect(TicketPaths.show(draft.ticket) + "?notice=sent")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await preview(context, problem: failure)
        }
    }

    @Sendable private func takeOver(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        let draft = try await desk.database.write { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: context.viewer, in: db)
            let ticket = try desk.stores.tickets.require(draft.ticket, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            try desk.drafts.takeOver(draft, by: context.viewer.memberID, queue: ticket.queue, at: now, in: db)
            return try desk.drafts.require(id, visibleTo: context.viewer, in: db)
        }
        return site.redirect(pages.path(of: draft, context.viewer) + "?notice=taken-over#answer")
    }
}
