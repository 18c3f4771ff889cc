import Base
import Hummingbird
import Knowledge
import Storage
import Web

/// What was learned in reviews, and texts made of it.
struct LessonRoutes: Sendable {
    let desk: Desk
    let site: Site

    func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ReviewPaths.lessons.route, use: list)
        signedIn.post(ReviewPaths.lessonText.route, use: write)
    }

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await list(context, problem: nil)
    }

    private func list(_ context: SignedInContext, problem: Failure?) async throws -> Response {
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        let viewer = context.viewer
        let (offers, texts) = try await desk.database.read { [desk] db in
            let offers = try LessonOffers.all(visibleTo: viewer, in: db)
            let texts = try LessonOffers.texts(
                of: offers.map(\.comment), desk.answering.knowledge, visibleTo: viewer, in: db)
            return (offers, texts)
        }
        let page = LessonsPage(
            lessons: offers.map { offer in
                let text = texts[offer.comment]
                return LessonLine(
                    anchor: "c\(offer.comment)", passage: offer.passage.orNil, text: offer.text,
                    language: signs.language(offer.language), moment: signs.moment(offer.at),
                    written: text.map { Link(.verbatim($0.title), KnowledgePaths.show($0.id)) },
                    write: offer.knowledge == nil && LessonWriting.mayWrite(offer, viewer)
                        ? Action(ReviewPaths.lessonText(offer.comment)) : nil)
            }, problem: problem.map { Phrase($0.messageKey) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    /// To the new text, where its words are looked through before others read it.
    @Sendable private func write(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let (comment, now) = (try context.requireID("comment"), desk.clock.now())
        let language = site.strings.supported(context.visitor.language)
        do {
            let text = try await desk.database.write { [desk] db in
                try LessonWriting(
                    stores: desk.stores, knowledge: desk.answering.knowledge, members: desk.members
                ).write(comment, language: language, by: context.viewer, at: now, in: db)
            }
            return site.redirect(KnowledgePaths.show(text))
        } catch let failure as Failure where failure.messageKey == "review-lesson-confidential" {
            return try await list(context, problem: failure)
        }
    }
}

/// From a text back to the review it was learned in.
package enum ReviewOrigin {
    /// Nil where it was made of no comment, or of one the viewer does not see.
    package static func link(ofText text: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Link? {
        try LessonOffers.find(ofText: text, visibleTo: viewer, in: db).map {
            Link(Phrase("review-lesson-origin"), ReviewPaths.lessons() + "#c\($0.comment)")
        }
    }
}
