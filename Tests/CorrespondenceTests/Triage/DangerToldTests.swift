import Base
import Foundation
import People
import Storage
import TestKit
import Testing

@testable import Correspondence

/// A thought about a life never stays with nobody.
@Suite struct DangerToldTests {
    private let desk: @Sendable (Database) async throws -> TriageScene = {
        try await TriageScene($0, starting: StartingTests.model())
    }

    private static func member(
        _ name: String, _ rights: Set<Right>, _ scene: Scene, queue: ID? = nil
    ) async throws -> ID {
        try await scene.database.write { db in
            let member = try scene.members.add(
                email: "\(name)@desk.example", name: name, isAdministrator: false, password: nil, mustChange: false,
                actor: nil, at: 0, in: db)
            try scene.members.setRights(
                rights, of: member.id, queue: queue ?? scene.queue.id, actor: nil, at: 0, in: db)
            return member.id
        }
    }

    private static func answer(_ name: String, _ desk: TriageScene) async throws {
        _ = try await desk.scene.accept(
            Scene.mail(id: "\(name)@people.example", references: "1@people.example", text: "And the bridge?"))
        try await desk.drain()
    }

    private static func told(_ desk: TriageScene) async throws -> [ID] {
        let ticket = try #require(try await desk.scene.tickets().first)
        return try await desk.scene.database.read { [members = desk.scene.members] db in
            try DangerHint.told(ticket.id, members, in: db)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who is named is told, else the leads of the queue, else administrators`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await desk(database)
            let scene = desk.scene
            try await desk.receive(StartingTests.cry, id: "1@people.example")
            #expect(try await Self.told(desk) == [scene.member.id], "nobody is named, nobody keeps the queue")

            _ = try await Self.member("ben", [.see, .note, .send], scene)
            let lead = try await Self.member("carl", [.see, .manage], scene)
            #expect(try await Self.told(desk) == [lead])

            let other = try await scene.addQueue("other")
            let stranger = try await Self.member("dana", [.see], scene, queue: other.id)
            try await scene.name([stranger], desk)
            #expect(try await Self.told(desk) == [lead], "who is named cannot see it")
            try await scene.name([stranger, scene.member.id], desk)
            #expect(try await Self.told(desk) == [scene.member.id])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `of a confidential queue nobody is told who may not see it`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await desk(database)
            let scene = desk.scene
            let vault = try await scene.addQueue("vault", isConfidential: true)
            try await desk.receive(StartingTests.cry, id: "1@people.example")
            let ticket = try #require(try await scene.tickets().first)
            try await database.write { db in
                try desk.stores.tickets.setQueue(vault.id, of: ticket, actor: nil, at: 1, in: db)
            }
            #expect(try await Self.told(desk) == [], "an administrator has no right there")

            let keeper = try await Self.member("eva", [.see, .send], scene, queue: vault.id)
            #expect(try await Self.told(desk) == [keeper], "who may answer there, where nobody keeps it")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the notice comes once, and says nothing of the mail`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await desk(database)
            let scene = desk.scene
            let lead = try await Self.member("carl", [.see, .manage], scene)
            let ids = IDMaker(node: 2, clock: .system)
            let making = NoticeMaking(
                database: database, members: scene.members, notices: NoticeStore(ids: ids), jobs: scene.stores.jobs,
                ids: ids, alarm: scene.alarm)
            func tell() async throws {
                while try await database.write({ try EventSealer().seal(limit: 100, in: $0) }) != nil {}
                try await making.run()
            }
            try await tell()
            try await desk.receive(StartingTests.cry, id: "1@people.example")
            try await tell()
            try await tell()

            let rows = try await database.read { db in
                try db.rows("SELECT member_id, kind, mail FROM notice").map {
                    "\(try $0.int("member_id")) \(try $0.text("kind")) \(try $0.text("mail"))"
                }
            }
            #expect(rows == ["\(lead) danger now"])
            let event = try await database.read { try $0.first("SELECT * FROM event WHERE kind = 'danger-thought'") }
            #expect(try event?.text("data") == "")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a mail on a closed ticket asks again what nobody has decided`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await desk(database)
            let scene = desk.scene
            try await desk.receive(StartingTests.cry, id: "1@people.example")
            let first = try #require(try await scene.tickets().first)
            try await database.write { db in
                try desk.stores.tickets.setState(.closed, of: first, actor: nil, at: 1, in: db)
            }
            #expect(try await desk.events("danger-thought") == 1)
            try await Self.answer("again", desk)
            #expect(try await scene.tickets().map(\.state) == [.open])
            #expect(try await desk.events("danger-thought") == 2)
            try await Self.answer("more", desk)
            #expect(try await desk.events("danger-thought") == 2, "it stands there already")

            let ticket = try #require(try await scene.tickets().first)
            let thought = try #require(try await desk.suggestions(ticket.id).first)
            try await database.write { db in
                try desk.deciding.dismiss(thought.id, of: ticket.id, by: scene.viewer, at: 5, in: db)
                let now = try #require(try desk.stores.tickets.find(ticket.id, in: db))
                try desk.stores.tickets.setState(.closed, of: now, actor: nil, at: 6, in: db)
            }
            try await Self.answer("last", desk)
            #expect(try await scene.tickets().map(\.state) == [.open])
            #expect(try await desk.events("danger-thought") == 2, "a no stays")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a label that is switched off is suggested nowhere, and comes back`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await desk(database)
            let scene = desk.scene
            func use(_ isOn: Bool) async throws {
                try await database.write { db in
                    try StartingUse.set(isOn, .danger, by: scene.member.id, at: 7, desk.stores.events, in: db)
                }
            }
            func perhaps() async throws -> Int {
                let tickets = try await scene.tickets().map(\.id)
                return try await database.read { try TriageSuggestionStore.perhapsInDanger(among: tickets, in: $0) }
                    .count
            }
            try await desk.receive(StartingTests.cry, id: "1@people.example")
            #expect(try await perhaps() == 1)

            try await use(false)
            try await use(false)
            try await desk.receive(StartingTests.cry, id: "2@people.example")
            #expect(try await perhaps() == 0)
            #expect(try await desk.events("danger-thought") == 1)
            #expect(try await desk.suggestions(try #require(try await scene.tickets().last).id).isEmpty)
            let off = try await database.read { try StartingUse.off(in: $0) }
            #expect(off == [.danger: StartingUse.Off(member: scene.member.id, at: 7)])

            try await use(true)
            #expect(try await perhaps() == 1, "what had been suggested is there again")
            try await desk.receive(StartingTests.cry, id: "3@people.example")
            #expect(try await perhaps() == 2)
            #expect(try await desk.events("triage-starting-changed") == 2, "each change once")
        }
    }

    /// A mail or a page without its words says nothing at the moment it should.
    @Test func `every kind of notice has its words`() throws {
        var keys: Set<String> = []
        let folder = StartingCorpus.root.appending(path: "i18n")
        for part in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try Data(contentsOf: part.appending(path: "en.json"))
            keys.formUnion(try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any]).keys)
        }
        for kind in NoticeKind.allCases {
            let isOfTexts = kind == .proposed || kind == .proposal
            for place in ["", "kind-", "mail-"] + (isOfTexts ? [] : ["digest-"]) {
                #expect(keys.contains("notice-\(place)\(kind.rawValue)"), "notice-\(place)\(kind.rawValue)")
            }
        }
    }
}

extension Scene {
    fileprivate func name(_ members: Set<ID>, _ desk: TriageScene) async throws {
        try await database.write { [viewer] db in
            try desk.labelling.setPeople(members, of: .danger, by: viewer, at: 1, in: db)
        }
    }
}
