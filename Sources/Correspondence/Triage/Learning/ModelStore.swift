import Base
import Storage
import Text

/// The tables `triage_model`, `triage_model_part`, `triage_measure`, `triage_trained` and `triage_threshold`.
package struct ModelStore: Sendable {
    static let partSize = 256 << 10
    /// Percent from which something is done without a member; above 100 is never.
    package static let never = 101

    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// What is said of a model on its page.
    package struct Made: Sendable, Equatable {
        package var id: ID
        package var examples: Int
        package var heldOut: Int
        package var took: Milliseconds
        package var at: Milliseconds
    }

    package func current(in db: any Connection) throws -> Made? {
        try db.first("SELECT * FROM triage_model WHERE is_current = 1 ORDER BY id DESC LIMIT 1").map {
            Made(
                id: try $0.int("id"), examples: Int(try $0.int("examples")), heldOut: Int(try $0.int("held_out")),
                took: try $0.int("took_ms"), at: try $0.int("made_at"))
        }
    }

    /// Nil for one that this program's features do not fit: it is made anew.
    func model(_ id: ID, in db: any Connection) throws -> LinearModel? {
        let bytes = try db.rows("SELECT bytes FROM triage_model_part WHERE model_id = \(id) ORDER BY position").flatMap
        {
            try $0.bytes("bytes")
        }
        return LinearModel(bytes: bytes)
    }

    // MARK: - Making, in slices

    func begin(examples: Int, heldOut: Int, took: Milliseconds, at: Milliseconds, in db: any Connection) throws -> ID {
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO triage_model (id, version, examples, held_out, took_ms, is_current, made_at)
            VALUES (\(id), \(FeatureHash.version), \(examples), \(heldOut), \(took), 0, \(at))
            """)
        return id
    }

    func add(_ part: [UInt8], position: Int, to model: ID, in db: any Connection) throws {
        try db.execute(
            "INSERT INTO triage_model_part (model_id, position, bytes) VALUES (\(model), \(position), \(part))")
    }

    func add(tickets: some Sequence<ID>, to model: ID, in db: any Connection) throws {
        try db.insert(
            into: "triage_trained", "model_id, ticket_id", rows: tickets.map { [model, $0] },
            onConflict: "ON CONFLICT (model_id, ticket_id) DO NOTHING")
    }

    func add(
        _ measure: Measure, _ target: TriageSuggestion.Target, _ value: String, language: String, to model: ID,
        in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO triage_measure (model_id, target, value, language, examples, positives, negatives)
            VALUES (\(model), \(target.rawValue), \(value), \(language), \(measure.examples),
                \(Measure.text(measure.positives)), \(Measure.text(measure.negatives)))
            """)
    }

    /// How the shipped model did on the same tickets, beside the measures of this one.
    func add(_ starting: [SpecialistLabel: Measure], to model: ID, in db: any Connection) throws {
        for (label, measure) in starting.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try db.execute(
                """
                INSERT INTO triage_measure (model_id, target, value, language, examples, positives, negatives)
                VALUES (\(model), 'starting', \(label.rawValue), '', \(measure.examples),
                    \(Measure.text(measure.positives)), \(Measure.text(measure.negatives)))
                """)
        }
    }

    /// Labels that the model in use knows better than the shipped one, on enough tickets that neither had learned
    /// from: from then on it speaks alone.
    func outgrown(in db: any Connection) throws -> Set<SpecialistLabel> {
        let rows = try db.rows(
            """
            SELECT triage_measure.* FROM triage_measure
            JOIN triage_model ON triage_model.id = triage_measure.model_id
            WHERE triage_model.is_current = 1 AND target IN ('label', 'starting')
            """)
        var own: [SpecialistLabel: Measure] = [:]
        var shipped: [SpecialistLabel: Measure] = [:]
        for row in rows {
            guard let label = SpecialistLabel(rawValue: try row.text("value")) else { continue }
            let measure = Measure(positives: try row.text("positives"), negatives: try row.text("negatives"))
            if try row.text("target") == "label" {
                own[label] = (own[label] ?? Measure()) + measure
            } else {
                shipped[label] = measure
            }
        }
        let bar = TriageSuggestion.Target.label.worthSaying
        return Set(
            own.compactMap { label, measure in
                guard measure.examples >= Triage.provenBy, let other = shipped[label] else { return nil }
                return measure.result(at: bar).balance > other.result(at: 50).balance ? label : nil
            })
    }

    /// From now on this one is used; the others are taken away by `removeFormer`.
    func activate(_ model: ID, in db: any Connection) throws {
        try db.execute("UPDATE triage_model SET is_current = 0 WHERE id <> \(model)")
        try db.executeOne("UPDATE triage_model SET is_current = 1 WHERE id = \(model)")
    }

    /// Not used any more; taken away by `removeFormer`.
    func retire(_ model: ID, in db: any Connection) throws {
        try db.executeOne("UPDATE triage_model SET is_current = 0 WHERE id = \(model)")
    }

    /// A slice of what is not used any more, unfinished ones too; false when nothing is left.
    func removeFormer(in db: any Connection) throws -> Bool {
        guard let row = try db.first("SELECT id FROM triage_model WHERE is_current = 0 ORDER BY id LIMIT 1") else {
            return false
        }
        let id = try row.int("id")
        let slice = try db.rows("SELECT ticket_id FROM triage_trained WHERE model_id = \(id) LIMIT 500").map {
            try $0.int("ticket_id")
        }
        if !slice.isEmpty {
            try db.execute("DELETE FROM triage_trained WHERE model_id = \(id) AND ticket_id IN \(list: slice)")
            return true
        }
        for table in ["triage_model_part", "triage_measure"] {
            try db.execute(SQL(text: "DELETE FROM \(table) WHERE ") + "model_id = \(id)")
        }
        try db.executeOne("DELETE FROM triage_model WHERE id = \(id)")
        return true
    }

    /// True while the model in use has learned from a ticket.
    package func learned(from ticket: ID, in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT triage_trained.ticket_id FROM triage_trained
            JOIN triage_model ON triage_model.id = triage_trained.model_id
            WHERE triage_trained.ticket_id = \(ticket) AND triage_model.is_current = 1 LIMIT 1
            """) != nil
    }

    // MARK: - What is shown and set

    /// Of the model in use, by target, value and language.
    package func measures(in db: any Connection) throws -> [(TriageSuggestion.Target, String, String, Measure)] {
        try db.rows(
            """
            SELECT triage_measure.* FROM triage_measure
            JOIN triage_model ON triage_model.id = triage_measure.model_id
            WHERE triage_model.is_current = 1 ORDER BY target, value, language
            """
        ).compactMap { row in
            guard let target = TriageSuggestion.Target(rawValue: try row.text("target")) else { return nil }
            let measure = Measure(positives: try row.text("positives"), negatives: try row.text("negatives"))
            return (target, try row.text("value"), try row.text("language"), measure)
        }
    }

    /// Those members have set, by `target:value`.
    package func thresholds(in db: any Connection) throws -> [String: Int] {
        let rows = try db.rows("SELECT target, value, threshold FROM triage_threshold")
        return Dictionary(
            try rows.map { ("\(try $0.text("target")):\(try $0.text("value"))", Int(try $0.int("threshold"))) },
            uniquingKeysWith: { first, _ in first })
    }

    func setThreshold(
        _ threshold: Int, _ target: TriageSuggestion.Target, _ value: String, by member: ID, at: Milliseconds,
        in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO triage_threshold (target, value, threshold, member_id, at)
            VALUES (\(target.rawValue), \(value), \(threshold), \(member), \(at))
            ON CONFLICT (target, value) DO UPDATE SET
                threshold = excluded.threshold, member_id = excluded.member_id, at = excluded.at
            """)
    }
}

extension TriageSuggestion.Target {
    /// Percent from which the program does it by itself, unless members decide otherwise. Moving a mail or taking it
    /// for junk hides it from people: that is never done by itself at first.
    package var usualThreshold: Int {
        switch self {
        case .label, .topic, .urgency: 95
        case .queue, .junk: ModelStore.never
        }
    }

    /// Percent from which it is worth a line beside the ticket. For labels a miss is worse than a line too many.
    var worthSaying: Int { self == .label ? 30 : 50 }
}
