import Base
import Foundation
import Jobs
import Oncall
import Outbox
import People
import Storage
import TestKit
import Testing
import Text
import Web

@testable import Correspondence

@Suite struct LevelTests {
    @Test(arguments: TestDatabase.kinds)
    func `row 21: the first answer is due in the queue's hours, in its zone, without its holidays`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setOfficeHours()
            try await scene.setGoals(first: 4 * 60, urgent: 60)
            // Tuesday 2026-11-24, 14:00 in Berlin; Wednesday is a feast.
            scene.time.advance(3 * 86_400_000 + Scene.hour - 1000)
            try await scene.receive(Scene.mail(id: "a@people.example"))

            let ticket = try #require(try await scene.tickets().first)
            #expect(ticket.dueRank == 1)
            #expect(ISO8601.string(ticket.dueAt) == "2026-11-26T09:00:00.000Z")

            let now = scene.time.clock.now()
            try await database.write { [stores = scene.stores, member = scene.member] db in
                try stores.tickets.setPriority(4, of: ticket, actor: member.id, at: now, in: db)
            }
            #expect(ISO8601.string(try await scene.ticket(ticket.id).dueAt) == "2026-11-24T14:00:00.000Z")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `row 28: the clock pauses while a ticket waits, and goes on with what is left`(kind: TestDatabase) async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let ticket = try #require(try await scene.tickets().first)
            let arrived = scene.time.clock.now()
            #expect(ticket.dueAt == arrived + Scene.hour)

            scene.time.advance(20 * Scene.minute)
            try await scene.setState(.waiting, ticket.id)
            #expect(try await scene.ticket(ticket.id).dueRank == 2)
            scene.time.advance(5 * Scene.hour)
            try await scene.setState(.open, ticket.id)
            let again = try await scene.ticket(ticket.id)
            #expect(again.dueAt == scene.time.clock.now() + 40 * Scene.minute)

            // Closed by mistake and reopened: the same round goes on.
            scene.time.advance(10 * Scene.minute)
            try await scene.setState(.closed, ticket.id)
            scene.time.advance(Scene.hour)
            try await scene.setState(.open, ticket.id)
            #expect(try await scene.ticket(ticket.id).dueAt == scene.time.clock.now() + 30 * Scene.minute)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an answer ends the round, and the next mail begins one with the goal of the next answer`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60, next: 30)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let ticket = try #require(try await scene.tickets().first)
            try await scene.answerAndSend(ticket.id)
            #expect(try await scene.ticket(ticket.id).dueRank == 2)

            scene.time.advance(Scene.hour)
            try await scene.receive(Scene.mail(id: "b@people.example", references: "a@people.example"))
            let again = try await scene.ticket(ticket.id)
            #expect(again.state == .open)
            #expect(again.dueAt == scene.time.clock.now() + 30 * Scene.minute)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a queue without goals has no clock, and goals set later count from when the person began to wait`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let ticket = try #require(try await scene.tickets().first)
            let arrived = scene.time.clock.now()
            #expect(ticket.dueRank == 2)
            scene.time.advance(Scene.hour)

            try await scene.setGoals(first: 90)
            try await scene.refreshLevels()
            #expect(try await scene.ticket(ticket.id).dueAt == arrived + 90 * Scene.minute)

            // Taken away again: nothing is due.
            try await scene.setGoals(first: nil)
            try await scene.refreshLevels()
            #expect(try await scene.ticket(ticket.id).dueRank == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a date named by its day of the week is proposed in the zone of the queue, and set by nobody but a member`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setOfficeHours()
            try await scene.receive(
                Scene.mail(id: "a@people.example", subject: "Press", text: "We need your comment by Friday 5 pm."))
            let ticket = try #require(try await scene.tickets().last)
            let view = try await database.read { [stores = scene.stores] db in
                try DueView.read(ticket, stores.messages.ofTicket(ticket.id, in: db), zone: .gmt, in: db)
            }

            let found = try #require(view.proposal)
            #expect(found.time == "17:00" && found.zone.isEmpty)
            let day = try #require(ISO8601.startOfDay(found.day))
            #expect((day / 86_400_000 + 3) % 7 == 4, "a Friday")
            #expect(DateProposal.line(found, zone: view.zone).zone == "Europe/Berlin")
            #expect(view.deadline == nil && ticket.dueRank == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a date the person names beats every clock, heads the list and is met by an answer`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60)
            for name in ["a", "b", "c"] {
                try await scene.receive(Scene.mail(id: "\(name)@people.example", subject: name))
            }
            let last = try #require(try await scene.tickets().last)
            let now = scene.time.clock.now()
            let deadline = try DeadlineRoutes.deadline(day: "2026-12-03", time: "18:00", zone: "America/New_York")
            #expect(ISO8601.string(deadline.at) == "2026-12-03T23:00:00.000Z")
            try await database.write { [events = scene.stores.events, member = scene.member] db in
                try DeadlineStore(events: events).set(deadline, of: last, actor: member.id, at: now, in: db)
            }

            #expect(try await scene.list("state:open", sort: .due).map(\.subject) == ["c", "a", "b"])
            #expect(try await scene.list("has:deadline", sort: .due).map(\.subject) == ["c"])
            // It does not pause, and it is not overdue although the goal has passed.
            try await scene.setState(.waiting, last.id)
            scene.time.advance(3 * Scene.hour)
            #expect(try await scene.ticket(last.id).dueAt == deadline.at)
            #expect(try await scene.list("is:overdue", sort: .due).map(\.subject) == ["a", "b"])
            #expect(try await scene.list("is:soon").isEmpty)

            try await scene.answerAndSend(last.id)
            let answered = try await scene.ticket(last.id)
            #expect(answered.dueRank == 2)
            let kept = try await database.read { try DeadlineStore.find(last.id, in: $0) }
            #expect(kept?.metAt != nil)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the list by what is due first goes on over pages without losing or repeating any`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let made = try await scene.open((0..<25).map { "t\($0)" })
            try await database.write { db in
                for (index, ticket) in made.enumerated() {
                    let rank = index % 3
                    let due = rank == 2 ? 0 : Int64((index * 7) % 5)
                    try db.execute(
                        "UPDATE ticket SET due_rank = \(rank), due_at = \(due) WHERE id = \(ticket.id)")
                }
            }
            var seen: [ID] = []
            var cursor: TicketSearch.Cursor?
            let viewer = try await scene.again()
            repeat {
                let after = cursor
                let page = try await database.read { db in
                    try TicketSearch().page(
                        try SearchQuery.parse("", now: 0), visibleTo: viewer, sort: .due, after: after, limit: 4, in: db
                    )
                }
                seen += page.tickets.map(\.id)
                cursor = page.next.flatMap { TicketSearch.Cursor(text: $0.text) }
            } while cursor != nil
            #expect(seen.count == 25 && Set(seen).count == 25)
            let ranks = try await database.read { [seen] db in
                try seen.map { try db.int("SELECT due_rank FROM ticket WHERE id = \($0)") }
            }
            #expect(ranks == ranks.sorted())
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what is overdue in a queue one does not see is in no list and no count`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            scene.time.advance(2 * Scene.hour)
            let stranger = Viewer(memberID: 5, isAdministrator: false, rights: [:])
            let query = try SearchQuery.parse("is:overdue", now: scene.time.clock.now())
            let (own, others) = try await database.read { db in
                (
                    try TicketSearch().count(query, visibleTo: scene.viewer, in: db),
                    try TicketSearch().count(query, visibleTo: stranger, in: db)
                )
            }
            #expect(own == 1 && others == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what is merged away has no clock, and gets it back`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.setGoals(first: 60)
            for name in ["a", "b"] { try await scene.receive(Scene.mail(id: "\(name)@people.example", subject: name)) }
            let tickets = try await scene.tickets()
            let now = scene.time.clock.now()
            let merge = try await database.write { [stores = scene.stores, member = scene.member] db in
                try stores.merging.merge(tickets[0].id, into: tickets[1].id, actor: member.id, at: now, in: db)
            }
            #expect(try await scene.ticket(tickets[0].id).dueRank == 2)
            try await database.write { [stores = scene.stores, member = scene.member] db in
                try stores.merging.undo(try #require(merge), actor: member.id, at: now, in: db)
            }
            #expect(try await scene.ticket(tickets[0].id).dueRank == 1)
        }
    }

    // MARK: - Members' pace

    @Test(arguments: TestDatabase.kinds)
    func `row 26: who holds as many tickets as they said is full, and quiet hours and a cap hold mails back`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "a@people.example"))
            let ticket = try #require(try await scene.tickets().first)
            let (pace, me) = (PaceStore(), scene.member.id)
            try await database.write { [stores = scene.stores] db in
                try pace.set(Pace(mostTickets: 1, mostMails: 2), of: me, in: db)
                #expect(try !pace.isFull(me, in: db))
                try stores.tickets.setOwner(me, of: ticket, actor: me, at: 1, in: db)
                #expect(try pace.isFull(me, in: db))
                let counted = try (0..<3).map { _ in try pace.countMail(to: me, day: "2026-11-21", in: db) }
                #expect(counted == [true, true, false])
                #expect(try pace.countMail(to: me, day: "2026-11-22", in: db))
                #expect(throws: Failure.self) { try pace.set(Pace(mostTickets: -1), of: me, in: db) }
            }
        }
    }
}

extension Scene {
    func refreshLevels() async throws {
        let refreshing = LevelRefreshing(database: database, stores: stores, clock: time.clock)
        try await database.write { [stores, queue] db in
            try stores.jobs.add(LevelRefreshing.jobName, subject: queue.id, in: db)
        }
        let kind = JobKind.single(LevelRefreshing.jobName) { try await refreshing.run($0) }
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    func list(_ text: String, sort: TicketSort = .updated) async throws -> [Ticket] {
        let query = try SearchQuery.parse(text, now: time.clock.now())
        let viewer = try await again()
        return try await database.read { db in
            try TicketSearch().page(query, visibleTo: viewer, sort: sort, limit: 50, in: db).tickets
        }
    }
}
