import Base
import HTTPTypes
import Hummingbird
import People
import Storage
import Web

/// One text: reading, printing, its file, publishing and putting away.
package struct TextRoutes: Sendable {
    private let library: Library

    private static let usual = Foresight()

    package init(_ library: Library) { self.library = library }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(KnowledgePaths.show.route, use: show)
        signedIn.get(KnowledgePaths.print.route, use: print)
        signedIn.get(KnowledgePaths.wikitext.route, use: wikitext)
        signedIn.get(KnowledgePaths.file.route, use: file)
        signedIn.post(KnowledgePaths.publication.route) { request, context in
            try await change(request, context) { text, form, now, db in
                let moment = form.trimmed("at")
                let at = try moment.isEmpty ? nil : FormMoment.require(moment, zone: library.zone(of: context))
                // A wrong year must not show the text to everybody now.
                if let at, at <= now { throw Failure(.invalid, "knowledge-publish-past") }
                try library.store.publish(text, from: at, by: context.viewer.memberID, at: now, in: db)
            }
        }
        signedIn.post(KnowledgePaths.withdrawal.route) { request, context in
            try await change(request, context) { text, _, now, db in
                try library.store.withdraw(text, by: context.viewer.memberID, at: now, in: db)
            }
        }
        signedIn.post(KnowledgePaths.archiving.route) { request, context in
            try await change(request, context, notice: "archived") { text, _, now, db in
                try library.store.archive(text, by: context.viewer.memberID, at: now, in: db)
            }
        }
        signedIn.post(KnowledgePaths.looking.route) { request, context in
            try await change(request, context) { text, form, now, db in
                let day = form.trimmed("next")
                let next = Placeholder.day(day)
                guard day.isEmpty || next != nil else {
                    throw Failure(.invalid, "knowledge-day-wrong", arguments: [String(day.prefix(40))])
                }
                try library.store.noteReviewed(text, next: next, by: context.viewer.memberID, at: now, in: db)
            }
        }
    }

    /// Reads a text for the viewer; a confidential one leaves a trace.
    private func read(_ context: SignedInContext) async throws -> KnowledgeText {
        let id = try context.requireID()
        let now = library.clock.now()
        let text = try await library.database.read { [store = library.store] db in
            try store.require(id, visibleTo: context.viewer, in: db)
        }
        if text.audience == .confidential {
            try await library.database.write { [store = library.store] db in
                try store.noteOpened(text, by: context.viewer, at: now, in: db)
            }
        }
        return text
    }

    private func maker(_ request: Request, _ context: SignedInContext) -> TextPageMaker {
        TextPageMaker(
            library: library, signs: library.signs(context), viewer: context.viewer,
            language: library.language(request, context))
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await show(request, context, problem: nil)
    }

    private func show(_ request: Request, _ context: SignedInContext, problem: Failure?) async throws -> Response {
        let text = try await read(context)
        let maker = maker(request, context)
        let page = try await library.database.read { db in
            try db.foresee(Self.usual, by: context.viewer.memberID, about: [text.id])
            return try maker.page(text, in: db)
        }
        var notices = TextNotices.of(request, text: text.id)
        if let problem { notices.append(Frame.Notice(.error, Phrase(problem.messageKey, texts: problem.arguments))) }
        return library.site.page(page, for: context.visitor, notices: notices, status: problem?.status ?? .ok)
    }

    @Sendable private func print(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = try await read(context)
        let maker = maker(request, context)
        let page = try await library.database.read { try maker.printPage(text, in: $0) }
        return library.site.page(page, for: context.visitor)
    }

    @Sendable private func wikitext(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = try await read(context)
        let language = library.language(request, context)
        let rendered = try await library.database.read { [store = library.store] db in
            try store.rendered(text, in: language, in: db)
        }
        let content = Wikitext.of(rendered)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: content)))
    }

    @Sendable private func file(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let text = try await read(context)
        guard let raw = text.raw else { throw Failure(.notFound, "error-not-found") }
        let bytes = try await library.database.read { [raws = library.store.raws] db in
            try raws.bytes(of: raw, in: db)
        }
        return Response(
            status: .ok,
            headers: Self.download(text.fields["filename"] ?? text.slug, type: text.fields["content-type"] ?? ""),
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// To save, never to be shown as ours (RFC 6266, with the name in RFC 8187 form).
    package static func download(_ filename: String, type: String) -> HTTPFields {
        var headers = HTTPFields()
        let isShown = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"].contains(type)
        headers[.contentType] = isShown ? type : "application/octet-stream"
        headers[.contentDisposition] = AttachmentHeader.value(filename)
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return headers
    }

    private func change(
        _ request: Request, _ context: SignedInContext, notice: String = "changed",
        _ body: @escaping @Sendable (KnowledgeText, Form, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let form = try await library.site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = library.clock.now()
        do {
            try await library.database.write { [store = library.store] db in
                try body(try store.requireChangeable(id, by: context.viewer, in: db), form, now, db)
            }
        } catch let failure as Failure where failure.messageKey.hasPrefix("knowledge-") {
            return try await show(request, context, problem: failure)
        }
        return library.site.redirect(KnowledgePaths.show(id) + "?notice=\(notice)")
    }
}

/// What just happened to a text, said on the next page.
enum TextNotices {
    static func of(_ request: Request, text: ID) -> [Frame.Notice] {
        switch request.uri.queryParameters["notice"].map({ String($0) }) {
        case "saved": [Frame.Notice(.done, Phrase("knowledge-notice-saved"))]
        case "changed": [Frame.Notice(.done, Phrase("knowledge-notice-changed"))]
        case "archived":
            [
                Frame.Notice(
                    .done, Phrase("knowledge-notice-archived"),
                    action: Frame.NoticeAction(Phrase("knowledge-bring-back"), KnowledgePaths.withdrawal(text)))
            ]
        case "proposed": [Frame.Notice(.done, Phrase("knowledge-notice-proposed"))]
        case "planned": [Frame.Notice(.done, Phrase("knowledge-notice-planned"))]
        default: []
        }
    }
}
