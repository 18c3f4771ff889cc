import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// The room of reviews, and the steps of one.
package struct ReviewRoutes: Sendable {
    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    private var pages: WritingPages { WritingPages(desk: desk, site: site) }
    private func signs(_ context: SignedInContext) -> Signs { TicketRoutes(desk: desk, site: site).signs(context) }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ReviewPaths.list.route, use: list)
        LessonRoutes(desk: desk, site: site).add(to: signedIn)
        signedIn.get(ReviewPaths.show.route) { request, context in
            try await show(request, context, problem: nil)
        }
        signedIn.post(ReviewPaths.submission.route, use: submit)
        signedIn.post(ReviewPaths.approval.route) { request, context in
            try await decide(request, context) { id, number, form in
                if form.has("seen") {
                    try await desk.reviewing.settleSample(id, by: context.viewer)
                    return ReviewPaths.list() + "?notice=review-seen"
                }
                let message = try await desk.reviewing.approve(
                    id, number: number, sends: form.has("send"), by: context.viewer)
                return try await after(id, message)
            }
        }
        signedIn.post(ReviewPaths.release.route) { request, context in
            try await decide(request, context) { id, number, form in
                let message = try await desk.reviewing.release(
                    id, number: number, why: form["why"], sends: form.has("send"), by: context.viewer)
                return try await after(id, message)
            }
        }
        signedIn.post(ReviewPaths.returning.route) { request, context in
            try await decide(request, context) { id, number, form in
                try await desk.reviewing.giveBack(id, number: number, Self.remarks(form), by: context.viewer)
                return ReviewPaths.list() + "?notice=review-returned"
            }
        }
        signedIn.post(ReviewPaths.takingOver.route) { request, context in
            try await decide(request, context) { id, number, form in
                let draft = try await desk.reviewing.takeOver(id, number: number, why: form["why"], by: context.viewer)
                return pages.path(of: draft, context.viewer) + "?notice=taken-over#answer"
            }
        }
        signedIn.post(ReviewPaths.withdrawal.route, use: withdraw)
        LessonOfferRoutes(desk: desk, site: site).add(to: signedIn)
        signedIn.post(ReviewPaths.thanks.route, use: thank)
    }

    /// After a verdict: the ticket with its undo where something was sent, else what waits.
    private func after(_ id: ID, _ message: ID?) async throws -> String {
        guard let message else { return ReviewPaths.list() + "?notice=review-approved" }
        let ticket = try await desk.database.read { [desk] db in
            try desk.stores.messages.find(message, in: db)?.ticket
        }
        return ticket.map { TicketPaths.show($0) + "?notice=sent-theirs" } ?? ReviewPaths.list()
    }

    /// `passage-N` and `comment-N`; the comment on the whole is `comment`.
    static func remarks(_ form: Form) -> [Review.Remark] {
        let whole = Review.Remark(text: form["comment"])
        let others = (0..<400).compactMap { position -> Review.Remark? in
            let text = form["comment-\(position)"]
            guard !text.isEmpty else { return nil }
            return Review.Remark(passage: form["passage-\(position)"], text: text)
        }
        return (others + [whole]).filter { !$0.text.allSatisfy(\.isWhitespace) }
    }

    // MARK: - Pages

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let signs = signs(context)
        let page = try await desk.database.read { [desk] db in
            let members = try desk.members.all(in: db)
            let words = ReviewWords(
                signs: signs,
                names: Dictionary(members.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }))
            let queues = try desk.stores.queues.all(visibleTo: viewer, in: db)
            let store = desk.reviews
            let samples = try store.samples(for: viewer, in: db)
            let released = try store.released(visibleTo: viewer, in: db)
            let decided = try store.decided(by: viewer, in: db)
            return ReviewListPage(
                training: try desk.reviewRules.trainings(of: viewer.memberID, in: db).compactMap { trainee in
                    queues.first { $0.id == trainee.queue }.map { words.training(trainee, queue: $0.name) }
                },
                waiting: try store.waiting(for: viewer, in: db).map(words.line),
                own: try store.own(of: viewer, in: db).map(words.line),
                samples: samples.map(words.line), released: released.map(words.line), decided: decided.map(words.line),
                isReviewer: !viewer.queues(.approve).isEmpty, hasSamples: !samples.isEmpty,
                hasDecided: !decided.isEmpty, hasReleased: !released.isEmpty)
        }
        let known = ["review-returned", "review-approved", "review-seen", "review-withdrawn", "review-submitted"]
        return site.page(page, for: context.visitor, notices: Self.notices(request, known))
    }

    static func notices(_ request: Request, _ known: [String]) -> [Frame.Notice] {
        let notice = request.uri.queryParameters["notice"].map(String.init)
        return notice.flatMap { known.contains($0) ? [Frame.Notice(.done, Phrase("notice-\($0)"))] : nil } ?? []
    }

    func show(
        _ request: Request, _ context: SignedInContext, problem: Failure?
    ) async throws -> Response {
        let id = try context.requireID()
        let view = try await desk.database.read { [desk] db in try ReviewView.read(id, desk, context.viewer, in: db) }
        if let ticket = view.review.ticket {
            try await desk.noteOpened(.ticket, of: [ticket], by: context.viewer)
        }
        let maker = ReviewPageMaker(view: view, viewer: context.viewer, signs: signs(context), problem: problem)
        return site.page(
            maker.page(), for: context.visitor, notices: Self.notices(request, ["changed"]),
            status: problem?.status ?? .ok)
    }

    // MARK: - Steps

    /// Saves what the composer holds, and submits it.
    @Sendable private func submit(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let posted = try await site.form(request, of: context.visitor)
        let form = DraftForm(posted)
        let ticket = try context.requireID()
        do {
            let draft = try await form.save(ticket, desk, by: context.viewer)
            let wish = Reviewing.Wish(note: posted.trimmed("review-note"), reviewer: ID(posted["reviewer"]))
            try await desk.answering.excuse(draft.id, because: form.because, by: context.viewer)
            try await desk.reviewing.submit(draft: draft.id, wish, by: context.viewer)
            return site.redirect(TicketPaths.show(draft.ticket) + "?notice=review-submitted#answer")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(
                form, ticket: ticket, failure, context, sendPath: ReviewPaths.submission(ticket))
        }
    }

    private func decide(
        _ request: Request, _ context: SignedInContext,
        _ body: @Sendable (ID, Int, Form) async throws -> String
    ) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        do {
            return site.redirect(try await body(id, Int(form["number"]) ?? 0, form))
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await show(request, context, problem: failure)
        }
    }

    @Sendable private func withdraw(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.reviewing.withdraw(id, by: context.viewer)
        let ticket = try await desk.database.read { [desk] db in try desk.reviews.find(id, in: db)?.ticket }
        let path = ticket.map { TicketPaths.show($0) + "?notice=review-withdrawn#answer" }
        return site.redirect(path ?? ReviewPaths.list())
    }

    @Sendable private func thank(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        let ticket = try await desk.database.write { [desk] db in
            let message = try desk.stores.messages.require(id, visibleTo: context.viewer, in: db)
            let ticket = try desk.stores.tickets.require(
                message.ticket, for: .note, visibleTo: context.viewer, in: db)
            try Thanking(events: desk.stores.events).turn(message, in: ticket, by: context.viewer, at: now, in: db)
            return ticket.id
        }
        return site.redirect(TicketPaths.show(ticket) + "?notice=changed#m\(id)")
    }
}
