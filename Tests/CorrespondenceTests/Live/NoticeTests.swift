import Base
import Foundation
import Jobs
import People
import Storage
import Synchronization
import TestKit
import Testing
import Web

@testable import Correspondence

@Suite struct NoticeTests {
    @Test(arguments: TestDatabase.kinds) func `whoever gets a ticket is told, not who gave it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()

            let (ben, ana) = (try await scene.told(scene.ben), try await scene.told(scene.desk.member))

            #expect(ben == [.assigned])
            #expect(ana == [])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who writes follows and hears of the next message, unless they stop`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            let ben = try await scene.viewer(scene.ben)
            try await scene.note("I look into it.", on: ticket, by: ben)
            try await scene.tell()
            try await scene.desk.receive(
                Scene.mail(id: "second@people.example", references: "first@people.example"))
            try await scene.tell()
            let following = try await scene.told(scene.ben)

            try await database.write { db in
                try FollowStore().set(false, ticket: ticket.id, member: ben.memberID, at: 1, in: db)
            }
            try await scene.note("Still looking.", on: ticket, by: ben)
            try await scene.tell()
            try await scene.desk.receive(
                Scene.mail(id: "third@people.example", references: "first@people.example"))
            try await scene.tell()
            let after = try await scene.told(scene.ben)

            #expect(following == [.message])
            #expect(after == [.message])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mention is told to who may see the queue, and to nobody else`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let carl = try await database.write { db in
                try scene.desk.members.add(
                    email: "carl@desk.example", name: "Carl", isAdministrator: false, password: nil,
                    mustChange: false, actor: nil, at: 0, in: db)
            }
            let ticket = try await scene.ticket()
            let note = try await scene.note("@ben ito, can you help? @Carl too.", on: ticket, by: scene.desk.viewer)
            try await scene.tell()

            let (ben, no) = (try await scene.told(scene.ben), try await scene.told(carl))
            let rows = try await database.read { db in
                try db.rows("SELECT member_id, may_see FROM mention WHERE message_id = \(note) ORDER BY may_see")
                    .map { [try $0.int("member_id"), try $0.int("may_see")] }
            }

            #expect(ben == [.mention])
            #expect(no == [])
            #expect(rows == [[carl.id, 0], [scene.ben.id, 1]])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a notice goes when the ticket goes where one may not see it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            let viewer = try await scene.viewer(scene.ben)
            let before = try await database.read { try NoticeStore.unread(visibleTo: viewer, in: $0) }
            try await scene.move(ticket, to: scene.secret.id)
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()

            let told = try await scene.told(scene.ben)
            let after = try await database.read { try NoticeStore.unread(visibleTo: viewer, in: $0) }

            #expect(before == 1)
            #expect(told == [])
            #expect(after == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `an event is told once, also by two nodes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            for _ in 0..<20 { try await scene.setOwner(scene.ben.id, of: ticket) }
            try await scene.seal()

            async let one = scene.making.run()
            async let other = scene.making.run()
            let made = try await one + other

            #expect(made == 20)
            #expect(try await scene.told(scene.ben).count == 20)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `reading all empties the bell`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await LiveScene(database)
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            let viewer = try await scene.viewer(scene.ben)

            let (other, own) = try await database.write { db in
                (
                    try scene.notices.markAllRead(of: scene.desk.member.id, at: 1, in: db),
                    try scene.notices.markAllRead(of: scene.ben.id, ticket: ticket.id, at: 1, in: db)
                )
            }
            let unread = try await database.read { try NoticeStore.unread(visibleTo: viewer, in: $0) }

            #expect((other, own, unread) == (0, 1, 0))
        }
    }

    @Test func `the longest name that fits is meant, whatever the script`() async throws {
        let sample = try await TestDatabase.sqlite.with { try await Scene($0).member }
        let members = ["Ana", "Ana Li", "山田花子", "محمد"].enumerated().map { number, name in
            var member = sample
            member.id = ID(number + 1)
            member.name = name
            return member
        }
        let cases: [(String, [ID])] = [
            ("@Ana Li, see this", [2]), ("@ana: see", [1]), ("mail ana@Ana.example", []), ("@Anabel", []),
            ("@山田花子さん", [3]), ("@محمد، انظر", [4]), ("(@Ana) and @ANA LI and @Ana", [1, 2]), ("@", []),
        ]

        for (text, expected) in cases {
            #expect(Mentioning.named(in: text, members).map(\.id) == expected, "\(text)")
        }
    }
}

@Suite struct NoticeMailTests {
    /// Letters that were posted.
    final class Box: Sendable {
        private let letters = Mutex<[NoticeMailing.Letter]>([])

        var all: [NoticeMailing.Letter] { letters.withLock { $0 } }

        func add(_ letter: NoticeMailing.Letter) { letters.withLock { $0.append(letter) } }
    }

    private func mailing(_ scene: LiveScene, _ box: Box, away: Bool = false) -> NoticeMailing {
        NoticeMailing(
            database: scene.database, notices: scene.notices, members: scene.desk.members,
            jobs: scene.desk.stores.jobs,
            days: .init(zone: { _ in TimeZone(secondsFromGMT: 9 * 3600) ?? .gmt }, isAway: { _, _ in away }),
            publicURL: "https://desk.example", clock: scene.desk.time.clock,
            translate: { _ in
                Translate { key, arguments in ([key] + arguments.map(\.text)).joined(separator: " ") }
            },
            post: { letter, _, _ in box.add(letter) })
    }

    private func run(_ scene: LiveScene, _ mailing: NoticeMailing) async throws {
        let kinds = [
            JobKind.single(NoticeMailing.jobName) { try await mailing.run($0) },
            JobKind.single(NoticeMailing.digestJob) { try await mailing.runDigest($0) },
        ]
        try await JobRunner(
            database: scene.database, store: scene.desk.stores.jobs, kinds: kinds, alarm: scene.desk.alarm,
            log: scene.desk.log
        ).drain()
    }

    @Test(arguments: TestDatabase.kinds) func `a mail waits for the end of quiet hours, and above a cap for the digest`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, box) = (try await LiveScene(database), Box())
            let mailing = mailing(scene, box)
            // Noon in UTC is 21:00 for them.
            try await database.write { [ben = scene.ben] db in
                try PaceStore().set(Pace(quietFrom: 20 * 60, quietUntil: 7 * 60, mostMails: 1), of: ben.id, in: db)
            }
            for _ in 0..<2 {
                let ticket = try await scene.ticket()
                try await scene.setOwner(scene.ben.id, of: ticket)
            }
            try await scene.tell()
            try await run(scene, mailing)
            #expect(box.all.isEmpty)

            scene.desk.time.advance(11 * 3_600_000)
            let held = try await database.write { db in
                try db.execute("UPDATE job SET run_at = 0 WHERE kind = \(NoticeMailing.jobName)")
            }
            try await run(scene, mailing)
            let digest = try await database.read {
                try $0.int("SELECT COUNT(*) AS n FROM notice WHERE mail = 'digest'")
            }
            #expect(held == 2)
            #expect(box.all.count == 1)
            #expect(digest == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail names the number and the link, no word of the ticket, once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, box) = (try await LiveScene(database), Box())
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            let mailing = mailing(scene, box)

            try await run(scene, mailing)
            try await run(scene, mailing)

            let letter = try #require(box.all.first)
            #expect(box.all.count == 1)
            #expect(letter.to == "ben@desk.example")
            #expect(letter.subject == "notice-mail-subject \(ticket.number)")
            #expect(letter.text.contains("https://desk.example/tickets/\(ticket.id)"))
            #expect(!(letter.subject + letter.text).contains("photo"))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `access counts when the mail is made, not when the notice was`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, box) = (try await LiveScene(database), Box())
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            try await scene.move(ticket, to: scene.secret.id)

            try await run(scene, mailing(scene, box))

            #expect(box.all == [])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who is away gets no mail, and all of it in the first digest after`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, box) = (try await LiveScene(database), Box())
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            let away = mailing(scene, box, away: true)
            try await run(scene, away)
            try await away.sweep()
            try await run(scene, away)
            let whileAway = box.all.count

            let back = mailing(scene, box)
            try await back.sweep()
            try await run(scene, back)
            try await back.sweep()
            try await run(scene, back)

            #expect(whileAway == 0)
            #expect(box.all.count == 1)
            #expect(box.all.first?.text.contains("notice-digest-assigned \(ticket.number) 1") == true)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a digest waits for the hour of the member's zone and comes once a day`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, box) = (try await LiveScene(database), Box())
            let ticket = try await scene.ticket()
            try await database.write { db in
                // Noon UTC is 21 o'clock there.
                let setting = NoticeSetting(ways: [.assigned: .digest], digestHour: 22, hidesReading: false)
                try scene.notices.set(setting, of: scene.ben.id, in: db)
            }
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            let mailing = mailing(scene, box)
            try await mailing.sweep()
            try await run(scene, mailing)
            let early = box.all.count

            scene.desk.time.advance(3_600_000)
            try await mailing.sweep()
            try await run(scene, mailing)
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            try await mailing.sweep()
            try await run(scene, mailing)
            let sameDay = box.all.count
            scene.desk.time.advance(24 * 3_600_000)
            try await mailing.sweep()
            try await run(scene, mailing)

            #expect((early, sameDay, box.all.count) == (0, 1, 2))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what was read on the page is not mailed`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, box) = (try await LiveScene(database), Box())
            let ticket = try await scene.ticket()
            try await scene.setOwner(scene.ben.id, of: ticket)
            try await scene.tell()
            try await database.write { _ = try scene.notices.markAllRead(of: scene.ben.id, at: 1, in: $0) }

            try await run(scene, mailing(scene, box))

            #expect(box.all == [])
        }
    }
}
