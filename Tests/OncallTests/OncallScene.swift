import Base
import Foundation
import Jobs
import Logging
import Mail
import Outbox
import People
import Storage
import Synchronization
import TestKit
import Text
import Web

@testable import Oncall

/// A rota with three people and a ticket, mails as they would leave, a clock that stands.
struct OncallScene: Sendable {
    static let minute: Milliseconds = 60_000
    /// Monday 2026-11-23, 12:00 in UTC.
    static let monday: Milliseconds = TestClock.noon + 2 * 86_400_000

    let database: Database
    let time = TestClock(OncallScene.monday)
    let ids: IDMaker
    let events: EventStore
    let members: MemberStore
    let rotas: RotaStore
    let shifts: ShiftStore
    let outbox: OutboxStore
    let raws: RawStore
    let jobs: JobStore
    let paging: Paging
    let rota: Rota
    let ana: Member
    let ben: Member
    let chi: Member
    let queue: ID
    let quiet = Quiet()

    /// Members who must not be disturbed.
    final class Quiet: Sendable {
        let members = Mutex<Set<ID>>([])
    }

    init(_ database: Database, node: Int = 1) async throws {
        self.database = database
        ids = IDMaker(node: node, clock: .system)
        events = EventStore(ids: ids)
        members = MemberStore(ids: ids, events: events)
        rotas = RotaStore(ids: ids, events: events)
        shifts = ShiftStore(rotas: rotas)
        outbox = OutboxStore(ids: ids)
        raws = RawStore(ids: ids)
        jobs = JobStore(ids: ids)
        paging = Self.makePaging(ids, rotas, members, outbox, raws, jobs, quiet)
        let (members, rotas, shifts, ids) = (members, rotas, shifts, ids)
        (rota, ana, ben, chi, queue) = try await database.write { db in
            let people = try ["Ana", "Ben", "Chi"].map { name in
                try members.add(
                    email: "\(name.lowercased())@desk.example", name: name, isAdministrator: name == "Ana",
                    password: nil, mustChange: false, actor: nil, at: 0, in: db)
            }
            let queue = try ids.make()
            try db.execute(
                """
                INSERT INTO queue (id, name, display_name, mode, is_list, is_confidential, uses_plus, signature,
                    created_at)
                VALUES (\(queue), 'info', 'Info', 'live', 0, 0, 0, '', 0)
                """)
            for person in people.dropFirst() {
                try members.setRights([.see], of: person.id, queue: queue, actor: nil, at: 0, in: db)
            }
            let rota = try rotas.add(
                Rota(
                    id: 0, name: "Nights", zone: "Europe/Berlin", keeper: people[0].id,
                    outsideAddress: "night@outside.example", isUsual: true), queues: [], actor: people[0].id, at: 0,
                in: db)
            for person in people {
                try rotas.seat(person.id, rota: rota.id, actor: people[0].id, at: 0, in: db)
            }
            for person in people.prefix(2) {
                let seat = Seat(rota: rota.id, member: person.id, isIn: true)
                try rotas.choose(seat, at: 0, in: db)
            }
            // All of the week: Ana first, Ben behind her.
            let day = WallTime.local(Self.monday, in: rota.timeZone).day
            for (place, person) in people.prefix(2).enumerated() {
                let shift = Shift(
                    id: 0, rota: rota.id, member: person.id, firstDay: day, fromMinute: 0, dayCount: 7, untilMinute: 0,
                    place: place + 1)
                _ = try shifts.add(shift, actor: people[0].id, at: 0, in: db)
            }
            return (rota, people[0], people[1], people[2], queue)
        }
    }

    static func makePaging(
        _ ids: IDMaker, _ rotas: RotaStore, _ members: MemberStore, _ outbox: OutboxStore, _ raws: RawStore,
        _ jobs: JobStore, _ quiet: Quiet
    ) -> Paging {
        let mails = NoticeMail(
            store: outbox, raws: raws, jobs: jobs, ids: ids, random: .system,
            from: MailAddress(name: "Liaison", address: "desk@desk.example"), jobKind: "dispatch")
        return Paging(
            pages: PageStore(ids: ids), rotas: rotas, members: members, random: .system,
            words: PageWords(publicURL: "https://desk.example") { _ in
                Translate { key, arguments in ([key] + arguments.map { "\($0)" }).joined(separator: " ") }
            }, post: { try mails.add($0, at: $1, in: $2) },
            isQuiet: { member, _, _ in quiet.members.withLock { $0.contains(member) } })
    }

    // MARK: - What tests do

    func ticket(_ number: String) async throws -> ID {
        try await database.write { [ids, queue] db in
            let id = try ids.make()
            try db.execute(
                """
                INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id,
                    sender, preview, merged_into, message_count, version, created_at, updated_at)
                VALUES (\(id), \(number), \(queue), 'words of a person', 'new', 'en', 2, NULL, NULL, 'Karl', 'words',
                    NULL, 0, 0, 0, 0)
                """)
            return id
        }
    }

    func page(_ ticket: ID, reason: PageReason = .danger) async throws -> ID? {
        let now = time.clock.now()
        return try await database.write { [paging, queue] db in
            try paging.page(reason: reason, ticket: ticket, queue: queue, at: now, in: db)
        }
    }

    /// Lets minutes pass, looking once a minute as every node does more often.
    func pass(minutes: Int) async throws {
        for _ in 0..<minutes {
            time.advance(Self.minute)
            try await paging.run(database, at: time.clock.now())
        }
    }

    func steps(_ page: ID) async throws -> [String] {
        let names = [ana.id: "Ana", ben.id: "Ben", chi.id: "Chi"]
        return try await database.read { [paging] db in
            try paging.pages.steps(of: page, in: db).map { step in
                step.kind.rawValue + (step.member.flatMap { names[$0] }.map { " \($0)" } ?? "")
            }
        }
    }

    struct Letter: Sendable {
        var id: ID
        var to: String
        var subject: String
        var text: String
    }

    /// Mails that wait to leave, oldest first.
    func letters() async throws -> [Letter] {
        try await database.read { [outbox, raws] db in
            try db.rows("SELECT id FROM outbox ORDER BY id").compactMap { row in
                guard let item = try outbox.find(try row.int("id"), in: db) else { return nil }
                let mail = MessageParser.parse(try raws.bytes(of: item.raw, in: db))
                return Letter(
                    id: item.id, to: item.recipients[0].address, subject: mail.subject, text: mail.text)
            }
        }
    }

    func find(_ page: ID) async throws -> Paged {
        let found = try await database.read { [paging] db in try paging.pages.find(page, in: db) }
        guard let found else { throw Failure(.notFound, "error-not-found") }
        return found
    }

    /// Hands over what waits, as the server does.
    func dispatch(_ transport: Transport, isHeard: Bool = true) async throws {
        let dispatch = Dispatch(
            database: database, store: outbox, raws: raws, jobs: jobs, events: events, transport: transport,
            clock: time.clock, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            recorded: { [paging] item, state, at, db in
                if isHeard { try paging.noteOutcome(state, ofMail: item.id, at: at, in: db) }
            })
        let kind = JobKind.single("dispatch") { try await dispatch.run($0) }
        try await JobRunner(
            database: database, store: jobs, kinds: [kind], alarm: JobAlarm(),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).drain()
    }
}
