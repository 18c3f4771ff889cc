import Base
import Knowledge
import Storage
import TestKit
import Testing

@testable import Correspondence

/// A comment becomes a lesson: only where its writer lets it, without names, and never of what is confidential.
struct LessonTests {
    /// A comment that its writer, the trainee, lets others learn from.
    private func offered(_ scene: ReviewScene, _ text: String, passage: String = "") async throws -> ID {
        let trainee = try scene.viewer(.trainee)
        let (_, review) = try await scene.submitted(by: trainee, "Dear Karl.\n\nNo.")
        try await scene.reviewing.giveBack(
            review.id, number: 1, [Review.Remark(passage: passage, text: text)], by: scene.other)
        return try await scene.database.write { db in
            let comment = try #require(try scene.reviewing.reviews.comments(of: review.id, in: db).first)
            try LessonOffers.turn(
                comment.id, of: review, by: trainee, names: scene.lessonNames, knowledge: scene.knowledge, at: 3,
                in: db)
            return comment.id
        }
    }

    private func write(_ scene: ReviewScene, _ comment: ID, by viewer: Viewer) async throws -> ID {
        try await scene.database.write { db in
            try LessonWriting(
                stores: scene.scene.stores, knowledge: scene.knowledge, members: scene.scene.members
            ).write(comment, language: "en", by: viewer, at: 4, in: db)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what a writer offers becomes a draft of a lesson without names`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (member, lead) = (try scene.viewer(.member), try scene.viewer(.lead))
            let comment = try await offered(
                scene, "Say why, tara: Karl wrote from karl@people.example, +49 30 1234567.", passage: "Dear Karl.")

            // Who may not approve reads it, and makes nothing of it.
            let refusal = try await refused { _ = try await write(scene, comment, by: member) }
            #expect(refusal == "error-refused")
            let id = try await write(scene, comment, by: lead)
            #expect(try await write(scene, comment, by: lead) == id)

            let (text, body, offer, back) = try await database.read { db in
                let text = try scene.knowledge.require(id, visibleTo: lead, in: db)
                return (
                    text, try scene.knowledge.body(of: id, in: db),
                    try LessonOffers.all(visibleTo: member, in: db).first,
                    try LessonOffers.find(ofText: id, visibleTo: member, in: db)
                )
            }
            #expect((text.kind, text.state, text.audience) == (.lesson, .draft, .team))
            #expect(body == "> Dear ….\n\nSay why, …: … wrote from …, ….")
            #expect(offer?.knowledge == id && back?.comment == comment)
            // For those who see the queue, and nobody else yet.
            let outside = try await scene.addMember("tomas")
            #expect(try await database.read { try scene.knowledge.find(id, visibleTo: outside, in: $0) } == nil)
            #expect(try await database.read { try scene.knowledge.find(id, visibleTo: member, in: $0) } != nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `taking the offer back puts a draft away, not what is published`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let comment = try await offered(scene, "Say why.")
            let id = try await write(scene, comment, by: lead)
            func turn() async throws -> String? {
                try await refused {
                    try await database.write { db in
                        let row = try db.first("SELECT review_id FROM review_comment WHERE id = \(comment)")
                        let review = try scene.reviewing.reviews.require(
                            try row?.int("review_id") ?? 0, visibleTo: trainee, in: db)
                        try LessonOffers.turn(
                            comment, of: review, by: trainee, names: scene.lessonNames, knowledge: scene.knowledge,
                            at: 5, in: db)
                    }
                }
            }
            func state() async throws -> TextState {
                try await database.read { try scene.knowledge.require(id, visibleTo: lead, in: $0).state }
            }
            try await database.write { db in
                let text = try scene.knowledge.require(id, visibleTo: lead, in: db)
                try scene.knowledge.publish(text, from: nil, by: lead.memberID, at: 5, in: db)
            }
            #expect(try await turn() == "review-lesson-published")
            try await database.write { db in
                let text = try scene.knowledge.require(id, visibleTo: lead, in: db)
                try scene.knowledge.withdraw(text, by: lead.memberID, at: 6, in: db)
            }
            #expect(try await turn() == nil)
            #expect(try await state() == .archived)
            #expect(try await database.read { try LessonOffers.all(visibleTo: lead, in: $0) }.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `words struck from the ticket are struck from the lesson too`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let lead = try scene.viewer(.lead)
            let comment = try await offered(scene, "Never name the Ibis bakery.", passage: "The Ibis bakery did it.")
            let id = try await write(scene, comment, by: lead)
            _ = try await scene.translate(id, into: "de", ["Die Ibis bakery", "Ibis bakery", "Ibis bakery"], by: lead)

            try await database.write { db in
                try LessonWriting.strike(
                    ticket: scene.base.ticket.id, knowledge: scene.knowledge,
                    { $0.replacing("Ibis bakery", with: "[…]") }, in: db)
            }

            let words = try await database.read { db in
                try db.rows(
                    """
                    SELECT title || body AS words FROM knowledge_version WHERE text_id = \(id)
                    UNION ALL SELECT words FROM knowledge_paragraph WHERE text_id = \(id)
                    UNION ALL SELECT words || source_words FROM knowledge_translation
                    UNION ALL SELECT title FROM knowledge_text WHERE id = \(id)
                    UNION ALL SELECT title FROM knowledge_language WHERE text_id = \(id)
                    """
                ).map { try $0.text("words") }
            }
            #expect(words.count >= 7)
            #expect(words.allSatisfy { !$0.contains("Ibis") })
            #expect(words.contains { $0.contains("[…]") })
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nothing of a confidential, protected or redacted ticket is learned`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let changes: [SQL] = [
                "UPDATE queue SET is_confidential = 1", "UPDATE ticket SET is_protected = 1",
            ]
            let scene = try await ReviewScene(database)
            let lead = try scene.viewer(.lead)
            let comment = try await offered(scene, "Say why.")
            func refusals(_ body: () async throws -> Void) async throws -> [String?] {
                try await changes.asyncMap { change in
                    try await database.write { db in
                        try db.execute("UPDATE queue SET is_confidential = 0")
                        try db.execute("UPDATE ticket SET is_protected = 0")
                        try db.execute(change)
                    }
                    return try await refused(body)
                }
            }
            let expected = ["review-lesson-confidential", "review-lesson-confidential"]

            #expect(try await refusals { _ = try await write(scene, comment, by: lead) } == expected)
            try await database.write { try $0.execute("DELETE FROM lesson_offer") }
            let trainee = try scene.viewer(.trainee)
            let offers = try await refusals {
                try await database.write { db in
                    let row = try db.first("SELECT review_id FROM review_comment WHERE id = \(comment)")
                    let review = try #require(
                        try scene.reviewing.reviews.find(try row?.int("review_id") ?? 0, in: db))
                    try LessonOffers.turn(
                        comment, of: review, by: trainee, names: scene.lessonNames, knowledge: scene.knowledge,
                        at: 5, in: db)
                }
            }
            #expect(offers == expected)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the writer reads what was taken out before others read the rest`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            try await scene.scene.receive(
                Scene.mail(
                    from: "anna.lindqvist@people.example", id: "7@people.example", subject: "Harbour",
                    text: "May I?\n\nRegards\nPeppo"))
            try await scene.scene.receive(
                Scene.mail(from: "Maria Schmidt <ms@other.example>", id: "8@other.example", text: "Another"))
            let ticket = try #require(try await scene.scene.tickets().first { $0.subject == "Harbour" })
            let trainee = try scene.viewer(.trainee)
            let draft = try await database.write { db in
                try scene.scene.drafts.save(
                    Draft.Content(
                        to: ["anna.lindqvist@people.example"], cc: [], subject: "Re", text: "Dear Anna.\n\nNo."),
                    ticket: ticket, author: trainee.memberID, seenVersion: ticket.version, at: 2, in: db)
            }
            let review = try await scene.reviewing.submit(draft: draft.id, by: trainee)
            let said = "Lindqvist's picture, ROSA says, see #\(ticket.number): as with Maria Schmidt and Peppo."
            try await scene.reviewing.giveBack(
                review, number: 1, [Review.Remark(passage: "Dear Anna.", text: said)], by: scene.other)

            let known = try await scene.review(review)
            let (comment, preview) = try await database.read { db in
                let comment = try #require(try scene.reviewing.reviews.comments(of: review, in: db).first)
                return (
                    comment,
                    try LessonOffers.preview(comment.id, of: known, by: trainee, names: scene.lessonNames, in: db)
                )
            }
            #expect(preview.words.passage == "Dear ….")
            #expect(preview.words.text == "… picture, … says, see …: as with … and Peppo.")
            #expect(preview.taken.contains("Anna") && preview.taken.contains("ROSA"))
            #expect(preview.taken.contains("Maria Schmidt"))
            // Nobody told the desk of this name; it stands under a mail.
            #expect(preview.doubtful.contains("Peppo"))

            // Their own words, out of which names are taken once more.
            try await database.write { db in
                try LessonOffers.turn(
                    comment.id, of: known, as: .init(passage: "", text: "Ask for the picture, Anna."), by: trainee,
                    names: scene.lessonNames, knowledge: scene.knowledge, at: 5, in: db)
            }
            let offer = try await database.read { try LessonOffers.all(visibleTo: trainee, in: $0).first }
            #expect(offer?.text == "Ask for the picture, ….")
            #expect(offer?.passage == "")
            let refusal = try await refused {
                _ = try await database.read { db in
                    try LessonOffers.preview(
                        comment.id, of: known, by: scene.other, names: scene.lessonNames, in: db)
                }
            }
            #expect(refusal == "error-refused")
        }
    }

    @Test func `titles of lessons end where a word does`() {
        #expect(LessonWriting.title(String(repeating: "long words ", count: 20)).count <= 82)
    }
}

extension ReviewScene {
    var lessonNames: LessonNames { LessonNames(stores: scene.stores, members: scene.members) }
}
