import Base
import Storage
import TestKit
import Testing

@testable import People

@Suite struct LostFactorTests {
    @Test(arguments: TestDatabase.kinds) func `two administrators take a lost second factor away`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let eva = scene.eva.id
            let now = scene.time.clock.now()
            let (secret, _) = try await scene.setFactor(of: eva)
            let session = try await database.write { db in try scene.ways.sessions.open(member: eva, at: now, in: db) }

            try await scene.lost.ask(scene.eva)
            try await scene.lost.ask(scene.eva)
            #expect(scene.mails.all.map(\.to) == ["ana@desk.example", "ben@desk.example"])
            #expect(try await scene.lost.confirm(eva, by: scene.ana) == false)
            await #expect(throws: Failure(.refused, "account-reset-another")) {
                try await scene.lost.confirm(eva, by: scene.ana)
            }
            #expect(try await has(scene) == true)
            #expect(try await scene.lost.confirm(eva, by: scene.ben) == true)

            #expect(try await has(scene) == false)
            #expect(try await scene.member(of: session) == nil)
            #expect(scene.mails.all.last?.to == "eva@desk.example")
            let (notices, use) = try await database.write { db in
                (
                    try scene.ways.notices.all(of: eva, in: db).map(\.kind),
                    try scene.ways.factors.spend(scene.code(secret), of: eva, at: now, in: db)
                )
            }
            #expect(notices == [.secondFactorReset] && use == nil)
            let kinds = try await scene.kinds(about: eva)
            #expect(kinds.contains("second-factor-lost") && kinds.last == "second-factor-reset")
            #expect(kinds.filter { $0 == "second-factor-reset-confirmed" }.count == 2)
        }
    }

    private func has(_ scene: PeopleScene) async throws -> Bool {
        try await scene.database.read { db in try scene.ways.factors.exists(of: scene.eva.id, in: db) }
    }

    @Test(arguments: TestDatabase.kinds) func `nobody confirms themselves, and a plain member nobody`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let ana = try await database.read { db in try scene.members.require(scene.ana.memberID, in: db) }
            let eva = try await database.read { db in try scene.members.viewer(scene.eva, in: db) }
            _ = try await scene.setFactor(of: ana.id)
            try await scene.lost.ask(ana)

            await #expect(throws: Failure(.refused, "")) { try await scene.lost.confirm(ana.id, by: scene.ana) }
            await #expect(throws: Failure(.notFound, "")) { try await scene.lost.confirm(ana.id, by: eva) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `on the machine it is done at once and told`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            _ = try await scene.setFactor(of: scene.eva.id)

            try await scene.lost.reset(email: "eva@desk.example")

            #expect(try await has(scene) == false)
            #expect(scene.mails.all.map(\.to) == ["eva@desk.example"])
        }
    }
}
