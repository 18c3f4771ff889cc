import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Rows 26 to 28 of the table of desks: who answers follows from what a mail is about, and what was learned.
@Suite struct TriageTests {
    // MARK: - Danger to life

    @Test(arguments: TestDatabase.kinds) func `danger is flagged and somebody called before any job has run`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            _ = try await desk.scene.accept(Scene.mail(id: "1@people.example", text: "I will kill myself tonight."))
            try await desk.fileOnly()

            let ticket = try #require(try await desk.scene.tickets().first)
            #expect(try await desk.labels(ticket.id) == [.danger])
            #expect(ticket.priority == 4)
            #expect(try await desk.events("page-test") == 1)
            #expect(try await desk.events("danger-flagged") == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what is only quoted flags a first mail and not an answer`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let quoted = "My friend wrote to me:\r\n\r\nOn Monday Karl wrote:\r\n> I will kill myself\r\n"
            try await desk.receive(quoted, id: "1@people.example")

            #expect(try await desk.labels(try #require(try await desk.scene.tickets().first).id) == [.danger])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `history flags nobody and calls nobody`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.receive("I will kill myself", id: "1@people.example", source: .archive)

            #expect(try await desk.labels(try #require(try await desk.scene.tickets().first).id) == [])
            #expect(try await desk.events("page-test") == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a blocked sender in danger is not left in the junk`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await database.write { db in
                try BlockStore(events: desk.stores.events).block(
                    "karl@people.example", queue: desk.scene.queue.id, ticket: nil, actor: desk.scene.member.id,
                    at: 1, in: db)
            }
            try await desk.receive("ich bringe mich um", id: "1@people.example")

            #expect(try await desk.scene.tickets().first?.state == .open)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a raised flag counts as missed, with its interval`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.receive("I will kill myself", id: "1@people.example")
            try await desk.receive("goodbye for ever", id: "2@people.example")
            let tickets = try await desk.scene.tickets()
            let missed = try #require(tickets.last)
            try await desk.end(.danger, on: tickets[0].id, .givenBack, by: desk.scene.again())
            try await desk.set(.danger, on: missed.id, by: desk.scene.again())

            let recall = try await database.read { try DangerRecord.recall(in: $0) }
            #expect(recall.map(\.cases).reduce(0, +) == 2)
            #expect(recall.map(\.noticed).reduce(0, +) == 1)
            #expect(try await desk.events("page-test") == 2)
            #expect(try await desk.scene.ticket(missed.id).priority == 4)
        }
    }

    @Test func `the interval is wide for few cases and narrow for many`() {
        #expect(WilsonInterval(0, of: 0) == WilsonInterval(0, of: -1))
        let few = WilsonInterval(9, of: 10), many = WilsonInterval(900, of: 1000)
        #expect(few.low > 0.59 && few.low < 0.60 && few.high > 0.98)
        #expect(many.low > 0.87 && many.high < 0.92)
    }

    // MARK: - Labels narrow

    /// Who tries, with which right, while whom the label is left to.
    @Test(arguments: TestDatabase.kinds) func `a label leaves answering, settling and joining to the people named`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let (bo, chi) = (try await desk.scene.colleague("bo"), try await desk.scene.colleague("chi"))
            try await desk.receive("We will see you in court", id: "1@people.example")
            try await desk.receive("Another matter", id: "2@people.example")
            let tickets = try await desk.scene.tickets()
            let ticket = tickets[0].id
            try await desk.set(.legal, on: ticket, by: chi)

            // Nobody is named: it warns and closes nothing.
            #expect(try await desk.mayAnswer(ticket, chi))
            try await desk.name(bo, for: .legal)
            #expect(try await desk.mayAnswer(ticket, bo))
            #expect(try await !desk.mayAnswer(ticket, chi))
            #expect(try await !desk.mayAnswer(ticket, desk.scene.again()), "administrators neither")
            await desk.expectRefused { try await desk.change(ticket, chi) { $0.state = "closed" } }
            await desk.expectRefused { try await desk.change(ticket, chi) { $0.mergeInto = tickets[1].id } }
            // What is no answer stays open: tags, owner, urgency.
            try await desk.change(ticket, chi) { $0.addTags = ["court"] }

            await desk.expectRefused { try await desk.end(.legal, on: ticket, .givenBack, by: desk.scene.again()) }
            try await desk.end(.legal, on: ticket, .givenBack, by: bo)
            #expect(try await desk.mayAnswer(ticket, chi))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `changes of many leave labelled tickets as they are`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let (bo, chi) = (try await desk.scene.colleague("bo"), try await desk.scene.colleague("chi"))
            for number in 1...2 { try await desk.receive("A question", id: "\(number)@people.example") }
            let tickets = try await desk.scene.tickets()
            try await desk.name(bo, for: .privacy)
            try await desk.set(.privacy, on: tickets[0].id, by: chi)
            var change = TicketChange()
            change.state = "closed"
            _ = try await desk.scene.bulking.change(tickets.map(\.id), change, back: "/", by: chi)

            #expect(try await desk.scene.tickets().map(\.state) == [.new, .closed])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `sending is refused in the store, also for a draft from before`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let bo = try await desk.scene.colleague("bo")
            try await desk.receive("I am a journalist", id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first)
            try await desk.name(bo, for: .press)
            try await desk.set(.press, on: ticket.id, by: desk.scene.again())

            await desk.expectRefused { _ = try await desk.scene.answer(ticket.id, to: ["karl@people.example"]) }
            #expect(try await desk.scene.messages(ticket.id).count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `labels go along when tickets are split`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            for number in 1...2 {
                try await desk.receive("A question", id: "\(number)@people.example")
            }
            let tickets = try await desk.scene.tickets()
            try await desk.set(.legal, on: tickets[0].id, by: desk.scene.again())
            try await desk.change(tickets[0].id, desk.scene.again()) { $0.mergeInto = tickets[1].id }

            #expect(try await desk.labels(tickets[1].id) == [.legal])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who set a label by mistake takes it off within ten minutes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let (bo, chi) = (try await desk.scene.colleague("bo"), try await desk.scene.colleague("chi"))
            try await desk.receive("Hello", id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first).id
            try await desk.name(bo, for: .danger)
            try await desk.set(.danger, on: ticket, by: chi)
            try await desk.end(.danger, on: ticket, .mistaken, by: chi)
            #expect(try await desk.labels(ticket) == [])
            #expect(try await database.read { try DangerRecord.recall(in: $0) }.isEmpty)

            try await desk.set(.danger, on: ticket, by: chi)
            desk.scene.time.advance(Labelling.undoTime + 1)
            await desk.expectRefused { try await desk.end(.danger, on: ticket, .mistaken, by: chi) }
        }
    }
}
