import Base
import Jobs
import Mail
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

@Suite struct LearningTests {
    @Test(arguments: TestDatabase.kinds) func `learning twice from the same decisions gives the same model`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.decide()
            let first = try #require(try await desk.training.train())
            let bytes = try await desk.bytes(of: first)
            let second = try #require(try await desk.training.train())

            #expect(try await desk.bytes(of: second) == bytes)
            #expect(try await desk.bytes(of: first).isEmpty, "the former is gone")
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM triage_model") } == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `below its threshold a model only suggests, above it acts`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            // A fifth is held out by chance, and a class acts only when five of it were.
            try await desk.decide(count: 200)
            try await desk.training.train()
            try await desk.threshold(ModelStore.never, .topic, "tax")
            try await desk.receive("receipt for my donation, tax invoice", subject: "Receipt", id: "a@people.example")
            let cautious = try #require(try await desk.scene.tickets().last)
            let thought = try await desk.suggestions(cautious.id).first { $0.value == "tax" }
            #expect(thought?.state == .open)
            #expect(try await desk.scene.tags(cautious.id) == [])

            try await desk.threshold(50, .topic, "tax")
            try await desk.receive("receipt for my donation, tax invoice", subject: "Receipt", id: "b@people.example")
            let bold = try #require(try await desk.scene.tickets().last)
            #expect(try await desk.suggestions(bold.id).first { $0.value == "tax" }?.state == .applied)
            #expect(try await desk.scene.tags(bold.id) == ["tax"])

            // A member's "no" takes it back.
            let done = try #require(try await desk.suggestions(bold.id).first { $0.value == "tax" })
            try await desk.decide { try $0.dismiss(done.id, of: bold.id, by: $1, at: 5, in: $2) }
            #expect(try await desk.scene.tags(bold.id) == [])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a suggestion is accepted, taken back and corrected`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.receive("I am a journalist", id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first).id
            let thought = try #require(try await desk.suggestions(ticket).first)
            #expect(thought.value == "press" && thought.source == .pack && thought.state == .open)

            try await desk.decide { try $0.accept(thought.id, of: ticket, by: $1, at: 5, in: $2) }
            #expect(try await desk.labels(ticket) == [.press])
            try await desk.decide { try $0.undo(thought.id, of: ticket, by: $1, at: 6, in: $2) }
            #expect(try await desk.labels(ticket) == [])
            try await desk.decide { try $0.correct(thought.id, of: ticket, to: "legal", by: $1, at: 7, in: $2) }
            #expect(try await desk.labels(ticket) == [.legal])
            #expect(try await desk.suggestions(ticket).first { $0.value == "press" }?.state == .dismissed)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `thinking twice of a mail changes nothing, and a decision stays`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.receive("I am a journalist", id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first).id
            let thought = try #require(try await desk.suggestions(ticket).first)
            try await desk.decide { try $0.dismiss(thought.id, of: ticket, by: $1, at: 5, in: $2) }
            let message = try #require(try await desk.scene.messages(ticket).first)
            try await database.write { db in
                try desk.stores.jobs.add(Triage.jobName, subject: message.id, in: db)
            }
            try await desk.drain()

            #expect(try await desk.suggestions(ticket).map(\.state) == [.dismissed])
        }
    }

    /// What a queue, a protection or a redaction hides is not learned from; what was learned is forgotten.
    @Test(arguments: TestDatabase.kinds) func `confidential, protected and redacted tickets never train`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.decide()
            try await desk.training.train()
            let tickets = try await desk.scene.tickets()
            let message = try #require(try await desk.scene.messages(tickets[0].id).first)
            let redacting = Redacting(
                database: database, stores: desk.stores,
                reader: MailReader(
                    parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
                    sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil }),
                ids: IDMaker(node: 3, clock: .system), clock: desk.scene.time.clock, alarm: desk.scene.alarm)
            _ = try await redacting.redact(.message, of: message.id, reason: "private", by: desk.scene.again())
            let asked = try await database.read {
                try $0.int("SELECT COUNT(*) AS n FROM job WHERE kind = \(TriageTraining.jobName)")
            }
            #expect(asked >= 1)
            try await database.write { db in
                try db.execute("UPDATE ticket SET is_protected = 1 WHERE id = \(tickets[1].id)")
            }
            #expect(try await database.read { try Examples.spoilt(in: $0) })
            try await desk.training.train()

            let learned = try await database.read { db in
                try tickets.filter { try ModelStore(ids: desk.stores.tickets.ids).learned(from: $0.id, in: db) }
            }
            #expect(learned.map(\.id) == tickets.dropFirst(2).map(\.id))
            #expect(try await !database.read { try Examples.spoilt(in: $0) })

            try await database.write { db in
                try db.execute("UPDATE queue SET is_confidential = 1 WHERE id = \(desk.scene.queue.id)")
            }
            #expect(try await desk.training.train() == nil, "nothing is left to learn from")
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM triage_model_part") } == 0)
        }
    }

    /// Learning anew is asked for at once, in the transaction that hides a ticket.
    @Test(arguments: TestDatabase.kinds) func `a ticket that goes where nobody may learn from it is forgotten`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let hidden = try await desk.scene.addQueue("hidden", isConfidential: true)
            let open = try await desk.scene.addQueue("open")
            try await desk.decide()
            try await desk.training.train()
            try await database.write { try $0.execute("DELETE FROM job WHERE kind = \(TriageTraining.jobName)") }
            let tickets = try await desk.scene.tickets()
            try await desk.move(tickets[0], to: open.id)
            #expect(try await desk.scene.jobs(TriageTraining.jobName) == 0, "an open queue hides nothing")
            try await desk.move(tickets[0], to: hidden.id)
            #expect(try await desk.scene.jobs(TriageTraining.jobName) == 1)

            try await database.write { try $0.execute("DELETE FROM job WHERE kind = \(TriageTraining.jobName)") }
            try await desk.training.train()
            #expect(
                try await !database.read {
                    try ModelStore(ids: desk.stores.tickets.ids).learned(from: tickets[0].id, in: $0)
                })
            let queue = desk.scene.queue
            try await database.write { db in
                let settings = QueueStore.Settings(
                    name: queue.name, displayName: "", addresses: queue.addresses, mode: .live, isList: false,
                    isConfidential: true, usesPlus: true)
                try desk.stores.queues.change(queue.id, to: settings, actor: nil, at: 0, in: db)
            }
            #expect(try await desk.scene.jobs(TriageTraining.jobName) == 1, "a queue became confidential")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what is hidden while a training runs is in no model that is used`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            let hidden = try await desk.scene.addQueue("hidden", isConfidential: true)
            try await desk.decide()
            try await database.write { try $0.execute("DELETE FROM job WHERE kind = \(TriageTraining.jobName)") }
            let examples = try await desk.training.gather()
            let outcome = try #require(Lesson(examples).learn())
            let tickets = try await desk.scene.tickets()
            // The model in use knows nothing of it: nothing is asked for yet.
            try await desk.move(tickets[0], to: hidden.id)
            #expect(try await desk.scene.jobs(TriageTraining.jobName) == 0)

            #expect(try await desk.training.store(outcome, examples, began: 0) == nil)
            #expect(try await database.read { try ModelStore(ids: desk.stores.tickets.ids).current(in: $0) } == nil)
            #expect(try await desk.scene.jobs(TriageTraining.jobName) == 1, "another follows")
            try await database.write { try $0.execute("DELETE FROM job WHERE kind = \(TriageTraining.jobName)") }
            #expect(try await desk.training.train() != nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a training that is asked for while one runs follows it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.decide()
            let examples = try await desk.training.gather()
            let outcome = try #require(Lesson(examples).learn())
            try await database.write { db in
                try db.execute("DELETE FROM job WHERE kind = \(TriageTraining.jobName)")
                try TriageTraining.schedule(after: 0, jobs: desk.stores.jobs, in: db)
                // It runs.
                try db.execute("UPDATE job SET holder = 1 WHERE kind = \(TriageTraining.jobName)")
                try TriageTraining.schedule(after: 0, jobs: desk.stores.jobs, in: db)
                try TriageTraining.schedule(after: 0, jobs: desk.stores.jobs, in: db)
            }
            #expect(try await desk.scene.jobs(TriageTraining.jobName) == 2, "one waits at a time")
            #expect(
                try await desk.training.store(outcome, examples, began: 0) == nil, "what it read is to be forgotten")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a correction is an example of both, what it was not and what it was`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.receive("I am a journalist", id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first).id
            let thought = try #require(try await desk.suggestions(ticket).first)
            try await desk.decide { try $0.correct(thought.id, of: ticket, to: "legal", by: $1, at: 7, in: $2) }

            let examples = try await database.read { try Examples.read(before: .max, in: $0).examples }
            #expect(examples.map(\.decisions) == [["label:press": false, "label:legal": true]])
            let asked = try await desk.scene.jobs(TriageTraining.jobName)
            #expect(asked >= 1, "and learning is asked for")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a redaction strikes the reason of a suggestion`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.receive("I will kill myself, says a journalist", id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first).id
            try await database.write { try TriageSuggestionStore.strike(ticket: ticket, in: $0) }

            let left = try await desk.suggestions(ticket)
            #expect(left.map(\.value) == ["danger"] && left.allSatisfy { $0.reason.isEmpty })
        }
    }

    @Test(arguments: TestDatabase.kinds) func `held-out figures are kept by label and language`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database)
            try await desk.decide(count: 120)
            try await desk.training.train()
            let measures = try await database.read {
                try ModelStore(ids: desk.stores.tickets.ids).measures(in: $0)
            }
            let tax = measures.filter { $0.0 == .topic && $0.1 == "tax" }.map(\.3).reduce(Measure(), +)
            let result = tax.result(at: 50)

            #expect(tax.examples > 3)
            #expect(result.precision == 1 && result.recall == 1)
            #expect(tax.result(at: 100).recall == 0)
        }
    }
}

extension TriageScene {
    func bytes(of model: ID) async throws -> [UInt8] {
        try await scene.database.read { db in
            try db.rows("SELECT bytes FROM triage_model_part WHERE model_id = \(model) ORDER BY position").flatMap {
                try $0.bytes("bytes")
            }
        }
    }

    func threshold(_ percent: Int, _ target: TriageSuggestion.Target, _ value: String) async throws {
        try await scene.database.write { [stores, scene] db in
            try ModelStore(ids: stores.tickets.ids).setThreshold(
                percent, target, value, by: scene.member.id, at: 1, in: db)
        }
    }

    func decide(
        _ body: @escaping @Sendable (TriageDeciding, Viewer, any Connection) throws -> Void
    ) async throws {
        let viewer = try await scene.again()
        try await scene.database.write { [deciding] db in try body(deciding, viewer, db) }
    }

    func move(_ ticket: Ticket, to queue: ID) async throws {
        try await scene.database.write { [stores] db in
            guard let now = try stores.tickets.find(ticket.id, in: db) else { return }
            try stores.tickets.setQueue(queue, of: now, actor: nil, at: 9, in: db)
        }
    }

    func fileOnly() async throws {
        try await JobRunner(
            database: scene.database, store: stores.jobs, kinds: [FilingJob.kind(filing)], alarm: scene.alarm,
            log: scene.log
        ).drain()
    }

    func mayAnswer(_ ticket: ID, _ viewer: Viewer) async throws -> Bool {
        try await scene.database.read { [stores] db in
            do {
                try stores.tickets.requireAnswerable(ticket, by: viewer, in: db)
                return true
            } catch let failure as Failure where failure.code == .refused { return false }
        }
    }

    func change(_ ticket: ID, _ viewer: Viewer, _ fill: (inout TicketChange) -> Void) async throws {
        _ = try await scene.bulking.changeOne(ticket, TicketChange.make(fill), back: "/", by: viewer)
    }

    func expectRefused(_ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("it was not refused")
        } catch let failure as Failure {
            #expect(failure.code == .refused)
            #expect(["label-closed", "label-not-yours"].contains(failure.messageKey))
        } catch { Issue.record("\(error)") }
    }
}
