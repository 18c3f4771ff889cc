import Base
import Outbox
import Storage
import TestKit
import Testing

@testable import Correspondence

struct FilingTests {
    @Test(arguments: TestDatabase.kinds) func `a mail becomes a ticket, and an answer to it joins it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            try await scene.receive(
                Scene.mail(id: "2@people.example", subject: "Re: A photo", references: "1@people.example"))

            let tickets = try await scene.tickets()
            let messages = try await scene.messages(tickets[0].id)

            #expect(tickets.count == 1)
            #expect(tickets[0].state == .new)
            #expect(tickets[0].messageCount == 2)
            #expect(messages.map(\.headerID) == ["1@people.example", "2@people.example"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the same bytes are one delivery, the same mail by another way a copy`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let mail = Scene.mail(id: "1@people.example")
            let first = try await scene.receive(mail)
            let again = try await scene.receive(mail)
            try await scene.receive("Received: from elsewhere\r\n" + mail)
            try await scene.receive(Scene.mail(id: "1@people.example", text: "Other words under the same id."))

            let tickets = try await scene.tickets()
            let messages = try await scene.messages(tickets[0].id)

            #expect(first != .duplicate)
            #expect(again == .duplicate)
            #expect(tickets.count == 2)
            #expect(messages.map(\.copies) == [2])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a stranger with a number opens an own ticket, with a token comes in marked`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try await scene.tickets()[0]
            let forger = "Eve <eve@evil.example>"
            try await scene.receive(Scene.mail(from: forger, id: "2@evil.example", subject: "Re: #\(ticket.number)"))
            let token = scene.tokens.make(.reply, ticket.id)
            try await scene.receive(
                Scene.mail(from: "Lena <lena@people.example>", id: "3@people.example", subject: "The photo"),
                to: "info+\(token)@desk.example")

            let tickets = try await scene.tickets()
            let (offered, people) = try await database.read { db in
                (
                    try scene.stores.tickets.candidates(of: tickets[1].id, visibleTo: scene.viewer, in: db),
                    try scene.stores.tickets.participants(of: ticket.id, in: db)
                )
            }

            #expect(tickets.count == 2)
            #expect(offered.map(\.ticket.id) == [ticket.id])
            #expect(offered.map(\.reason) == ["number"])
            #expect(people.map(\.address) == ["karl@people.example", "lena@people.example"])
            #expect(people.map(\.isNewcomer) == [false, true])
            await #expect(throws: Failure(.refused, "")) {
                try await scene.answer(ticket.id, to: ["lena@people.example"])
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a forged sender does not join by reference`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let results = ["Authentication-Results: mx.desk.example; dmarc=fail header.from=people.example"]
            try await scene.receive(
                Scene.mail(id: "2@people.example", references: "1@people.example", headers: results))

            #expect(try await scene.tickets().count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a person reopens a closed ticket, a machine does not`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try await scene.tickets()[0]
            try await database.write { db in
                try scene.stores.tickets.setState(.closed, of: ticket, actor: nil, at: 1, in: db)
            }

            let auto = ["Auto-Submitted: auto-replied"]
            try await scene.receive(Scene.mail(id: "2@people.example", references: "1@people.example", headers: auto))
            #expect(try await scene.tickets().map(\.state) == [.closed])
            try await scene.receive(Scene.mail(id: "3@people.example", references: "1@people.example"))
            #expect(try await scene.tickets().map(\.state) == [.open])
            let reopenings = try await database.read { try $0.int("SELECT reopenings FROM fact") }
            #expect(reopenings == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `history in the wrong order becomes one thread by an ancestor nobody has`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for (id, parent) in [
                ("3@x.example", "2@x.example"), ("4@x.example", "lost@x.example"), ("5@x.example", "lost@x.example"),
            ] {
                try await scene.receive(Scene.mail(id: id, references: parent), source: .archive)
            }
            #expect(try await scene.tickets().count == 2)
            try await scene.receive(Scene.mail(id: "2@x.example", references: "lost@x.example"), source: .archive)

            let tickets = try await scene.tickets()

            #expect(tickets.count == 1)
            #expect(tickets[0].messageCount == 4)
            #expect(tickets[0].state == .closed)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a bounce comes back to its ticket and marks the address`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try await scene.tickets()[0]
            let (_, item) = try await scene.answer(ticket.id, to: ["karl@people.example"])
            let report = """
                From: MAILER-DAEMON@mx.example
                To: \(item.sender)
                Subject: Undelivered Mail
                Message-ID: <b@mx.example>
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary=x

                --x
                Content-Type: text/plain

                It could not be delivered.
                --x
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example

                Final-Recipient: rfc822; karl@people.example
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 no such user

                --x--
                """.replacing("\n", with: "\r\n")
            try await scene.receive(report, to: item.sender)

            let (state, isBouncing) = try await database.read { db in
                let item = try scene.stores.outbox.find(item.id, in: db)
                let marks = try db.int("SELECT is_bouncing FROM contact_address WHERE address = 'karl@people.example'")
                return (item?.recipients.first?.state, marks == 1)
            }

            #expect(try await scene.tickets().count == 1)
            #expect(state == .bounced)
            #expect(isBouncing)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `in a shadow queue the other desk's answer counts and nothing is sent`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await database.write { db in
                try scene.stores.queues.setMode(.shadow, of: scene.queue.id, actor: nil, at: 0, in: db)
            }
            try await scene.receive(Scene.mail(id: "1@people.example"))
            try await scene.receive(
                Scene.mail(
                    from: "Info <info@desk.example>", id: "9@old-desk.example", references: "1@people.example",
                    to: "karl@people.example"))

            let tickets = try await scene.tickets()
            let facts = try await database.read { try $0.rows("SELECT answers, turn FROM fact") }

            #expect(tickets.map(\.state) == [.answered])
            #expect(try facts.map { try $0.int("answers") } == [1])
            #expect(try facts.map { try $0.text("turn") } == ["person"])
            await #expect(throws: Failure(.refused, "")) {
                try await scene.answer(tickets[0].id, to: ["karl@people.example"])
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail without anything usable is a ticket all the same`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            for text in ["", "\u{0}\u{1}", "no header at all", "From: \r\n\r\n", "Subject: =?utf-8?q?=FF?=\r\n\r\nx"]
            where !text.isEmpty {
                try await scene.receive(text)
            }

            #expect(try await scene.tickets().count == 4)
        }
    }
}
