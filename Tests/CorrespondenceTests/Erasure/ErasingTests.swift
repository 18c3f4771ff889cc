import Base
import Foundation
import Jobs
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Row 58 of the table of desks: erase a person.
struct ErasingTests {
    @Test(arguments: TestDatabase.kinds)
    func `nothing of an erased person stands in any table, and facts and the chain stay`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            let before = try await desk.tables(with: ErasureScene.secrets)
            #expect(Set(["message", "contact", "draft", "raw_chunk", "participant", "bulk"]).isSubset(of: before))
            let fact = try await database.read { db in
                try db.first("SELECT arrived_at, answers, messages FROM fact WHERE ticket_id = \(desk.own)")?.pairs.map
                {
                    "\($0)"
                }
            }

            let erasure = try await desk.erase()

            let (ticket, after) = (try await desk.scene.ticket(desk.own), try await desk.everything())
            let hashed = try await database.read { db in
                try db.int("SELECT COUNT(*) AS n FROM automatic_answer")
            }
            let later = try await database.read { db in
                try db.first("SELECT arrived_at, answers, messages FROM fact WHERE ticket_id = \(desk.own)")?.pairs.map
                {
                    "\($0)"
                }
            }
            #expect(erasure.state == .done)
            #expect(try await desk.tables(with: ErasureScene.secrets) == [])
            #expect(after["message"]?.contains("tall one") == true)
            #expect(ticket.state == .closed)
            #expect(ticket.subject == "" && ticket.sender == "" && ticket.preview == "" && ticket.contact == nil)
            #expect(fact == later)
            #expect(hashed == 0)
            #expect(try await Self.isWhole(database))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what others wrote stays, without the person's name, address and quoted words`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let desk = try await ErasureScene(database)

            _ = try await desk.erase()

            let messages = try await desk.scene.messages(desk.other)
            let raws = try await database.read { db in
                try messages.compactMap(\.raw).map {
                    String(decoding: try desk.scene.stores.raws.bytes(of: $0, in: db), as: UTF8.self)
                }
            }
            let people = try await database.read { db in
                try desk.scene.stores.tickets.participants(of: desk.other, in: db).map(\.address)
            }
            let ticket = try await desk.scene.ticket(desk.other)
            #expect(messages.count == 3)
            let mark = Passage.mark
            #expect(messages[0].text == "Ask \(mark) (\(mark)) about the lighthouse.\nIt is a tall one.")
            #expect(messages[1].text.isEmpty && messages[1].fromAddress.isEmpty)
            #expect(messages[2].text.hasPrefix("Thank you both.\n\(mark) wrote:\n> \(mark)"))
            #expect(raws.count == 2)
            #expect(raws.allSatisfy { $0.contains("mona@people.example") && !$0.lowercased().contains("karl") })
            #expect(people == ["mona@people.example"])
            #expect(ticket.subject == "The lighthouse" && ticket.state != .closed)
            #expect(ticket.contact != nil)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a mail that comes again does not bring its words back`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            _ = try await desk.erase()

            let same = try await desk.scene.receive(ErasureScene.karlsMail(), sender: "karl@people.example")
            try await desk.scene.receive(
                ErasureScene.karlsMail(trace: "Received: from elsewhere\r\n"), sender: "karl@people.example")

            #expect(try await desk.tables(with: ["zebrafish", "karl@people.example"]) == [], "\(same)")
            #expect(try await Self.isWhole(database))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a ticket that must be kept is left as it is, and goes when it need not be kept any more`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            let store = HoldStore(events: desk.scene.stores.events)
            func hold(_ reason: String) async throws {
                let ticket = try await desk.scene.ticket(desk.own)
                try await database.write { db in
                    try store.set(reason, on: ticket, by: desk.scene.viewer, at: 1, in: db)
                }
            }
            try await hold("A court asked for it")

            let kept = try await desk.erase()

            let subject = try await desk.scene.ticket(desk.own).subject
            let counts = try await database.read { db in try desk.erasing.store.counts(of: kept.id, in: db) }
            #expect(kept.state == .kept)
            #expect(subject == "Zebrafish again")
            #expect(counts == [.kept: 1, .done: 1])
            #expect(try await desk.scene.messages(desk.other)[1].text.isEmpty)

            try await hold("")
            let done = try await desk.erase()

            #expect(done.state == .done)
            #expect(try await desk.tables(with: ErasureScene.secrets) == [])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a confidential queue is left alone unless it is in reach`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            try await database.write { db in
                let vault = try desk.scene.stores.queues.add(
                    name: "vault", displayName: "Vault", addresses: [], isList: false, actor: nil, at: 0, in: db)
                try db.execute("UPDATE queue SET is_confidential = 1 WHERE id = \(vault.id)")
                try db.execute("UPDATE ticket SET queue_id = \(vault.id) WHERE id = \(desk.own)")
            }

            let erasure = try await desk.erase()

            #expect(erasure.state == .done)
            #expect(try await desk.scene.messages(desk.own)[0].text.contains("zebrafish"))
            #expect(try await desk.scene.messages(desk.other)[1].text.isEmpty)

            let all = try await desk.erasing.ask(
                desk.karl, cause: .request, member: nil, reach: .all, at: desk.scene.time.clock.now())
            try await desk.work()

            #expect(try await desk.find(all).state == .done)
            #expect(try await desk.scene.messages(desk.own)[0].text.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a job that broke off goes on where it was`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            // The second mail of others cannot be made anew at first.
            desk.breaks.set(2)
            let id = try await desk.erasing.ask(
                desk.karl, cause: .request, member: nil, reach: .queues([]), at: desk.scene.time.clock.now())
            try await desk.work()
            let between = try await desk.find(id)
            #expect(between.state == .running)
            #expect(try await desk.scene.messages(desk.own)[0].text.isEmpty)
            #expect(try await Self.isWhole(database))

            try await database.write { db in try db.execute("UPDATE job SET run_at = 0") }
            try await desk.work()

            #expect(try await desk.find(id).state == .done)
            #expect(try await desk.tables(with: ErasureScene.secrets) == [])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what a backup brought back is erased again, and what came after is not`(kind: TestDatabase) async throws {
        let entries = try await kind.with { database in
            let desk = try await ErasureScene(database)
            _ = try await desk.erase()
            return try await desk.erasing.entries()
        }
        try await kind.with { database in
            // The same people and mails: a backup from before.
            let desk = try await ErasureScene(database)
            try await database.write { db in try db.execute("UPDATE contact SET created_at = 1") }

            let again = try await desk.erasing.repeatAll(entries)
            try await desk.work()

            #expect(again == [desk.karl])
            #expect(try await desk.tables(with: ErasureScene.secrets) == [])

            desk.scene.time.advance(100_000_000)
            try await desk.scene.receive(
                Scene.mail(from: "Karl Weber <karl@people.example>", id: "new@people.example", text: "It is me again."))
            #expect(try await desk.erasing.repeatAll(entries) == [])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a model that has learned from the person is not used any more`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            try await database.write { db in
                try db.execute(
                    """
                    INSERT INTO triage_model (id, version, examples, held_out, took_ms, is_current, made_at)
                    VALUES (7, 1, 1, 0, 1, 1, 1)
                    """)
                try db.execute("INSERT INTO triage_trained (model_id, ticket_id) VALUES (7, \(desk.own))")
            }

            _ = try await desk.erase()

            let (current, jobs) = try await database.read { db in
                (
                    try ModelStore(ids: desk.scene.stores.tickets.ids).current(in: db),
                    try db.int("SELECT COUNT(*) AS n FROM job WHERE kind = \(TriageTraining.jobName)")
                )
            }
            #expect(current == nil)
            #expect(jobs == 1)
        }
    }

    @Test func `nothing stays in the files of the database`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "erasure-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await TestDatabase.sqlite.with(in: folder) { database in
            let desk = try await ErasureScene(database)
            #expect(try Self.stand(ErasureScene.secrets, in: folder) == ErasureScene.secrets)

            _ = try await desk.erase()

            #expect(try Self.stand(ErasureScene.secrets, in: folder) == [])
            #expect(try Self.stand(["tall one"], in: folder) == ["tall one"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `only administrators see what is held, and it is counted`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await ErasureScene(database)
            let colleague = try await desk.scene.colleague("ben")
            await #expect(throws: Failure(.notFound, "")) {
                _ = try await desk.erasing.ask(desk.karl, cause: .request, by: colleague)
            }
            let viewer = desk.scene.viewer
            let holdings = try await database.read { db in
                try Holdings.read(desk.karl, in: viewer.queues(.see), desk.scene.stores, db: db)
            }
            let held = try #require(holdings)
            #expect(held.own.map(\.ticket.id) == [desk.own])
            #expect(held.others.map(\.ticket.id) == [desk.other])
            #expect(held.counts[.messages] == 2 && held.counts[.files] == 1 && held.counts[.sent] == 1)
            #expect(held.counts[.notes] == 1 && held.counts[.drafts] == 1 && held.counts[.blocked] == 1)
            #expect(held.counts[.undo] == 1)

            let copying = PersonCopy(database: database, stores: desk.scene.stores, clock: desk.scene.time.clock)
            let parts = try await copying.parts(held)
            let index = String(decoding: copying.index(held, parts).bytes, as: UTF8.self)
            #expect(parts.count == 3)
            #expect(index.contains("A zebrafish of mine") && index.contains("your zebrafish is fine"))
            #expect(!index.contains("tall one") && !index.contains("mona") && !index.contains("called about"))
        }
    }

    // MARK: - Helpers

    private static func stand(_ words: [String], in folder: URL) throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let all = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self).lowercased() }
        return words.filter { word in all.contains { $0.contains(word) } }
    }

    /// As `liaison verify` asks: raw bytes, counts of messages, references of deliveries.
    private static func isWhole(_ database: Database) async throws -> Bool {
        try await database.read { db in
            let wrong = try db.int(
                """
                SELECT COUNT(*) AS n FROM ticket WHERE message_count <>
                    (SELECT COUNT(*) FROM message WHERE message.ticket_id = ticket.id AND message.direction <> 'note')
                """)
            let going = try RawEmptying.going(in: db)
            let raws = RawStore(ids: IDMaker(node: 9, clock: .system))
            for id in try db.rows("SELECT id FROM raw").map({ try $0.int("id") }) where !going.contains(id) {
                let bytes = try raws.bytes(of: id, in: db)
                guard try raws.sha256(of: id, in: db) == SHA256Digest.of(bytes) else { return false }
            }
            return wrong == 0
        }
    }
}
