import Base
import Storage

extension Viewer {
    /// Who writes what belongs to a queue, or (nil) to all queues: its leads; for all, administrators.
    package func mayKeepRules(of queue: ID?) -> Bool { queue.map { mayKeep(queue: $0) } ?? isAdministrator }

    /// Throws `notFound` for a queue that is not there, or not the viewer's to decide about.
    func requireHome(_ queue: ID?, in db: any Connection) throws {
        guard mayKeepRules(of: queue),
            try queue.map({ try db.first("SELECT id FROM queue WHERE id = \($0)") != nil }) ?? true
        else { throw Failure(.notFound, "error-not-found") }
    }

    /// Who writes rules, macros or checklists at all.
    package var keepsRules: Bool { isAdministrator || !queues(.manage).isEmpty }
}

/// The tables `rule` and `rule_version`.
package struct RuleStore: Sendable {
    /// Row of `setting` that grows with every change of a rule: what was compiled before is then made anew.
    private static let stampName = "rules-stamp"
    private static let longestName = 80
    private static let most = 1000

    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    // MARK: - Reading

    /// Those the viewer decides about, as they run: for all queues first, then queue by queue.
    package func all(keptBy viewer: Viewer, in db: any Connection) throws -> [Rule] {
        try db.rows("SELECT * FROM rule WHERE removed_at IS NULL ORDER BY COALESCE(queue_id, 0), place, id")
            .map(Self.read).filter { viewer.mayKeepRules(of: $0.queue) }
    }

    /// Also one that was removed, so that it can come back.
    package func require(_ id: ID, keptBy viewer: Viewer, in db: any Connection) throws -> Rule {
        guard let rule = try find(id, in: db), viewer.mayKeepRules(of: rule.queue) else {
            throw Failure(.notFound, "error-not-found")
        }
        return rule
    }

    func find(_ id: ID, in db: any Connection) throws -> Rule? {
        try db.first("SELECT * FROM rule WHERE id = \(id)").map(Self.read)
    }

    /// All that run, in their order.
    func running(in db: any Connection) throws -> [Rule] {
        try db.rows(
            "SELECT * FROM rule WHERE is_on = 1 AND removed_at IS NULL ORDER BY COALESCE(queue_id, 0), place, id"
        ).map(Self.read)
    }

    /// Newest first.
    package func versions(of id: ID, in db: any Connection) throws -> [RuleVersion] {
        try db.rows("SELECT * FROM rule_version WHERE rule_id = \(id) ORDER BY version DESC LIMIT 50").map {
            RuleVersion(
                version: Int(try $0.int("version")), name: try $0.text("name"),
                body: try StoredJSON.value(try $0.text("body")), member: try $0.optionalInt("member_id"),
                at: try $0.int("at"))
        }
    }

    /// Names of rules as they are called now.
    func names(of rules: [ID], in db: any Connection) throws -> [ID: String] {
        let rows = try db.rows("SELECT id, name FROM rule WHERE id IN \(list: Set(rules).sorted())")
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.int("id"), try $0.text("name")) })
    }

    /// Whether a message of this queue has to wait for rules or for being given to somebody.
    static func isAwaited(queue: ID, in db: any Connection) throws -> Bool {
        try db.first(
            """
            SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM rule WHERE queue_id = \(queue) AND is_on = 1
                    AND removed_at IS NULL)
                OR EXISTS (SELECT 1 FROM rule WHERE queue_id IS NULL AND is_on = 1 AND removed_at IS NULL)
                OR EXISTS (SELECT 1 FROM queue_assignment WHERE queue_id = \(queue) AND mode <> 'off')
            """) != nil
    }

    static func stamp(in db: any Connection) throws -> String {
        try StoredSetting.text(stampName, in: db) ?? ""
    }

    static func read(_ row: Row) throws -> Rule {
        Rule(
            id: try row.int("id"), queue: try row.optionalInt("queue_id"), place: Int(try row.int("place")),
            name: try row.text("name"), body: try StoredJSON.value(try row.text("body")), isOn: try row.bool("is_on"),
            version: Int(try row.int("version")), changedAt: try row.int("changed_at"),
            removedAt: try row.optionalInt("removed_at"))
    }

    // MARK: - Writing

    /// Adds it as the last of its queue when its id is 0, else saves the next version. `conflict` when somebody saved
    /// another version than the one that was read.
    @discardableResult package func save(
        _ rule: Rule, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        try viewer.requireHome(rule.queue, in: db)
        let name = rule.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !name.isEmpty, name.count <= Self.longestName else { throw Failure(.invalid, "rule-name-missing") }
        try rule.body.validate()
        let body = try StoredJSON.text(rule.body)
        let id = rule.id == 0 ? try ids.make() : rule.id
        if rule.id == 0 {
            guard try db.int("SELECT COUNT(*) AS n FROM rule WHERE removed_at IS NULL") < Self.most else {
                throw Failure(.tooMany, "rule-too-many", isTemporary: false)
            }
            try db.execute(
                """
                INSERT INTO rule (id, queue_id, place, name, body, is_on, version, changed_at)
                VALUES (\(id), \(rule.queue), \(try nextPlace(rule.queue, in: db)), \(name), \(body), \(rule.isOn), 1,
                    \(at))
                """)
        } else {
            let now = try require(id, keptBy: viewer, in: db)
            guard now.version == rule.version else { throw Failure(.conflict, "rule-saved-meanwhile") }
            let place = try now.queue == rule.queue ? Int64(now.place) : nextPlace(rule.queue, in: db)
            try db.executeOne(
                """
                UPDATE rule SET queue_id = \(rule.queue), place = \(place), name = \(name), body = \(body),
                    is_on = \(rule.isOn), version = version + 1, changed_at = \(at), removed_at = NULL
                WHERE id = \(id) AND version = \(rule.version)
                """)
        }
        try db.execute(
            """
            INSERT INTO rule_version (rule_id, version, name, body, member_id, at)
            VALUES (\(id), \(Int64(rule.id == 0 ? 1 : rule.version + 1)), \(name), \(body), \(viewer.memberID), \(at))
            """)
        try note("saved", id, queue: rule.queue, viewer, at: at, in: db)
        return id
    }

    func version(_ version: Int, of id: ID, keptBy viewer: Viewer, in db: any Connection) throws -> RuleVersion {
        _ = try require(id, keptBy: viewer, in: db)
        guard let found = try versions(of: id, in: db).first(where: { $0.version == version }) else {
            throw Failure(.notFound, "error-not-found")
        }
        return found
    }

    /// Saves an older version as the newest. Whether the viewer reaches what it does is for the caller to ask.
    package func restore(
        _ version: Int, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        var rule = try require(id, keptBy: viewer, in: db)
        let old = try self.version(version, of: id, keptBy: viewer, in: db)
        (rule.name, rule.body) = (old.name, old.body)
        try save(rule, by: viewer, at: at, in: db)
    }

    package func setOn(_ isOn: Bool, _ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let rule = try require(id, keptBy: viewer, in: db)
        try db.executeOne("UPDATE rule SET is_on = \(isOn), changed_at = \(at) WHERE id = \(id)")
        try note(isOn ? "on" : "off", id, queue: rule.queue, viewer, at: at, in: db)
    }

    /// Takes it away, or gives it back.
    package func setRemoved(
        _ isRemoved: Bool, _ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let rule = try require(id, keptBy: viewer, in: db)
        try db.executeOne(
            "UPDATE rule SET removed_at = \(isRemoved ? at : nil), changed_at = \(at) WHERE id = \(id)")
        try note(isRemoved ? "removed" : "restored", id, queue: rule.queue, viewer, at: at, in: db)
    }

    /// Changes places with the one before or after it in the same queue; nothing at the ends.
    package func move(up: Bool, _ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let rule = try require(id, keptBy: viewer, in: db)
        let same = try all(keptBy: viewer, in: db).filter { $0.queue == rule.queue }
        guard let index = same.firstIndex(where: { $0.id == id }) else { return }
        let other = up ? index - 1 : index + 1
        guard same.indices.contains(other) else { return }
        try db.executeOne("UPDATE rule SET place = \(same[other].place) WHERE id = \(id)")
        try db.executeOne("UPDATE rule SET place = \(rule.place) WHERE id = \(same[other].id)")
        try note("moved", id, queue: rule.queue, viewer, at: at, in: db)
    }

    private func nextPlace(_ queue: ID?, in db: any Connection) throws -> Int64 {
        try db.int("SELECT COALESCE(MAX(place), 0) + 1 AS n FROM rule WHERE COALESCE(queue_id, 0) = \(queue ?? 0)")
    }

    private func note(
        _ what: String, _ id: ID, queue: ID?, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let stamp = String(try ids.make())
        try StoredSetting.set(Self.stampName, stamp, in: db)
        let event = Event("rule-changed", actor: viewer.memberID, queue: queue, subject: id, data: ["what": what])
        try events.add(event, at: at, in: db)
    }
}
