import Base
import Storage
import TestKit
import Testing

@testable import People

@Suite struct MemberTests {
    @Test(arguments: TestDatabase.kinds) func `the last administrator stays one`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let (ana, ben) = (scene.ana.memberID, scene.ben.memberID)
            try await database.write { db in
                try scene.members.setAdministrator(false, of: ben, actor: ana, at: 0, in: db)
            }

            await #expect(throws: Failure(.refused, "account-last-administrator")) {
                try await database.write { db in
                    try scene.members.setAdministrator(false, of: ana, actor: ana, at: 0, in: db)
                }
            }
            await #expect(throws: Failure(.refused, "account-last-administrator")) {
                try await database.write { db in try scene.members.disable(ana, actor: nil, at: 0, in: db) }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a disabled member comes back as they were`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)
            try await database.write { db in
                try scene.members.disable(scene.eva.id, actor: scene.ana.memberID, at: 0, in: db)
            }
            await #expect(throws: Failure(.refused, "sign-in-wrong")) { try await scene.password("eva@desk.example") }

            try await database.write { db in
                try scene.members.enable(scene.eva.id, actor: scene.ana.memberID, at: 0, in: db)
            }

            #expect(try await scene.password("eva@desk.example").stage == .open)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a profile is kept and days away are told by the day`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            var profile = MemberStore.Profile(scene.eva)
            (profile.letterName, profile.zone, profile.theme, profile.usesKeys) = ("Desk", "Asia/Tokyo", "dark", false)
            (profile.awayFrom, profile.awayUntil) = ("2026-12-24", "2027-01-02")

            let kept = try await database.write { [profile] db in
                try scene.members.setProfile(profile, of: scene.eva.id, at: 0, in: db)
                return try scene.members.require(scene.eva.id, in: db)
            }

            #expect(MemberStore.Profile(kept) == profile)
            #expect(kept.away(on: "2026-12-23") == nil && kept.away(on: "2027-01-03") == nil)
            #expect(kept.away(on: "2026-12-24") == "2027-01-02" && kept.away(on: "2027-01-02") == "2027-01-02")
        }
    }

    @Test func `administrators and who reads mail need a second factor once the day has come`() {
        let policy = SecondFactorPolicy(from: 1000)
        let nobody = Viewer(memberID: 1, isAdministrator: false, rights: [5: [.manage]])
        let reader = Viewer(memberID: 1, isAdministrator: false, rights: [5: [.see]])
        let administrator = Viewer(memberID: 1, isAdministrator: true, rights: [:])

        #expect([nobody, reader, administrator].map { policy.demands(of: $0, at: 999) } == [false, false, false])
        #expect([nobody, reader, administrator].map { policy.demands(of: $0, at: 1000) } == [false, true, true])
    }

    @Test(arguments: [
        ("a long walk by the quiet river", true), ("four unrelated words here", true),
        ("長い散歩は静かな川のそばで楽しむもの", true), ("kq3vR8xWzT1mYbLp", true), ("passwordpassword", false),
        ("Password1234567!", false), ("aaaaaaaaaaaaaaaaaaaa", false), ("abcabcabcabcabcabc", false),
        ("123456789012345678", false), ("eva.liaison.desk.2026", false), ("correct horse battery staple", false),
        ("correcthorsebatterystaple", false), ("qwertyuiopasdfghjkl", false), ("short but good", false),
    ]) func `a password that everybody tries first is refused`(password: String, isGood: Bool) {
        let problem = PasswordRules.problem(password, context: ["eva@desk.example", "Eva Example"])

        #expect((problem == nil) == isGood)
    }

    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iOS"),
        ("Mozilla/5.0 (Linux; Android 15; K) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"), ("curl/8", ""),
    ]) func `a session's device is named no finer than browser and system`(agent: String, name: String) {
        #expect(DeviceName.coarse(agent) == name)
    }
}
