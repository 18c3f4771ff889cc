import Base
import Correspondence
import Server
import Storage

/// What a learner lets others learn from: one comment that became a lesson, and one that waits for somebody to write
/// it.
struct LessonTelling: Sendable {
    let services: Services

    /// Of a review that came back: the learner offers all of its comments, the lead writes a lesson from the first.
    func tell(of review: ID, learner: Viewer, lead: Viewer, at: Milliseconds) async throws {
        let reviews = ReviewStore(ids: services.ids)
        let names = LessonNames(stores: services.stores, members: services.members)
        try await services.database.write { [services] db in
            let known = try reviews.require(review, visibleTo: learner, in: db)
            let comments = try reviews.comments(of: review, in: db)
            for comment in comments {
                try LessonOffers.turn(
                    comment.id, of: known, by: learner, names: names, knowledge: services.knowledge, at: at, in: db)
            }
            guard let first = comments.first else { return }
            _ = try LessonWriting(
                stores: services.stores, knowledge: services.knowledge, members: services.members
            ).write(first.id, language: "en", by: lead, at: at, in: db)
        }
    }
}
