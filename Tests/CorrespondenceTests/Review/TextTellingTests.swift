import Base
import Jobs
import Knowledge
import Storage
import Synchronization
import TestKit
import Testing
import Text
import Web

@testable import Correspondence

/// Colleagues without a seat are told by mail where their address said yes; reviewers of texts and proposers hear too.
struct TextTellingTests {
    /// Letters that went out.
    private final class Letters: Sendable {
        private let box = Mutex<[NoticeMailing.Letter]>([])
        var all: [NoticeMailing.Letter] { box.withLock { $0 } }
        func add(_ letter: NoticeMailing.Letter) { box.withLock { $0.append(letter) } }
    }

    private struct Sent {
        let scene: ReviewScene
        let requesting: TextRequesting
        let telling: TextTelling
        let letters: Letters
        let review: ID
    }

    private static func sent(_ database: Database) async throws -> Sent {
        let scene = try await ReviewScene(database)
        let (stores, clock) = (scene.scene.stores, scene.scene.time.clock)
        let key = try InstanceKey([UInt8](repeating: 9, count: 32))
        let ids = stores.tickets.ids
        let requesting = TextRequesting(
            reviewing: scene.reviewing, store: TextRequestStore(ids: ids, events: stores.events),
            forms: FormStore(ids: ids, queues: stores.queues, events: stores.events, key: key), clock: clock)
        let letters = Letters()
        let telling = TextTelling(
            database: database, stores: stores, ids: ids, key: key, publicURL: "https://desk.example", clock: clock,
            translate: { _ in
                Translate { key, arguments in
                    ([key] + arguments.map { if case .words(let words) = $0 { words } else { "" } }).joined(
                        separator: " ")
                }
            },
            post: { letter, _, _ in letters.add(letter) })
        let lead = try scene.viewer(.lead)
        try await scene.tell()
        let link = try await database.write {
            try requesting.store.addLink("Outreach", queue: scene.scene.queue.id, by: lead, at: 1, in: $0)
        }
        let request = TextRequest(
            author: "Josephine", sort: .post, subject: "Twelve secrets", goal: "", audience: "", place: "",
            language: "en", neededBy: "", text: "Come, all of you.")
        let review = try await requesting.submit(request, link: link, network: "192.0.2.1")
        return Sent(scene: scene, requesting: requesting, telling: telling, letters: letters, review: review)
    }

    private static func run(_ sent: Sent) async throws {
        let kinds = [
            JobKind.single(TextTelling.askJob) { try await sent.telling.ask($0) },
            JobKind.single(TextTelling.tellJob) { try await sent.telling.tell($0) },
        ]
        let scene = sent.scene.scene
        try await JobRunner(
            database: scene.database, store: scene.stores.jobs, kinds: kinds, alarm: scene.alarm, log: scene.log
        ).drain()
    }

    @Test(arguments: TestDatabase.kinds)
    func `an address is asked once, told after it said yes, and never sees the text`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let sent = try await Self.sent(database)
            let (scene, store) = (sent.scene, sent.telling.store)
            let address = "josephine@people.example"
            try await database.write { db in
                try store.set(
                    address, language: "en", of: sent.review, jobs: scene.scene.stores.jobs, at: 2, in: db)
            }
            try await Self.run(sent)
            try await scene.reviewing.giveBack(
                sent.review, number: 1, [Review.Remark(text: "Where?")], by: scene.other)
            try await Self.run(sent)
            // It has not said yes: one question, nothing else.
            #expect(sent.letters.all.map(\.subject) == ["review-told-mail-ask-subject"])
            #expect(sent.letters.all.first?.to == address)

            let told = try #require(try await database.read { try TextToldStore.find(sent.review, in: $0) })
            #expect(sent.letters.all.first?.text.contains(store.reference(told)) == true)
            let proven = try await database.write { try store.prove(told, at: 3, in: $0) }
            #expect(proven)
            try await sent.requesting.submitAgain(
                "Come to us.", review: sent.review, number: 1, network: "192.0.2.1")
            try await scene.reviewing.approve(
                sent.review, number: 2, sends: false, by: try scene.viewer(.lead))
            try await Self.run(sent)
            #expect(sent.letters.all.count == 2)
            let words = sent.letters.all.map { $0.subject + $0.text }.joined()
            #expect(words.contains("review-told-mail-approved"))
            for secret in ["Twelve", "Come", "Josephine", "Where?"] { #expect(!words.contains(secret)) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the link is made for one text and one address`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let sent = try await Self.sent(database)
            let (store, jobs) = (sent.telling.store, sent.scene.scene.stores.jobs)
            func leave(_ address: String) async throws -> String {
                try await database.write { db in
                    try store.set(address, language: "en", of: sent.review, jobs: jobs, at: 2, in: db)
                    return store.reference(try #require(try TextToldStore.find(sent.review, in: db)))
                }
            }
            let mine = try await leave("mine@people.example")
            let theirs = try await leave("theirs@people.example")
            #expect(mine != theirs)
            let found = try await database.read { db in
                (try store.find(reference: mine, in: db), try store.find(reference: theirs, in: db))
            }
            #expect(found.0 == nil && found.1?.address == "theirs@people.example")
            let wrong = try await refused {
                _ = try await database.read {
                    try TextToldStore.require("info@desk.example", sent.scene.scene.stores.queues, in: $0)
                }
            }
            #expect(wrong == "form-address-wrong")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `reviewers hear of a text that belongs to no ticket`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let sent = try await Self.sent(database)
            let scene = sent.scene
            try await scene.tell()
            let lines = try await database.read { db in
                try NoticeStore(ids: scene.reviewing.reviews.ids).page(
                    before: nil, visibleTo: scene.other, limit: 9, in: db)
            }
            #expect(lines.map(\.notice.about) == [.review(sent.review)])
            #expect(lines.map(\.subject) == ["Twelve secrets"])
            #expect(try await scene.notices(of: try scene.viewer(.member)).isEmpty)
            let unread = try await database.read { try NoticeStore.unread(visibleTo: scene.other, in: $0) }
            #expect(unread == 1)
            // Who no longer sees the queue reads nothing of it.
            try await database.write { db in
                try scene.scene.members.setRights(
                    [], of: scene.other.memberID, queue: scene.scene.queue.id, actor: nil, at: 5, in: db)
            }
            let later = try await database.read { db in
                try scene.scene.members.viewer(
                    try scene.scene.members.require(scene.other.memberID, in: db), in: db)
            }
            #expect(try await scene.notices(of: later).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who waits for a review hears of the mail that holds it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let trainee = try scene.viewer(.trainee)
            _ = try await scene.submitted(by: trainee)
            try await scene.tell()
            try await scene.scene.receive(
                Scene.mail(id: "2@people.example", references: "1@people.example", text: "It is settled, thanks."))
            try await scene.tell()
            #expect(try await scene.notices(of: trainee).map(\.kind) == [.message])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a text is due when it is needed, and not before an hour`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let sent = try await Self.sent(database)
            let now = sent.scene.scene.time.clock.now()
            let lead = try sent.scene.viewer(.lead)
            let link = try await database.write {
                try sent.requesting.store.addLink("Press", queue: sent.scene.scene.queue.id, by: lead, at: 1, in: $0)
            }
            func due(_ day: String) async throws -> Milliseconds {
                let request = TextRequest(
                    author: "J", sort: .press, subject: "S", goal: "", audience: "", place: "", language: "en",
                    neededBy: day, text: "T")
                let review = try await sent.requesting.submit(request, link: link, network: "192.0.2.1")
                return try await sent.scene.review(review).dueAt - now
            }
            let day: Milliseconds = 24 * 3_600_000
            #expect(try await due("") == day)
            #expect(try await due("1970-01-01") == 3_600_000)
            #expect(try await due(String(ISO8601.string(now + 10 * day).prefix(10))) == day)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the owner hears of a proposal, and its author what became of it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (member, lead) = (try scene.viewer(.member), try scene.viewer(.lead))
            let text = try await scene.addText("It is free.", by: lead)
            try await scene.tell()
            let events = scene.scene.stores.events
            let proposals = ProposalStore(ids: scene.reviewing.reviews.ids, events: events, knowledge: scene.knowledge)
            let proposal = try await database.write { db in
                try proposals.add(
                    title: "Free", body: "It is quite free.", comment: "",
                    for: scene.knowledge.require(
                        text, visibleTo: member, in: db), base: 1, by: member.memberID, at: 3, in: db)
            }
            try await scene.tell()
            #expect(try await scene.notices(of: lead).map(\.kind) == [.proposed])

            try await database.write { db in
                try proposals.decline(proposal, answer: "It is not.", by: lead, at: 4, in: db)
            }
            try await scene.tell()
            let told = try await scene.notices(of: member)
            #expect(told.map(\.kind) == [.proposal] && told.map(\.about) == [.text(text)])
            let mail = told.map { $0.wording + " " + $0.path }
            #expect(mail == ["proposal /knowledge/\(text)"])
        }
    }
}
