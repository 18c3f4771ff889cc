import Base
import Storage
import Web

/// Who a stream belongs to, found anew at each read: rights change at once, and an ended session sees nothing more.
package struct LiveSession: Sendable {
    /// The viewer behind a session's reference; nil when it has ended.
    package let find: @Sendable (String, any Connection) throws -> Viewer?

    package init(find: @escaping @Sendable (String, any Connection) throws -> Viewer?) { self.find = find }
}

/// What has changed for one viewer since their cursor.
struct LiveNews: Sendable {
    struct Change: Sendable {
        var event: StoredEvent
        /// The colleague's name, where one did it.
        var by: String?
        var isOwn: Bool
    }

    struct Present: Sendable {
        var ticket: ID
        var name: String
        var mode: PresenceBoard.Mode
    }

    var cursor: Int64
    var hasMore: Bool
    /// The cursor is too old to be caught up with: the page is to be loaded again.
    var isReset: Bool
    var changes: [Change]
    var present: [Present]
    /// Notices not yet read.
    var unread: Int
}

/// Reads news in one snapshot, with the viewer's rights of that moment.
struct LiveReader: Sendable {
    /// Sequence numbers a page may be behind; beyond them it is loaded again.
    static let farthest: Int64 = 50_000
    private static let limit = 200

    let database: Database
    let hub: LiveHub
    let session: LiveSession
    let clock: Clock

    /// Nil when the session has ended.
    func read(_ reference: String, after cursor: Int64) async throws -> LiveNews? {
        let entries = hub.board.entries(at: clock.now())
        return try await database.read { [session] db in
            guard let viewer = try session.find(reference, db) else { return nil }
            let head = try db.int("SELECT COALESCE(MAX(seq), 0) AS seq FROM event")
            let isReset = head - cursor > Self.farthest || cursor > head
            let part = try ChangeStore().after(
                isReset ? head : cursor, visibleTo: viewer, limit: Self.limit, in: db)
            let present = try Self.visible(entries, to: viewer, in: db)
            let actors = part.events.compactMap(\.event.actor) + present.map(\.member)
            let names = try Self.names(Set(actors), in: db)
            return LiveNews(
                cursor: part.cursor, hasMore: part.hasMore, isReset: isReset,
                changes: part.events.map { stored in
                    LiveNews.Change(
                        event: stored, by: stored.event.actor.flatMap { names[$0] },
                        isOwn: stored.event.actor == viewer.memberID)
                },
                present: present.compactMap { entry in
                    names[entry.member].map { LiveNews.Present(ticket: entry.ticket, name: $0, mode: entry.mode) }
                },
                unread: try NoticeStore.unread(visibleTo: viewer, in: db))
        }
    }

    /// Others on tickets that the viewer may see; members who hide their reading only while they write.
    private static func visible(
        _ entries: [PresenceBoard.Entry], to viewer: Viewer, in db: any Connection
    ) throws -> [PresenceBoard.Entry] {
        let others = entries.filter { $0.member != viewer.memberID }
        guard !others.isEmpty else { return [] }
        let tickets = Set(others.map(\.ticket)).sorted()
        let rows = try db.rows(
            "SELECT id FROM ticket WHERE id IN \(list: tickets) AND queue_id IN \(list: viewer.queues(.see))")
        let seen = Set(try rows.map { try $0.int("id") })
        let hidden = try NoticeStore.hidingReading(Set(others.map(\.member)), in: db)
        return others.filter { seen.contains($0.ticket) && ($0.mode == .writing || !hidden.contains($0.member)) }
    }

    private static func names(_ members: Set<ID>, in db: any Connection) throws -> [ID: String] {
        guard !members.isEmpty else { return [:] }
        let rows = try db.rows("SELECT id, name FROM member WHERE id IN \(list: members.sorted())")
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.int("id"), try $0.text("name")) })
    }
}
