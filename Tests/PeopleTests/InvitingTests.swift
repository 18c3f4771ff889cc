import Base
import Outbox
import Storage
import TestKit
import Testing
import Web

@testable import People

@Suite struct InvitingTests {
    private static let dai = InvitationStore.Content(
        email: "Dai@desk.example", name: "Dai", isAdministrator: false, language: "de")

    private func accept(_ scene: PeopleScene, _ link: String) async throws -> String {
        try await scene.inviting.accept(
            link: link, name: "Dai Evans", letterName: "Reader service", password: PeopleScene.password, device: "")
    }

    @Test(arguments: TestDatabase.kinds) func `a mail with a link lets somebody in, once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let sent = try await scene.inviting.invite(Self.dai, by: scene.ana)
            let link = try #require(scene.mails.link(to: "dai@desk.example"))

            let session = try await accept(scene, link)

            #expect(sent.link == nil && sent.invitation.email == "dai@desk.example")
            #expect(scene.mails.all.first?.language == "de")
            let id = try #require(try await scene.member(of: session))
            let member = try await database.read { db in try scene.members.require(id, in: db) }
            #expect(member.letterName == "Reader service" && member.language == "de" && !member.isAdministrator)
            await #expect(throws: Failure(.notFound, "")) { try await accept(scene, link) }
            #expect(try await scene.kinds(about: sent.invitation.id) == ["member-invited", "invitation-accepted"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail of the desk says in whose name it comes`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let invitation = try await scene.inviting.invite(Self.dai, by: scene.ana).invitation
            #expect(scene.mails.all.last?.subject == "Deine Einladung von Liaison")

            try await database.write { try OrganisationName.set("Almanach e.\u{A0}V.", in: $0) }
            _ = try await scene.inviting.resend(invitation.id, by: scene.ana)

            let mail = try #require(scene.mails.all.last)
            #expect(mail.subject == "Deine Einladung von Almanach e.\u{A0}V.")
            #expect(mail.text.contains("bei Almanach e.\u{A0}V. mitzuarbeiten"))
        }
    }

    @Test func `a name is added to subject and text once`() {
        let house = SenderName("Almanac")

        #expect(house.subject("Ticket #5") == "Ticket #5 – Almanac")
        #expect(house.subject("Your account at Almanac") == "Your account at Almanac")
        #expect(house.text("Look.") == "Look.\n\n-- \nAlmanac")
        #expect(SenderName("").subject("Ticket") == "Ticket")
    }

    @Test(arguments: TestDatabase.kinds) func `who was invited into teams is in them`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let teams = scene.ways.teams
            let (press, legal, gone) = try await database.write { db in
                (
                    try teams.add(name: "Press", actor: nil, at: 1, in: db).id,
                    try teams.add(name: "Legal", actor: nil, at: 1, in: db).id,
                    try teams.add(name: "Gone", actor: nil, at: 1, in: db).id
                )
            }
            var wanted = Self.dai
            wanted.teams = [press, gone]
            _ = try await scene.inviting.invite(wanted, by: scene.ana)
            try await database.write { db in try teams.remove(gone, actor: nil, at: 2, in: db) }
            let link = try #require(scene.mails.link(to: "dai@desk.example"))

            let session = try await accept(scene, link)

            let id = try #require(try await scene.member(of: session))
            let seats = try await database.read { db in try teams.seats(ofMember: id, in: db) }
            #expect(seats.map(\.team) == [press] && seats.allSatisfy { !$0.isLead })
            var wrong = Self.dai
            (wrong.email, wrong.teams) = ("eve@desk.example", [legal, 99])
            let asked = wrong
            await #expect(throws: Failure(.invalid, "")) { try await scene.inviting.invite(asked, by: scene.ana) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the link is shown where no mail can leave`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database, reachesServer: false)

            let sent = try await scene.inviting.invite(Self.dai, by: scene.ana)

            let link = try #require(sent.link)
            #expect(link.hasPrefix("https://desk.example/invitations/"))
            #expect(scene.mails.all.isEmpty && sent.invitation.mailState == .none)
            _ = try await accept(scene, String(link.split(separator: "/").last ?? ""))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `sending again, withdrawing and a week make a link worthless`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let id = try await scene.inviting.invite(Self.dai, by: scene.ana).invitation.id
            let first = try #require(scene.mails.link(to: "dai@desk.example"))
            _ = try await scene.inviting.resend(id, by: scene.ben)
            let second = try #require(scene.mails.link(to: "dai@desk.example"))

            #expect(try await scene.inviting.find(link: first) == nil)
            #expect(try await scene.inviting.find(link: second) != nil)
            scene.time.advance(InvitationStore.lifetime)
            #expect(try await scene.inviting.find(link: second) == nil)
            _ = try await scene.inviting.resend(id, by: scene.ana)
            let third = try #require(scene.mails.link(to: "dai@desk.example"))
            let now = scene.time.clock.now()
            try await database.write { db in
                try scene.ways.invitations.withdraw(id, by: scene.ana, at: now, in: db)
            }
            #expect(try await scene.inviting.find(link: third) == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a link works as long as who sent it is an administrator`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let id = try await scene.inviting.invite(Self.dai, by: scene.ana).invitation.id
            let first = try #require(scene.mails.link(to: "dai@desk.example"))
            let ana = scene.ana.memberID
            for column in ["is_disabled = 1", "is_disabled = 0, is_administrator = 0"] {
                try await database.write { db in
                    try db.execute(SQL(text: "UPDATE member SET \(column) WHERE id = \(ana)"))
                }
                #expect(try await scene.inviting.find(link: first) == nil)
            }

            _ = try await scene.inviting.resend(id, by: scene.ben)

            let second = try #require(scene.mails.link(to: "dai@desk.example"))
            _ = try await accept(scene, second)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `only administrators invite, and each address once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let viewer = try await database.read { db in try scene.members.viewer(scene.eva, in: db) }

            await #expect(throws: Failure(.notFound, "")) { try await scene.inviting.invite(Self.dai, by: viewer) }
            _ = try await scene.inviting.invite(Self.dai, by: scene.ana)
            await #expect(throws: Failure(.conflict, "")) { try await scene.inviting.invite(Self.dai, by: scene.ana) }
            var known = Self.dai
            known.email = "eva@desk.example"
            await #expect(throws: Failure(.conflict, "")) { try await scene.inviting.invite(known, by: scene.ana) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what became of the mail is told to its invitation`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await PeopleScene(database)
            let id = try await scene.inviting.invite(Self.dai, by: scene.ana).invitation.id

            let invitation = try await database.write { db in
                let mail = try db.int("SELECT id FROM outbox WHERE kind = 'notice'")
                try scene.ways.invitations.noteOutcome("failed", ofMail: mail, in: db)
                return try scene.ways.invitations.require(id, visibleTo: scene.ana, in: db)
            }

            #expect(invitation.mailState == .failed)
        }
    }
}
