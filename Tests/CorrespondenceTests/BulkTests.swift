import Base
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

struct BulkTests {
    @Test(arguments: TestDatabase.kinds) func `a bulk change is undone, but not where somebody went on`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open(["One", "Two", "Three"])
            let change = TicketChange.make {
                $0.state = "closed"
                $0.outcome = "no-reply"
                $0.owner = String(scene.member.id)
                $0.addTags = ["spam wave"]
                $0.priority = 4
            }

            let id = try await scene.bulking.change(tickets.map(\.id), change, back: "/tickets", by: scene.viewer)

            for ticket in tickets {
                let now = try await scene.ticket(ticket.id)
                #expect(now.state == .closed && now.outcome == .noReply && now.owner == scene.member.id)
                #expect(now.priority == 4)
                #expect(try await scene.tags(ticket.id) == ["spam-wave"])
            }

            // A colleague goes on with the second.
            let second = try await scene.ticket(tickets[1].id)
            try await database.write { db in
                try scene.stores.tickets.setState(.open, of: second, actor: nil, at: 9, in: db)
            }
            try await scene.bulking.undo(id, by: scene.viewer)

            let counts = try await database.read { try scene.bulks.counts(of: id, in: $0) }
            #expect(counts == BulkCounts(undone: 2, kept: 1))
            for index in [0, 2] {
                let now = try await scene.ticket(tickets[index].id)
                #expect(now.state == .new && now.outcome == nil && now.owner == nil && now.priority == 2)
                #expect(try await scene.tags(now.id) == [])
            }
            let kept = try await scene.ticket(tickets[1].id)
            #expect(kept.state == .open && kept.owner == scene.member.id && kept.priority == 4)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a change whose request died half-way is finished by a job`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open((0..<90).map { "Ticket \($0)" }).map(\.id)
            let id = try await scene.bulking.change(
                tickets, .make { $0.addTags = ["refund"] }, back: "/tickets", by: scene.viewer)
            // What a crash after the first slice leaves; the job was added with the change.
            let rest = Array(tickets.dropFirst(40))
            let jobs = try await database.write { db in
                try db.execute("UPDATE bulk SET state = 'running' WHERE id = \(id)")
                try db.execute("UPDATE bulk_item SET state = 'waiting' WHERE ticket_id IN \(list: rest)")
                try db.execute("DELETE FROM ticket_tag WHERE ticket_id IN \(list: rest)")
                return try db.execute("UPDATE job SET run_at = 0 WHERE kind = 'bulk' AND subject_id = \(id)")
            }
            try await scene.runBulk()

            #expect(jobs == 1)
            let (counts, tagged, state) = try await database.read { db in
                (
                    try scene.bulks.counts(of: id, in: db),
                    try db.int("SELECT COUNT(*) AS n FROM ticket_tag WHERE tag = 'refund'"),
                    try scene.bulks.find(id, in: db)?.state
                )
            }
            #expect(counts == BulkCounts(changed: 90) && tagged == 90 && state == .done)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a picked ticket that is not there is skipped like one that is not seen`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open(["One"])

            let id = try await scene.bulking.change(
                [tickets[0].id, 49, 49, 50], .make { $0.priority = 4 }, back: "/tickets", by: scene.viewer)

            let counts = try await database.read { try scene.bulks.counts(of: id, in: $0) }
            #expect(counts == BulkCounts(changed: 1, skipped: 2))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what is past undoing is forgotten, a piece at a time`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open(["One", "Two", "Three"])
            let id = try await scene.bulking.change(
                tickets.map(\.id), .make { $0.priority = 4 }, back: "/tickets", by: scene.viewer)
            let at = (id >> 21) + IDMaker.epoch
            let forget = { (now: Milliseconds) in
                try await database.write { try scene.bulks.forgetOld(at: now, limit: 2, in: $0) }
            }

            #expect(try await forget(at + BulkStore.kept) == 0)
            var counts: [Int] = []
            for _ in 0..<4 { counts.append(try await forget(at + BulkStore.kept + 86_400_000)) }

            #expect(counts == [2, 1, 1, 0])
            #expect(try await database.read { try scene.bulks.find(id, in: $0) } == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `all that match are changed by a job, in slices, and undone`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let tickets = try await scene.open((1...250).map { "Ticket \($0)" })
            let change = TicketChange.make { $0.state = "junk" }

            let id = try await scene.bulking.changeAll(
                matching: "state:new", change, back: "/tickets", by: scene.viewer)
            #expect(try await scene.ticket(tickets[0].id).state == .new)
            let late = try await scene.open(["Came later"])
            try await scene.runBulk()

            let states = try await database.read { db in
                try db.rows("SELECT state, COUNT(*) AS n FROM ticket GROUP BY state ORDER BY state").map {
                    "\(try $0.text("state")) \(try $0.int("n"))"
                }
            }
            #expect(states == ["junk 250", "new 1"])
            #expect(try await scene.ticket(late[0].id).state == .new)

            try await scene.bulking.undo(id, by: scene.viewer)
            try await scene.runBulk()
            let left = try await database.read { try $0.int("SELECT COUNT(*) AS n FROM ticket WHERE state = 'junk'") }
            #expect(left == 0)
            await #expect(throws: Failure(.conflict, "")) { try await scene.bulking.undo(id, by: scene.viewer) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `tickets a member may not change are passed over`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let ben = try await scene.colleague("ben")
            let other = try await database.write { db in
                try scene.stores.queues.add(
                    name: "hidden", displayName: "", addresses: [], isList: false, actor: nil, at: 0, in: db)
            }
            let seen = try await scene.open(["Seen"])
            let hidden = try await scene.open(["Hidden"], in: other.id, as: try await scene.again())
            let change = TicketChange.make { $0.state = "junk" }

            let id = try await scene.bulking.change(
                [seen[0].id, hidden[0].id], change, back: "/tickets", by: ben)

            #expect(try await scene.ticket(seen[0].id).state == .junk)
            #expect(try await scene.ticket(hidden[0].id).state == .new)
            let counts = try await database.read { try scene.bulks.counts(of: id, in: $0) }
            #expect(counts == BulkCounts(changed: 1, skipped: 1))
            // Nobody else may see or undo it.
            await #expect(throws: Failure(.notFound, "")) { try await scene.bulking.undo(id, by: scene.viewer) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `several tickets are joined to one, and taken apart`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for name in ["a", "b", "c"] {
                try await scene.receive(Scene.mail(from: "\(name)@people.example", id: "\(name)@people.example"))
            }
            let tickets = try await scene.tickets()
            let change = TicketChange.make { $0.mergeInto = tickets[0].id }

            let id = try await scene.bulking.change(tickets.map(\.id), change, back: "/tickets", by: scene.viewer)
            #expect(try await scene.tickets().map(\.messageCount) == [3])

            try await scene.bulking.undo(id, by: scene.viewer)
            #expect(try await scene.tickets().map(\.messageCount) == [1, 1, 1])
            for ticket in tickets { #expect(try await scene.messages(ticket.id).count == 1) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `moving to a queue takes the owner off who may not see it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let ben = try await scene.colleague("ben")
            let other = try await database.write { db in
                try scene.stores.queues.add(
                    name: "other", displayName: "", addresses: [], isList: false, actor: nil, at: 0, in: db)
            }
            let ticket = try await scene.open(["One"])[0]
            let admin = try await scene.again()
            _ = try await scene.bulking.changeOne(
                ticket.id, .make { $0.owner = String(ben.memberID) }, back: "/", by: admin)
            await #expect(throws: Failure(.notFound, "")) {
                try await scene.bulking.changeOne(ticket.id, .make { $0.queue = other.id }, back: "/", by: ben)
            }

            let id = try await scene.bulking.changeOne(
                ticket.id, .make { $0.queue = other.id }, back: "/", by: admin)
            var now = try await scene.ticket(ticket.id)
            #expect(now.queue == other.id && now.owner == nil)
            await #expect(throws: Failure(.invalid, "")) {
                try await scene.bulking.changeOne(
                    ticket.id, .make { $0.owner = String(ben.memberID) }, back: "/", by: admin)
            }

            try await scene.bulking.undo(try #require(id), by: admin)
            now = try await scene.ticket(ticket.id)
            #expect(now.queue == scene.queue.id && now.owner == ben.memberID)
        }
    }
}
