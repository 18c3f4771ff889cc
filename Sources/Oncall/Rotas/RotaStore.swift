import Base
import Foundation
import Storage

/// The tables `rota`, `rota_queue` and `rota_member`.
package struct RotaStore: Sendable {
    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    // MARK: - Reading

    /// For the program itself; a page uses `require(_:visibleTo:)`.
    package func find(_ id: ID, in db: any Connection) throws -> Rota? {
        try db.first("SELECT * FROM rota WHERE id = \(id)").map(Self.read)
    }

    /// The rota of a queue: its own, else the usual one; nil where there is none.
    package func find(forQueue queue: ID, in db: any Connection) throws -> Rota? {
        let own = try db.first(
            "SELECT rota.* FROM rota_queue JOIN rota ON rota.id = rota_queue.rota_id WHERE queue_id = \(queue)")
        return try (own ?? db.first("SELECT * FROM rota WHERE is_usual = 1")).map(Self.read)
    }

    /// Rotas the viewer may look at, by name: who is on duty is for all who work with its queues.
    package func all(visibleTo viewer: Viewer, in db: any Connection) throws -> [Rota] {
        try db.rows("SELECT * FROM rota ORDER BY name, id").map(Self.read).filter {
            try isVisible($0, to: viewer, in: db)
        }
    }

    package func all(in db: any Connection) throws -> [Rota] {
        try db.rows("SELECT * FROM rota ORDER BY id").map(Self.read)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Rota {
        guard let rota = try find(id, in: db), try isVisible(rota, to: viewer, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        return rota
    }

    /// A rota the viewer decides about: its keeper, and administrators.
    package func require(_ id: ID, keptBy viewer: Viewer, in db: any Connection) throws -> Rota {
        let rota = try require(id, visibleTo: viewer, in: db)
        guard Self.mayKeep(rota, viewer) else { throw Failure(.notFound, "error-not-found") }
        return rota
    }

    package static func mayKeep(_ rota: Rota, _ viewer: Viewer) -> Bool {
        viewer.isAdministrator || rota.keeper == viewer.memberID
    }

    private func isVisible(_ rota: Rota, to viewer: Viewer, in db: any Connection) throws -> Bool {
        if Self.mayKeep(rota, viewer) { return true }
        if try seat(of: viewer.memberID, rota: rota.id, in: db) != nil { return true }
        let queues = try queues(of: rota.id, in: db)
        return queues.contains { viewer.may(.see, queue: $0) } || (rota.isUsual && !viewer.queues(.see).isEmpty)
    }

    package func queues(of rota: ID, in db: any Connection) throws -> [ID] {
        try db.rows("SELECT queue_id FROM rota_queue WHERE rota_id = \(rota) ORDER BY queue_id").map {
            try $0.int("queue_id")
        }
    }

    package func seats(of rota: ID, in db: any Connection) throws -> [Seat] {
        try db.rows("SELECT * FROM rota_member WHERE rota_id = \(rota) ORDER BY member_id").map(Self.readSeat)
    }

    package func seat(of member: ID, rota: ID, in db: any Connection) throws -> Seat? {
        try db.first("SELECT * FROM rota_member WHERE rota_id = \(rota) AND member_id = \(member)").map(Self.readSeat)
    }

    /// Those of a rota who may be called: they said so, and can sign in.
    package func ready(in rota: ID, _ db: any Connection) throws -> Set<ID> {
        let rows = try db.rows(
            """
            SELECT rota_member.member_id FROM rota_member JOIN member ON member.id = rota_member.member_id
            WHERE rota_member.rota_id = \(rota) AND rota_member.is_in = 1 AND member.is_disabled = 0
            """)
        return Set(try rows.map { try $0.int("member_id") })
    }

    // MARK: - Changing

    /// Throws `conflict` when the name is taken, `invalid` for what no rota can have.
    package func add(_ rota: Rota, queues: [ID], actor: ID, at: Milliseconds, in db: any Connection) throws -> Rota {
        var rota = rota
        rota.id = try ids.make()
        try check(rota, in: db)
        if rota.isUsual { try db.execute("UPDATE rota SET is_usual = 0 WHERE is_usual = 1") }
        try db.execute(
            """
            INSERT INTO rota (id, name, zone, keeper_id, outside_address, outside_language, repeat_minutes,
                next_minutes, outside_minutes, join_minutes, is_usual, gap_day, created_at)
            VALUES (\(rota.id), \(rota.name), \(rota.zone), \(rota.keeper), \(rota.outsideAddress),
                \(rota.outsideLanguage), \(rota.repeatMinutes), \(rota.nextMinutes), \(rota.outsideMinutes),
                \(rota.joinMinutes), \(rota.isUsual), '', \(at))
            """)
        try setQueues(queues, of: rota.id, in: db)
        try events.add(Event("rota-added", actor: actor, subject: rota.id), at: at, in: db)
        return rota
    }

    package func change(_ rota: Rota, queues: [ID], actor: ID, at: Milliseconds, in db: any Connection) throws {
        try check(rota, in: db)
        if rota.isUsual { try db.execute("UPDATE rota SET is_usual = 0 WHERE is_usual = 1 AND id <> \(rota.id)") }
        try db.executeOne(
            """
            UPDATE rota SET name = \(rota.name), zone = \(rota.zone), keeper_id = \(rota.keeper),
                outside_address = \(rota.outsideAddress), outside_language = \(rota.outsideLanguage),
                repeat_minutes = \(rota.repeatMinutes), next_minutes = \(rota.nextMinutes),
                outside_minutes = \(rota.outsideMinutes), join_minutes = \(rota.joinMinutes),
                is_usual = \(rota.isUsual)
            WHERE id = \(rota.id)
            """)
        try setQueues(queues, of: rota.id, in: db)
        try events.add(Event("rota-changed", actor: actor, subject: rota.id), at: at, in: db)
    }

    /// A queue has one rota at most: the newest choice stands.
    private func setQueues(_ queues: [ID], of rota: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM rota_queue WHERE rota_id = \(rota) OR queue_id IN \(list: queues)")
        for queue in Set(queues).sorted() {
            guard try db.first("SELECT id FROM queue WHERE id = \(queue)") != nil else {
                throw Failure(.invalid, "error-invalid")
            }
            try db.execute("INSERT INTO rota_queue (queue_id, rota_id) VALUES (\(queue), \(rota))")
        }
    }

    private func check(_ rota: Rota, in db: any Connection) throws {
        let name = rota.name.trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty, name.count <= 60 else { throw Failure(.invalid, "oncall-name-invalid") }
        guard TimeZone.knownTimeZoneIdentifiers.contains(rota.zone) || rota.zone == "UTC" else {
            throw Failure(.invalid, "oncall-zone-invalid")
        }
        guard EmailAddress.isPlausible(rota.outsideAddress) else { throw Failure(.invalid, "oncall-outside-invalid") }
        let areFine =
            (1...60).contains(rota.repeatMinutes) && (1...240).contains(rota.nextMinutes)
            && (1...240).contains(rota.outsideMinutes) && (0...240).contains(rota.joinMinutes)
        guard areFine else { throw Failure(.invalid, "oncall-minutes-invalid") }
        guard try db.first("SELECT 1 AS one FROM rota WHERE name = \(rota.name) AND id <> \(rota.id)") == nil else {
            throw Failure(.conflict, "oncall-name-taken")
        }
    }

    /// A keeper makes room for somebody; being called stays theirs to choose.
    package func seat(_ member: ID, rota: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        let added = try db.execute(
            """
            INSERT INTO rota_member (rota_id, member_id, is_in, is_reserve, address, changed_at)
            VALUES (\(rota), \(member), 0, 0, '', \(at))
            ON CONFLICT (rota_id, member_id) DO NOTHING
            """)
        guard added == 1 else { return }
        try events.add(
            Event("rota-seated", actor: actor, subject: member, data: ["rota": String(rota)]), at: at, in: db)
    }

    /// Their shifts go too.
    package func unseat(_ member: ID, rota: ID, actor: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("DELETE FROM rota_member WHERE rota_id = \(rota) AND member_id = \(member)")
        try db.execute("DELETE FROM shift WHERE rota_id = \(rota) AND member_id = \(member)")
        try events.add(
            Event("rota-unseated", actor: actor, subject: member, data: ["rota": String(rota)]), at: at, in: db)
    }

    /// What a member says of themselves: nobody else can call this for them.
    package func choose(_ seat: Seat, at: Milliseconds, in db: any Connection) throws {
        let isFine = seat.address.isEmpty || EmailAddress.isPlausible(seat.address)
        guard isFine, seat.address.utf8.count <= 500 else { throw Failure(.invalid, "oncall-address-invalid") }
        try db.executeOne(
            """
            UPDATE rota_member SET is_in = \(seat.isIn), is_reserve = \(seat.isIn && seat.isReserve),
                address = \(seat.address), changed_at = \(at)
            WHERE rota_id = \(seat.rota) AND member_id = \(seat.member)
            """)
        let kind = seat.isIn ? "rota-opted-in" : "rota-opted-out"
        try events.add(Event(kind, actor: seat.member, subject: seat.rota), at: at, in: db)
    }

    /// False when the keeper was told on this day already.
    func markGapsTold(_ rota: ID, day: String, in db: any Connection) throws -> Bool {
        try db.execute("UPDATE rota SET gap_day = \(day) WHERE id = \(rota) AND gap_day <> \(day)") == 1
    }

    private static func read(_ row: Row) throws -> Rota {
        Rota(
            id: try row.int("id"), name: try row.text("name"), zone: try row.text("zone"),
            keeper: try row.int("keeper_id"), outsideAddress: try row.text("outside_address"),
            outsideLanguage: try row.text("outside_language"), repeatMinutes: Int(try row.int("repeat_minutes")),
            nextMinutes: Int(try row.int("next_minutes")), outsideMinutes: Int(try row.int("outside_minutes")),
            joinMinutes: Int(try row.int("join_minutes")), isUsual: try row.bool("is_usual"))
    }

    private static func readSeat(_ row: Row) throws -> Seat {
        Seat(
            rota: try row.int("rota_id"), member: try row.int("member_id"), isIn: try row.bool("is_in"),
            isReserve: try row.bool("is_reserve"), address: try row.text("address"))
    }
}
