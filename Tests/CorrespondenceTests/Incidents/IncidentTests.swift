import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Many mails about one event: noticed, proposed, kept together.
struct IncidentTests {
    @Test(arguments: TestDatabase.kinds) func `thirty near copies from thirty people propose one group`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(30)

            let groups = try await scene.groups()
            #expect(groups.map(\.state) == [.proposed])
            #expect(groups.first?.name == "", "no words of a mail")
            let found = try await scene.entries(try #require(groups.first?.id))
            #expect(found.entries.count == 30)
            #expect(found.entries.allSatisfy { $0.item.state == .joined && !$0.item.differs })
            let count = try await database.read { [scene] db in
                try scene.incidents.proposedCount(visibleTo: scene.viewer, in: db)
            }
            #expect(count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `row 49: tickets of an incident are no duplicates of each other`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(8)
            let ticket = try #require(try await scene.tickets().first)
            func duplicates() async throws -> Int {
                try await database.read { [scene] db in
                    try Duplicates().find(ticket, visibleTo: scene.viewer, in: db).count
                }
            }
            let together = try await duplicates()
            try await database.write { db in try db.execute("UPDATE incident SET state = 'dismissed'") }

            #expect(together == 0)
            #expect(try await duplicates() == 5, "it was no incident")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `thirty near copies from one person propose nothing`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(30) { _ in "Karl <karl@people.example>" }

            #expect(try await scene.groups().isEmpty)
        }
    }

    @Test(
        arguments: TestDatabase.kinds,
        ["List-Id: <news.people.example>", "Auto-Submitted: auto-replied", "Precedence: bulk"])
    func `newsletters and automatic answers propose nothing`(kind: TestDatabase, header: String) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(12, headers: [header])

            #expect(try await scene.groups().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who asks something else is marked`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            let other = Scene.floodText + "\n\nCan you also delete my old account with the name Birch?\n"
            try await scene.receive(
                Scene.mail(from: "Ida <ida@people.example>", id: "ida@people.example", text: other))
            try await scene.notice()

            let group = try #require(try await scene.groups().first)
            let marked = try await scene.entries(group.id).entries.filter(\.item.differs)
            #expect(marked.map(\.ticket.sender) == ["Ida"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `mail that comes later is proposed to join, or joins by the owner's choice`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            let id = try await scene.agreed()
            func write(_ name: String) async throws -> IncidentItem.State? {
                try await scene.receive(
                    Scene.mail(
                        from: "\(name) <\(name)@people.example>", id: "\(name)@people.example", text: Scene.floodText))
                try await scene.notice()
                return try await scene.entries(id).entries.last?.item.state
            }

            let first = try await write("ivo")
            try await scene.database.write { [scene] db in
                let settings = IncidentStore.Settings(name: "White pages", owner: nil, joins: true, toldURL: "")
                try scene.incidents.set(settings, of: id, by: scene.viewer, at: 1, in: db)
            }
            let second = try await write("sol")

            #expect(first == .proposed)
            #expect(second == .joined)
            #expect(try await scene.groups().count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a job that runs again changes nothing`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(10)
            try await database.write { [scene] db in
                for row in try db.rows("SELECT id FROM message ORDER BY id") {
                    try scene.stores.jobs.add(IncidentNoticing.jobName, subject: try row.int("id"), in: db)
                }
            }
            try await scene.notice()

            #expect(try await scene.groups().count == 1)
            let id = try #require(try await scene.groups().first?.id)
            #expect(try await scene.entries(id).entries.count == 10)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `confidential, protected and redacted tickets take no part`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(10)
            let id = try #require(try await scene.groups().first?.id)
            let tickets = try await scene.entries(id).entries.map(\.ticket)
            let secret = try await database.write { [scene] db -> ID in
                let secret = try scene.stores.queues.add(
                    name: "vault", displayName: "Vault", addresses: ["vault@desk.example"], isList: false, actor: nil,
                    at: 0, in: db)
                try db.execute("UPDATE queue SET is_confidential = 1 WHERE id = \(secret.id)")
                try db.execute("UPDATE ticket SET is_protected = 1 WHERE id = \(tickets[0].id)")
                try db.execute("UPDATE ticket SET queue_id = \(secret.id) WHERE id = \(tickets[1].id)")
                let message = try db.int("SELECT id FROM message WHERE ticket_id = \(tickets[2].id)")
                try RedactionStore(ids: scene.stores.tickets.ids).add(
                    Redaction(message: message, kind: .passage, reason: "x", member: scene.member.id, at: 1), in: db)
                return secret.id
            }
            let insider = Viewer(
                memberID: scene.member.id, isAdministrator: true,
                rights: [scene.queue.id: Set(Right.allCases), secret: Set(Right.allCases)])
            let found = try await scene.entries(id, as: insider)

            #expect(found.entries.map(\.ticket.id) == tickets.dropFirst(3).map(\.id))
            #expect(found.hidden == 0, "not even counted")
            await #expect(throws: Failure(.refused, "incident-confidential")) {
                try await database.write { [scene] db in
                    try scene.incidents.join(
                        tickets[1].id, to: id, by: insider, at: 1, tickets: scene.stores.tickets, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a viewer sees the tickets of their queues, and how many more there are`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(10)
            let id = try #require(try await scene.groups().first?.id)
            let tickets = try await scene.entries(id).entries.map(\.ticket)
            let other = try await database.write { [scene] db -> ID in
                let other = try scene.stores.queues.add(
                    name: "other", displayName: "Other", addresses: ["other@desk.example"], isList: false, actor: nil,
                    at: 0, in: db)
                try db.execute("UPDATE ticket SET queue_id = \(other.id) WHERE id = \(tickets[0].id)")
                return other.id
            }
            let colleague = Viewer(memberID: scene.member.id, isAdministrator: false, rights: [other: [.see, .note]])
            let stranger = Viewer(memberID: scene.member.id, isAdministrator: false, rights: [:])

            let found = try await scene.entries(id, as: colleague)
            #expect(found.entries.map(\.ticket.id) == [tickets[0].id])
            #expect(found.hidden == 9)
            try await database.read { [scene] db in
                _ = try scene.incidents.require(id, visibleTo: colleague, in: db)
                #expect(throws: Failure(.notFound, "error-not-found")) {
                    try scene.incidents.require(id, visibleTo: stranger, in: db)
                }
                #expect(throws: Failure(.refused, "error-refused")) {
                    try scene.incidents.require(id, for: .note, visibleTo: colleague, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `one at home in a confidential queue is known to nobody outside of it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try await scene.tickets()[0]
            let (vault, incident) = try await database.write { [scene] db -> (ID, ID) in
                let vault = try scene.stores.queues.add(
                    name: "vault", displayName: "Vault", addresses: [], isList: false, actor: nil, at: 0, in: db)
                try db.execute("UPDATE queue SET is_confidential = 1 WHERE id = \(vault.id)")
                let both = Viewer(
                    memberID: scene.member.id, isAdministrator: false,
                    rights: [vault.id: [.see, .note], scene.queue.id: [.see, .note]], confidentialQueues: [vault.id])
                let opening = IncidentStore.Opening(kind: .incident, queue: vault.id, name: "Somebody is hunted")
                let id = try scene.incidents.open(opening, by: both, at: 1, in: db)
                try scene.incidents.join(
                    ticket.id, to: id, by: both, at: 1, tickets: scene.stores.tickets, in: db)
                return (vault.id, id)
            }
            let outside = Viewer(
                memberID: scene.member.id, isAdministrator: false, rights: [scene.queue.id: [.see, .note]])
            let inside = Viewer(
                memberID: scene.member.id, isAdministrator: false,
                rights: [vault: [.see], scene.queue.id: [.see]], confidentialQueues: [vault])

            try await database.read { [scene] db in
                let unseen = try scene.incidents.of(ticket: ticket, visibleTo: outside, in: db)
                let seen = try scene.incidents.of(ticket: ticket, visibleTo: inside, in: db)
                #expect(unseen.isEmpty)
                #expect(seen.count == 1)
                #expect(try scene.incidents.require(incident, visibleTo: inside, in: db).id == incident)
                #expect(throws: Failure(.notFound, "error-not-found")) {
                    try scene.incidents.require(incident, visibleTo: outside, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `joined tickets stay in the incident, and leave it when that is undone`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            let id = try #require(try await scene.groups().first?.id)
            let source = try #require(try await scene.entries(id).entries.first?.ticket)
            try await scene.receive(Scene.mail(from: "Z <z@people.example>", id: "z@people.example", text: "A photo."))
            let target = try #require(try await scene.tickets().last)
            let merge = try await database.write { [scene] db in
                try scene.stores.merging.merge(source.id, into: target.id, actor: scene.member.id, at: 5, in: db)
            }
            let merged = try await scene.entries(id).entries.map(\.ticket.id)
            try await database.write { [scene] db in
                try scene.stores.merging.undo(try #require(merge), actor: scene.member.id, at: 6, in: db)
            }
            let parted = try await scene.entries(id).entries.map(\.ticket.id)

            #expect(merged.contains(target.id) && !merged.contains(source.id))
            #expect(!parted.contains(target.id) && parted.contains(source.id))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `some are split off`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.flood(9)
            let id = try await scene.agreed()
            let chosen = try await scene.entries(id).entries.prefix(2).map(\.item.id)
            let made = try await database.write { [scene] db in
                try scene.incidents.split(Array(chosen), off: id, name: "Telephones", by: scene.viewer, at: 1, in: db)
            }

            #expect(try await scene.entries(made).entries.count == 2)
            #expect(try await scene.entries(id).entries.count == 7)
        }
    }

    @Test func `a question that the others do not ask is another question`() {
        let others = ["The site is down. When will the site be back?", "Our site is down since noon."]
        #expect(!IncidentDifference.asksElse("The site is down. When is the site back?", than: others))
        #expect(IncidentDifference.asksElse("The site is down. May I print your logo on a cup?", than: others))
        #expect(IncidentDifference.questions(in: "网站打不开。什么时候恢复？谢谢。").count == 1)
        #expect(!IncidentDifference.asksElse("Anything?", than: []))
    }

    @Test func `only what looks like a name stands in a greeting`() {
        #expect(PersonName.fit("Ana-Lucía D’Arc") == "Ana-Lucía D’Arc")
        #expect(PersonName.fit("अनिता शर्मा") == "अनिता शर्मा")
        #expect(PersonName.fit("win at spam.example") == "")
        #expect(PersonName.fit("[x](https://spam.example)") == "")
    }
}
