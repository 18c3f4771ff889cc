import Base
import Storage
import TestKit
import Testing

@testable import People

@Suite struct PasswordResettingTests {
    private static let new = "seven grey herons in the reeds"

    @Test(arguments: TestDatabase.kinds) func `link and code together give a new password and end all sessions`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let eva = scene.eva.id
            try await scene.setPassword(of: eva)
            let (secret, _) = try await scene.setFactor(of: eva)
            let session = try await database.write { db in
                try scene.ways.sessions.open(member: eva, at: scene.time.clock.now(), in: db)
            }
            try await scene.resetting.ask(email: "Eva@desk.example", network: "192.0.2.7")
            try await scene.runWishes()
            let link = try #require(scene.mails.link(to: "eva@desk.example"))

            await #expect(throws: Failure(.refused, "account-code-wrong")) {
                try await scene.resetting.finish(link: link, password: Self.new, code: "", network: "")
            }
            try await scene.resetting.finish(link: link, password: Self.new, code: scene.code(secret), network: "")

            #expect(try await scene.member(of: session) == nil)
            #expect(try await scene.password("eva@desk.example", Self.new).stage == .code)
            await #expect(throws: Failure(.notFound, "")) {
                try await scene.resetting.finish(link: link, password: Self.new, code: "", network: "")
            }
            #expect(scene.mails.all.filter { $0.to == "eva@desk.example" }.count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `known, unknown and impatient addresses look alike and leave the same rows`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            for _ in 0..<5 { try await scene.resetting.ask(email: "eva@desk.example", network: "192.0.2.7") }
            try await scene.resetting.ask(email: "nobody@desk.example", network: "192.0.2.7")
            let wishes = try await database.read { try $0.int("SELECT COUNT(*) AS n FROM password_wish") }

            try await scene.runWishes()

            #expect(wishes == 4)
            #expect(scene.mails.all.map(\.to) == Array(repeating: "eva@desk.example", count: 3))
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM password_wish") } == 0)
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM password_link") } == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a link works for an hour and not for a disabled member`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            try await scene.resetting.ask(email: "eva@desk.example", network: "")
            try await scene.resetting.ask(email: "ben@desk.example", network: "")
            try await scene.runWishes()
            let link = try #require(scene.mails.link(to: "eva@desk.example"))
            let other = try #require(scene.mails.link(to: "ben@desk.example"))
            let now = scene.time.clock.now()

            #expect(try await scene.resetting.find(link: link) != nil)
            try await database.write { db in
                try scene.members.disable(scene.eva.id, actor: scene.ana.memberID, at: now, in: db)
            }
            #expect(try await scene.resetting.find(link: link) == nil)
            #expect(try await scene.resetting.find(link: other) != nil)
            scene.time.advance(PasswordLinkStore.lifetime)
            #expect(try await scene.resetting.find(link: other) == nil)
        }
    }
}
