import Base
import Foundation
import People
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

/// Rows 26 (round robin) and 27 (by language) of the table of desks.
@Suite struct AssigningTests {
    private struct Team: Sendable {
        var scene: Scene
        var ana: Viewer
        var ben: Viewer

        init(_ database: Database, _ setting: QueueAssignment) async throws {
            let scene = try await Scene(database)
            self.scene = scene
            ana = try await scene.colleague("anna")
            ben = try await scene.colleague("ben")
            let (queue, admin, takers) = (scene.queue.id, scene.viewer, [ana, ben])
            try await database.write { db in
                try scene.assignments.set(setting, of: queue, by: admin, at: 1, in: db)
                for taker in takers {
                    try scene.assignments.set(TakerSetting(), queues: [queue], of: taker, at: 1, in: db)
                }
            }
        }

        func give(_ subject: String, language: String? = "en", at: Milliseconds) async throws -> Ticket {
            let ticket = try await scene.open([subject], language: language)[0]
            try await scene.database.write { [scene] db in
                try scene.assigning.consider(ticket.id, at: at, in: db)
            }
            return try await scene.ticket(ticket.id)
        }

        func set(_ setting: TakerSetting, _ viewer: Viewer) async throws {
            let queue = scene.queue.id
            try await scene.database.write { [scene] db in
                try scene.assignments.set(setting, queues: [queue], of: viewer, at: 1, in: db)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `row 26: the one whose turn is longest ago gets the next, nobody above their cap`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let team = try await Team(database, QueueAssignment(mode: .assign, cap: 2))
            var owners: [ID?] = []
            for index in 0..<6 { owners.append(try await team.give("T\(index)", at: Milliseconds(100 + index)).owner) }

            #expect(
                Array(owners[0..<4]) == [team.ana.memberID, team.ben.memberID, team.ana.memberID, team.ben.memberID])
            #expect(Array(owners[4...]) == [nil, nil], "both have two open tickets")
            try await team.set(TakerSetting(cap: 5), team.ana)
            let still = try await team.give("more", at: 200)
            #expect(still.owner == nil, "one's own cap is never above the queue's")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `row 27: who does not know the language, is away, or has quiet hours is not asked`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let team = try await Team(database, QueueAssignment(mode: .assign, cap: 50))
            let filters = FilterStore(ids: team.scene.stores.tickets.ids, events: team.scene.stores.events)
            let (ana, ben) = (team.ana.memberID, team.ben.memberID)
            try await database.write { db in
                try filters.setLanguages(["de"], of: ana, in: db)
                try filters.setLanguages(["en", "fr"], of: ben, in: db)
            }
            let day = try #require(ISO8601.startOfDay("2026-11-20")) + 12 * 3_600_000
            #expect(try await team.give("a", language: "fr", at: day).owner == ben)
            #expect(try await team.give("b", language: "fr-ca", at: day).owner == ben)
            #expect(try await team.give("c", language: "de", at: day).owner == ana)
            #expect(try await team.give("d", language: "ja", at: day).owner == nil)

            try await team.set(TakerSetting(quietFrom: 11 * 60, quietTo: 13 * 60), team.ana)
            #expect(try await team.give("e", language: "de", at: day).owner == nil)
            #expect(try await team.give("f", language: "de", at: day + 2 * 3_600_000).owner == ana)

            try await setAway("2026-11-19", "2026-11-21", ben, team.scene)
            #expect(try await team.give("g", language: "fr", at: day).owner == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a proposal is taken or declined with one click, and then the next is asked`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let team = try await Team(database, QueueAssignment(mode: .suggest, cap: 1))
            let scene = team.scene
            let ticket = try await team.give("a", at: 100)
            #expect(ticket.owner == nil)
            func newest() async throws -> Assignment? {
                try await database.read { try scene.assignments.assignments(of: ticket.id, in: $0).first }
            }
            #expect(try await newest()?.member == team.ana.memberID)
            let second = try await team.give("b", at: 101)
            let other = try await database.read { try scene.assignments.assignments(of: second.id, in: $0).first }
            #expect(other?.member == team.ben.memberID, "a proposal counts against the cap")

            await #expect(throws: Failure.self) {
                try await database.write { try scene.assigning.decline(ticket.id, by: team.ben, at: 102, in: $0) }
            }
            try await database.write { db in
                try scene.assigning.take(second.id, by: team.ben, at: 103, in: db)
                try scene.assigning.decline(ticket.id, by: team.ana, at: 104, in: db)
            }
            #expect(try await scene.ticket(second.id).owner == team.ben.memberID)
            #expect(try await newest()?.state == .declined, "the only other one is at the cap")
            try await team.set(TakerSetting(), team.ben)
            let (admin, queue) = (scene.viewer, scene.queue.id)
            try await database.write { db in
                try scene.assignments.set(QueueAssignment(mode: .assign, cap: 9), of: queue, by: admin, at: 1, in: db)
                try scene.assigning.consider(ticket.id, at: 105, in: db)
            }
            #expect(try await scene.ticket(ticket.id).owner == team.ben.memberID, "never again who declined")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what belongs to somebody who is away is proposed to others, found, and next to be taken`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let team = try await Team(database, QueueAssignment(mode: .assign, cap: 9))
            let scene = team.scene
            let day = try #require(ISO8601.startOfDay("2026-11-20")) + 12 * 3_600_000
            let ticket = try await team.give("a", at: day)
            #expect(ticket.owner == team.ana.memberID)
            let offering = AwayOffering(
                database: database, stores: scene.stores, members: scene.members, zone: .gmt,
                clock: Clock { day })
            try await offering.run()
            let before = try await offers(of: ticket.id, scene)
            #expect(before == [.given], "nothing happens to those who are here")
            #expect(try await takeNext(team.ben, scene, at: day) == nil)

            try await setAway("2026-11-19", "2026-11-21", team.ana.memberID, scene)
            try await offering.run()
            try await offering.run()

            #expect(try await offers(of: ticket.id, scene) == [.offered, .given])
            #expect(try await scene.ticket(ticket.id).owner == team.ana.memberID, "until somebody takes it")
            let query = try SearchQuery.parse("owner:away", now: day)
            let later = try SearchQuery.parse("owner:away", now: day + 3 * 86_400_000)
            let (found, gone) = try await database.read { db in
                (
                    try TicketSearch().page(query, visibleTo: team.ben, limit: 9, in: db).tickets.map(\.id),
                    try TicketSearch().page(later, visibleTo: team.ben, limit: 9, in: db).tickets.map(\.id)
                )
            }
            #expect(found == [ticket.id] && gone.isEmpty)
            #expect(try await takeNext(team.ben, scene, at: day) == ticket.id)
            #expect(try await scene.ticket(ticket.id).owner == team.ben.memberID)
        }
    }

    private func offers(of ticket: ID, _ scene: Scene) async throws -> [Assignment.State] {
        try await scene.database.read { try scene.assignments.assignments(of: ticket, in: $0).map(\.state) }
    }

    private func takeNext(_ viewer: Viewer, _ scene: Scene, at: Milliseconds) async throws -> ID? {
        try await scene.database.write { db in
            let away = try scene.members.away(on: Member.day(at: at, in: .gmt), in: db)
            let wish = TicketStore.Wish(
                member: viewer.memberID, queues: viewer.queues(.draft), languages: [], except: nil, away: away)
            return try scene.stores.tickets.takeNext(wish, at: at, in: db)?.id
        }
    }

    private func setAway(_ from: String, _ until: String, _ id: ID, _ scene: Scene) async throws {
        try await scene.database.write { db in
            var profile = MemberStore.Profile(try scene.members.require(id, in: db))
            (profile.awayFrom, profile.awayUntil) = (from, until)
            try scene.members.setProfile(profile, of: id, at: 1, in: db)
        }
    }
}
