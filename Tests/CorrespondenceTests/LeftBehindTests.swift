import Base
import Foundation
import Mail
import People
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

/// What a change leaves behind that nobody looks after: tickets of who left, readers of what is protected, copies of
/// what was redacted, numbers of what was merged.
struct LeftBehindTests {
    @Test(arguments: TestDatabase.kinds) func `tickets of a closed account are found and taken by the next`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let ticket = try await scene.open(["One"])[0]
            let leaver = try await scene.colleague("ben")
            try await database.write { db in
                try scene.stores.tickets.setOwner(leaver.memberID, of: ticket, actor: nil, at: 1, in: db)
                try scene.members.setRights(
                    [.see, .note, .draft], of: scene.member.id, queue: scene.queue.id, actor: nil, at: 1, in: db)
            }
            let day = "2026-11-21"
            func found() async throws -> [ID] {
                try await database.read { db in
                    try TicketSearch().page(
                        try SearchQuery.parse("owner:away state:open", now: scene.time.clock.now()),
                        visibleTo: scene.viewer, limit: 9, in: db
                    ).tickets.map(\.id)
                }
            }
            #expect(try await found() == [])

            try await database.write { try scene.members.disable(leaver.memberID, actor: nil, at: 2, in: $0) }

            #expect(try await found() == [ticket.id])
            let taken = try await database.write { db in
                let wish = TicketStore.Wish(
                    member: scene.member.id, queues: [scene.queue.id], languages: [], except: nil,
                    away: try scene.members.away(on: day, in: db))
                return try scene.stores.tickets.takeNext(wish, at: 3, in: db)
            }
            #expect(taken?.id == ticket.id && taken?.owner == scene.member.id)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who only looked at a ticket is named when it is protected, and stays so`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let protecting = Protecting(
                stores: scene.stores, members: scene.members, ids: IDMaker(node: 2, clock: .system))
            let tickets = try await scene.open(["One", "Two"])
            let (ben, chi) = (try await scene.colleague("ben"), try await scene.colleague("chi"))
            let refuge = try await database.write { db in
                let queue = try scene.stores.queues.add(
                    name: "safe", displayName: "Safe", addresses: [], isList: false, actor: nil, at: 0, in: db)
                try db.execute("UPDATE queue SET is_confidential = 1, is_refuge = 1 WHERE id = \(queue.id)")
                let mark = ReadMarkStore.Mark(version: 1, message: 0)
                try ReadMarkStore().set(mark, ticket: tickets[0].id, member: ben.memberID, at: 5, in: db)
                // Chi read what was merged into it.
                try ReadMarkStore().set(mark, ticket: tickets[1].id, member: chi.memberID, at: 5, in: db)
                try scene.stores.merging.merge(
                    tickets[1].id, into: tickets[0].id, actor: scene.member.id, at: 6, in: db)
                return queue.id
            }
            func readers() async throws -> [ID] {
                try await database.read { try protecting.readers(of: tickets[0].id, before: 7, in: $0) }
            }
            let all = [scene.member.id, ben.memberID, chi.memberID].sorted()
            #expect(try await readers() == all)

            try await database.write { db in
                try protecting.protect(tickets[0].id, in: refuge, reason: "threats", by: scene.viewer, at: 7, db)
                // Read again, much later.
                let mark = ReadMarkStore.Mark(version: 9, message: 0)
                try ReadMarkStore().set(mark, ticket: tickets[0].id, member: ben.memberID, at: 99, in: db)
            }

            #expect(try await readers() == all)
            let log = try await database.read { db in
                let lead = Viewer(memberID: 1, isAdministrator: false, rights: [refuge: [.see, .manage]])
                return try ReadLog().page(queue: refuge, before: nil, limit: 9, visibleTo: lead, in: db)
            }
            #expect(Set(log.compactMap(\.event.actor)) == [ben.memberID, chi.memberID])
            #expect(log.allSatisfy { $0.event.data == ["what": "before"] })
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a redaction tells of the other tickets that hold the same`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for (number, text) in [
                "My number is C01X00T47, please delete it.", "Again: C01X00T47!", "Nothing of it here.",
            ].enumerated() {
                try await scene.receive(Scene.mail(id: "\(number)@people.example", subject: "No \(number)", text: text))
            }
            let tickets = try await scene.tickets()
            let first = try await scene.messages(tickets[0].id)[0]
            let elsewhere = StandingElsewhere(stores: scene.stores)
            func found(_ scope: Redacting.Scope, _ viewer: Viewer) async throws -> [ID] {
                try await database.read { try elsewhere.tickets(scope, of: first.id, visibleTo: viewer, in: $0) }
            }
            #expect(try await found(.passage("C01X00T47"), scene.viewer) == [tickets[1].id])
            #expect(try await found(.passage("please delete it"), scene.viewer) == [])
            #expect(try await found(.message, scene.viewer) == [])

            // The other one is in a queue the member does not see.
            let hidden = try await database.write { db in
                let queue = try scene.stores.queues.add(
                    name: "other", displayName: "Other", addresses: [], isList: false, actor: nil, at: 0, in: db)
                try db.execute("UPDATE ticket SET queue_id = \(queue.id) WHERE id = \(tickets[1].id)")
                return Viewer(
                    memberID: scene.member.id, isAdministrator: false, rights: [scene.queue.id: [.see, .manage]])
            }
            #expect(try await found(.passage("C01X00T47"), hidden) == [])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the same file of the same person is told of`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            for number in 0..<2 {
                try await scene.receive(Self.withFile(id: "\(number)@people.example", from: "karl@people.example"))
            }
            try await scene.receive(Self.withFile(id: "9@people.example", from: "mia@people.example"))
            let tickets = try await scene.tickets()
            let (message, file) = try await database.read { db in
                let message = try scene.stores.messages.ofTicket(tickets[0].id, in: db)[0]
                return (message, try scene.stores.messages.attachments(of: message.id, in: db)[0])
            }
            let found = try await database.read { db in
                try StandingElsewhere(stores: scene.stores).tickets(
                    .attachment(file.id), of: message.id, visibleTo: scene.viewer, in: db)
            }
            #expect(found == [tickets[1].id])
        }
    }

    private static func withFile(id: String, from: String) -> String {
        """
        From: \(from)\r
        To: info@desk.example\r
        Subject: Papers\r
        Message-ID: <\(id)>\r
        MIME-Version: 1.0\r
        Content-Type: multipart/mixed; boundary="b"\r
        \r
        --b\r
        Content-Type: text/plain\r
        \r
        Here, number \(id).\r
        --b\r
        Content-Type: image/png; name="passport.png"\r
        Content-Disposition: attachment; filename="passport.png"\r
        Content-Transfer-Encoding: base64\r
        \r
        UEFTU1BPUlRCWVRFUw==\r
        --b--\r

        """
    }

    @Test(arguments: TestDatabase.kinds)
    func `a number of a merged ticket in the subject brings its person to where it went, and nobody else`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for name in ["karl", "mia", "uli"] {
                try await scene.receive(
                    Scene.mail(from: "\(name)@people.example", id: "\(name)@people.example", subject: "Of \(name)"))
            }
            let tickets = try await scene.tickets()
            try await database.write { db in
                for (source, target) in [(0, 1), (1, 2)] {
                    try scene.stores.merging.merge(
                        tickets[source].id, into: tickets[target].id, actor: scene.member.id, at: 5, in: db)
                }
            }
            let subject = "Re: [#\(tickets[0].number)] Of karl"
            try await scene.receive(Scene.mail(from: "karl@people.example", id: "2@people.example", subject: subject))
            try await scene.receive(Scene.mail(from: "eve@people.example", id: "3@people.example", subject: subject))

            #expect(try await scene.messages(tickets[2].id).map(\.headerID).contains("2@people.example"))
            #expect(try await scene.messages(tickets[2].id).count == 4)
            #expect(try await scene.tickets().count == 2, "who does not take part gets a ticket of their own")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `merges of merges are taken apart in any order that is possible`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for name in ["a", "b", "c"] {
                try await scene.receive(Scene.mail(from: "\(name)@people.example", id: "\(name)@people.example"))
            }
            let tickets = try await scene.tickets()
            let (a, b, c) = (tickets[0].id, tickets[1].id, tickets[2].id)
            let actor = scene.member.id
            let (first, second) = try await database.write { db in
                let merging = scene.stores.merging
                return (
                    try #require(try merging.merge(a, into: b, actor: actor, at: 5, in: db)),
                    try #require(try merging.merge(b, into: c, actor: actor, at: 6, in: db))
                )
            }
            await #expect(throws: Failure(.conflict, "")) {
                try await database.write { try scene.stores.merging.undo(first, actor: actor, at: 7, in: $0) }
            }
            try await database.write { db in
                try scene.stores.merging.undo(second, actor: actor, at: 8, in: db)
                try scene.stores.merging.undo(first, actor: actor, at: 9, in: db)
            }
            for (ticket, name) in [(a, "a"), (b, "b"), (c, "c")] {
                #expect(try await scene.messages(ticket).map(\.headerID) == ["\(name)@people.example"])
                let people = try await database.read { try scene.stores.tickets.participants(of: ticket, in: $0) }
                #expect(people.map(\.address) == ["\(name)@people.example"])
                #expect(try await scene.ticket(ticket).state == .new)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the child-safety label goes along when tickets are joined and split, and stops what was begun`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let scene = desk.scene
            try await scene.receive(Scene.mail(id: "2@people.example", references: "1@people.example"))
            try await scene.receive(Scene.mail(from: "mia@people.example", id: "9@people.example", subject: "Other"))
            let labelled = desk.ticket.id
            let other = try #require(try await scene.tickets().first { $0.id != labelled }).id
            let messages = try await scene.messages(labelled)
            let begun = try await desk.forwarding.begin(
                message: messages[0].id, .attached, WritingScene.words, date: "today", by: desk.ben)
            let made = try await database.write { db in
                let safety = ChildSafety(stores: scene.stores)
                try safety.set(true, ticket: labelled, by: scene.viewer, at: 1, in: db)
                let made = try Splitting(stores: scene.stores).split(
                    [messages[1].id], off: labelled, number: "2026112100000999", subject: "", by: scene.viewer, at: 2,
                    in: db)
                try scene.stores.merging.merge(made, into: other, actor: scene.member.id, at: 3, in: db)
                return made
            }

            for ticket in [labelled, made, other] {
                #expect(try await database.read { try ChildSafety.isSet(on: ticket, in: $0) })
            }
            try await database.write { db in
                let draft = try scene.drafts.require(begun, in: db)
                var content = draft.content
                content.to = ["expert@museum.example"]
                content.text = "Do you know this picture?"
                _ = try scene.drafts.change(
                    begun, to: content,
                    seenVersion: try scene.stores.tickets.require(
                        labelled, visibleTo: desk.ben, in: db
                    ).version, expecting: draft.version,
                    by: desk.ben.memberID, at: 0, in: db)
            }
            await #expect(throws: Failure(.refused, "")) {
                try await scene.answering.send(draft: begun, by: desk.ben)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a shared filter that names a queue is there for who sees the queue`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let ben = try await scene.colleague("ben")
            let filters = FilterStore(ids: scene.stores.tickets.ids, events: scene.stores.events)
            try await database.write { db in
                _ = try scene.stores.queues.add(
                    name: "vault", displayName: "Vault", addresses: [], isList: false, actor: nil, at: 0, in: db)
                for query in ["state:open", "queue:Info", "state:open OR -queue:vault", "\"queue:vault\""] {
                    let filter = SavedFilter(
                        id: 0, member: scene.member.id, name: query, query: query, sort: .updated, isShared: true)
                    _ = try filters.add(filter, at: 1, in: db)
                }
            }
            func names(_ viewer: Viewer) async throws -> Set<String> {
                Set(try await database.read { try filters.filters(for: viewer, in: $0) }.map(\.query))
            }
            let own = try await scene.again()
            #expect(try await names(own).count == 4)
            #expect(try await names(ben) == ["state:open", "queue:Info", "\"queue:vault\""])
        }
    }

    @Test func `what waits comes back at eight, also when clocks change, on the day the member means`() throws {
        func text(_ zone: String, _ own: String, _ choice: String, _ date: String, _ now: String) throws -> String {
            let home = try #require(TimeZone(identifier: own))
            let snoozing = Snoozing(zone: try #require(TimeZone(identifier: zone)), ownZone: home)
            return ISO8601.string(
                try snoozing.time(choice: choice, date: date, now: try #require(APIRoutes.time(now))))
        }
        let (berlin, auckland, honolulu) = ("Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu")
        // In Berlin summer time begins on 28 March 2027 at two in the morning.
        #expect(try text(berlin, berlin, "tomorrow", "", "2027-03-27T21:00:00Z") == "2027-03-28T06:00:00.000Z")
        #expect(try text(berlin, berlin, "", "2027-03-27", "2027-03-01T21:00:00Z") == "2027-03-27T07:00:00.000Z")
        // At 23:30 in Berlin it is the 22nd in Auckland already; the hour stays the organisation's.
        #expect(try text(berlin, berlin, "tomorrow", "", "2026-11-21T22:30:00Z") == "2026-11-22T07:00:00.000Z")
        #expect(try text(berlin, auckland, "tomorrow", "", "2026-11-21T22:30:00Z") == "2026-11-23T07:00:00.000Z")
        // In Honolulu it is the evening of the 21st when Auckland's morning of the 22nd is over.
        #expect(try text(auckland, honolulu, "tomorrow", "", "2026-11-22T05:00:00Z") == "2026-11-22T19:00:00.000Z")
    }
}
