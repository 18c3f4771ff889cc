import Base
import Storage

/// For which labels the shipped model speaks: for all, until an administrator switches one off. Kept among the
/// thresholds, under a target of its own. What it had suggested for a label that is off stands nowhere meanwhile, and
/// comes back with it.
struct StartingUse: Sendable {
    /// Who switched a label off, and when.
    struct Off: Sendable, Equatable {
        var member: ID
        var at: Milliseconds
    }

    private static let target = "starting"
    private static let on = 50

    static func off(in db: any Connection) throws -> [SpecialistLabel: Off] {
        let rows = try db.rows(
            """
            SELECT value, member_id, at FROM triage_threshold
            WHERE target = \(target) AND threshold = \(ModelStore.never)
            """)
        var found: [SpecialistLabel: Off] = [:]
        for row in rows {
            guard let label = SpecialistLabel(rawValue: try row.text("value")) else { continue }
            found[label] = Off(member: try row.int("member_id"), at: try row.int("at"))
        }
        return found
    }

    /// The caller has made sure that an administrator asks. Nothing happens where it is so already.
    static func set(
        _ isOn: Bool, _ label: SpecialistLabel, by member: ID, at: Milliseconds, _ events: EventStore,
        in db: any Connection
    ) throws {
        guard try (off(in: db)[label] == nil) != isOn else { return }
        try db.execute(
            """
            INSERT INTO triage_threshold (target, value, threshold, member_id, at)
            VALUES (\(target), \(label.rawValue), \(isOn ? on : ModelStore.never), \(member), \(at))
            ON CONFLICT (target, value) DO UPDATE SET
                threshold = excluded.threshold, member_id = excluded.member_id, at = excluded.at
            """)
        let event = Event(
            "triage-starting-changed", actor: member, data: ["label": label.rawValue, "to": isOn ? "on" : "off"])
        try events.add(event, at: at, in: db)
    }

    /// Whether a row's label, in a column, is switched off.
    static func isOff(_ column: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM triage_threshold WHERE triage_threshold.target = \(target)
            AND triage_threshold.value = \(column) AND triage_threshold.threshold = \(ModelStore.never))
        """
    }
}
