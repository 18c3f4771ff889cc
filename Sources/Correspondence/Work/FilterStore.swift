import Base
import Storage
import Text

/// A query somebody keeps: their own, or for everybody.
package struct SavedFilter: Sendable, Equatable {
    package var id: ID
    package var member: ID
    package var name: String
    package var query: String
    package var sort: TicketSort
    package var isShared: Bool

    package init(id: ID, member: ID, name: String, query: String, sort: TicketSort, isShared: Bool) {
        self.id = id
        self.member = member
        self.name = name
        self.query = query
        self.sort = sort
        self.isShared = isShared
    }
}

/// The tables `saved_filter`, `member_language` and `member_list`: how members like to work.
package struct FilterStore: Sendable {
    private static let most = 100
    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// A member's own and those of all, by name. A shared one shows each reader what they may see, and is not there
    /// for who does not see a queue it names.
    package func filters(for viewer: Viewer, in db: any Connection) throws -> [SavedFilter] {
        let all = try db.rows(
            """
            SELECT * FROM saved_filter WHERE member_id = \(viewer.memberID) OR is_shared = 1 ORDER BY name, id LIMIT 300
            """
        ).map(Self.read)
        let named = all.map { $0.member == viewer.memberID ? [] : Self.queues(in: $0.query) }
        guard named.contains(where: { !$0.isEmpty }) else { return all }
        let seen = Set(
            try db.rows("SELECT name FROM queue WHERE id IN \(list: viewer.queues(.see))").map { try $0.text("name") })
        return zip(all, named).filter { $1.isSubset(of: seen) }.map(\.0)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> SavedFilter {
        guard let filter = try filters(for: viewer, in: db).first(where: { $0.id == id }) else {
            throw Failure(.notFound, "error-not-found")
        }
        return filter
    }

    private static func queues(in query: String) -> Set<String> {
        guard query.lowercased().contains("queue:"), let parsed = try? SearchQuery.parse(query, now: 0) else {
            return []
        }
        return Set(parsed.expression.queues.map { EmailAddress.folded($0) })
    }

    package func add(
        _ filter: SavedFilter, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let name = try Self.checkedName(of: filter, at: at)
        let count = try db.int("SELECT COUNT(*) AS n FROM saved_filter WHERE member_id = \(filter.member)")
        guard count < Self.most else { throw Failure(.tooMany, "filter-too-many", isTemporary: false) }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO saved_filter (id, member_id, name, query, sort, is_shared, created_at)
            VALUES (\(id), \(filter.member), \(name), \(filter.query), \(filter.sort.rawValue), \(filter.isShared),
                \(at))
            """)
        try note("filter-saved", id, actor: filter.member, at: at, in: db)
        return id
    }

    /// One's own. Throws `refused` for what others share.
    package func change(
        _ filter: SavedFilter, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let before = try require(filter.id, visibleTo: viewer, in: db)
        guard before.member == viewer.memberID else { throw Failure(.refused, "error-refused") }
        var after = filter
        after.name = try Self.checkedName(of: filter, at: at)
        after.member = before.member
        guard after != before else { return }
        try db.executeOne(
            """
            UPDATE saved_filter SET name = \(after.name), query = \(after.query), sort = \(after.sort.rawValue),
                is_shared = \(after.isShared)
            WHERE id = \(after.id)
            """)
        try note("filter-changed", after.id, actor: viewer.memberID, at: at, in: db)
    }

    /// The name as it is kept. Throws `invalid` for none, and for a query that cannot be read.
    private static func checkedName(of filter: SavedFilter, at: Milliseconds) throws -> String {
        let name = filter.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !name.isEmpty, name.count <= 80 else { throw Failure(.invalid, "filter-name-missing") }
        _ = try SearchQuery.parse(filter.query, now: at)
        return name
    }

    private func note(_ kind: String, _ id: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        try events.add(Event(kind, actor: actor, subject: id), at: at, in: db)
    }

    /// One's own; an administrator may remove what is shared.
    package func remove(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        let shared: SQL = viewer.isAdministrator ? " OR is_shared = 1" : ""
        let removed = try db.execute(
            "DELETE FROM saved_filter WHERE id = \(id) AND (member_id = \(viewer.memberID)\(shared))")
        guard removed == 1 else { throw Failure(.notFound, "error-not-found") }
        try note("filter-removed", id, actor: viewer.memberID, at: at, in: db)
    }

    private static func read(_ row: Row) throws -> SavedFilter {
        SavedFilter(
            id: try row.int("id"), member: try row.int("member_id"), name: try row.text("name"),
            query: try row.text("query"), sort: TicketSort(rawValue: try row.text("sort")) ?? .updated,
            isShared: try row.bool("is_shared"))
    }

    // MARK: - Languages

    package func languages(of member: ID, in db: any Connection) throws -> [String] {
        try db.rows("SELECT language FROM member_language WHERE member_id = \(member) ORDER BY language").map {
            try $0.text("language")
        }
    }

    /// Of everybody, by member.
    func languages(in db: any Connection) throws -> [ID: [String]] {
        var languages: [ID: [String]] = [:]
        for row in try db.rows("SELECT member_id, language FROM member_language ORDER BY member_id, language") {
            languages[try row.int("member_id"), default: []].append(try row.text("language"))
        }
        return languages
    }

    package func setLanguages(_ languages: [String], of member: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM member_language WHERE member_id = \(member)")
        for language in Set(languages).sorted().prefix(40) {
            try db.execute("INSERT INTO member_language (member_id, language) VALUES (\(member), \(language))")
        }
    }

    // MARK: - Lists

    /// Which columns a member sees, and the order of lists they begin with.
    package struct ListSettings: Sendable, Equatable {
        package static let columns = ["number", "priority", "tags", "language", "sender", "queue", "owner", "age"]
        package static let usual: Set<String> = ["language", "sender", "queue", "owner", "age"]

        package var columns: Set<String> = Self.usual
        package var sort: TicketSort = .updated

        package init() {}
    }

    package func listSettings(of member: ID, in db: any Connection) throws -> ListSettings {
        var settings = ListSettings()
        if let row = try db.first("SELECT * FROM member_list WHERE member_id = \(member)") {
            settings.columns = Set(try row.text("columns").split(separator: " ").map(String.init))
            settings.sort = TicketSort(rawValue: try row.text("sort")) ?? .updated
        }
        return settings
    }

    package func setListSettings(_ settings: ListSettings, of member: ID, in db: any Connection) throws {
        let columns = ListSettings.columns.filter { settings.columns.contains($0) }.joined(separator: " ")
        try db.execute(
            """
            INSERT INTO member_list (member_id, columns, sort) VALUES (\(member), \(columns), \(settings.sort.rawValue))
            ON CONFLICT (member_id) DO UPDATE SET columns = excluded.columns, sort = excluded.sort
            """)
    }
}
