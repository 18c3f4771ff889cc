import Base
import Jobs
import Oncall
import People
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

/// Row 22 of the desks' table: escalation starts actions. Row 34: timed jobs.
@Suite struct EscalatingTests {
    @Test(arguments: TestDatabase.kinds)
    func `row 22: steps tell, raise, call and move at their times, each once`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let other = try await scene.secondQueue()
            try await scene.addRota()
            try await scene.setGoals(first: 100)
            try await scene.addStep(.percent, 50, .notify)
            try await scene.addStep(.before, 10, .raise)
            try await scene.addStep(.after, 0, .page)
            try await scene.addStep(.after, 30, .move, target: other)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let ticket = try #require(try await scene.tickets().first)

            var taken: [Int: [String]] = [:]
            for minute in stride(from: 0, through: 140, by: 10) {
                try await scene.escalating.run(database, at: scene.time.clock.now())
                taken[minute] = try await scene.stepsTaken(ticket.id)
                scene.time.advance(10 * Scene.minute)
            }
            #expect(taken[40] == [])
            #expect(taken[50] == ["notify"])
            #expect(taken[90] == ["notify", "raise"])
            #expect(taken[100] == ["notify", "raise", "page"])
            #expect(taken[140] == ["notify", "raise", "page", "move"])
            let moved = try await scene.ticket(ticket.id)
            #expect(moved.queue == other && moved.priority == 3)
            let pages = try await database.read { [paging = scene.paging] db in
                try paging.pages.ofTicket(ticket.id, in: db)
            }
            #expect(pages.map(\.reason) == [.level])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `steps that were due while nobody ran are all taken, each once, by however many nodes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 100)
            for amount in [20, 40, 60, 80] { try await scene.addStep(.percent, amount, .notify) }
            for name in ["a", "b", "c"] {
                try await scene.receive(Scene.mail(id: "\(name)@people.example", subject: name))
            }
            scene.time.advance(3 * Scene.hour)
            let now = scene.time.clock.now()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try? await scene.escalating.run(database, at: now) } }
            }
            for _ in 0..<3 { try await scene.escalating.run(database, at: now) }
            for ticket in try await scene.tickets() {
                #expect(try await scene.stepsTaken(ticket.id).count == 4)
            }
            let waiting = try await database.read { try $0.int("SELECT COUNT(*) AS n FROM ticket WHERE step_at > 0") }
            #expect(waiting == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a clock that is set back takes no step twice, and a new round takes them again`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60, next: 60)
            try await scene.addStep(.percent, 50, .notify)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let ticket = try #require(try await scene.tickets().first)
            scene.time.advance(Scene.hour)
            try await scene.escalating.run(database, at: scene.time.clock.now())
            scene.time.advance(-3 * Scene.hour)
            try await scene.escalating.run(database, at: scene.time.clock.now())
            scene.time.advance(4 * Scene.hour)
            try await scene.escalating.run(database, at: scene.time.clock.now())
            #expect(try await scene.stepsTaken(ticket.id).count == 1)

            try await scene.answerAndSend(ticket.id)
            try await scene.receive(Scene.mail(id: "b@people.example", references: "a@people.example"))
            scene.time.advance(Scene.hour)
            try await scene.escalating.run(database, at: scene.time.clock.now())
            #expect(try await scene.stepsTaken(ticket.id).count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what waits or was answered in time is left alone`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60)
            try await scene.addStep(.after, 0, .raise)
            for name in ["a", "b"] {
                try await scene.receive(Scene.mail(id: "\(name)@people.example", subject: name))
            }
            let tickets = try await scene.tickets()
            try await scene.setState(.waiting, tickets[0].id)
            try await scene.answerAndSend(tickets[1].id)
            scene.time.advance(5 * Scene.hour)
            #expect(try await scene.escalating.run(database, at: scene.time.clock.now()) == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the owner is told, or who keeps the queue where nobody owns it`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let making = NoticeMaking(
                database: database, members: scene.members, notices: NoticeStore(ids: scene.stores.tickets.ids),
                jobs: scene.stores.jobs, ids: scene.stores.tickets.ids, alarm: scene.alarm)
            try await making.run()
            try await scene.setGoals(first: 60)
            try await scene.addStep(.after, 0, .notify)
            let colleague = try await scene.colleague("ben")
            for name in ["a", "b"] {
                try await scene.receive(Scene.mail(id: "\(name)@people.example", subject: name))
            }
            let tickets = try await scene.tickets()
            try await database.write { [stores = scene.stores] db in
                try stores.tickets.setOwner(
                    colleague.memberID, of: tickets[0], actor: colleague.memberID, at: 1, in: db)
            }
            scene.time.advance(2 * Scene.hour)
            try await scene.escalating.run(database, at: scene.time.clock.now())
            _ = try await database.write { try EventSealer().seal(limit: 1000, in: $0) }
            try await making.run()

            let told = try await database.read { db in
                try db.rows("SELECT member_id, ticket_id FROM notice WHERE kind = 'due' ORDER BY ticket_id").map {
                    [try $0.int("ticket_id"), try $0.int("member_id")]
                }
            }
            #expect(told == [[tickets[0].id, colleague.memberID], [tickets[1].id, scene.member.id]])
        }
    }
}

extension Scene {
    func secondQueue() async throws -> ID {
        try await database.write { [stores] db in
            try stores.queues.add(
                name: "second", displayName: "Second", addresses: ["second@desk.example"], isList: false, actor: nil,
                at: 0, in: db
            ).id
        }
    }

    func addRota() async throws {
        try await database.write { [rotas, member] db in
            _ = try rotas.add(
                Rota(
                    id: 0, name: "Nights", zone: "UTC", keeper: member.id, outsideAddress: "night@outside.example",
                    isUsual: true), queues: [], actor: member.id, at: 0, in: db)
        }
    }
}
