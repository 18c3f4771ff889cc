import Base
import People
import Storage
import TestKit
import Testing

@testable import Correspondence

@Suite struct GrantingTests {
    /// A queue with a lead who may do all but send, a writer who may send, and a team.
    private struct Office {
        let scene: Scene
        let teams: TeamStore
        let granting: Granting
        let lead: Viewer
        let writer: Viewer
        let team: Team

        init(_ database: Database) async throws {
            let scene = try await Scene(database)
            let ids = IDMaker(node: 2, clock: .system)
            let teams = TeamStore(ids: ids, events: scene.stores.events)
            self.scene = scene
            self.teams = teams
            granting = Granting(members: scene.members, teams: teams)
            (lead, writer, team) = try await database.write { db in
                func viewer(_ name: String, _ rights: Set<Right>) throws -> Viewer {
                    let member = try scene.members.add(
                        email: "\(name)@desk.example", name: name, isAdministrator: false, password: nil,
                        mustChange: false, actor: nil, at: 0, in: db)
                    try scene.members.setRights(
                        rights, of: member.id, queue: scene.queue.id, actor: nil, at: 0, in: db)
                    return try scene.members.viewer(member, in: db)
                }
                return (
                    try viewer("lea", [.note, .manage]), try viewer("wim", [.send]),
                    try teams.add(name: "Press", actor: nil, at: 0, in: db)
                )
            }
        }

        func grant(_ rights: Set<Right>, to member: ID, by viewer: Viewer) async throws {
            try await scene.database.write { [granting, queue = scene.queue.id] db in
                try granting.grant(rights, to: member, queue: queue, by: viewer, at: Clock.system.now(), in: db)
            }
        }

        func rights(_ member: ID) async throws -> Set<Right> {
            try await scene.database.read { [scene] db in
                let member = try scene.members.require(member, in: db)
                return try scene.members.viewer(member, in: db).rights[scene.queue.id] ?? []
            }
        }
    }

    private func code(_ body: () async throws -> Void) async -> Failure.Code? {
        do {
            try await body()
            return nil
        } catch { return (error as? Failure)?.code }
    }

    @Test(arguments: TestDatabase.kinds) func `a right brings what it needs`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let office = try await Office(database)
            #expect(try await office.rights(office.writer.memberID) == [.see, .draft, .send])
            #expect(Set([Right.handOver]).completed == [.handOver])
            #expect(Set([Right.approve]).completed == [.see, .approve])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a lead gives and takes no more than they hold`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let office = try await Office(database)
            let (lead, writer) = (office.lead, office.writer)

            #expect(
                await code { try await office.grant([.see, .draft, .send, .note], to: writer.memberID, by: lead) }
                    == nil)
            #expect(try await office.rights(writer.memberID) == [.see, .note, .draft, .send])
            #expect(await code { try await office.grant([.see, .note], to: writer.memberID, by: lead) } == .refused)
            #expect(
                await code { try await office.grant([.note, .manage, .send], to: lead.memberID, by: lead) } == .refused)
            #expect(await code { try await office.grant([.see], to: lead.memberID, by: writer) } == .notFound)
            #expect(try await office.rights(lead.memberID) == [.see, .note, .manage])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a team hands its rights on, and its lead decides who is in it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let office = try await Office(database)
            let (administrator, lead, writer) = (office.scene.viewer, office.lead, office.writer)
            let (granting, team, queue) = (office.granting, office.team.id, office.scene.queue.id)
            let led = Viewer(
                memberID: lead.memberID, isAdministrator: false, rights: lead.rights, ledTeams: [team])
            try await database.write { db in
                try granting.grant([.approve], toTeam: team, queue: queue, by: administrator, at: 1, in: db)
                try granting.seat(lead.memberID, in: team, isLead: true, by: administrator, at: 1, in: db)
                try granting.seat(writer.memberID, in: team, isLead: false, by: led, at: 1, in: db)
            }

            #expect(try await office.rights(writer.memberID) == [.see, .draft, .send, .approve])
            let approvers = try await database.read { [members = office.scene.members] db in
                try members.members(with: .approve, queue: queue, in: db).map(\.name)
            }
            #expect(approvers == ["Ana", "lea", "wim"])
            let escalation = await code {
                try await database.write { db in
                    try granting.seat(writer.memberID, in: team, isLead: true, by: led, at: 1, in: db)
                }
            }
            #expect(escalation == .refused)
            let stranger = await code {
                try await database.write { db in
                    try granting.seat(writer.memberID, in: team, isLead: false, by: writer, at: 1, in: db)
                }
            }
            #expect(stranger == .notFound)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a confidential queue is shut to administrators until they are granted`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let office = try await Office(database)
            let (scene, administrator) = (office.scene, office.scene.viewer)
            let keeping = QueueKeeping(
                queues: scene.stores.queues, members: scene.members, hours: HoursStore(events: scene.stores.events))
            var settings = QueueStore.Settings(
                name: "info", displayName: "Info", addresses: ["info@desk.example"], mode: .live, isList: false,
                isConfidential: true, usesPlus: true)
            let confidential = settings
            try await database.write { db in
                try keeping.change(scene.queue.id, to: confidential, by: administrator, at: 1, in: db)
            }
            let before = try await database.read { db in try scene.members.viewer(scene.member, in: db) }
            #expect(before.rights[scene.queue.id] == nil)

            settings.isConfidential = false
            let open = settings
            let around = await code {
                try await database.write { db in
                    try keeping.change(scene.queue.id, to: open, by: before, at: 1, in: db)
                }
            }
            #expect(around == .refused)

            try await office.grant([.see], to: scene.member.id, by: before)
            let events = try await database.read { db in
                try db.int(
                    "SELECT COUNT(*) AS n FROM event WHERE kind = 'rights-changed' AND actor_id = \(scene.member.id)")
            }
            #expect(events == 1)
            let after = try await database.read { db in try scene.members.viewer(scene.member, in: db) }
            #expect(after.rights[scene.queue.id] == [.see] && after.confidentialQueues == [scene.queue.id])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the audit finds by member, queue, kind and time, page after page`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let office = try await Office(database)
            for step in 1...5 {
                try await office.grant(
                    step % 2 == 0 ? [.note] : [.note, .approve], to: office.writer.memberID, by: office.scene.viewer)
            }
            _ = try await database.write { try EventSealer().seal(limit: 1000, in: $0) }
            let viewer = office.scene.viewer
            func found(_ filter: EventReading.Filter, before: Int64? = nil) async throws -> [StoredEvent] {
                try await database.read { db in
                    try EventReading().before(before, filter, limit: 3, visibleTo: viewer, in: db)
                }
            }

            let filter = EventReading.Filter(
                member: viewer.memberID, queue: office.scene.queue.id, kind: "rights-changed")
            let first = try await found(filter)
            let second = try await found(filter, before: first.last?.seq)
            #expect(first.count == 3 && second.count == 2)
            #expect(
                try await found(EventReading.Filter(kind: "rights-changed", from: Clock.system.now() + 60_000)).isEmpty)
            #expect(
                try await found(
                    EventReading.Filter(
                        kind: "rights-changed", from: Clock.system.now() - 60_000, to: Clock.system.now() + 60_000)
                ).count == 3)
            let kinds = try await database.read { try EventReading().kinds(in: $0) }
            #expect(kinds == kinds.sorted() && kinds.contains("team-added"))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the audit and the read log use an index`(kind: TestDatabase) async throws
    {
        try await kind.with { database in
            guard database.engine == .sqlite else { return }
            let plans = try await database.read { db in
                try [
                    "SELECT * FROM event WHERE seq < 9 AND actor_id = 1 ORDER BY seq DESC LIMIT 9",
                    "SELECT * FROM event WHERE seq < 9 AND queue_id = 1 ORDER BY seq DESC LIMIT 9",
                    "SELECT * FROM event WHERE seq < 9 AND kind = 'a' ORDER BY seq DESC LIMIT 9",
                    "SELECT * FROM event WHERE queue_id = 1 AND kind = 'confidential-read' AND id < 9 ORDER BY id DESC",
                ].map { text in
                    try db.rows(SQL(text: "EXPLAIN QUERY PLAN " + text)).map { try $0.text("detail") }.joined()
                }
            }
            for (plan, index) in zip(plans, ["event_actor", "event_queue", "event_kind", "event_reading"]) {
                #expect(plan.contains(index) && !plan.contains("TEMP B-TREE"), "\(plan)")
            }
        }
    }
}
