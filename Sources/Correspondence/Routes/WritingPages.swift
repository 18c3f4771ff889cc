import Base
import Hummingbird
import Storage
import Web

/// Pages a writer comes back to: the ticket with its composer, a draft alone, two texts side by side.
struct WritingPages: Sendable {
    let desk: Desk
    let site: Site

    private var tickets: TicketRoutes { TicketRoutes(desk: desk, site: site) }

    /// Where a draft is written: one's own answer below its ticket, all others alone.
    func path(of draft: Draft, _ viewer: Viewer) -> String {
        draft.kind == .answer && draft.author == viewer.memberID
            ? TicketPaths.show(draft.ticket) : DraftPaths.show(draft.id)
    }

    /// What was entered, with what is wrong; beside it what somebody else wrote meanwhile.
    func again(
        _ form: DraftForm, ticket id: ID, _ failure: Failure, _ context: SignedInContext, sendPath: String? = nil
    ) async throws -> Response {
        let problem = Phrase(failure.messageKey, texts: failure.arguments)
        let view = try await desk.database.read { [desk] db in try TicketView.read(id, desk, context.viewer, in: db) }
        let draft = Self.draft(of: form, view, context.viewer)
        if failure.messageKey == "draft-changed" || failure.messageKey == "draft-collision" {
            let page = SideBySideMaker(view: view, viewer: context.viewer, signs: tickets.signs(context)).page(
                form, draft, isCollision: failure.messageKey == "draft-collision", sendPath: sendPath)
            return site.page(page, for: context.visitor, status: failure.status)
        }
        if let draft, draft.kind == .forward || draft.author != context.viewer.memberID {
            return try await show(draft, view, entered: (form.content, problem), context, status: failure.status)
        }
        var maker = TicketPageMaker(view: view, viewer: context.viewer, signs: tickets.signs(context))
        maker.entered = (form.content, problem)
        maker.enteredTime = form.at
        return site.page(maker.page(), for: context.visitor, status: failure.status)
    }

    private static func draft(of form: DraftForm, _ view: TicketView, _ viewer: Viewer) -> Draft? {
        if let id = form.draft, let known = view.drafts.first(where: { $0.id == id }) { return known }
        return view.drafts.first { $0.author == viewer.memberID && $0.kind == form.kind }
    }

    func noteAgain(
        _ text: String, ticket id: ID, _ failure: Failure, _ context: SignedInContext
    ) async throws -> Response {
        let view = try await desk.database.read { [desk] db in try TicketView.read(id, desk, context.viewer, in: db) }
        var maker = TicketPageMaker(view: view, viewer: context.viewer, signs: tickets.signs(context))
        maker.note = Field(text, problem: Phrase(failure.messageKey, texts: failure.arguments))
        return site.page(maker.page(), for: context.visitor, status: failure.status)
    }

    /// A draft alone, below the last message.
    func show(
        _ draft: Draft, _ view: TicketView, entered: (content: Draft.Content, problem: Phrase)? = nil,
        _ context: SignedInContext, notices: [Frame.Notice] = [], status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (files, check) = try await desk.database.read { [desk] db in
            (
                try desk.drafts.files(of: draft.id, in: db),
                try DraftCheckView.read(draft, ticket: view.ticket, desk, context.viewer, in: db)
            )
        }
        let signs = tickets.signs(context)
        var maker = ComposerMaker(view: view, viewer: context.viewer, signs: signs, draft: draft, files: files)
        maker.entered = entered
        maker.check = check
        let thread = TicketPageMaker(view: view, viewer: context.viewer, signs: signs).page().thread
        let page = DraftPage(
            ticket: Link(.verbatim("#" + view.ticket.number), TicketPaths.show(view.ticket.id)),
            subject: view.ticket.subject, isForward: draft.kind == .forward,
            last: thread.last { $0.kind.rawValue == "message" }.map { [$0] } ?? [], composer: maker.composer)
        return site.page(page, for: context.visitor, notices: notices, status: status)
    }
}

/// Makes the page with two texts side by side.
struct SideBySideMaker: Sendable {
    let view: TicketView
    let viewer: Viewer
    let signs: Signs

    /// `isCollision`: somebody changed the same draft. Otherwise something arrived or was sent since the writer began.
    func page(_ form: DraftForm, _ draft: Draft?, isCollision: Bool, sendPath: String? = nil) -> SideBySidePage {
        let id = view.ticket.id
        var page = SideBySidePage(
            ticket: Link(.verbatim("#" + view.ticket.number), TicketPaths.show(id)), subject: view.ticket.subject,
            isCollision: isCollision, news: isCollision ? [] : news(since: form.seen ?? draft?.seenVersion ?? 0),
            theirs: nil, theirTitle: nil, language: view.ticket.language ?? "", text: form.content.text,
            savePath: TicketPaths.draft(id), sendPath: sendPath ?? TicketPaths.sending(id),
            isReview: sendPath == ReviewPaths.submission(id),
            keepPath: TicketPaths.show(id),
            fields: [])
        if isCollision, let draft {
            let name = view.members.first { $0.id == draft.savedBy ?? draft.author }?.name ?? ""
            page.theirs = TextBlock(.words, draft.text)
            page.theirTitle = Phrase("side-theirs", .text(name), .text(signs.moment(draft.updatedAt).exact))
            page.keepPath =
                draft.author == viewer.memberID && draft.kind == .answer
                ? TicketPaths.show(id) + "#answer" : DraftPaths.show(draft.id)
        }
        page.fields = fields(form, draft, isCollision: isCollision)
        return page
    }

    /// All but the text, as the form had it; the versions are the newest ones, for they have been read now.
    private func fields(_ form: DraftForm, _ draft: Draft?, isCollision: Bool) -> [HiddenField] {
        let content = form.content
        let seen = isCollision ? form.seen ?? draft?.seenVersion ?? view.ticket.version : view.ticket.version
        var fields = [
            HiddenField(name: "version", value: String(seen)),
            HiddenField(name: "draft", value: draft.map { String($0.id) } ?? ""),
            HiddenField(name: "draft-version", value: draft.map { String($0.version) } ?? ""),
            HiddenField(name: "kind", value: form.kind.rawValue), HiddenField(name: "from", value: content.from),
            HiddenField(name: "to", value: content.to.joined(separator: ", ")),
            HiddenField(name: "cc", value: content.cc.joined(separator: ", ")),
            HiddenField(name: "subject", value: content.subject),
            HiddenField(name: "then", value: content.then.rawValue), HiddenField(name: "signature-shown", value: "1"),
        ]
        if content.hasSignature { fields.append(HiddenField(name: "signature", value: "1")) }
        return fields
    }

    /// The messages that moved the ticket's version on, oldest first.
    private func news(since version: Int64) -> [ThreadItem] {
        let count = max(1, Int(view.ticket.version - version))
        let newest = view.messages.filter { $0.direction != .note }.sorted { $0.createdAt < $1.createdAt }.suffix(count)
        let anchors = Set(newest.map { "m\($0.id)" })
        return TicketPageMaker(view: view, viewer: viewer, signs: signs).page().thread.filter {
            anchors.contains($0.anchor)
        }
    }
}
