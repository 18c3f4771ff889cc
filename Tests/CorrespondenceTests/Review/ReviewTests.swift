import Base
import Foundation
import Mail
import Outbox
import Storage
import TestKit
import Testing

@testable import Correspondence

struct ReviewTests {
    @Test(arguments: TestDatabase.kinds) func `returned with a comment, corrected, approved and sent, taken back`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let trainee = try scene.viewer(.trainee)
            let reviewer = try scene.viewer(.reviewer)
            let (draft, review) = try await scene.submitted(by: trainee, "Dear Karl.\n\nNo.")
            #expect(review.reasons == [.trainee])
            let remark = Review.Remark(passage: "No.", text: "Say why.")

            try await scene.reviewing.giveBack(review.id, number: 1, [remark], by: reviewer)
            try await scene.change(draft.id, to: "Dear Karl.\n\nNo, for the picture is not ours.", by: trainee)
            try await scene.reviewing.submit(draft: draft.id, by: trainee)
            let again = try await scene.review(review.id)
            #expect((again.state, again.number, again.returns) == (.submitted, 2, 1))
            let (versions, comments) = try await database.read { db in
                (
                    try scene.reviewing.reviews.versions(of: review.id, in: db),
                    try scene.reviewing.reviews.comments(of: review.id, in: db)
                )
            }
            #expect(versions.map(\.number) == [1, 2])
            #expect(comments.map(\.passage) == ["No."])

            let sent = try await scene.reviewing.approve(review.id, number: 2, sends: true, by: reviewer)
            let message = try #require(sent)
            let author = try await database.read { db in
                try scene.scene.stores.messages.find(message, in: db)?.author
            }
            // The writer keeps the credit.
            #expect(author == trainee.memberID)
            #expect(try await scene.review(review.id).state == .sent)

            _ = try await scene.scene.answering.undo(message: message, by: reviewer)
            let back = try await scene.review(review.id)
            #expect((back.state, back.verdictBy, back.message) == (.submitted, nil, nil))
            #expect(try await scene.left() == 0)
            try await scene.reviewing.approve(review.id, number: 2, sends: true, by: reviewer)
            #expect(try await scene.left() == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nobody approves what they wrote or took over`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database, policy: .all)
            let reviewer = try scene.viewer(.reviewer)
            let (draft, review) = try await scene.submitted(by: reviewer)
            let own = try await refused {
                try await scene.reviewing.approve(review.id, number: 1, sends: true, by: reviewer)
            }
            #expect(own == "review-own")

            let taken = try await scene.reviewing.takeOver(review.id, number: 1, why: "I know him.", by: scene.other)
            #expect(taken.author == scene.other.memberID)
            let second = try await scene.reviewing.submit(draft: draft.id, by: scene.other)
            for viewer in [reviewer, scene.other] {
                let why = try await refused {
                    try await scene.reviewing.approve(second, number: 1, sends: true, by: viewer)
                }
                #expect(why == "review-own")
            }
            let lead = try scene.viewer(.lead)
            try await scene.reviewing.approve(second, number: 1, sends: true, by: lead)
            #expect(try await scene.left() == 1)
            // The writer's part in it is still known.
            #expect(try await scene.review(review.id).writer == reviewer.memberID)
            #expect(try await scene.review(review.id).verdict == "I know him.")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `new mail holds a review until the writer has read it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let reviewer = try scene.viewer(.reviewer)
            let (draft, review) = try await scene.submitted(by: try scene.viewer(.trainee))
            try await scene.scene.receive(
                Scene.mail(id: "2@people.example", references: "1@people.example", text: "It is settled, thanks."))
            let lines = try await database.read { try scene.reviewing.reviews.waiting(for: reviewer, in: $0) }
            #expect(lines.map(\.isOnHold) == [true])
            let why = try await refused {
                try await scene.reviewing.approve(review.id, number: 1, sends: true, by: reviewer)
            }
            #expect(why == "review-held")
            let again = try await refused {
                try await scene.reviewing.submit(draft: draft.id, by: try scene.viewer(.trainee))
            }
            #expect(again == "draft-changed")
            #expect(try await scene.left() == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `it waits for those who know the language, then for all, then for leads`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (reviewer, lead) = (try scene.viewer(.reviewer), try scene.viewer(.lead))
            try await database.write { db in
                try db.execute(
                    """
                    UPDATE member_language SET language = 'fr'
                    WHERE member_id = \(reviewer.memberID) AND language = 'en'
                    """)
            }
            let (_, review) = try await scene.submitted(by: try scene.viewer(.trainee))
            func waits(_ viewer: Viewer) async throws -> Bool {
                try await database.read { !(try scene.reviewing.reviews.waiting(for: viewer, in: $0)).isEmpty }
            }
            #expect(try await waits(scene.other))
            #expect(try await !waits(reviewer))
            try await scene.widen(review.id)
            #expect(try await waits(reviewer))
            try await scene.widen(review.id)
            #expect(try await waits(lead))
            #expect(try await scene.review(review.id).stage == .leads)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a rule that no two people can fulfil is refused`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let lead = try scene.viewer(.lead)
            func set(_ languages: [String]) async throws -> String? {
                var rule = ReviewRule()
                rule.languages = languages
                return try await refused { [rule] in
                    try await database.write { db in
                        try scene.rules.set(rule, of: scene.scene.queue.id, by: lead, at: 2, in: db)
                    }
                }
            }
            #expect(try await set(["en", "de"]) == nil)
            #expect(try await set(["ja"]) == "review-rule-too-few-language")
            try await database.write { db in
                try db.execute(
                    "INSERT INTO member_language (member_id, language) VALUES (\(lead.memberID), 'ja')")
            }
            #expect(try await set(["ja"]) == "review-rule-too-few-language")
            try await database.write { db in
                try db.execute(
                    "INSERT INTO member_language (member_id, language) VALUES (\(scene.other.memberID), 'ja-JP')")
            }
            #expect(try await set(["ja"]) == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a trainee becomes free by approved replies and the lead's word`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let queue = scene.scene.queue.id
            var rule = ReviewRule()
            rule.trainingCount = 1
            try await database.write { [rule] in try scene.rules.set(rule, of: queue, by: lead, at: 2, in: $0) }
            func free() async throws -> String? {
                try await refused {
                    try await database.write {
                        try scene.rules.free(trainee.memberID, queue: queue, by: lead, at: 9, in: $0)
                    }
                }
            }
            #expect(try await free() == "review-trainee-early")
            let (_, review) = try await scene.submitted(by: trainee)
            try await scene.reviewing.approve(review.id, number: 1, sends: true, by: scene.other)
            let progress = try await database.read { try scene.rules.trainings(of: trainee.memberID, in: $0) }
            #expect(progress.map(\.approved) == [1])
            #expect(try await free() == nil)
            _ = try await scene.base.draft(by: trainee)
            _ = try await scene.scene.answering.send(ticket: scene.base.ticket.id, by: trainee)
            #expect(try await scene.left() == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a tag that asks for a review comes off only by who may review`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await ReviewScene(database, policy: .label)
            let ticket = desk.base.ticket.id
            let off: [TicketChange] = [.make { $0.tags = ["other"] }, .make { $0.removeTags = ["Press"] }]
            for change in off {
                #expect(
                    try await refused {
                        _ = try await desk.scene.bulking.changeOne(
                            ticket, change, back: "/", by: try desk.viewer(.member))
                    } == "review-tag-stays")
            }
            _ = try await desk.scene.bulking.changeOne(
                ticket, .make { $0.addTags = ["other"] }, back: "/", by: try desk.viewer(.member))
            _ = try await desk.scene.bulking.changeOne(ticket, off[1], back: "/", by: try desk.viewer(.reviewer))
            let tags = try await database.read { try desk.scene.stores.tickets.tags(of: ticket, in: $0) }
            #expect(tags == ["other"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a colleague who may not review does not send a trainee's draft`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await ReviewScene(database)
            let draft = try await desk.base.draft(by: try desk.viewer(.trainee))
            #expect(
                try await refused {
                    _ = try await desk.scene.answering.send(draft: draft.id, by: try desk.viewer(.member))
                } == "review-needed")
            #expect(try await desk.left() == 0)
            _ = try await desk.scene.answering.send(draft: draft.id, by: try desk.viewer(.reviewer))
            #expect(try await desk.left() == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `samples are drawn after sending, always the same ones`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let member = try scene.viewer(.member)
            var rule = ReviewRule()
            rule.samplePercent = 100
            try await database.write { [rule] in
                try scene.rules.set(rule, of: scene.scene.queue.id, by: scene.scene.viewer, at: 2, in: $0)
            }
            _ = try await scene.base.draft(by: member)
            let message = try await scene.scene.answering.send(ticket: scene.base.ticket.id, by: member)
            let sampling = ReviewSampling(rules: scene.rules, reviews: scene.reviewing.reviews)
            try await database.write { db in
                try sampling.draw(message: message, at: 5, in: db)
                try sampling.draw(message: message, at: 6, in: db)
            }
            let samples = try await database.read { try scene.reviewing.reviews.samples(for: scene.other, in: $0) }
            #expect(samples.map(\.review.message) == [message])
            #expect(try await database.read { try scene.reviewing.reviews.samples(for: member, in: $0) }.isEmpty)
            let lots = (1...2000).map { ReviewSampling.lot(ID($0)) }
            #expect(lots == (1...2000).map { ReviewSampling.lot(ID($0)) })
            #expect((70...130).contains(lots.count { $0 < 5 }))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `words struck from a ticket are struck from its reviews`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (_, review) = try await scene.submitted(by: try scene.viewer(.trainee), "Her number is 0049-555-1234.")
            let remark = Review.Remark(passage: "Her number is 0049-555-1234.", text: "Not 0049-555-1234!")
            try await scene.reviewing.giveBack(review.id, number: 1, [remark], by: scene.other)
            try await database.write { db in
                try ReviewStore.strike(
                    ticket: scene.base.ticket.id, { $0.replacing("0049-555-1234", with: "…") }, in: db)
            }
            let words = try await database.read { db in
                try scene.reviewing.reviews.versions(of: review.id, in: db).map(\.text)
                    + scene.reviewing.reviews.comments(of: review.id, in: db).flatMap { [$0.passage, $0.text] }
            }
            #expect(words == ["Her number is ….", "Her number is ….", "Not …!"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what is said is for writer, reviewers and leads`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let trainee = try scene.viewer(.trainee)
            let (_, review) = try await scene.submitted(by: trainee)
            func sees(_ viewer: Viewer) async throws -> Bool {
                try await refused {
                    _ = try await database.read {
                        try scene.reviewing.reviews.require(review.id, visibleTo: viewer, in: $0)
                    }
                } == nil
            }
            #expect(try await sees(trainee))
            #expect(try await sees(scene.other))
            #expect(try await sees(try scene.viewer(.lead)))
            #expect(try await !sees(try scene.viewer(.member)))
            // Moved to where none of them sees it, it is there for none of them.
            try await database.write { db in
                let vault = try scene.scene.stores.queues.add(
                    name: "vault", displayName: "", addresses: [], isList: false, actor: nil, at: 0, in: db)
                try db.execute("UPDATE ticket SET queue_id = \(vault.id) WHERE id = \(scene.base.ticket.id)")
            }
            #expect(try await !sees(trainee))
            #expect(try await !sees(scene.other))
        }
    }
}

/// What stands beside a review: who hears of it, what counts as reviewed, texts by a link.
struct ReviewAroundTests {
    @Test func `paragraphs unchanged from a reviewed text stand apart from the writer's own`() {
        let source = ReviewSource(
            name: "Licence", text: "Dear reader,\n\nYou may use it\nwith the name.", isReviewed: true)
        let draft = ReviewSource(name: "Draft", text: "Not looked at.", isReviewed: false)
        let text = "Dear Karl,\n\nYou may use it with the name.\n\nNot looked at."

        let paragraphs = ReviewParagraphs(text, sources: [source, draft])

        #expect(paragraphs.own.map(\.text) == ["Dear Karl,", "Not looked at."])
        #expect(paragraphs.unchanged.map(\.source) == ["Licence"])
        #expect(paragraphs.all.map(\.position) == [0, 1, 2])
    }

    @Test(arguments: TestDatabase.kinds) func `those who are asked, the writer and whoever had a part in it hear of it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, reviewer) = (try scene.viewer(.trainee), try scene.viewer(.reviewer))
            let sources = ReviewSources(
                ofDraft: { _, _ in [] },
                ofMessage: { _, _ in
                    [ReviewSource(name: "T", text: "", isReviewed: true, translators: [scene.other.memberID])]
                })
            let notices = ReviewNotices(reviews: scene.reviewing.reviews, rules: scene.rules, sources: sources)
            func told(_ kind: String, _ subject: ID) async throws -> Set<ID> {
                let event = Event(kind, queue: scene.scene.queue.id, ticket: scene.base.ticket.id, subject: subject)
                return Set(try await database.read { try notices.recipients(of: event, in: $0).map(\.0) })
            }
            let (_, review) = try await scene.submitted(by: trainee)
            let asked = try await told("review-submitted", review.id)
            #expect(asked.isSuperset(of: [reviewer.memberID, scene.other.memberID]))
            #expect(!asked.contains(trainee.memberID))

            try await scene.reviewing.approve(review.id, number: 1, sends: true, by: reviewer)
            #expect(try await told("review-approved", review.id) == [trainee.memberID])
            scene.scene.time.advance(60_000)
            try await scene.scene.receive(
                Scene.mail(id: "3@people.example", references: "1@people.example", text: "Thank you so much!"))
            let thanks = try #require(
                try await scene.scene.messages(scene.base.ticket.id).last { $0.direction == .incoming })
            let heard = try await told("thanks-marked", thanks.id)
            #expect(heard == [trainee.memberID, reviewer.memberID, scene.other.memberID])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a text by a link is returned, corrected and approved by the same rules`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let lead = try scene.viewer(.lead)
            let key = try InstanceKey([UInt8](repeating: 9, count: 32))
            let stores = scene.scene.stores
            let store = TextRequestStore(ids: stores.tickets.ids, events: stores.events)
            let requesting = TextRequesting(
                reviewing: scene.reviewing, store: store,
                forms: FormStore(ids: stores.tickets.ids, queues: stores.queues, events: stores.events, key: key),
                clock: scene.scene.time.clock)
            let link = try await database.write {
                try store.addLink("Outreach", queue: scene.scene.queue.id, by: lead, at: 1, in: $0)
            }
            let request = TextRequest(
                author: "Josephine", sort: .post, subject: "Twelve", goal: "", audience: "", place: "", language: "en",
                neededBy: "2026-12-01", text: "Come.")
            let review = try await requesting.submit(request, link: link, network: "192.0.2.1")
            try await scene.reviewing.giveBack(review, number: 1, [Review.Remark(text: "Where?")], by: scene.other)
            try await requesting.submitAgain("Come to us.", review: review, number: 1, network: "192.0.2.1")
            try await scene.reviewing.approve(review, number: 2, sends: false, by: lead)
            #expect(try await scene.review(review).state == .approved)
            let late = try await refused {
                try await requesting.submitAgain("Go.", review: review, number: 2, network: "192.0.2.1")
            }
            #expect(late == "review-decided")

            // A closed link takes nothing, and only who manages the queue makes one.
            try await database.write { try store.endLink(link, by: lead, at: 2, in: $0) }
            let closed = try await refused {
                _ = try await requesting.submit(request, link: link, network: "192.0.2.1")
            }
            #expect(closed == "error-not-found")
            let member = try scene.viewer(.member)
            let refusal = try await refused {
                _ = try await database.write {
                    try store.addLink("Mine", queue: scene.scene.queue.id, by: member, at: 1, in: $0)
                }
            }
            #expect(refusal == "error-not-found")
            #expect(TextReference(TextReference(.link, 5).text(key), key)?.id == 5)
            #expect(TextReference("t5-" + TextReference(.link, 5).text(key).dropFirst(3), key) == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `letters to several are looked at once, and leave as they were approved`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let trainee = try scene.viewer(.trainee)
            let content = WritingScene.content(to: ["one@people.example", "two@people.example"])
            let round = try await scene.base.writing.writeEach(content, queue: scene.scene.queue.id, by: trainee)
            try await scene.runRounds()
            #expect(try await scene.left() == 0)
            let found = try await database.read { try scene.reviewing.reviews.ofRound(round, in: $0) }
            let review = try #require(found)
            try await scene.reviewing.approve(review.id, number: 1, sends: true, by: scene.other)
            // Somebody puts another person in after the approval: nobody gets it.
            try await database.write { db in
                try db.execute(
                    """
                    UPDATE letter_round_person SET address = 'three@people.example'
                    WHERE round_id = \(round) AND position = 1
                    """)
            }
            try await scene.runRounds()
            #expect(try await scene.left() == 0)

            let other = try await scene.base.writing.writeEach(content, queue: scene.scene.queue.id, by: trainee)
            let second = try #require(
                try await database.read { try scene.reviewing.reviews.ofRound(other, in: $0) })
            try await scene.reviewing.approve(second.id, number: 1, sends: true, by: scene.other)
            try await scene.runRounds()
            #expect(try await scene.left() == 2)
        }
    }
}
