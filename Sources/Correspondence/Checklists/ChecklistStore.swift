import Base
import Storage

/// What is to be done for a kind of ticket, in order. Written for a queue, or for all.
package struct Checklist: Sendable, Equatable {
    package var id: ID
    /// Nil for all queues.
    package var queue: ID?
    package var name: String
    package var items: [String]
    /// A ticket is not closed while something is open.
    package var blocks: Bool
    package var version: Int
    package var removedAt: Milliseconds?

    package init(
        id: ID, queue: ID?, name: String, items: [String], blocks: Bool, version: Int,
        removedAt: Milliseconds? = nil
    ) {
        self.id = id
        self.queue = queue
        self.name = name
        self.items = items
        self.blocks = blocks
        self.version = version
        self.removedAt = removedAt
    }
}

/// A checklist on a ticket, with the words it had when it was put there.
package struct TicketChecklist: Sendable, Equatable {
    package struct Item: Sendable, Equatable {
        package var position: Int
        package var text: String
        package var tickedBy: ID?
        package var tickedAt: Milliseconds?

        package var isTicked: Bool { tickedAt != nil }
    }

    package var id: ID
    package var ticket: ID
    package var checklist: ID
    package var name: String
    package var blocks: Bool
    package var addedBy: ID?
    package var items: [Item]
}

/// The tables `checklist`, `ticket_checklist` and `ticket_checklist_item`.
package struct ChecklistStore: Sendable {
    static let mostItems = 40
    private static let longestItem = 300
    private static let longestName = 80

    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    // MARK: - Written

    /// Those that may be put on a ticket of this queue, by name.
    package func all(forQueue queue: ID, in db: any Connection) throws -> [Checklist] {
        try db.rows(
            """
            SELECT * FROM checklist WHERE (queue_id = \(queue) OR queue_id IS NULL) AND removed_at IS NULL
            ORDER BY name, id
            """
        ).map(Self.read)
    }

    /// Those of any queue in which the viewer may change tickets.
    package func all(usableBy viewer: Viewer, in db: any Connection) throws -> [Checklist] {
        try db.rows(
            """
            SELECT * FROM checklist WHERE (queue_id IS NULL OR queue_id IN \(list: viewer.queues(.note)))
                AND removed_at IS NULL
            ORDER BY name, id
            """
        ).map(Self.read)
    }

    /// Those the viewer decides about.
    package func all(keptBy viewer: Viewer, in db: any Connection) throws -> [Checklist] {
        try db.rows("SELECT * FROM checklist WHERE removed_at IS NULL ORDER BY name, id").map(Self.read)
            .filter { viewer.mayKeepRules(of: $0.queue) }
    }

    package func require(_ id: ID, keptBy viewer: Viewer, in db: any Connection) throws -> Checklist {
        guard let list = try find(id, in: db), viewer.mayKeepRules(of: list.queue) else {
            throw Failure(.notFound, "error-not-found")
        }
        return list
    }

    func find(_ id: ID, in db: any Connection) throws -> Checklist? {
        try db.first("SELECT * FROM checklist WHERE id = \(id)").map(Self.read)
    }

    /// Adds it when its id is 0. What is on tickets already stays as it is.
    @discardableResult package func save(
        _ list: Checklist, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        try viewer.requireHome(list.queue, in: db)
        let name = list.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let items = list.items.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { !$0.isEmpty }
        guard !name.isEmpty, name.count <= Self.longestName else { throw Failure(.invalid, "rule-name-missing") }
        guard !items.isEmpty, items.count <= Self.mostItems, items.allSatisfy({ $0.count <= Self.longestItem }) else {
            throw Failure(.invalid, "checklist-items-missing")
        }
        let text = try StoredJSON.text(items)
        let id = list.id == 0 ? try ids.make() : list.id
        if list.id == 0 {
            try db.execute(
                """
                INSERT INTO checklist (id, queue_id, name, items, blocks, version, changed_by, changed_at)
                VALUES (\(id), \(list.queue), \(name), \(text), \(list.blocks), 1, \(viewer.memberID), \(at))
                """)
        } else {
            _ = try require(id, keptBy: viewer, in: db)
            try db.executeOne(
                """
                UPDATE checklist SET queue_id = \(list.queue), name = \(name), items = \(text), blocks = \(list.blocks),
                    version = version + 1, changed_by = \(viewer.memberID), changed_at = \(at)
                WHERE id = \(id)
                """)
        }
        try note("saved", id, queue: list.queue, viewer, at: at, in: db)
        return id
    }

    /// Takes it away for new tickets, or gives it back.
    package func setRemoved(
        _ isRemoved: Bool, _ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let list = try require(id, keptBy: viewer, in: db)
        try db.executeOne("UPDATE checklist SET removed_at = \(isRemoved ? at : nil) WHERE id = \(id)")
        try note(isRemoved ? "removed" : "restored", id, queue: list.queue, viewer, at: at, in: db)
    }

    private func note(
        _ what: String, _ id: ID, queue: ID?, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let event = Event(
            "checklist-changed", actor: viewer.memberID, queue: queue, subject: id, data: ["what": what])
        try events.add(event, at: at, in: db)
    }

    private static func read(_ row: Row) throws -> Checklist {
        Checklist(
            id: try row.int("id"), queue: try row.optionalInt("queue_id"), name: try row.text("name"),
            items: try StoredJSON.value(try row.text("items")), blocks: try row.bool("blocks"),
            version: Int(try row.int("version")), removedAt: try row.optionalInt("removed_at"))
    }
}
