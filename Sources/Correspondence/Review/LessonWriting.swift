import Base
import Foundation
import Knowledge
import People
import Storage

/// Makes a text of knowledge, a draft of kind `lesson`, of a comment that its writer lets others learn from.
///
/// Somebody who approves in the queue does it, and owns the text. Names and private data were taken out when the
/// comment
/// was offered (`LessonTidying`), and are once more, as others may be known by now; whoever publishes it reads it
/// first. It is for those who see the queue until its owner says otherwise.
/// Confidential, protected and redacted tickets teach nothing. A second call finds the text that is there.
package struct LessonWriting: Sendable {
    private static let longestTitle = 80

    let stores: Filing.Stores
    let knowledge: KnowledgeStore
    let members: MemberStore

    package init(stores: Filing.Stores, knowledge: KnowledgeStore, members: MemberStore) {
        self.stores = stores
        self.knowledge = knowledge
        self.members = members
    }

    /// Returns the text; `language` is for comments whose language is not known.
    package func write(
        _ comment: ID, language: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard let offer = try LessonOffers.find(comment, visibleTo: viewer, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        guard Self.mayWrite(offer, viewer) else { throw Failure(.refused, "error-refused") }
        if let text = offer.knowledge { return text }
        guard try LessonOffers.mayTeach(ticket: offer.ticket, queue: offer.queue, in: db) else {
            throw Failure(.refused, "review-lesson-confidential")
        }
        let tidying = try LessonNames(stores: stores, members: members).tidying(
            of: comment, ticket: offer.ticket, offer.passage + "\n" + offer.text, visibleTo: viewer, in: db)
        let said = tidying.tidy(offer.text).text
        var body = said
        if !offer.passage.isEmpty {
            let quoted = tidying.tidy(offer.passage).text.split(separator: "\n", omittingEmptySubsequences: false)
            body = quoted.map { "> " + $0 }.joined(separator: "\n") + "\n\n" + said
        }
        let text = try knowledge.add(
            .lesson, language: offer.language ?? language, TextContent(title: Self.title(said), body: body),
            TextProperties(audience: .team, queues: [offer.queue], owner: viewer.memberID), by: viewer.memberID,
            at: at, in: db)
        let changed = try db.execute(
            "UPDATE lesson_offer SET text_id = \(text.id) WHERE comment_id = \(comment) AND text_id IS NULL")
        guard changed == 1 else { throw Failure(.conflict, "review-decided") }
        try stores.events.add(
            Event("lesson-written", actor: viewer.memberID, queue: offer.queue, subject: text.id), at: at, in: db)
        return text.id
    }

    static func mayWrite(_ offer: LessonOffers.Offer, _ viewer: Viewer) -> Bool {
        viewer.may(.approve, queue: offer.queue) || viewer.may(.manage, queue: offer.queue)
    }

    /// The first line, as far as it fits.
    static func title(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
        guard line.count > longestTitle else { return line }
        let cut = line.prefix(longestTitle)
        let end = cut.lastIndex { $0.isWhitespace } ?? cut.endIndex
        return String(cut[..<end]) + " …"
    }

    // MARK: - Afterwards

    /// Words struck from a ticket are struck from what was made of it, in all versions and languages.
    static func strike(
        ticket: ID, knowledge: KnowledgeStore, _ cut: (String) -> String, in db: any Connection
    ) throws {
        let rows = try db.rows(
            """
            SELECT lesson_offer.text_id FROM review JOIN review_comment ON review_comment.review_id = review.id
                JOIN lesson_offer ON lesson_offer.comment_id = review_comment.id
            WHERE review.ticket_id = \(ticket) AND lesson_offer.text_id IS NOT NULL
            """)
        for row in rows { try knowledge.strike(try row.int("text_id"), cut, in: db) }
    }
}
