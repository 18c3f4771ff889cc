import Base
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

struct MergingTests {
    @Test(arguments: TestDatabase.kinds) func `everything merged returns, and what came after stays`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(from: "karl@people.example", id: "one@people.example"))
            try await scene.receive(
                Scene.mail(from: "mia@people.example", id: "two@people.example", subject: "Seidenweber"))
            let (target, source) = (try await scene.tickets()[0], try await scene.tickets()[1])
            let facts = try await scene.facts(source.id, target.id)
            let merge = try await database.write { db in
                try scene.stores.merging.merge(
                    source.id, into: target.id, actor: scene.member.id, at: scene.time.clock.now(), in: db)
            }
            try await scene.receive(
                Scene.mail(from: "mia@people.example", id: "three@people.example", references: "two@people.example"))
            #expect(try await scene.ticket(target.id).messageCount == 3)

            try await database.write { db in
                try scene.stores.merging.undo(
                    try #require(merge), actor: scene.member.id, at: scene.time.clock.now(), in: db)
            }

            let back = try await scene.ticket(source.id)
            #expect(back.mergedInto == nil && back.messageCount == 1 && back.state == .new)
            #expect(try await scene.messages(source.id).map(\.headerID) == ["two@people.example"])
            #expect(
                try await scene.messages(target.id).map(\.headerID) == ["one@people.example", "three@people.example"])
            #expect(try await scene.ticket(target.id).messageCount == 2)
            let people = try await database.read { db in
                try [source.id, target.id].map { try scene.stores.tickets.participants(of: $0, in: db).map(\.address) }
            }
            // Mia wrote to the target since, so she stays there too.
            #expect(people == [["mia@people.example"], ["karl@people.example", "mia@people.example"]])
            let found = try await database.read { db in
                try TicketSearch().page(
                    try SearchQuery.parse("seidenweber", now: 0), visibleTo: scene.viewer, limit: 9, in: db
                ).tickets.map(\.id)
            }
            #expect(found == [source.id])
            #expect(try await scene.facts(source.id, target.id).map(\.messages) == [1, 2])
            #expect(facts.map(\.messages) == [1, 1])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `undoing at once puts both tickets back as they were`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(from: "mia@people.example", id: "one@people.example"))
            try await scene.receive(Scene.mail(from: "karl@people.example", id: "two@people.example"))
            let (source, target) = (try await scene.tickets()[0], try await scene.tickets()[1])
            _ = try await scene.bulking.changeOne(
                target.id,
                .make {
                    $0.state = "closed"
                    $0.outcome = "successful"
                }, back: "/", by: scene.viewer)
            let before = [try await scene.ticket(source.id), try await scene.ticket(target.id)]
            let facts = try await scene.facts(source.id, target.id)

            try await database.write { db in
                let merge = try scene.stores.merging.merge(
                    source.id, into: target.id, actor: scene.member.id, at: scene.time.clock.now(), in: db)
                #expect(try scene.stores.tickets.find(target.id, in: db)?.state == .open)
                try scene.stores.merging.undo(
                    try #require(merge), actor: scene.member.id, at: scene.time.clock.now(), in: db)
                #expect(throws: Failure(.conflict, "")) {
                    try scene.stores.merging.undo(try #require(merge), actor: scene.member.id, at: 1, in: db)
                }
            }

            var after = [try await scene.ticket(source.id), try await scene.ticket(target.id)]
            for index in after.indices { after[index].version = before[index].version }
            #expect(after == before)
            #expect(try await scene.facts(source.id, target.id) == facts)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `drafts go along, are held until the other ticket was read, and none is lost`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let scene = desk.scene
            try await scene.receive(Scene.mail(from: "mia@people.example", id: "two@people.example"))
            let (target, source) = (try await scene.tickets()[0], try await scene.tickets()[1])
            func draft(_ text: String, _ ticket: Ticket, by member: ID) async throws -> ID {
                try await database.write { db in
                    try scene.drafts.save(
                        WritingScene.content(text, to: ["mia@people.example"]), ticket: ticket, author: member,
                        seenVersion: ticket.version, at: 1, in: db
                    ).id
                }
            }
            let mine = try await draft("Mine above", target, by: scene.member.id)
            let below = try await draft("Mine below", source, by: scene.member.id)
            try await desk.addFile("a.txt", [1], to: below)
            let bens = try await draft("Ben's", source, by: desk.ben.memberID)
            try await desk.later.schedule(draft: bens, at: scene.time.clock.now() + 1000, by: desk.ben)

            try await database.write { db in
                _ = try scene.stores.merging.merge(source.id, into: target.id, actor: scene.member.id, at: 2, in: db)
            }
            desk.scene.time.advance(2000)
            while let job = try await desk.job(LaterSending.jobName) { try await desk.later.run(job) }

            let left = try await database.read { try scene.drafts.ofTicket(target.id, in: $0) }
            #expect(Set(left.map(\.id)) == [mine, bens])
            #expect(left.first { $0.id == mine }?.text == "Mine above\n\nMine below")
            #expect(try await desk.files(of: mine).map(\.filename) == ["a.txt"])
            #expect(left.first { $0.id == bens }?.sendAt == nil)
            #expect(left.first { $0.id == bens }?.held == "draft-changed")
            for (id, viewer) in [(mine, scene.viewer), (bens, desk.ben)] {
                await #expect(throws: Failure(.conflict, "")) {
                    _ = try await scene.answering.send(draft: id, by: viewer)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `labels, dates and followers a merge brought leave with it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let scene = desk.scene
            try await scene.receive(Scene.mail(from: "mia@people.example", id: "two@people.example"))
            let (target, source) = (try await scene.tickets()[0], try await scene.tickets()[1])
            let now = scene.time.clock.now()
            func brought() async throws -> (labels: [SpecialistLabel], followers: [ID], due: Milliseconds?) {
                try await database.read { db in
                    (
                        try LabelStore().labels(of: target.id, in: db).map(\.label),
                        try FollowStore().followers(of: target.id, in: db),
                        try DeadlineStore.find(target.id, in: db)?.at
                    )
                }
            }
            let merge = try await database.write { db in
                _ = try LabelStore().add(.livingPerson, to: source.id, source: .pack, member: nil, at: 1, in: db)
                for label in [SpecialistLabel.legal, .press] {
                    _ = try LabelStore().add(
                        label, to: label == .legal ? target.id : source.id, source: .pack,
                        member: nil, at: 1, in: db)
                }
                try FollowStore().set(true, ticket: source.id, member: desk.ben.memberID, at: 1, in: db)
                try DeadlineStore(events: scene.stores.events).set(
                    Deadline(at: now + 86_400_000, zone: "Europe/Berlin"), of: source, actor: scene.member.id, at: now,
                    in: db)
                return try scene.stores.merging.merge(
                    source.id, into: target.id, actor: scene.member.id, at: now, in: db)
            }
            let during = try await brought()
            #expect(Set(during.labels) == [.livingPerson, .legal, .press])
            #expect(during.followers == [desk.ben.memberID] && during.due == now + 86_400_000)

            try await database.write { db in
                try scene.stores.merging.undo(try #require(merge), actor: scene.member.id, at: now, in: db)
            }
            let after = try await brought()
            #expect(after.labels == [.legal] && after.followers.isEmpty && after.due == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the number of a merged ticket finds where it went`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for name in ["a", "b", "c"] {
                try await scene.receive(Scene.mail(from: "\(name)@people.example", id: "\(name)@people.example"))
            }
            let tickets = try await scene.tickets()
            try await database.write { db in
                for (source, target) in [(0, 1), (1, 2)] {
                    try scene.stores.merging.merge(
                        tickets[source].id, into: tickets[target].id, actor: scene.member.id, at: 5, in: db)
                }
            }
            let found = try await database.read { db in
                try TicketSearch().page(
                    try SearchQuery.parse("#" + tickets[0].number, now: 0), visibleTo: scene.viewer, limit: 9, in: db
                ).tickets.map(\.id)
            }
            #expect(found == [tickets[2].id])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what was merged into what was merged goes along to another queue`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open(["One", "Two", "Three"])
            let press = try await database.write { db in
                for (source, target) in [(0, 1), (1, 2)] {
                    try scene.stores.merging.merge(
                        tickets[source].id, into: tickets[target].id, actor: scene.member.id, at: 5, in: db)
                }
                return try scene.stores.queues.add(
                    name: "press", displayName: "Press", addresses: [], isList: false, actor: nil, at: 0, in: db
                ).id
            }

            _ = try await scene.bulking.changeOne(
                tickets[2].id, .make { $0.queue = press }, back: "/", by: try await scene.again())

            for ticket in tickets { #expect(try await scene.ticket(ticket.id).queue == press) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `messages become a ticket of their own and come back`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "one@people.example"))
            try await scene.receive(
                Scene.mail(id: "two@people.example", subject: "And a map", references: "one@people.example"))
            let ticket = try await scene.tickets()[0]
            let messages = try await scene.messages(ticket.id)
            let splitting = Splitting(stores: scene.stores)
            let made = try await database.write { db in
                #expect(throws: Failure(.invalid, "")) {
                    try splitting.split(
                        messages.map(\.id), off: ticket.id, number: "1", subject: "", by: scene.viewer, at: 5, in: db)
                }
                return try splitting.split(
                    [messages[1].id], off: ticket.id, number: "2", subject: "", by: scene.viewer,
                    at: scene.time.clock.now(), in: db)
            }

            let part = try await scene.ticket(made)
            #expect(part.subject == "And a map" && part.messageCount == 1 && part.contact == ticket.contact)
            #expect(try await scene.ticket(ticket.id).messageCount == 1)
            #expect(try await scene.facts(made, ticket.id).map(\.messages) == [1, 1])

            // The next answer of the person goes where the message is that it answers.
            try await scene.receive(Scene.mail(id: "three@people.example", references: "two@people.example"))
            #expect(try await scene.ticket(made).messageCount == 2)
        }
    }
}

extension Scene {
    fileprivate func facts(_ ids: ID...) async throws -> [FactStore.Counts] {
        try await database.read { [stores] db in try ids.compactMap { try stores.facts.counts(of: $0, in: db) } }
    }
}
