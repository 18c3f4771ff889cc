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
