import Base
import Storage

/// What happens in a queue when a text is used in a language it is outdated in, or does not have.
package enum LanguageRule: String, Sendable, CaseIterable {
    /// It is used, and the check says so.
    case warn
    /// The nearest language that has it whole and as new as the source is used instead.
    case fallBack = "fall-back"
    /// It is not sent without a reason.
    case block

    static func of(_ queue: ID, in db: any Connection) throws -> LanguageRule {
        let name = try db.first("SELECT language_rule FROM queue WHERE id = \(queue)")?.text("language_rule") ?? ""
        return LanguageRule(rawValue: name) ?? .warn
    }

    /// Decided by who keeps the queue.
    static func set(
        _ rule: LanguageRule, of queue: ID, by viewer: Viewer, events: EventStore, at: Milliseconds,
        in db: any Connection
    ) throws {
        guard viewer.mayKeep(queue: queue) else { throw Failure(.notFound, "error-not-found") }
        try db.executeOne("UPDATE queue SET language_rule = \(rule.rawValue) WHERE id = \(queue)")
        let event = Event(
            "queue-language-rule-changed", actor: viewer.memberID, queue: queue, data: ["to": rule.rawValue])
        try events.add(event, at: at, in: db)
    }
}
