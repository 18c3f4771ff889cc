import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

@Suite struct LiveReaderTests {
    @Test(arguments: TestDatabase.kinds) func `who may see a queue hears of its changes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let before = try await scene.head()
            let ticket = try await scene.ticket()
            try await scene.seal()

            let news = try #require(try await scene.news(scene.ben, after: before))

            #expect(news.changes.map(\.event.event.kind) == ["ticket-opened", "message-arrived"])
            #expect(news.changes.allSatisfy { $0.event.event.ticket == ticket.id })
            let head = try await scene.head()
            #expect(news.cursor == head && !news.hasMore && !news.isReset)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nothing of a queue one may not see is heard, in the present or the past`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let before = try await scene.head()
            let ticket = try await scene.ticket()
            try await scene.move(ticket, to: scene.secret.id)
            try await scene.seal()

            let ben = try #require(try await scene.news(scene.ben, after: before))
            let ana = try #require(try await scene.news(scene.desk.member, after: before))

            #expect(ben.changes.isEmpty)
            #expect(ana.changes.count == 3)
            let head = try await scene.head()
            #expect(ben.cursor == head)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who read a ticket is heard by those who manage its queue only`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            try await scene.seal()
            let before = try await scene.head()
            try await database.write { db in
                let event = Event(
                    "confidential-read", actor: scene.desk.member.id, queue: ticket.queue, ticket: ticket.id)
                try scene.desk.stores.events.add(event, at: 0, in: db)
            }
            try await scene.seal()

            let ben = try #require(try await scene.news(scene.ben, after: before))
            let ana = try #require(try await scene.news(scene.desk.member, after: before))

            #expect(ben.changes.isEmpty)
            #expect(ana.changes.map(\.event.event.kind) == ["confidential-read"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a right that is taken away is gone at the next read`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let before = try await scene.head()
            _ = try await scene.ticket()
            try await scene.seal()
            let with = try #require(try await scene.news(scene.ben, after: before))
            try await database.write { db in
                try scene.desk.members.setRights(
                    [], of: scene.ben.id, queue: scene.desk.queue.id, actor: nil, at: 0, in: db)
            }

            let without = try #require(try await scene.news(scene.ben, after: before))

            #expect(!with.changes.isEmpty)
            #expect(without.changes.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `an ended session hears nothing`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)

            let news = try await scene.news(scene.ben, after: 0, isSignedIn: false)

            #expect(news == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a cursor from far away or from another history asks for the page anew`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let head = try await scene.head()

            let news = try #require(try await scene.news(scene.ben, after: head + 100))

            #expect(news.isReset && news.cursor == head)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `presence shows others on tickets one may see`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            let (ana, ben) = (scene.desk.member, scene.ben)
            scene.hub.note(.init(ticket: ticket.id, member: ana.id, page: "a1", mode: .reading))
            scene.hub.note(.init(ticket: ticket.id, member: ana.id, page: "a2", mode: .writing))
            scene.hub.note(.init(ticket: ticket.id, member: ben.id, page: "b1", mode: .reading))

            let seen = try #require(try await scene.news(ben, after: 0)).present
            try await scene.move(ticket, to: scene.secret.id)
            let hidden = try #require(try await scene.news(ben, after: 0)).present

            #expect(seen.map(\.name) == ["Ana"])
            #expect(seen.map(\.mode) == [.writing])
            #expect(hidden.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `reading may be hidden, writing may not`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            let ana = scene.desk.member
            try await database.write { db in
                try scene.notices.set(
                    NoticeSetting(ways: [:], digestHour: 8, hidesReading: true), of: ana.id, in: db)
            }
            scene.hub.note(.init(ticket: ticket.id, member: ana.id, page: "a1", mode: .reading))
            let reading = try #require(try await scene.news(scene.ben, after: 0)).present

            scene.hub.note(.init(ticket: ticket.id, member: ana.id, page: "a1", mode: .writing))
            let writing = try #require(try await scene.news(scene.ben, after: 0)).present

            #expect(reading.isEmpty)
            #expect(writing.map(\.mode) == [.writing])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a list counts the tickets that others changed and that match`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let before = try await scene.head()
            let ticket = try await scene.ticket()
            try await scene.seal()
            let viewer = try await scene.viewer(scene.ben)

            let (open, closed, none) = try await database.read { db in
                let tickets = try ChangeStore().ticketsChanged(after: before, visibleTo: viewer, limit: 10, in: db)
                let search = TicketSearch()
                return (
                    try search.count(try .parse("state:new", now: 0), among: tickets, visibleTo: viewer, in: db),
                    try search.count(try .parse("state:closed", now: 0), among: tickets, visibleTo: viewer, in: db),
                    try search.count(try .parse("", now: 0), among: [], visibleTo: viewer, in: db)
                )
            }

            #expect((open, closed, none) == (1, 0, 0))
            #expect(ticket.state == .new)
        }
    }
}

extension LiveScene {
    func head() async throws -> Int64 {
        try await database.read { [events = desk.stores.events] in try events.head(in: $0) }
    }
}
