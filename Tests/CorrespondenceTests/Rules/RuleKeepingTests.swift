import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Writing rules: versions, who may, and trying them on past mail.
@Suite struct RuleKeepingTests {
    private static func rule(_ name: String, queue: ID?, words: String = "photo") -> Rule {
        var change = TicketChange()
        change.addTags = ["seen"]
        return Rule(
            id: 0, queue: queue, place: 0, name: name,
            body: RuleBody(conditions: [RuleCondition(.all, .subject, words)], change: change), isOn: true,
            version: 0, changedAt: 0)
    }

    @Test(arguments: TestDatabase.kinds)
    func `each saving is a version, an old one comes back as the newest, and two writers do not overwrite each other`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (rules, viewer) = (scene.rules, scene.viewer)
            let id = try await database.write {
                try rules.save(Self.rule("One", queue: nil), by: viewer, at: 1, in: $0)
            }
            var second = try await database.read { try rules.require(id, keptBy: viewer, in: $0) }
            let stale = second
            second.name = "Two"
            second.body.change.addTags = ["other"]
            let changed = second
            try await database.write { try rules.save(changed, by: viewer, at: 2, in: $0) }
            let failure = await #expect(throws: Failure.self) {
                try await database.write { try rules.save(stale, by: viewer, at: 3, in: $0) }
            }
            #expect(failure?.messageKey == "rule-saved-meanwhile")

            try await database.write { try rules.restore(1, of: id, by: viewer, at: 4, in: $0) }
            let (now, versions) = try await database.read { db in
                (try rules.require(id, keptBy: viewer, in: db), try rules.versions(of: id, in: db))
            }
            #expect(now.name == "One" && now.version == 3 && now.body.change.addTags == ["seen"])
            #expect(versions.map(\.name) == ["One", "Two", "One"])
            #expect(versions.allSatisfy { $0.member == viewer.memberID })

            try await database.write { try rules.setRemoved(true, id, by: viewer, at: 5, in: $0) }
            let gone = try await database.read { try rules.running(in: $0) }
            try await database.write { try rules.setRemoved(false, id, by: viewer, at: 6, in: $0) }
            let back = try await database.read { try rules.running(in: $0) }
            #expect(gone.isEmpty && back.map(\.id) == [id])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a lead writes rules, macros and checklists for their own queues only; others are as if absent`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let other = try await scene.addQueue("other")
            let lead = try await scene.colleague("lea", Set(Right.allCases))
            let plain = try await scene.colleague("pat", [.see, .note, .draft, .send, .approve])
            let (rules, admin) = (scene.rules, scene.viewer)
            let own = scene.queue.id
            let ids = try await database.write { db in
                try [nil, own, other.id].map {
                    try rules.save(Self.rule("R", queue: $0), by: admin, at: 1, in: db)
                }
            }
            let seen = try await database.read { try rules.all(keptBy: lead, in: $0).map(\.id) }
            #expect(seen == [ids[1]])
            #expect(!plain.keepsRules && lead.keepsRules)
            for (id, viewer) in [(ids[0], lead), (ids[2], lead), (ids[1], plain)] {
                let failure = await #expect(throws: Failure.self) {
                    try await database.write { try rules.setOn(false, id, by: viewer, at: 2, in: $0) }
                }
                #expect(failure?.code == .notFound)
            }
            for queue in [nil, other.id] {
                let failure = await #expect(throws: Failure.self) {
                    try await database.write { try rules.save(Self.rule("R", queue: queue), by: lead, at: 2, in: $0) }
                }
                #expect(failure?.code == .notFound)
                let macro = Macro(
                    id: 0, queue: queue, name: "M", body: MacroBody(change: .make { $0.priority = 3 }), version: 0)
                await #expect(throws: Failure.self) {
                    try await database.write { try scene.macros.save(macro, by: lead, at: 2, in: $0) }
                }
                let list = Checklist(id: 0, queue: queue, name: "C", items: ["x"], blocks: false, version: 0)
                await #expect(throws: Failure.self) {
                    try await database.write { try scene.lists.save(list, by: lead, at: 2, in: $0) }
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `tried on past mail: what it would have fitted, in slices, of what the viewer may see, and nothing changes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for index in 0..<5 {
                let subject = index.isMultiple(of: 2) ? "A photo \(index)" : "A page \(index)"
                try await scene.receive(
                    Scene.mail(
                        from: "P <p\(index)@people.example>", id: "t\(index)@people.example", subject: subject,
                        headers: ["X-Kind: k\(index)"]))
            }
            let count: @Sendable (any Connection) throws -> Int64 = { try $0.int("SELECT COUNT(*) AS n FROM event") }
            let before = try await database.read(count)
            var trial = RuleTrial(database: database, stores: scene.stores, zone: .gmt)
            trial.limit.hits = 2
            let rule = Self.rule("R", queue: scene.queue.id)

            let first = try await trial.run(rule, after: nil, visibleTo: scene.viewer)
            #expect(first.hits.map(\.subject) == ["A photo 4", "A photo 2"])
            let rest = try await trial.run(rule, after: first.next, visibleTo: scene.viewer)
            #expect(rest.hits.map(\.subject) == ["A photo 0"])
            #expect(rest.next == nil && first.looked + rest.looked == 5)

            var header = rule
            header.body.conditions = [RuleCondition(.all, .header, "X-Kind: k3")]
            let byHeader = try await trial.run(header, after: nil, visibleTo: scene.viewer)
            #expect(byHeader.hits.map(\.subject) == ["A page 3"])
            let stranger = Viewer(memberID: 1, isAdministrator: true, rights: [:])
            let nothing = try await trial.run(rule, after: nil, visibleTo: stranger)
            #expect(nothing.hits.isEmpty && nothing.looked == 0)
            let after = try await database.read(count)
            #expect(after == before)

            // "Apply to these": a change of many, with undo.
            let viewer = scene.viewer
            let bulk = try await scene.bulking.change(
                first.hits.map(\.ticket), rule.body.change, back: "/rules", by: viewer)
            #expect(try await scene.tags(first.hits[0].ticket) == ["seen"])
            try await scene.bulking.undo(bulk, by: viewer)
            #expect(try await scene.tags(first.hits[0].ticket).isEmpty)
        }
    }
}
