import Base
import Foundation
import Storage
import TestKit
import Testing

@testable import Correspondence

/// What several at once must not break: numbers of tickets, and the promise of an acknowledgement.
struct TakingTests {
    @Test(arguments: TestDatabase.kinds) func `numbers drawn by many at once are enough and all different`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let numbers = TicketNumbers(database: database, zone: .gmt)

            let drawn = try await withThrowingTaskGroup(of: [String].self) { group in
                for count in [15, 19, 3, 32, 18, 1, 20, 17, 32, 2] {
                    // One of three draws stands at the other side of midnight.
                    let time = TestClock.noon + (count.isMultiple(of: 3) ? 86_400_000 : 0)
                    group.addTask {
                        let drawn = try await numbers.draw(count, at: time)
                        #expect(drawn.count == count)
                        return drawn
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(drawn.count == 159)
            #expect(Set(drawn).count == drawn.count)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `only the same bytes are a duplicate; another clash is not acknowledged`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let still = TestClock().clock
            // Two that make the same ids, as they never should.
            let first = Self.intake(scene, IDMaker(node: 7, clock: still))
            let second = Self.intake(scene, IDMaker(node: 7, clock: still))

            let taken = try await first.accept(Self.delivery(scene, "Subject: one\r\n\r\nHello"))
            let again = try await second.accept(Self.delivery(scene, "Subject: one\r\n\r\nHello"))

            guard case .accepted = taken else { throw Failure(.internal, "error-internal") }
            #expect(again == .duplicate)
            await #expect(throws: Failure(.conflict, "")) {
                try await second.accept(Self.delivery(scene, "Subject: two\r\n\r\nOther"))
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the same mails taken in opposite orders by two nodes are each taken once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let nodes = [7, 8].map { Self.intake(scene, IDMaker(node: $0, clock: .system)) }
            let mails = (0..<60).map { "Subject: \($0)\r\n\r\nHello" }

            let taken = try await withThrowingTaskGroup(of: Acceptance.self) { group in
                for (node, order) in zip(nodes, [mails, mails.reversed()]) {
                    for mail in order { group.addTask { try await node.accept(Self.delivery(scene, mail)) } }
                }
                return try await group.reduce(into: [Acceptance]()) { $0.append($1) }
            }

            #expect(taken.filter { $0 == .duplicate }.count == mails.count)
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM delivery") } == 60)
        }
    }

    private static func intake(_ scene: Scene, _ ids: IDMaker) -> Intake {
        let key = try? InstanceKey([UInt8](repeating: 9, count: 32))
        guard let key else { preconditionFailure("32 bytes are a key") }
        let store = DeliveryStore(ids: ids, raws: RawStore(ids: ids), key: key)
        return Intake(database: scene.database, store: store, jobs: scene.stores.jobs, alarm: scene.alarm)
    }

    private static func delivery(_ scene: Scene, _ text: String) -> Delivery {
        Delivery(
            queue: scene.queue.id, sender: "a@people.example", recipient: "info@desk.example", source: .lmtp,
            receivedAt: TestClock.noon, content: .memory(Array(text.utf8)))
    }
}
