import Base
import Hummingbird
import Storage
import Web

/// A writer lets others learn from a comment: first they read what others will, with names taken out and what was taken
/// beside it; then they offer it, or change it once more. Taking it back needs no words.
struct LessonOfferRoutes: Sendable {
    let desk: Desk
    let site: Site

    func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ReviewPaths.lesson.route) { request, context in
            let (id, comment) = (try context.requireID(), try context.requireID("comment"))
            do {
                return try await show(id, comment, nil, context, problem: nil)
            } catch let failure as Failure where failure.messageKey == "review-lesson-confidential" {
                return try await ReviewRoutes(desk: desk, site: site).show(request, context, problem: failure)
            }
        }
        signedIn.post(ReviewPaths.lesson.route, use: turn)
    }

    private var names: LessonNames { LessonNames(stores: desk.stores, members: desk.members) }

    private func show(
        _ id: ID, _ comment: ID, _ words: LessonOffers.Words?, _ context: SignedInContext, problem: Failure?
    ) async throws -> Response {
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        let viewer = context.viewer
        let (review, preview, who) = try await desk.database.read { [desk, names] db in
            let review = try desk.reviews.require(id, visibleTo: viewer, in: db)
            let preview = try LessonOffers.preview(comment, of: review, words, by: viewer, names: names, in: db)
            return (review, preview, try desk.members.names(of: [preview.comment.member], in: db))
        }
        if let ticket = review.ticket { try await desk.noteOpened(.ticket, of: [ticket], by: viewer) }
        guard !preview.comment.isLesson else { return site.redirect(ReviewPaths.show(id)) }
        let page = LessonOfferPage(
            review: Link(Phrase("review-lesson-review"), ReviewPaths.show(id)),
            path: ReviewPaths.lesson(id, comment),
            said: ReviewWords(signs: signs, names: who).comment(preview.comment),
            passage: preview.words.passage.orNil, text: preview.words.text, language: signs.language(review.language),
            taken: preview.taken, doubtful: preview.doubtful, hasTaken: !preview.taken.isEmpty,
            hasDoubtful: !preview.doubtful.isEmpty, problem: problem.map { Phrase($0.messageKey) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func turn(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, comment, now) = (try context.requireID(), try context.requireID("comment"), desk.clock.now())
        let words = form.has("text") ? LessonOffers.Words(passage: form["passage"], text: form["text"]) : nil
        do {
            let isDone = try await turn(id, comment, words, at: now, context.viewer)
            return site.redirect(
                isDone ? ReviewPaths.show(id) + "?notice=changed" : ReviewPaths.lesson(id, comment))
        } catch let failure as Failure where ["review-lesson-empty", "error-too-large"].contains(failure.messageKey) {
            return try await show(id, comment, words, context, problem: failure)
        } catch let failure as Failure where failure.messageKey.hasPrefix("review-lesson-") {
            return try await ReviewRoutes(desk: desk, site: site).show(request, context, problem: failure)
        }
    }

    /// False where the words have not been read yet.
    private func turn(
        _ id: ID, _ comment: ID, _ words: LessonOffers.Words?, at now: Milliseconds, _ viewer: Viewer
    ) async throws -> Bool {
        try await desk.database.write { [desk, names] db in
            let review = try desk.reviews.require(id, visibleTo: viewer, in: db)
            let known = try desk.reviews.comments(of: id, in: db).first { $0.id == comment }
            guard let known else { throw Failure(.notFound, "error-not-found") }
            guard words != nil || known.isLesson else { return false }
            // A second press of the button changes nothing.
            guard words == nil || !known.isLesson else { return true }
            try LessonOffers.turn(
                comment, of: review, as: words, by: viewer, names: names, knowledge: desk.answering.knowledge,
                at: now, in: db)
            let event = Event(
                "review-lesson", actor: viewer.memberID, queue: review.queue, ticket: review.ticket,
                subject: comment)
            try desk.stores.events.add(event, at: now, in: db)
            return true
        }
    }
}
