import Base
import Jobs
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Row 34 of the table of desks: what happens by itself when mail comes in.
@Suite struct RuleRunningTests {
    @Test(arguments: TestDatabase.kinds)
    func `each action is done, shown with its rule, and undone as one`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let legal = try await scene.addQueue("legal")
            let admin = try await scene.again()
            let list = try await database.write { db in
                try scene.lists.save(
                    Checklist(
                        id: 0, queue: legal.id, name: "Takedown", items: ["Look", "Ask"], blocks: false, version: 0),
                    by: admin, at: 1, in: db)
            }
            let me = scene.member.id
            try await scene.addRule("Photos") { body in
                body.change.queue = legal.id
                body.change.addTags = ["photo"]
                body.change.priority = 3
                body.change.owner = String(me)
                body.change.proposal = 77
                body.change.checklist = list
                body.notifiedMembers = [me]
            }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let before = try #require(try await scene.tickets().first)
            #expect(before.queue == scene.queue.id, "rules run after filing")
            try await scene.runRules()

            let ticket = try await scene.ticket(before.id)
            #expect(ticket.queue == legal.id)
            #expect(ticket.priority == 3)
            #expect(ticket.owner == me)
            #expect(ticket.proposedText == 77)
            #expect(try await scene.tags(ticket.id) == ["photo"])
            let effect = try #require(try await scene.effects(of: ticket.id).first)
            let events = try await database.read { db in
                try db.rows("SELECT * FROM event WHERE ticket_id = \(ticket.id)").map(EventStore.read)
            }
            #expect(events.contains { $0.event.kind == "rule-applied" && $0.event.subject == effect.rule })
            #expect(events.contains { $0.event.kind == "member-called" && $0.event.subject == me })
            #expect(events.allSatisfy { !$0.event.data.values.contains("photo") }, "no words in events")
            let lists = try await database.read { try scene.lists.lists(of: ticket.id, in: $0) }
            #expect(lists.map(\.name) == ["Takedown"])

            let undoing = RuleUndoing(stores: scene.stores, members: scene.members, effects: scene.effects)
            try await database.write { db in
                try undoing.undo(effect.id, on: ticket.id, by: admin, at: 5, in: db)
            }
            let after = try await scene.ticket(ticket.id)
            #expect(after.queue == scene.queue.id && after.priority == 2 && after.owner == nil)
            #expect(after.proposedText == nil)
            #expect(try await scene.tags(ticket.id).isEmpty)
            let left = try await database.read { try scene.lists.lists(of: ticket.id, in: $0) }
            #expect(left.isEmpty)
            await #expect(throws: Failure.self) {
                try await database.write { db in
                    try undoing.undo(effect.id, on: ticket.id, by: admin, at: 6, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `no rule puts a life in danger aside`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (french, safe) = (
                try await scene.addQueue("french"), try await scene.addQueue("safe", isConfidential: true)
            )
            try await scene.addRule("Small matters") { body in
                body.change.priority = 1
                body.change.queue = french.id
                body.change.state = "junk"
                body.change.addTags = ["photo"]
            }
            func received(_ id: String, inDanger: Bool) async throws -> Ticket {
                let former = Set(try await scene.tickets().map(\.id))
                try await scene.receive(Scene.mail(from: "\(id) <\(id)@people.example>", id: "\(id)@people.example"))
                let ticket = try #require(try await scene.tickets().first { !former.contains($0.id) })
                if inDanger {
                    try await database.write { db in
                        _ = try LabelStore().add(.danger, to: ticket.id, source: .pack, member: nil, at: 1, in: db)
                        try db.execute("UPDATE ticket SET priority = 4 WHERE id = \(ticket.id)")
                    }
                }
                try await scene.runRules()
                return try await scene.ticket(ticket.id)
            }
            let plain = try await received("a", inDanger: false)
            #expect(plain.priority == 1 && plain.queue == french.id && plain.state == .junk)
            let danger = try await received("b", inDanger: true)
            #expect(danger.priority == 4 && danger.queue == scene.queue.id && danger.state == .new)
            #expect(try await scene.tags(danger.id) == ["photo"])

            try await scene.addRule("To those who care") { $0.change.queue = safe.id }
            #expect(try await received("c", inDanger: true).queue == safe.id)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what was changed since is not undone`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.addRule("Photos") { $0.change.priority = 3 }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            try await scene.runRules()
            let ticket = try #require(try await scene.tickets().first)
            let effect = try #require(try await scene.effects(of: ticket.id).first)
            let viewer = scene.viewer
            _ = try await scene.bulking.changeOne(
                ticket.id, .make { $0.priority = 4 }, back: "/", by: viewer)

            let undoing = RuleUndoing(stores: scene.stores, members: scene.members, effects: scene.effects)
            let failure = await #expect(throws: Failure.self) {
                try await database.write { db in
                    try undoing.undo(effect.id, on: ticket.id, by: viewer, at: 5, in: db)
                }
            }
            #expect(failure?.messageKey == "rule-undo-changed")
            #expect(try await scene.ticket(ticket.id).priority == 4)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `rules run in order, general ones first, see what earlier ones did, and stop where one says so`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let own = scene.queue.id
            let first = try await scene.addRule("First", queue: own) { $0.change.addTags = ["one"] }
            let second = try await scene.addRule("Second", queue: own) { body in
                body.conditions = [RuleCondition(.all, .tag, "one")]
                body.change.addTags = ["two"]
                body.stops = true
            }
            try await scene.addRule("Third", queue: own) { $0.change.addTags = ["three"] }
            try await scene.addRule("General") { $0.change.addTags = ["zero"] }
            try await scene.addRule("Off", isOn: false) { $0.change.priority = 4 }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            try await scene.runRules()

            let ticket = try #require(try await scene.tickets().first)
            #expect(try await scene.tags(ticket.id) == ["one", "two", "zero"])
            #expect(ticket.priority == 2)
            let names = try await database.read { db in
                try scene.effects.effects(of: ticket.id, in: db).compactMap {
                    try scene.rules.find($0.rule, in: db)?.name
                }
            }
            #expect(names == ["General", "First", "Second"])

            let viewer = scene.viewer
            try await database.write { db in
                try scene.rules.move(up: true, second, by: viewer, at: 9, in: db)
            }
            let order = try await database.read { db in
                try scene.rules.all(keptBy: viewer, in: db).filter { $0.queue == own }.map(\.id)
            }
            #expect(order.prefix(2) == [second, first])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a job that runs twice, or again after it died in between, has each message's rules once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.addRule("Photos") { $0.change.addTags = ["photo"] }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let jobs = scene.stores.jobs
            func claim() async throws -> Job {
                try #require(
                    try await database.write { db in
                        try jobs.claim(RuleRunning.jobName, limit: 1, lease: 60_000, in: db)
                    }.first)
            }

            // It is claimed and its process dies: the lease is given back, another takes it.
            let dead = try await claim()
            try await database.write { try jobs.releaseOwn(in: $0) }
            let alive = try await claim()
            try await scene.running.run(alive)
            // The dead one comes back to life after all.
            await #expect(throws: Failure.self) { try await scene.running.run(dead) }
            // And the same message once more.
            let ticket = try #require(try await scene.tickets().first)
            let message = try #require(try await scene.messages(ticket.id).first)
            try await database.write { try jobs.add(RuleRunning.jobName, subject: message.id, in: $0) }
            try await scene.runRules()

            #expect(try await scene.effects(of: ticket.id).count == 1)
            #expect(try await scene.jobs(RuleRunning.jobName) == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the acknowledgement waits for the rules and goes out at most once, or not`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let queue = scene.queue.id
            try await database.write { db in
                try scene.stores.queues.setAcknowledgement(
                    QueueStore.AcknowledgementEntry(language: "en", subject: "Got it", text: "Thanks", isOn: true),
                    of: queue, actor: nil, at: 0, in: db)
            }
            try await scene.addRule("Quiet") { $0.acknowledges = false }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            #expect(try await scene.jobs(Acknowledging.jobName) == 0, "it waits")
            try await scene.runRules()
            #expect(try await scene.jobs(Acknowledging.jobName) == 0)

            try await scene.receive(Scene.mail(from: "Eva <eva@people.example>", id: "b@people.example", subject: "Hi"))
            try await scene.runRules()
            #expect(try await scene.jobs(Acknowledging.jobName) == 1)
            let sent = try await database.read { try $0.int("SELECT COUNT(*) AS n FROM outbox") }
            #expect(sent == 0, "no rule sends anything itself")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `general rules do not look into confidential queues, and an owner who may not see is passed over`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let stranger = try await database.write { db in
                try scene.members.add(
                    email: "sam@desk.example", name: "Sam", isAdministrator: false, password: nil, mustChange: false,
                    actor: nil, at: 0, in: db)
            }
            try await scene.addRule("Photos") { body in
                body.change.owner = String(stranger.id)
                body.change.priority = 4
            }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            try await scene.runRules()
            let ticket = try #require(try await scene.tickets().first)
            #expect(ticket.owner == nil && ticket.priority == 4)

            let queue = scene.queue
            try await database.write { db in
                let settings = QueueStore.Settings(
                    name: queue.name, displayName: "", addresses: queue.addresses, mode: .live, isList: false,
                    isConfidential: true, usesPlus: true)
                try scene.stores.queues.change(queue.id, to: settings, actor: nil, at: 0, in: db)
            }
            try await scene.receive(Scene.mail(from: "Eva <eva@people.example>", id: "b@people.example"))
            try await scene.runRules()
            let hidden = try #require(try await scene.tickets().last)
            #expect(hidden.priority == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who moves a ticket hands it to the rules of the new queue, once and without loops`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (here, legal) = (scene.queue.id, try await scene.addQueue("legal").id)
            try await scene.addRule("To legal", queue: here) { $0.change.queue = legal }
            try await scene.addRule("Left behind", queue: here) { $0.change.addTags = ["left"] }
            try await scene.addRule("Arrived", queue: legal) { $0.change.addTags = ["arrived"] }
            try await scene.addRule("Back again", queue: legal) { $0.change.queue = here }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            try await scene.runRules()

            let ticket = try #require(try await scene.tickets().first)
            #expect(try await scene.tags(ticket.id) == ["arrived"])
            #expect(ticket.queue == here)
            #expect(try await scene.effects(of: ticket.id).count == 3)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a rule for all queues that moves a ticket to a confidential one is the last of its kind`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let hidden = try await scene.addQueue("hidden", isConfidential: true).id
            try await scene.addRule("Hide") { $0.change.queue = hidden }
            try await scene.addRule("Not for it") { $0.change.addTags = ["seen"] }
            try await scene.receive(Scene.mail(id: "a@people.example"))
            try await scene.runRules()

            let ticket = try #require(try await scene.tickets().first)
            #expect(ticket.queue == hidden)
            #expect(try await scene.tags(ticket.id).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `headers are compared as people read them`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for (index, words) in ["Organization: \"café zürich\"", "Organization: =?utf-8*"].enumerated() {
                try await scene.addRule("\(index)") { body in
                    body.conditions = [RuleCondition(.all, .header, words)]
                    body.change.addTags = ["by-\(index)"]
                }
            }
            var mail = Scene.mail(id: "a@people.example")
            mail = "Organization: =?utf-8?Q?Caf=C3=A9?=\r\n =?utf-8?B?IFrDvHJpY2g=?=\r\n" + mail
            try await scene.receive(mail)
            try await scene.runRules()

            let ticket = try #require(try await scene.tickets().first)
            #expect(try await scene.tags(ticket.id) == ["by-0"])
        }
    }
}
