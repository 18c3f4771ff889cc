import Base
import Foundation
import Jobs
import Mail
import Outbox
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Row 39 of the table of desks: a second person approves before a reply leaves.
///
/// By no way does an unreviewed reply leave where a review is needed, save by the lead's release with a reason.
struct EnforcementTests {
    /// Ways a reply can leave, and ways to get round the rule.
    enum Way: String, Sendable, CaseIterable {
        case ticket, draft, later, forward, redirect, write, round, twoNodes, changedAfterApproval, fileAfterApproval
        case sentTwice, submittedOnly, returned, movedAside, directly
    }

    struct Case: Sendable {
        var role: ReviewScene.Role
        var policy: ReviewScene.Policy
        var way: Way

        var testDescription: String { "\(role.rawValue), \(policy.rawValue), \(way.rawValue)" }

        /// What the rule says, written down a second time.
        var needsReview: Bool {
            if role == .trainee { return true }
            switch policy {
            case .none: return false
            case .all: return true
            case .language: return true
            // A new letter has no label.
            case .label: return way != .write && way != .round
            }
        }

        /// These end with a reply that was approved first, or that nobody ever clears.
        var leaves: Int {
            switch way {
            case .sentTwice: 1
            case .submittedOnly, .movedAside, .directly: 0
            default: needsReview ? 0 : 1
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `no unreviewed reply leaves, whoever sends it by whatever way`(
        kind: TestDatabase
    ) async throws {
        for role in ReviewScene.Role.allCases {
            for policy in ReviewScene.Policy.allCases {
                try await kind.with { database in
                    let house = try await ReviewScene(database, policy: policy)
                    for (number, way) in Way.allCases.enumerated() {
                        let item = Case(role: role, policy: policy, way: way)
                        let scene = try await house.fresh(number, policy: policy)
                        let before = try await scene.left()
                        try await Self.attempt(item, scene)
                        let left = try await scene.left() - before
                        #expect(left == item.leaves, "\(item.testDescription)")
                    }
                }
            }
        }
    }

    /// Does what the case says; refusals are what is expected, and so are not passed on.
    private static func attempt(_ item: Case, _ scene: ReviewScene) async throws {
        let viewer = try scene.viewer(item.role)
        let answering = scene.scene.answering
        switch item.way {
        case .ticket:
            _ = try await scene.base.draft(by: viewer)
            _ = try await refused { _ = try await answering.send(ticket: scene.base.ticket.id, by: viewer) }
        case .draft:
            // A colleague's words, sent by this one.
            let draft = try await scene.base.draft(by: scene.other)
            _ = try await refused { _ = try await answering.send(draft: draft.id, by: viewer) }
        case .later: try await later(viewer, scene)
        case .forward: try await forward(viewer, scene)
        case .redirect:
            let message = try await scene.scene.messages(scene.base.ticket.id)[0]
            _ = try await refused {
                _ = try await scene.base.redirecting.redirect(
                    message: message.id, to: ["press@people.example"], closes: false, by: viewer)
            }
        case .write:
            _ = try await scene.base.writing.write(
                WritingScene.content("Guten Tag, hier kommt etwas."), queue: scene.scene.queue.id, by: viewer)
        case .round:
            let content = WritingScene.content(
                "Hello all, this is an English letter about the pictures that you asked us for last week.",
                to: ["karl@people.example"])
            _ = try await scene.base.writing.writeEach(content, queue: scene.scene.queue.id, by: viewer)
            try await scene.runRounds()
        default: try await attemptRoundabout(item, viewer, scene)
        }
    }

    /// Ways that an approval could be stretched.
    private static func attemptRoundabout(_ item: Case, _ viewer: Viewer, _ scene: ReviewScene) async throws {
        let answering = scene.scene.answering
        let approver = item.role == .reviewer ? scene.other : try scene.viewer(.reviewer)
        let (draft, review) = try await scene.submitted(by: viewer)
        func send() async throws { _ = try await answering.send(draft: draft.id, by: viewer) }
        switch item.way {
        case .twoNodes:
            if !item.needsReview { try await scene.reviewing.withdraw(review.id, by: viewer) }
            async let one = refused { try await send() }
            async let two = refused { try await send() }
            _ = try await (one, two)
        case .submittedOnly: _ = try await refused { try await send() }
        case .returned:
            try await scene.reviewing.giveBack(
                review.id, number: 1, [Review.Remark(text: "Not so.")], by: approver)
            _ = try await refused { try await send() }
        case .changedAfterApproval:
            try await scene.reviewing.approve(review.id, number: 1, sends: false, by: approver)
            try await scene.change(draft.id, to: "Something else.", by: viewer)
            _ = try await refused { try await send() }
        case .fileAfterApproval:
            try await scene.reviewing.approve(review.id, number: 1, sends: false, by: approver)
            try await scene.base.addFile("secret.txt", Array("secret".utf8), to: draft.id)
            _ = try await refused { try await send() }
        case .sentTwice:
            try await scene.reviewing.approve(review.id, number: 1, sends: true, by: approver)
            _ = try await scene.base.draft(WritingScene.content("Once more."), by: viewer)
            guard item.needsReview else { return }
            _ = try await refused { _ = try await answering.send(ticket: scene.base.ticket.id, by: viewer) }
        case .movedAside:
            // Whoever approves has changed a word: they approve nothing of it.
            try await scene.change(draft.id, to: "My own words.", by: approver)
            try await scene.reviewing.submit(draft: draft.id, by: viewer)
            _ = try await refused {
                try await scene.reviewing.approve(review.id, number: 2, sends: true, by: approver)
            }
        default: try await directly(scene)
        }
    }

    private static func later(_ viewer: Viewer, _ scene: ReviewScene) async throws {
        let draft = try await scene.base.draft(by: viewer)
        let time = scene.scene.time
        let at = time.clock.now() + 60_000
        let why = try await refused { try await scene.base.later.schedule(draft: draft.id, at: at, by: viewer) }
        if why != nil {
            // Somebody put the time there by another way.
            try await scene.database.write { [stores = scene.scene.stores, drafts = scene.scene.drafts] db in
                try drafts.schedule(draft.id, at: at, by: viewer.memberID, in: db)
                try stores.jobs.add(LaterSending.jobName, subject: draft.id, in: db)
            }
        }
        time.advance(61_000)
        if let job = try await scene.base.job(LaterSending.jobName) { try await scene.base.later.run(job) }
    }

    private static func forward(_ viewer: Viewer, _ scene: ReviewScene) async throws {
        let message = try await scene.scene.messages(scene.base.ticket.id)[0]
        let draft = try await scene.base.forwarding.begin(
            message: message.id, .inline, WritingScene.words, date: "", by: viewer)
        try await scene.database.write { [drafts = scene.scene.drafts] db in
            let draft = try drafts.require(draft, in: db)
            var content = draft.content
            content.to = ["press@people.example"]
            _ = try drafts.change(
                draft.id, to: content, seenVersion: draft.seenVersion, expecting: draft.version,
                by: viewer.memberID, at: 5, in: db)
        }
        _ = try await refused { _ = try await scene.scene.answering.send(draft: draft, by: viewer) }
    }

    /// A row that some code adds by itself.
    private static func directly(_ scene: ReviewScene) async throws {
        let message = try await scene.scene.messages(scene.base.ticket.id)[0]
        let item = Self.item(message, scene)
        _ = try await refused {
            try await scene.database.write { [stores = scene.scene.stores] db in
                try stores.outbox.add(item, at: 1, in: db)
            }
        }
    }

    private static func item(_ message: Message, _ scene: ReviewScene) -> OutboxItem {
        OutboxItem(
            id: 100 + message.id % 1_000_000, kind: .answer, queue: scene.scene.queue.id, ticket: message.ticket,
            message: message.id,
            raw: message.raw ?? 0, headerID: "x-\(message.id)@desk.example", sender: "", state: .queued, notBefore: 0,
            recipients: [])
    }

    /// The twin of the last way: the same row with a clearance is taken, so it is the clearance that was missing.
    @Test(arguments: TestDatabase.kinds) func `the outbox takes the same row once it was cleared`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let message = try await scene.scene.messages(scene.base.ticket.id)[0]
            let item = Self.item(message, scene)
            let why = try await refused {
                try await database.write { [stores = scene.scene.stores] db in
                    try stores.outbox.add(item, at: 1, in: db)
                }
            }
            #expect(why == "review-needed")
            try await database.write { [stores = scene.scene.stores, member = scene.scene.member.id] db in
                try db.execute(
                    """
                    INSERT INTO clearance (message_id, way, review_id, member_id, at)
                    VALUES (\(message.id), 'free', NULL, \(member), 1)
                    """)
                try stores.outbox.add(item, at: 1, in: db)
            }
            #expect(try await scene.left() == 1)
        }
    }

    /// The twin of the whole: with the gate's answer taken for granted, every way lets a reply leave.
    @Test(arguments: TestDatabase.kinds) func `without the rule the same attempts do leave`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let house = try await ReviewScene(database, policy: .all)
            try await database.write { db in
                try db.execute("DELETE FROM review_setting")
                try db.execute("UPDATE trainee SET freed_at = 1")
            }
            let ways = [Way.ticket, .draft, .later, .forward, .redirect, .write, .round, .changedAfterApproval]
            for (number, way) in ways.enumerated() {
                let scene = try await house.fresh(number, policy: .all)
                let before = try await scene.left()
                try await Self.attempt(Case(role: .trainee, policy: .all, way: way), scene)
                #expect(try await scene.left() - before == 1, "\(way.rawValue)")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the lead's release with a reason is the one exception`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database, policy: .all)
            let trainee = try scene.viewer(.trainee)
            let lead = try scene.viewer(.lead)
            let (_, review) = try await scene.submitted(by: trainee)
            func release(_ why: String, by viewer: Viewer) async throws -> String? {
                try await refused {
                    try await scene.reviewing.release(review.id, number: 1, why: why, sends: true, by: viewer)
                }
            }
            #expect(try await release("Nobody is here.", by: lead) == "review-release-early")
            try await scene.widen(review.id)
            try await scene.widen(review.id)
            #expect(try await scene.review(review.id).stage == .leads)
            #expect(try await release("", by: lead) == "review-reason-missing")
            #expect(try await release("Me.", by: try scene.viewer(.reviewer)) == "error-refused")
            #expect(try await release("Me.", by: trainee) != nil)
            #expect(try await scene.left() == 0)
            #expect(try await release("Nobody is here.", by: lead) == nil)
            #expect(try await scene.left() == 1)

            let released = try await database.read { db in
                try scene.reviewing.reviews.released(visibleTo: scene.other, in: db)
            }
            #expect(released.map(\.review.verdict) == ["Nobody is here."])
        }
    }
}
