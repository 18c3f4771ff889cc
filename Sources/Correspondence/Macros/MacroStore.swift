import Base
import Storage

/// The table `macro`.
package struct MacroStore: Sendable {
    private static let longestName = 80
    private static let most = 500

    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// Those that may be used on a ticket of this queue, by name.
    package func all(forQueue queue: ID, in db: any Connection) throws -> [Macro] {
        try db.rows(
            """
            SELECT * FROM macro WHERE (queue_id = \(queue) OR queue_id IS NULL) AND removed_at IS NULL
            ORDER BY name, id
            """
        ).map(Self.read)
    }

    /// Those of any queue in which the viewer may change tickets.
    package func all(usableBy viewer: Viewer, in db: any Connection) throws -> [Macro] {
        try db.rows(
            """
            SELECT * FROM macro WHERE (queue_id IS NULL OR queue_id IN \(list: viewer.queues(.note)))
                AND removed_at IS NULL
            ORDER BY name, id
            """
        ).map(Self.read)
    }

    package func all(keptBy viewer: Viewer, in db: any Connection) throws -> [Macro] {
        try db.rows("SELECT * FROM macro WHERE removed_at IS NULL ORDER BY name, id").map(Self.read)
            .filter { viewer.mayKeepRules(of: $0.queue) }
    }

    package func require(_ id: ID, keptBy viewer: Viewer, in db: any Connection) throws -> Macro {
        guard let macro = try find(id, in: db), viewer.mayKeepRules(of: macro.queue) else {
            throw Failure(.notFound, "error-not-found")
        }
        return macro
    }

    /// For using it: `notFound` where the viewer changes no ticket of its queue.
    package func require(_ id: ID, usableBy viewer: Viewer, in db: any Connection) throws -> Macro {
        guard let macro = try find(id, in: db), macro.removedAt == nil,
            macro.queue.map({ viewer.may(.note, queue: $0) }) ?? !viewer.queues(.note).isEmpty
        else { throw Failure(.notFound, "error-not-found") }
        return macro
    }

    private func find(_ id: ID, in db: any Connection) throws -> Macro? {
        try db.first("SELECT * FROM macro WHERE id = \(id)").map(Self.read)
    }

    /// Adds it when its id is 0.
    @discardableResult package func save(
        _ macro: Macro, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        try viewer.requireHome(macro.queue, in: db)
        let name = macro.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !name.isEmpty, name.count <= Self.longestName else { throw Failure(.invalid, "rule-name-missing") }
        try macro.body.validate()
        let body = try StoredJSON.text(macro.body)
        let id = macro.id == 0 ? try ids.make() : macro.id
        if macro.id == 0 {
            guard try db.int("SELECT COUNT(*) AS n FROM macro WHERE removed_at IS NULL") < Self.most else {
                throw Failure(.tooMany, "rule-too-many", isTemporary: false)
            }
            try db.execute(
                """
                INSERT INTO macro (id, queue_id, name, body, version, changed_by, changed_at)
                VALUES (\(id), \(macro.queue), \(name), \(body), 1, \(viewer.memberID), \(at))
                """)
        } else {
            _ = try require(id, keptBy: viewer, in: db)
            try db.executeOne(
                """
                UPDATE macro SET queue_id = \(macro.queue), name = \(name), body = \(body), version = version + 1,
                    changed_by = \(viewer.memberID), changed_at = \(at)
                WHERE id = \(id)
                """)
        }
        try note("saved", id, queue: macro.queue, viewer, at: at, in: db)
        return id
    }

    package func setRemoved(
        _ isRemoved: Bool, _ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let macro = try require(id, keptBy: viewer, in: db)
        try db.executeOne("UPDATE macro SET removed_at = \(isRemoved ? at : nil) WHERE id = \(id)")
        try note(isRemoved ? "removed" : "restored", id, queue: macro.queue, viewer, at: at, in: db)
    }

    private func note(
        _ what: String, _ id: ID, queue: ID?, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let event = Event("macro-changed", actor: viewer.memberID, queue: queue, subject: id, data: ["what": what])
        try events.add(event, at: at, in: db)
    }

    private static func read(_ row: Row) throws -> Macro {
        Macro(
            id: try row.int("id"), queue: try row.optionalInt("queue_id"), name: try row.text("name"),
            body: try StoredJSON.value(try row.text("body")), version: Int(try row.int("version")),
            removedAt: try row.optionalInt("removed_at"))
    }
}
