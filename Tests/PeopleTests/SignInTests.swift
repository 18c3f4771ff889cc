import Base
import Storage
import TestKit
import Testing

@testable import People

@Suite struct SignInTests {
    @Test(arguments: TestDatabase.kinds) func `password and code open a session, each step a new one`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)
            let (secret, _) = try await scene.setFactor(of: scene.eva.id)

            let first = try await scene.password("EVA@desk.example")
            #expect(first.stage == .code)
            #expect(try await scene.member(of: first.session) == nil)
            let session = try await scene.signIn.enter(
                code: scene.code(secret), after: first.session, network: "192.0.2.7", device: "")

            #expect(session != first.session)
            #expect(try await scene.member(of: session) == scene.eva.id)
            #expect(try await scene.signIn.awaited(first.session) == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a code works once`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)
            let (secret, codes) = try await scene.setFactor(of: scene.eva.id)
            let code = scene.code(secret)

            for typed in [code, codes[3].uppercased()] {
                let first = try await scene.password("eva@desk.example")
                _ = try await scene.signIn.enter(code: typed, after: first.session, network: "", device: "")
                let second = try await scene.password("eva@desk.example")
                await #expect(throws: Failure(.refused, "account-code-wrong")) {
                    try await scene.signIn.enter(code: typed, after: second.session, network: "", device: "")
                }
            }

            let left = try await database.read { db in try scene.ways.factors.codesLeft(of: scene.eva.id, in: db) }
            #expect(left == 9)
            #expect(scene.mails.all.map(\.to) == ["eva@desk.example"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `ten wrong codes and then the right one is not asked`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)
            let (secret, _) = try await scene.setFactor(of: scene.eva.id)
            let first = try await scene.password("eva@desk.example")
            let right = scene.code(secret)
            let wrong = right == "000000" ? "000001" : "000000"

            for _ in 0..<10 {
                await #expect(throws: Failure(.refused, "account-code-wrong")) {
                    try await scene.signIn.enter(code: wrong, after: first.session, network: "", device: "")
                }
            }

            await #expect(throws: Failure(.tooMany, "sign-in-busy")) {
                try await scene.signIn.enter(code: right, after: first.session, network: "", device: "")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the second step is over after ten minutes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)
            let (secret, _) = try await scene.setFactor(of: scene.eva.id)
            let first = try await scene.password("eva@desk.example")

            scene.time.advance(SessionStore.codeTime)

            await #expect(throws: Failure(.notFound, "account-code-late")) {
                try await scene.signIn.enter(
                    code: scene.code(secret), after: first.session, network: "", device: "")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a known and an unknown name get the same answer`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)

            for email in ["eva@desk.example", "nobody@desk.example"] {
                await #expect(throws: Failure(.refused, "sign-in-wrong")) {
                    try await scene.password(email, "another sentence of five words")
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `use of a session is when the member was last seen`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.setPassword(of: scene.eva.id)
            let session = try await scene.password("eva@desk.example").session

            scene.time.advance(600_000)
            let now = scene.time.clock.now()
            let seen = try await database.write { db in
                try scene.ways.sessions.touch(session, at: now, in: db)
                return try scene.members.require(scene.eva.id, in: db).seenAt
            }

            #expect(seen == now)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `one session or all others are ended, and only one's own`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let now = scene.time.clock.now()
            let eva = scene.eva.id
            let viewer = try await database.read { db in try scene.members.viewer(scene.eva, in: db) }
            try await database.write { db in
                for _ in 0..<3 { _ = try scene.ways.sessions.open(member: eva, device: "Firefox", at: now, in: db) }
                _ = try scene.ways.sessions.open(member: scene.ana.memberID, at: now, in: db)
                let all = try scene.ways.sessions.all(of: eva, visibleTo: viewer, at: now, in: db)
                #expect(all.map(\.device) == ["Firefox", "Firefox", "Firefox"])
                try scene.ways.sessions.close(all[0].id, of: eva, actor: eva, at: now, in: db)
                try scene.ways.sessions.closeOthers(of: eva, but: all[1].id, actor: eva, at: now, in: db)
                #expect(
                    try scene.ways.sessions.all(of: eva, visibleTo: viewer, at: now, in: db).map(\.id) == [all[1].id])
                let foreign = try scene.ways.sessions.all(of: scene.ana.memberID, visibleTo: scene.ana, at: now, in: db)
                #expect(throws: Failure(.notFound, "")) {
                    try scene.ways.sessions.close(foreign[0].id, of: eva, actor: eva, at: now, in: db)
                }
                #expect(throws: Failure(.notFound, "")) {
                    try scene.ways.sessions.all(of: scene.ana.memberID, visibleTo: viewer, at: now, in: db)
                }
            }
        }
    }
}
