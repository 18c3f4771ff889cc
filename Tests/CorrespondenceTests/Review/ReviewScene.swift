import Base
import Foundation
import Jobs
import Mail
import Outbox
import People
import Storage
import TestKit

@testable import Correspondence

/// A desk with people of every role, and every way a reply can leave.
struct ReviewScene: Sendable {
    enum Role: String, Sendable, CaseIterable {
        case trainee, member, reviewer, lead, administrator
    }

    enum Policy: String, Sendable, CaseIterable {
        case none, all, language, label
    }

    var base: WritingScene
    let people: [Role: Viewer]
    /// A second one who approves.
    let other: Viewer
    let reviewing: Reviewing
    let rules: ReviewRules

    var scene: Scene { base.scene }
    var database: Database { scene.database }

    init(_ database: Database, policy: Policy = .none) async throws {
        base = try await WritingScene(database)
        let scene = base.scene
        let rules = ReviewRules(members: scene.members, events: scene.stores.events)
        let queue = scene.queue.id
        let ticket = base.ticket.id
        let (people, other) = try await database.write { db in
            func member(_ name: String, _ rights: Set<Right>, administrator: Bool = false) throws -> Viewer {
                let member = try scene.members.add(
                    email: "\(name)@desk.example", name: name, isAdministrator: administrator, password: nil,
                    mustChange: false, actor: nil, at: 0, in: db)
                if !administrator {
                    try scene.members.setRights(rights, of: member.id, queue: queue, actor: nil, at: 0, in: db)
                }
                for language in ["en", "de"] {
                    try db.execute(
                        "INSERT INTO member_language (member_id, language) VALUES (\(member.id), \(language))")
                }
                return try scene.members.viewer(member, in: db)
            }
            let usual: Set<Right> = [.see, .note, .draft, .send]
            var people: [Role: Viewer] = [
                .trainee: try member("tara", usual), .member: try member("mira", usual),
                .reviewer: try member("rosa", usual.union([.approve])),
                .lead: try member("lena", usual.union([.approve, .manage])),
            ]
            people[.administrator] = try member("adam", [], administrator: true)
            let other = try member("olga", usual.union([.approve]))
            let keeper = scene.viewer
            try rules.beginTraining(of: people[.trainee]?.memberID ?? 0, queue: queue, by: keeper, at: 1, in: db)
            try db.execute("UPDATE ticket SET language = 'en' WHERE id = \(ticket)")
            var rule = ReviewRule()
            switch policy {
            case .none: break
            case .all: rule.needsAll = true
            case .language: rule.languages = ["en"]
            case .label: rule.labels = ["press"]
            }
            try rules.set(rule, of: queue, by: keeper, at: 1, in: db)
            if policy == .label {
                try db.execute("INSERT INTO ticket_tag (ticket_id, tag) VALUES (\(ticket), 'press')")
            }
            return (people, other)
        }
        self.people = people
        self.other = other
        self.rules = rules
        reviewing = Reviewing(answering: scene.answering)
    }

    /// The same house with another ticket, as the first one was.
    func fresh(_ number: Int, policy: Policy) async throws -> ReviewScene {
        let former = Set(try await scene.tickets().map(\.id))
        try await scene.receive(
            Scene.mail(from: "Karl \(number) <karl\(number)@people.example>", id: "fresh-\(number)@people.example"))
        var copy = self
        guard let ticket = try await scene.tickets().first(where: { !former.contains($0.id) }) else {
            throw Failure(.notFound, "error-not-found")
        }
        try await database.write { db in
            try db.execute("UPDATE ticket SET language = 'en' WHERE id = \(ticket.id)")
            guard policy == .label else { return }
            try db.execute("INSERT INTO ticket_tag (ticket_id, tag) VALUES (\(ticket.id), 'press')")
        }
        copy.base.ticket = try await scene.ticket(ticket.id)
        return copy
    }

    func viewer(_ role: Role) throws -> Viewer {
        guard let viewer = people[role] else { throw Failure(.notFound, "error-not-found") }
        return viewer
    }

    /// Mails of ours that are on their way or gone.
    func left() async throws -> Int {
        Int(
            try await database.read {
                try $0.int(
                    """
                    SELECT COUNT(*) AS n FROM outbox WHERE kind IN ('answer', 'forward', 'redirect')
                        AND state <> 'cancelled'
                    """)
            })
    }

    func review(of draft: ID) async throws -> Review {
        let found = try await database.read { [reviewing] db in try reviewing.reviews.ofDraft(draft, in: db) }
        guard let found else { throw Failure(.notFound, "error-not-found") }
        return found
    }

    func review(_ id: ID) async throws -> Review {
        let found = try await database.read { [reviewing] db in try reviewing.reviews.find(id, in: db) }
        guard let found else { throw Failure(.notFound, "error-not-found") }
        return found
    }

    /// A draft that was submitted, with its review.
    func submitted(by viewer: Viewer, _ text: String = "Thank you.") async throws -> (draft: Draft, review: Review) {
        let draft = try await base.draft(WritingScene.content(text), by: viewer)
        let id = try await reviewing.submit(draft: draft.id, by: viewer)
        return (draft, try await review(id))
    }

    /// Lets the time of a review pass.
    func widen(_ review: ID) async throws {
        let due = try await self.review(review).dueAt
        scene.time.advance(max(0, due - scene.time.clock.now()) + 1000)
        try await database.write { try $0.execute("UPDATE job SET run_at = 0 WHERE kind = 'review-widen'") }
        let widening = ReviewWidening(answering: scene.answering)
        let kind = JobKind.single(ReviewWidening.jobName) { try await widening.run($0) }
        try await JobRunner(
            database: database, store: scene.stores.jobs, kinds: [kind], alarm: scene.alarm, log: scene.log
        ).drain()
    }

    func change(_ draft: ID, to text: String, by viewer: Viewer) async throws {
        try await database.write { [scene] db in
            let draft = try scene.drafts.require(draft, in: db)
            var content = draft.content
            content.text = text
            _ = try scene.drafts.change(
                draft.id, to: content, seenVersion: draft.seenVersion, expecting: draft.version, by: viewer.memberID,
                at: scene.time.clock.now(), in: db)
        }
    }

    /// Runs the round's job until it is done.
    func runRounds() async throws {
        while let job = try await base.job(Writing.jobName) { try await base.writing.run(job) }
    }
}

/// Runs what may be refused.
func refused(_ body: () async throws -> Void) async throws -> String? {
    do {
        try await body()
        return nil
    } catch let failure as Failure { return failure.messageKey }
}
