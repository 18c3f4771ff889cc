import Base
import Jobs
import Storage
import TestKit
import Testing

@testable import Correspondence

/// One agreed line, and everybody gets their own mail.
struct GroupAnswerTests {
    @Test(arguments: TestDatabase.kinds) func `thirty people get thirty different mails, each once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(30)
            let id = try await scene.agreed()
            let answer = try await scene.grouping.start(id, by: scene.viewer)
            try await scene.runAnswers()

            let letters = try await scene.letters()
            #expect(letters.count == 30)
            #expect(Set(letters.map(\.to)).count == 30)
            for letter in letters {
                let number = letter.to.filter(\.isNumber)
                #expect(letter.text.hasPrefix("Hello,\n\nWe know of it"), "\(letter.to): \(letter.text)")
                #expect(letter.to == "reader\(number)@people.example")
            }
            let states = try await database.read { [scene] db in
                try scene.grouping.answers.letters(of: answer, in: db).map(\.state)
            }
            #expect(states == Array(repeating: .sent, count: 30))
            let tickets = try await scene.tickets()
            #expect(tickets.allSatisfy { $0.state == .answered })
            await #expect(throws: Failure(.invalid, "incident-nobody")) {
                try await scene.grouping.start(id, by: scene.viewer)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a crash between two letters sends nobody a second one`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            let id = try await scene.agreed()
            let answer = try await scene.grouping.start(id, by: scene.viewer)
            // What a crash leaves: some letters sent, one draft made and not sent, the rest not begun.
            try await scene.runAnswers()
            let letters = try await database.read { [scene] db in
                try scene.grouping.answers.letters(of: answer, in: db)
            }
            let last = try #require(letters.last), message = try #require(last.message)
            _ = try await scene.answering.undo(message: message, by: scene.viewer)
            try await database.write { [scene] db in
                try scene.grouping.answers.set(.waiting, ticket: last.ticket, of: answer, in: db)
                try db.execute("UPDATE ticket SET version = version WHERE id = \(last.ticket)")
                try db.execute("UPDATE incident_answer SET state = 'going' WHERE id = \(answer)")
                try scene.stores.jobs.add(GroupAnswering.jobName, subject: answer, in: db)
            }
            try await scene.runAnswers()
            try await database.write { [scene] db in
                try db.execute("UPDATE incident_answer SET state = 'going' WHERE id = \(answer)")
                try scene.stores.jobs.add(GroupAnswering.jobName, subject: answer, in: db)
            }
            try await scene.runAnswers()

            let sent = try await scene.letters().map(\.to)
            #expect(sent.count == 9)
            #expect(Set(sent).count == 9)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `all of it stops: before it goes, and what waits in the outbox`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            let id = try await scene.agreed()
            let first = try await scene.grouping.start(id, by: scene.viewer)
            try await scene.grouping.undo(first, by: scene.viewer)
            try await scene.runAnswers()
            let none = try await scene.letters().count

            let second = try await scene.grouping.start(id, by: scene.viewer)
            try await scene.runAnswers()
            let all = try await scene.letters().count
            try await scene.grouping.undo(second, by: scene.viewer)
            let stopped = try await scene.letters().count

            #expect(none == 0)
            #expect(all == 9)
            #expect(stopped == 0)
            let drafts = try await database.read { try $0.int("SELECT COUNT(*) AS n FROM draft") }
            #expect(drafts == 0)
            #expect(try await scene.tickets().allSatisfy { $0.state == .new })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who wrote twice gets one, who asks something else or wrote again gets none`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            try await scene.receive(
                Scene.mail(from: "Reader <reader0@people.example>", id: "again@people.example", text: Scene.floodText))
            try await scene.notice()
            let id = try await scene.agreed()
            let entries = try await scene.entries(id).entries
            #expect(entries.count == 10)
            try await database.write { [scene] db in
                try scene.incidents.change(
                    .differs, item: entries[1].item.id, of: id, by: scene.viewer, at: 1, in: db)
            }
            let answer = try await scene.grouping.start(id, by: scene.viewer)
            try await scene.receive(
                Scene.mail(
                    from: "Reader 2 <reader2@people.example>", id: "more@people.example",
                    references: "flood2@people.example", text: "And my account too?"))
            try await scene.runAnswers()

            let to = try await scene.letters().map(\.to)
            #expect(to.filter { $0 == "reader0@people.example" }.count == 1)
            #expect(!to.contains("reader1@people.example"))
            #expect(!to.contains("reader2@people.example"))
            #expect(to.count == 7)
            let problems = try await database.read { [scene] db in
                try scene.grouping.answers.letters(of: answer, in: db).map(\.problem).filter { !$0.isEmpty }
            }
            #expect(Set(problems) == ["incident-differs", "incident-same-person", "incident-wrote-again"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `where replies need a review, a second person agrees to the line first`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(8)
            let id = try await scene.agreed()
            try await database.write { [scene] db in
                try db.execute(
                    """
                    INSERT INTO review_setting (queue_id, needs_all, languages, labels, sample_percent, due_minutes,
                        training_count) VALUES (\(scene.queue.id), 1, '', '', 0, 60, 10)
                    """)
            }
            await #expect(throws: Failure(.invalid, "incident-nobody")) {
                try await scene.grouping.start(id, by: scene.viewer)
            }
            let bea = try await scene.colleague("bea", Set(Right.allCases))
            try await database.write { [scene] db in
                let line = try #require(try scene.incidents.lines(of: id, in: db).first?.id)
                #expect(throws: Failure(.refused, "incident-line-own")) {
                    try scene.incidents.approve(line, of: id, by: scene.viewer, at: 1, in: db)
                }
                try scene.incidents.approve(line, of: id, by: bea, at: 1, in: db)
            }
            _ = try await scene.grouping.start(id, by: scene.viewer)
            try await scene.runAnswers()

            #expect(try await scene.letters().count == 8)
            let ways = try await database.read {
                try $0.rows("SELECT DISTINCT way FROM clearance").map { try $0.text("way") }
            }
            #expect(ways == ["approved"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `words changed after they were agreed to are refused by the gate`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(8)
            let id = try await scene.agreed()
            let bea = try await scene.colleague("bea", Set(Right.allCases))
            let draft = try await database.write { [scene] db -> (Draft, Bool, Bool) in
                let line = try #require(try scene.incidents.lines(of: id, in: db).first)
                try scene.incidents.approve(line.id, of: id, by: bea, at: 1, in: db)
                let ticket = try #require(
                    try scene.incidents.tickets(of: id, visibleTo: scene.viewer, in: db).entries.first?.ticket)
                let draft = try scene.drafts.save(
                    Draft.Content(to: ["k@people.example"], cc: [], subject: "Re", text: "Agreed."), ticket: ticket,
                    author: scene.member.id, seenVersion: ticket.version, at: 1, in: db)
                let answer = GroupAnswer(
                    id: 77, incident: id, author: scene.member.id, state: .going, notBefore: 1, madeAt: 1)
                let letter = GroupAnswer.Letter(
                    ticket: ticket.id, line: line.id, contact: nil, ticketVersion: 1, draft: nil, message: nil,
                    state: .waiting, problem: "")
                try scene.grouping.answers.add(answer, letters: [letter], in: db)
                let hash = try ReviewHash.of(draft, in: db)
                try scene.grouping.answers.setDraft(draft.id, hash: hash, ticket: ticket.id, of: 77, in: db)
                let same = try GroupAnswerStore.isAgreed(
                    draft, hash: hash, queue: ticket.queue, scene.members, in: db)
                let other = try GroupAnswerStore.isAgreed(
                    draft, hash: "other", queue: ticket.queue, scene.members, in: db)
                return (draft, same, other)
            }
            #expect(draft.1)
            #expect(!draft.2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a line that ran out, is another's to say, or is in another language is not said`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(8)
            let id = try await scene.agreed()
            func problems() async throws -> Set<String> {
                try await database.read { [scene] db in
                    let incident = try scene.incidents.require(id, visibleTo: scene.viewer, in: db)
                    let plan = try GroupPlan.make(
                        incident, everybody: false, scene.grouping, by: scene.viewer, at: scene.time.clock.now(), in: db
                    )
                    return Set(plan.entries.map(\.problem))
                }
            }
            let before = try await problems()
            scene.time.advance(2 * 86_400_000)
            let expired = try await problems()
            let bea = try await scene.colleague("bea")
            let now = scene.time.clock.now()
            try await database.write { [scene] db in
                let wording = IncidentStore.Wording(
                    language: "en", text: "Only Bea says this.", expiresAt: now + 1000, speakers: [bea.memberID])
                try scene.incidents.write(wording, for: id, by: scene.viewer, at: now, in: db)
            }
            let named = try await problems()
            try await database.write { db in try db.execute("UPDATE ticket SET language = 'de'") }
            let other = try await problems()
            let versions = try await database.read { [scene] db in
                try scene.incidents.lines(of: id, withOld: true, in: db).map(\.version)
            }

            #expect(before == [""])
            #expect(expired == ["incident-line-expired"])
            #expect(named == ["incident-line-speaker"])
            #expect(other == ["incident-no-line"])
            #expect(versions == [2, 1])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a cause that is solved answers all who wrote`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(8)
            let id = try await scene.agreed()
            let now = scene.time.clock.now()
            let cause = try await database.write { [scene] db -> ID in
                let cause = try scene.incidents.makeCause(of: id, by: scene.viewer, at: now, in: db)
                let settings = IncidentStore.Settings(
                    name: "The cache", owner: scene.member.id, joins: false, toldURL: "https://bugs.example/1")
                try scene.incidents.set(settings, of: cause, by: scene.viewer, at: now, in: db)
                return cause
            }
            let told = try await database.read { [scene] db in try scene.incidents.find(cause, in: db)?.state }
            try await database.write { [scene] db in
                try scene.incidents.setState(.solved, of: cause, by: scene.viewer, at: now + 5, in: db)
                let wording = IncidentStore.Wording(language: "en", text: "It is mended.", expiresAt: now + 100_000)
                try scene.incidents.write(wording, for: cause, by: scene.viewer, at: now, in: db)
            }
            _ = try await scene.grouping.start(cause, by: scene.viewer)
            try await scene.runAnswers()

            #expect(told == .told)
            #expect(try await scene.letters().count == 8)
        }
    }
}
