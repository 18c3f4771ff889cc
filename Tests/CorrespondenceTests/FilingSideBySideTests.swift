import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Mails of one thread that are filed at the same moment, by as many workers as there are mails.
@Suite struct FilingSideBySideTests {
    @Test(arguments: TestDatabase.kinds)
    func `mails of one thread that come together become one ticket`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let list = try await database.write { db in
                try scene.stores.queues.add(
                    name: "talk", displayName: "Talk", addresses: ["talk@desk.example"], isList: true, actor: nil,
                    at: 0,
                    in: db)
            }
            let count = 12
            for number in 0..<count {
                // All answer one that nobody has: without a lock none of them sees the others' ticket.
                let text = Scene.mail(
                    from: "Karl <k\(number)@people.example>", id: "\(number)@people.example", subject: "Re: A plan",
                    references: "gone@people.example", to: "talk@desk.example", text: "Part \(number) of it.")
                let delivery = Delivery(
                    queue: list.id, sender: "a@people.example", recipient: "talk@desk.example", source: .lmtp,
                    receivedAt: scene.time.clock.now(), content: .memory(Array(text.utf8)))
                _ = try await scene.intake.accept(delivery)
            }
            let jobs = try await database.write { db in
                try scene.stores.jobs.claim(FilingJob.name, limit: count, lease: 60_000, in: db)
            }
            #expect(jobs.count == count)

            await withTaskGroup(of: Void.self) { group in
                for job in jobs { group.addTask { _ = await scene.filing.file([job]) } }
            }

            let tickets = try await scene.tickets()
            #expect(tickets.count == 1)
            #expect(tickets.first?.messageCount == count)
        }
    }
}
