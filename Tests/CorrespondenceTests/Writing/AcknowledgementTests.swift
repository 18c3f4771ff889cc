import Base
import Foundation
import Mail
import Storage
import TestKit
import Testing

@testable import Correspondence

struct AcknowledgementTests {
    @Test func `only known placeholders are filled, and values are not read again`() {
        let text = "No. {{ticket.number}} / {{number}} in {{ queue.name }}: {{waiting}}. {{other}} {{"
        let filled = AcknowledgementText.filled(
            text, ["ticket.number": "12", "queue.name": "{{waiting}}", "waiting": "soon"])

        #expect(filled == "No. 12 / 12 in {{waiting}}: soon. {{other}} {{")
        #expect(AcknowledgementText.unknown(in: text) == ["other"])
    }

    private static let spans: [(time: Int, span: WaitingTime.Span)] = [
        (1, .hours(1)), (3_600_001, .hours(2)), (86_400_000, .days(1)), (90_000_000, .days(2)),
        (1_209_600_000, .days(14)), (1_296_000_000, .weeks(3)),
    ]

    @Test(arguments: spans) func `a span is rounded up to what people say`(time: Int, span: WaitingTime.Span) {
        #expect(WaitingTime.Span(Milliseconds(time)) == span)
    }

    @Test(arguments: TestDatabase.kinds) func `the waiting time counts those who still wait`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let now: Milliseconds = 100 * 86_400_000
            let hour: Milliseconds = 3_600_000
            #expect(try await database.read { try WaitingTime.of(queue: scene.queue.id, at: now, in: $0) } == nil)
            try await database.write { db in
                for index in 0..<10 {
                    let answered: Milliseconds? = index < 8 ? now - 48 * hour + hour : nil
                    try db.execute(
                        """
                        INSERT INTO fact (ticket_id, queue_id, language, arrived_at, first_answer_at, answers, messages,
                            hand_ons, reopenings, turn, turn_since, outcome, closed_at, source)
                        VALUES (\(ID(index + 1)), \(scene.queue.id), NULL, \(now - 48 * hour), \(answered), 0, 1, 0, 0,
                            'desk', 0, '', NULL, 'lmtp')
                        """)
                }
            }
            let time = try await database.read { try WaitingTime.of(queue: scene.queue.id, at: now, in: $0) }
            #expect(time == WaitingTime(median: hour, ninetieth: 48 * hour, count: 10))
            #expect(time?.usual == .days(2))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a text that is off is kept and not sent`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            var entry = QueueStore.AcknowledgementEntry(language: "de", subject: "Danke", text: "Da.", isOn: false)
            let first = entry
            try await database.write { db in
                try scene.stores.queues.setAcknowledgement(first, of: scene.queue.id, actor: nil, at: 0, in: db)
            }
            let found = try await database.read { db in
                (
                    try scene.stores.queues.acknowledgement(of: scene.queue.id, language: "de", in: db) == nil,
                    try scene.stores.queues.acknowledgements(of: scene.queue.id, in: db)
                )
            }
            #expect(found.0)
            #expect(found.1 == [first])
            entry.text = "{{sender}}"
            let wrong = entry
            await #expect(throws: Failure(.invalid, "")) {
                try await database.write { db in
                    try scene.stores.queues.setAcknowledgement(wrong, of: scene.queue.id, actor: nil, at: 0, in: db)
                }
            }
        }
    }
}
