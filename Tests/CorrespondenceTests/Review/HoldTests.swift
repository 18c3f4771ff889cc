import Base
import People
import Storage
import TestKit
import Testing

@testable import Correspondence

/// While new mail holds a review, and when its time is over.
struct HoldTests {
    private func mail(_ scene: ReviewScene, _ id: String, _ text: String) async throws {
        try await scene.scene.receive(Scene.mail(id: id, references: "1@people.example", text: text))
    }

    private func question(_ scene: ReviewScene, _ review: ID) async throws -> ReviewQuestion {
        ReviewQuestion(try await scene.review(review), in: try await scene.scene.messages(scene.base.ticket.id))
    }

    @Test(arguments: TestDatabase.kinds)
    func `the reviewer sees all mails that are answered, and apart from them what came since`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            var scene = try await ReviewScene(database)
            let trainee = try scene.viewer(.trainee)
            scene.scene.time.advance(1000)
            try await mail(scene, "2@people.example", "And another question.")
            scene.scene.time.advance(1000)
            scene.base.ticket = try await scene.scene.ticket(scene.base.ticket.id)
            let (_, review) = try await scene.submitted(by: trainee)
            #expect(try await question(scene, review.id).answered.count == 2)
            #expect(try await question(scene, review.id).arrived.isEmpty)

            scene.scene.time.advance(1000)
            try await mail(scene, "3@people.example", "It is settled.")

            let now = try await question(scene, review.id)
            #expect(now.answered.count == 2)
            #expect(now.arrived.map(\.newText) == ["It is settled."])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what was answered before is no longer asked, and a letter that left shows what it answered`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            var scene = try await ReviewScene(database)
            let (trainee, reviewer) = (try scene.viewer(.trainee), try scene.viewer(.reviewer))
            scene.scene.time.advance(1000)
            let (_, first) = try await scene.submitted(by: trainee)
            try await scene.reviewing.approve(first.id, number: 1, sends: true, by: reviewer)
            scene.scene.time.advance(60_000)
            try await mail(scene, "2@people.example", "One more thing.")
            scene.scene.time.advance(1000)
            scene.base.ticket = try await scene.scene.ticket(scene.base.ticket.id)
            let (_, second) = try await scene.submitted(by: trainee, "Yes.")

            #expect(try await question(scene, second.id).answered.map(\.newText) == ["One more thing."])
            let before = try await question(scene, first.id)
            #expect(before.answered.count == 1 && before.answered.first?.newText != "One more thing.")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the time of a review that is on hold stands still`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let trainee = try scene.viewer(.trainee)
            try await database.write { db in
                // One who knows another language, so that there is a second circle.
                try db.execute(
                    """
                    UPDATE member_language SET language = 'fr'
                    WHERE member_id = \(try scene.viewer(.reviewer).memberID) AND language = 'en'
                    """)
            }
            let (draft, review) = try await scene.submitted(by: trainee)
            try await mail(scene, "2@people.example", "It is settled.")
            for _ in 0..<3 { try await scene.widen(review.id) }
            #expect(try await scene.review(review.id).stage == .language)

            // Read and submitted again, it widens as any other.
            let ticket = try await scene.scene.ticket(scene.base.ticket.id)
            try await database.write { db in
                let known = try scene.scene.drafts.require(draft.id, in: db)
                _ = try scene.scene.drafts.change(
                    draft.id, to: known.content, seenVersion: ticket.version, expecting: known.version,
                    by: trainee.memberID, at: scene.scene.time.clock.now(), in: db)
            }
            try await scene.reviewing.submit(draft: draft.id, by: trainee)
            try await scene.widen(review.id)
            #expect(try await scene.review(review.id).stage == .queue)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a circle with nobody new in it is passed by`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            // Everybody who approves here knows English: after them only the leads are left.
            let scene = try await ReviewScene(database)
            let (_, review) = try await scene.submitted(by: try scene.viewer(.trainee))
            try await scene.widen(review.id)
            #expect(try await scene.review(review.id).stage == .leads)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `whoever approves hears of a release as what it is`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let (_, review) = try await scene.submitted(by: trainee)
            for _ in 0..<2 { try await scene.widen(review.id) }
            try await scene.reviewing.release(review.id, number: 1, why: "Nobody is here.", sends: true, by: lead)
            let event = Event(
                "review-released", actor: lead.memberID, queue: scene.scene.queue.id, ticket: scene.base.ticket.id,
                subject: review.id)
            let notices = ReviewNotices(reviews: scene.reviewing.reviews, rules: scene.rules, sources: .none)

            let told = try await database.read { try notices.recipients(of: event, in: $0) }

            #expect(told.filter { $0.0 == trainee.memberID }.map(\.1) == [.reviewed])
            #expect(told.filter { $0.0 == scene.other.memberID }.map(\.1) == [.released])
            let listed = try await database.read {
                try scene.reviewing.reviews.released(visibleTo: scene.other, in: $0)
            }
            #expect(listed.map(\.review.verdict) == ["Nobody is here."])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nobody begins training where a language's rule needs them`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database, policy: .language)
            let lead = try scene.viewer(.lead)
            func begin(_ member: Viewer) async throws -> String? {
                try await refused {
                    try await database.write { db in
                        try scene.rules.beginTraining(
                            of: member.memberID, queue: scene.scene.queue.id, by: lead, at: 5, in: db)
                    }
                }
            }
            let speaks = [try scene.viewer(.reviewer), scene.other, lead].map(\.memberID)
            try await database.write { db in
                try db.execute("DELETE FROM member_language WHERE member_id NOT IN \(list: Array(speaks.prefix(2)))")
            }
            #expect(try await begin(scene.other) == "review-rule-too-few-language")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `thanks need an answer they are for`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let lead = try scene.viewer(.lead)
            let thanking = Thanking(events: scene.scene.stores.events)
            func turn() async throws -> String? {
                let message = try #require(
                    try await scene.scene.messages(scene.base.ticket.id).last { $0.direction == .incoming })
                return try await refused {
                    try await database.write { db in
                        try thanking.turn(message, in: scene.base.ticket, by: lead, at: 9, in: db)
                    }
                }
            }
            #expect(try await turn() == "review-thanks-no-answer")

            let (_, review) = try await scene.submitted(by: try scene.viewer(.trainee))
            try await scene.reviewing.approve(review.id, number: 1, sends: true, by: scene.other)
            scene.scene.time.advance(60_000)
            try await mail(scene, "3@people.example", "Thank you!")
            #expect(try await turn() == nil)
        }
    }
}
