import Base
import Foundation
import Logging
import Storage
import Synchronization
import TestKit
import Testing

@testable import Storage

@Suite struct NodeSignalsTests {
    @Test func `a signal is read as it was told, and nothing else is`() {
        let signal = NodeSignals.Signal(head: 17, hasJobs: true, words: ["p.1.2.a.r"])

        #expect(NodeSignals.parse(NodeSignals.text(signal)) == signal)
        #expect(NodeSignals.parse("hello") == nil)
        #expect(NodeSignals.parse("-1 0") == nil)
        #expect(NodeSignals.text(.init(words: ["it's"])) == "0 0")
    }

    @Test(.enabled(if: TestDatabase.kinds.contains(.postgres)), .timeLimit(.minutes(1)))
    func `what one node tells the other hears, gathered, and the teller does not`() async throws {
        let server = ProcessInfo.processInfo.environment["LIAISON_TEST_POSTGRES"] ?? ""
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (heard, continuation) = AsyncStream.makeStream(of: NodeSignals.Signal.self)
        let own = Mutex(0)
        let one = NodeSignals(server, log: log) { _ in own.withLock { $0 += 1 } }
        let other = NodeSignals(server, log: log) { continuation.yield($0) }

        // Signals told before the other listens are lost, as they may be: told until one is heard.
        let teller = Task {
            var head: Int64 = 0
            while !Task.isCancelled {
                for _ in 0..<3 {
                    head += 1
                    one.tell(.init(head: head, words: ["p.1.2.a.w"]))
                }
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
        var signals: [NodeSignals.Signal] = []
        for await signal in heard {
            signals.append(signal)
            if signals.count == 6 { break }
        }
        teller.cancel()
        one.close()
        other.close()

        #expect(signals.count == 6)
        // Ten a second at most: several are told at once.
        #expect(signals.contains { $0.words.count > 1 })
        #expect(zip(signals, signals.dropFirst()).contains { $1.head - $0.head > 1 })
        #expect(own.withLock { $0 } == 0)
    }

    @Test func `writes that add events are told after their commit`() async throws {
        try await TestDatabase.sqlite.with { database in
            let events = EventStore(ids: IDMaker(node: 1, clock: .system))
            let told = Mutex(0)
            let telling = database.telling(of: events.added) { told.withLock { $0 += 1 } }

            try await telling.write { _ = try $0.rows("SELECT 1 AS one") }
            let before = told.withLock { $0 }
            try await telling.write { try events.add(Event("test"), at: 0, in: $0) }

            #expect(before == 0)
            #expect(told.withLock { $0 } == 1)
        }
    }
}
