import Base
import Outbox
import Storage
import Synchronization
import TestKit
import Testing

@testable import Oncall

@Suite struct PagingTests {
    @Test(arguments: TestDatabase.kinds)
    func `a page is repeated, goes to the next person and after an hour outside, under one id`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("2026112100000172")))

            try await scene.pass(minutes: 60)

            let steps = try await scene.steps(page)
            #expect(
                Array(steps.prefix(6)) == ["call Ana", "again Ana", "again Ana", "call Ben", "again Ben", "again Ben"])
            #expect(steps.last == "outside" || steps.dropLast().last == "outside" || steps.contains("outside"))
            #expect(steps.filter { $0 == "outside" }.count == 1)
            let letters = try await scene.letters()
            #expect(letters.count == steps.count)
            #expect(letters.allSatisfy { $0.subject.contains(String(page)) && $0.text.contains(String(page)) })
            #expect(
                letters.filter { $0.subject.contains("repeat") }.count == steps.filter { $0.hasPrefix("again") }.count)
            #expect(letters.contains { $0.to == "night@outside.example" })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a mail says the number and a link, and no word of the ticket`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let ticket = try await scene.ticket("2026112100000172")
            _ = try await scene.page(ticket)

            let letter = try #require(try await scene.letters().first)
            #expect(letter.to == "ana@desk.example")
            #expect(letter.text.contains("2026112100000172") && letter.text.contains("/tickets/\(ticket)"))
            #expect(!letter.text.contains("words of") && !letter.text.contains("Karl"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who has not said yes is never called, and where nobody has the outside address is at once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            try await scene.database.write {
                [rotas = scene.rotas, rota = scene.rota, ana = scene.ana, ben = scene.ben] db in
                for person in [ana, ben] {
                    try rotas.choose(Seat(rota: rota.id, member: person.id, isIn: false), at: 1, in: db)
                }
            }
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            try await scene.pass(minutes: 90)

            let steps = try await scene.steps(page)
            #expect(steps.first == "outside")
            #expect(steps.allSatisfy { $0.hasPrefix("outside") })
            let letters = try await scene.letters()
            #expect(Set(letters.map(\.to)) == ["night@outside.example"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a flood is one call`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            var pages: Set<ID?> = []
            for number in 1...20 { pages.insert(try await scene.page(try await scene.ticket("\(number)"))) }
            #expect(pages.count == 1)
            #expect(try await scene.letters().count == 1)

            let page = try #require(pages.first ?? nil)
            try await scene.pass(minutes: 5)
            let again = try #require(try await scene.letters().last)
            #expect(again.text.contains("oncall-mail-others") && again.text.contains("19"))

            // Who has it hears once of what joins afterwards; after the window a new page begins.
            try await hold(page, by: scene.ana.id, scene)
            let before = try await scene.letters().count
            for number in 21...30 { _ = try await scene.page(try await scene.ticket("\(number)")) }
            try await scene.pass(minutes: 6)
            #expect(try await scene.letters().count == before + 1)
            #expect(try await scene.steps(page).last == "more Ana")
            scene.time.advance(20 * OncallScene.minute)
            let later = try await scene.page(try await scene.ticket("31"))
            #expect(later != page)
            // A trial does not swallow danger.
            let trial = try await scene.page(try await scene.ticket("32"), reason: .trial)
            #expect(trial != later)
        }
    }

    private func hold(_ page: ID, by member: ID?, _ scene: OncallScene) async throws {
        let now = scene.time.clock.now()
        _ = try await scene.database.write { [paging = scene.paging] db in
            try paging.hold(page, by: member, at: now, in: db)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `I have it ends the calling, tells who was called, and can be given back`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            try await scene.pass(minutes: 15)
            #expect(try await scene.steps(page).last == "call Ben")

            try await hold(page, by: scene.ben.id, scene)
            let told = try #require(try await scene.letters().last)
            #expect(told.to == "ana@desk.example" && told.text.contains("Ben"))
            let count = try await scene.steps(page).count
            try await scene.pass(minutes: 60)
            #expect(try await scene.steps(page).count == count)
            // A second tap finds who has it.
            try await hold(page, by: scene.ana.id, scene)
            #expect(try await scene.find(page).heldBy == scene.ben.id)

            let now = scene.time.clock.now()
            try await scene.database.write { [paging = scene.paging, ben = scene.ben] db in
                try paging.giveBack(page, by: ben.id, at: now, in: db)
            }
            #expect(try await scene.steps(page).suffix(2) == ["returned Ben", "again Ana"])
            await #expect(throws: Failure.self) {
                try await scene.database.write { [paging = scene.paging, ben = scene.ben] db in
                    try paging.giveBack(page, by: ben.id, at: now, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a mail in doubt goes out again under the same id, marked as a repeat; its twin does not`(
        kind: TestDatabase
    ) async throws {
        for isHeard in [true, false] {
            try await kind.with { database in
                let scene = try await OncallScene(database)
                let page = try #require(try await scene.page(try await scene.ticket("1")))
                let sent = Mutex<[String]>([])
                // The first time nobody knows whether it left, as after a crash between handing over and recording.
                try await scene.dispatch(
                    Transport { bytes, _, recipients in
                        let text = String(decoding: bytes, as: UTF8.self)
                        let isFirst = sent.withLock { sent in
                            sent.append(text)
                            return sent.count == 1
                        }
                        return recipients.map { _ in isFirst ? .inDoubt(reply: "") : .accepted(reply: "250") }
                    }, isHeard: isHeard)
                let mails = sent.withLock { $0 }
                #expect(mails.count == (isHeard ? 2 : 1))
                #expect(mails.allSatisfy { $0.contains(String(page)) })
                if isHeard { #expect(mails[1].contains("repeat") && !mails[0].contains("repeat")) }
                // The step itself is recorded once.
                #expect(try await scene.steps(page) == ["call Ana"])
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a mail that is refused makes the next person due at once`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            try await scene.dispatch(
                Transport { _, _, recipients in recipients.map { _ in .refused(reply: "550", isPermanent: true) } })

            scene.time.advance(1000)
            try await scene.paging.run(database, at: scene.time.clock.now())
            #expect(try await scene.steps(page) == ["call Ana", "call Ben"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a node that was away for hours skips nobody`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            scene.time.advance(5 * 3_600_000)

            try await scene.pass(minutes: 20)
            let steps = try await scene.steps(page)
            #expect(steps.contains("call Ben") && steps.contains("outside"))
            #expect(steps.filter { $0 == "call Ben" }.count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a clock that is set back neither stops the calling nor makes a flood`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            try await scene.pass(minutes: 2)
            scene.time.advance(-24 * 3_600_000)

            try await scene.pass(minutes: 70)
            let steps = try await scene.steps(page)
            #expect(steps.filter { $0 == "call Ben" || $0.hasPrefix("outside") }.count >= 2)
            #expect(steps.count < 25)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `two nodes that look at once record each step once`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            for _ in 0..<6 {
                scene.time.advance(5 * OncallScene.minute)
                let now = scene.time.clock.now()
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { _ = try? await scene.paging.run(database, at: now) }
                    }
                }
            }
            let steps = try await database.read { [paging = scene.paging] db in
                try paging.pages.steps(of: page, in: db)
            }
            #expect(steps.map(\.position) == Array(1...steps.count))
            #expect(steps.count == 7)
            #expect(try await scene.letters().count == 7)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a link opens one page, once, and only who knows it`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            let text = try #require(try await scene.letters().first).text
            let reference = try #require(text.firstMatch(of: #/\/page\/([A-Za-z0-9_-]+)/#)).output.1
            #expect(reference.count >= 43)

            try await database.write { [pages = scene.paging.pages] db in
                #expect(try pages.link(String(reference), in: db)?.page == page)
                #expect(
                    try pages.link(String(reference.dropLast()) + "A", in: db)?.page != page || reference.hasSuffix("A")
                )
                #expect(try pages.useLink(String(reference), at: 1, in: db))
                #expect(try !pages.useLink(String(reference), at: 2, in: db))
                let kept = try db.rows("SELECT link_hash FROM page_link").map { try $0.bytes("link_hash") }
                #expect(!kept.contains(Array(reference.utf8)))
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a reserve is called after those on duty, and not in their quiet hours`(kind: TestDatabase) async throws {
        for isQuiet in [true, false] {
            try await kind.with { database in
                let scene = try await OncallScene(database)
                if isQuiet { scene.quiet.members.withLock { $0 = [scene.chi.id, scene.ana.id] } }
                try await database.write { [rotas = scene.rotas, rota = scene.rota, chi = scene.chi] db in
                    let seat = Seat(rota: rota.id, member: chi.id, isIn: true, isReserve: true)
                    try rotas.choose(seat, at: 1, in: db)
                }
                let page = try #require(try await scene.page(try await scene.ticket("1")))
                try await scene.pass(minutes: 40)

                let steps = try await scene.steps(page)
                // Who is on duty said yes to it: quiet hours do not stop the call.
                #expect(steps.first == "call Ana")
                #expect(steps.contains("call Chi") == !isQuiet)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a page of a hidden ticket passes over who may not open it`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            try await database.write { [members = scene.members, ben = scene.ben, queue = scene.queue] db in
                try db.execute("UPDATE queue SET is_confidential = 1 WHERE id = \(queue)")
                try members.setRights([.see], of: ben.id, queue: queue, actor: nil, at: 0, in: db)
            }
            let page = try #require(try await scene.page(try await scene.ticket("1")))
            #expect(try await scene.steps(page) == ["call Ben"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `looking for due pages uses an index`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await OncallScene(database)
            _ = try await scene.page(try await scene.ticket("1"))
            guard kind == .sqlite else { return }
            let plan = try await database.read { db in
                try db.rows("EXPLAIN QUERY PLAN SELECT id FROM page WHERE state = 'open' AND next_at <= 5")
                    .map { try $0.text("detail") }
            }
            #expect(plan.allSatisfy { $0.contains("page_due") }, "\(plan)")
        }
    }
}
