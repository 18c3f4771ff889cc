import Base
import Foundation
import Storage

/// How long first answers of a queue took in the last 30 days. Tickets that still wait count with the time they have
/// waited, so that a queue nobody answers does not look quick.
package struct WaitingTime: Sendable, Equatable {
    static let window: Milliseconds = 30 * 86_400_000
    /// With fewer tickets nothing honest can be said.
    static let fewest = 5
    /// The newest ones of a busy queue are enough.
    private static let most = 2000

    package var median: Milliseconds
    package var ninetieth: Milliseconds
    package var count: Int

    /// In words, such as "within 2 days": the unit that fits, rounded up.
    package enum Span: Sendable, Equatable {
        case hours(Int), days(Int), weeks(Int)

        init(_ time: Milliseconds) {
            let hours = max(1, Int((time + 3_599_999) / 3_600_000))
            if hours <= 24 {
                self = hours == 24 ? .days(1) : .hours(hours)
            } else if hours <= 14 * 24 {
                self = .days((hours + 23) / 24)
            } else {
                self = .weeks((hours + 167) / 168)
            }
        }
    }

    /// The span that nine of ten wait at most.
    package var usual: Span { Span(ninetieth) }

    /// Of a queue; nil when too few came.
    package static func of(queue: ID, at now: Milliseconds, in db: any Connection) throws -> WaitingTime? {
        let rows = try db.rows(
            """
            SELECT arrived_at, first_answer_at FROM fact
            WHERE queue_id = \(queue) AND arrived_at > \(now - window) AND arrived_at <= \(now)
                AND source <> 'desk' AND outcome NOT IN ('junk', 'merged')
                AND (first_answer_at IS NOT NULL OR closed_at IS NULL)
            ORDER BY arrived_at DESC LIMIT \(most)
            """)
        let waits = try rows.map { row in
            max(0, (try row.optionalInt("first_answer_at") ?? now) - (try row.int("arrived_at")))
        }.sorted()
        guard waits.count >= fewest else { return nil }
        return WaitingTime(
            median: waits[waits.count / 2], ninetieth: waits[min(waits.count - 1, waits.count * 9 / 10)],
            count: waits.count)
    }
}

/// The words of a confirmation of receipt with what they leave open.
package struct AcknowledgementText: Sendable {
    /// What may stand in double braces; `number` is the older name of `ticket.number`.
    package static let placeholders = ["ticket.number", "queue.name", "waiting"]
    private static let older = ["number": "ticket.number"]

    /// The names in braces that mean nothing.
    package static func unknown(in text: String) -> [String] {
        parts(of: text).compactMap { part in
            guard case .name(let name) = part, !placeholders.contains(older[name] ?? name) else { return nil }
            return name
        }
    }

    /// The text with its values; a value is never looked at again for braces.
    package static func filled(_ text: String, _ values: [String: String]) -> String {
        parts(of: text).map { part in
            switch part {
            case .text(let text): text
            case .name(let name): values[older[name] ?? name] ?? "{{\(name)}}"
            }
        }.joined()
    }

    private enum Part { case text(String), name(String) }

    private static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.range(of: "{{"), let end = rest[start.upperBound...].range(of: "}}") {
            parts.append(.text(String(rest[..<start.lowerBound])))
            parts.append(.name(rest[start.upperBound..<end.lowerBound].split { $0 == " " }.joined()))
            rest = rest[end.upperBound...]
        }
        return parts + [.text(String(rest))]
    }
}
