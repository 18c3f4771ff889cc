import Base
import Jobs
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Row 9 of the desks' table: a cap on automatic answers per sender and time, so that two machines never talk on.
struct AutomaticCapTests {
    private static let hour: Milliseconds = 3_600_000

    @Test(arguments: TestDatabase.kinds)
    func `row 9: an address gets one automatic answer a day and queue, and two a week from all queues`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let other = try await Self.setUp(scene)
            // A machine that answers each of our answers, for ten days, every hour.
            var counts: [Int] = []
            for day in 0..<10 {
                for hour in 0..<24 {
                    let queue = hour.isMultiple(of: 2) ? scene.queue.id : other
                    try await Self.open(scene, from: "Robot@Machine.example", in: queue, "\(day)-\(hour)")
                    scene.time.advance(Self.hour)
                }
                counts.append(try await Self.answers(scene, to: "robot@machine.example"))
            }

            // The first day one from each queue; nothing more until a week has passed; then the same again.
            #expect(counts == [2, 2, 2, 2, 2, 2, 2, 4, 4, 4])
            try await Self.open(scene, from: "karl@people.example", in: scene.queue.id, "person")
            #expect(try await Self.answers(scene, to: "karl@people.example") == 1, "others are not kept waiting by it")
        }
    }

    @Test(arguments: TestDatabase.kinds, ["Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <a.example>"])
    func `row 9: a machine that says so gets none`(kind: TestDatabase, header: String) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            _ = try await Self.setUp(scene)
            try await scene.receive(Scene.mail(id: "auto@people.example", headers: [header]))
            try await Self.run(scene)

            #expect(try await Self.answers(scene, to: "karl@people.example") == 0)
        }
    }

    /// Both queues answer; returns the second.
    private static func setUp(_ scene: Scene) async throws -> ID {
        try await scene.database.write { db in
            let queues = scene.stores.queues
            let other = try queues.add(
                name: "other", displayName: "Other", addresses: ["other@desk.example"], isList: false, actor: nil,
                at: 0, in: db)
            for queue in [scene.queue.id, other.id] {
                let entry = QueueStore.AcknowledgementEntry(
                    language: "en", subject: "Thank you", text: "It is here: {{ticket.number}}.", isOn: true)
                try queues.setAcknowledgement(entry, of: queue, actor: nil, at: 0, in: db)
            }
            return other.id
        }
    }

    private static func open(_ scene: Scene, from: String, in queue: ID, _ id: String) async throws {
        scene.time.advance(1)
        _ = try await scene.intake.accept(
            Delivery(
                queue: queue, sender: from, recipient: "info@desk.example", source: .lmtp,
                receivedAt: scene.time.clock.now(),
                content: .memory(Array(Scene.mail(from: from, id: "\(id)@people.example").utf8))))
        try await scene.fileAll()
        try await run(scene)
    }

    private static func run(_ scene: Scene) async throws {
        let acknowledging = Acknowledging(
            database: scene.database, stores: scene.stores, tokens: scene.tokens,
            key: try InstanceKey([UInt8](repeating: 9, count: 32)), ids: scene.stores.tickets.ids,
            clock: scene.time.clock, alarm: scene.alarm)
        let kind = JobKind.single(Acknowledging.jobName) { try await acknowledging.run($0) }
        try await JobRunner(
            database: scene.database, store: scene.stores.jobs, kinds: [kind], alarm: scene.alarm, log: scene.log
        ).drain()
    }

    private static func answers(_ scene: Scene, to address: String) async throws -> Int {
        try await scene.database.read { db in
            Int(
                try db.int(
                    """
                    SELECT COUNT(*) AS n FROM outbox JOIN outbox_recipient ON outbox_recipient.outbox_id = outbox.id
                    WHERE outbox.kind = 'acknowledgement' AND outbox_recipient.address = \(address)
                    """))
        }
    }
}
