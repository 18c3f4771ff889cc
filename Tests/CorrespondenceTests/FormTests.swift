import Base
import Jobs
import Mail
import Outbox
import Storage
import TestKit
import Testing

@testable import Correspondence

struct FormTests {
    private struct Public {
        let scene: Scene
        let forms: FormStore
        let submitting: Submitting
        let form: PublicForm
        static let key = InstanceKey.test

        init(_ database: Database) async throws {
            scene = try await Scene(database)
            let ids = IDMaker(node: 2, clock: .system)
            let forms = FormStore(
                ids: ids, queues: scene.stores.queues, events: scene.stores.events, key: Self.key)
            self.forms = forms
            submitting = Submitting(
                database: database, intake: scene.intake, stores: scene.stores, forms: forms, ids: ids,
                random: .system, clock: scene.time.clock)
            let queue = scene.queue
            form = try await database.write { db in
                try forms.setOpen(true, queue: queue.id, actor: nil, at: 0, in: db)
                try forms.setText(title: "Frag uns", intro: "", language: "de", queue: queue.id, in: db)
                return try forms.requireOpen(name: "info", language: "de", in: db)
            }
        }

        func submit(
            address: String = "karl@people.example", network: String = "192.0.2.1", subject: String = "Buy pills",
            text: String = "Words of the form"
        ) async throws -> ID {
            scene.time.advance(1000)
            let content = Submitting.Content(
                name: "Spam Name", address: address, subject: subject, text: text,
                files: [OutgoingAttachment(filename: "a.txt", contentType: "text/plain", bytes: Array("file".utf8))])
            let id = try await submitting.submit(content, to: form, language: "de", network: network)
            try await scene.fileAll()
            return id
        }

        func receipts() async throws {
            let receipt = FormReceipt(
                database: scene.database, stores: scene.stores, forms: forms, tokens: scene.tokens, key: Self.key,
                ids: IDMaker(node: 3, clock: .system), clock: scene.time.clock, alarm: scene.alarm,
                publicURL: "https://desk.example"
            ) { ("Received (\($0))", "Number \($1), see \($2)") }
            try await JobRunner(
                database: scene.database, store: scene.stores.jobs,
                kinds: [JobKind.single(FormReceipt.jobName) { try await receipt.run($0) }], alarm: scene.alarm,
                log: scene.log
            ).drain()
        }

        func sent() async throws -> [String] {
            try await scene.database.read { db in
                try db.rows("SELECT raw_id FROM outbox ORDER BY id").map {
                    String(decoding: try scene.stores.raws.bytes(of: try $0.int("raw_id"), in: db), as: UTF8.self)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what is sent through a form becomes a ticket, and more words join it`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            let id = try await page.submit()
            let submission = try #require(try await database.read { try page.forms.find(id, in: $0) })
            try await page.submitting.add("And this too", files: [], to: submission, network: "192.0.2.1")
            try await page.scene.fileAll()

            let tickets = try await page.scene.tickets()
            let own = try await database.read { try page.forms.messages(of: id, in: $0) }

            #expect(page.form.title == "Frag uns")
            #expect(tickets.map(\.subject) == ["Buy pills"])
            #expect(own.map(\.newText) == ["Words of the form", "And this too"])
            #expect(own.allSatisfy { $0.ticket == tickets[0].id && !$0.isNewcomer })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `no word of a form is mailed to an address before it has proven itself`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            let id = try await page.submit()
            try await page.receipts()
            let ticket = try await page.scene.tickets()[0]
            _ = try await page.scene.answer(ticket.id, to: ["karl@people.example"], text: "Our words")

            for mail in try await page.sent() {
                for word in ["pills", "Words of the form", "Spam"] { #expect(!mail.contains(word), "\(mail)") }
            }
            #expect(try await page.sent().count == 2)
            let reference = FormReference(submission: id, holder: .address).text(Public.key)
            #expect(try await page.sent()[0].replacing("=\r\n", with: "").contains(reference.prefix(30)))

            try await database.write { db in
                let submission = try #require(try page.forms.find(id, in: db))
                try page.forms.prove(submission, at: 1, in: db)
            }
            _ = try await page.scene.answer(ticket.id, to: ["karl@people.example"], text: "Our words again")
            #expect(try await page.sent()[2].contains("Re: Buy pills"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who claims an address and names a number does not get into its owner's ticket`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let page = try await Public(database)
            try await page.scene.receive(Scene.mail(from: "Karl <karl@people.example>", id: "1@people.example"))
            let real = try await page.scene.tickets()[0]
            let answer = try await page.scene.answer(real.id, to: ["karl@people.example"], text: "A secret.")
            let marked = try await database.read { db in
                try #require(try page.scene.stores.messages.find(answer.message.id, in: db)?.subject)
            }
            for subject in ["About \(real.number)", "Re: [#\(real.number)]", marked] {
                let id = try await page.submit(subject: subject)
                let own = try await database.read { try page.forms.messages(of: id, in: $0) }
                #expect(own.count == 1 && own.allSatisfy { $0.ticket != real.id }, "\(subject)")
                let submission = try #require(try await database.read { try page.forms.find(id, in: $0) })
                try await page.submitting.add("More", files: [], to: submission, network: "192.0.2.1")
                try await page.scene.fileAll()
                let both = try await database.read { try page.forms.messages(of: id, in: $0) }
                #expect(Set(both.map(\.ticket)).count == 1 && both.count == 2)
            }
            let candidates = try await database.read { db in
                try db.int("SELECT COUNT(*) AS n FROM may_belong WHERE candidate_id = \(real.id)")
            }
            #expect(candidates >= 2)
            #expect(try await page.scene.messages(real.id).count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `who claims an address is not shown what its owner was answered elsewhere`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            try await page.scene.receive(Scene.mail(from: "Karl <karl@people.example>", id: "1@people.example"))
            let real = try await page.scene.tickets()[0]
            let id = try await page.submit()
            let claimed = try #require(try await page.scene.tickets().first { $0.id != real.id })
            func shows(_ holder: FormReference.Holder, _ ticket: ID) async throws -> Bool {
                try await database.read { db in
                    let submission = try #require(try page.forms.find(id, in: db))
                    return try page.forms.showsAnswers(submission, to: holder, ticket: ticket, in: db)
                }
            }
            #expect(try await shows(.sender, claimed.id))

            let merge = TicketChange.make { $0.mergeInto = real.id }
            let bulk = try await page.scene.bulking.change(
                [claimed.id], merge, back: "/tickets", by: page.scene.viewer)
            #expect(try await !shows(.sender, real.id))
            #expect(try await shows(.address, real.id))

            try await page.scene.bulking.undo(bulk, by: page.scene.viewer)
            #expect(try await shows(.sender, claimed.id))
            _ = try await page.scene.bulking.change(
                [claimed.id], merge, back: "/tickets", by: page.scene.viewer)
            try await database.write { db in
                try page.forms.prove(try #require(try page.forms.find(id, in: db)), at: 1, in: db)
            }
            #expect(try await shows(.sender, real.id))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what the owner of an address writes by mail is for them alone, and no link settles it`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let page = try await Public(database)
            let id = try await page.submit()
            let ticket = try await page.scene.tickets()[0]
            let submission = try #require(try await database.read { try page.forms.find(id, in: $0) })
            func state() async throws -> (shows: Bool, own: Bool, settles: Bool) {
                try await database.read { db in
                    let now = try #require(try page.scene.stores.tickets.find(ticket.id, in: db))
                    return (
                        try page.forms.showsAnswers(submission, to: .sender, ticket: ticket.id, in: db),
                        try page.forms.showsAnswers(submission, to: .address, ticket: ticket.id, in: db),
                        try page.forms.mayClose(submission, now, in: db)
                    )
                }
            }
            #expect(try await state() == (true, true, true))
            let answer = try await page.scene.answer(ticket.id, to: ["karl@people.example"], text: "Our words")
            #expect(try await state() == (true, true, true))

            try await page.scene.receive(
                Scene.mail(id: "own@people.example", references: answer.message.headerID, text: "That was not me."))
            #expect(try await state() == (false, true, false))
            let unproven = try await database.read { try FormStore.unproven(inTicket: ticket.id, in: $0) }
            let mails = try await page.scene.messages(ticket.id).filter { $0.direction == .incoming }
            #expect(mails.count == 2 && unproven == [mails[0].id])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `withdrawing leaves what is labelled to specialists`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            let id = try await page.submit()
            let ticket = try await page.scene.tickets()[0]
            let settles = try await database.write { db in
                _ = try LabelStore().add(.danger, to: ticket.id, source: .pack, member: nil, at: 1, in: db)
                return try page.forms.mayClose(try #require(try page.forms.find(id, in: db)), ticket, in: db)
            }
            #expect(!settles)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a letter that may not quote a form leaves no ticket behind`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            _ = try await page.submit()
            let writing = Writing(
                answering: page.scene.answering,
                rounds: RoundStore(ids: IDMaker(node: 4, clock: .system), raws: page.scene.stores.raws),
                numbers: TicketNumbers(database: database, zone: .gmt))
            let content = Draft.Content(
                to: ["karl@people.example"], cc: [], subject: "About it", text: "> Words of the form\n\nYes.")
            for _ in 0..<2 {
                await #expect(throws: Failure(.refused, "")) {
                    _ = try await writing.write(content, queue: page.scene.queue.id, by: page.scene.viewer)
                }
            }
            #expect(try await page.scene.tickets().count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a network has a budget, another one still gets through`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            for number in 0..<6 { _ = try await page.submit(subject: "Flood \(number)") }
            await #expect(throws: Failure(.tooMany, "")) { _ = try await page.submit(subject: "Flood 6") }
            _ = try await page.submit(network: "192.0.2.2", subject: "Somebody else")
            page.scene.time.advance(11 * 60_000)
            _ = try await page.submit(subject: "Later")

            #expect(try await page.scene.tickets().count == 8)
        }
    }

    @Test func `a link nobody was given opens nothing`() {
        let key = Public.key
        let reference = FormReference(submission: 77, holder: .sender)
        let text = reference.text(key)

        #expect(FormReference(text, key)?.submission == 77)
        #expect(FormReference(text, key)?.holder == .sender)
        #expect(FormReference("a" + text.dropFirst(), key) == nil)
        #expect(FormReference(text.replacing("77", with: "78"), key) == nil)
        #expect(FormReference(String(text.dropLast()), key) == nil)
        #expect(FormReference("", key) == nil)
        #expect(text.split(separator: "-", maxSplits: 1)[1].count >= 20)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a form of a shadow queue, a closed one and an unknown one look the same`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let page = try await Public(database)
            let (scene, forms) = (page.scene, page.forms)
            try await database.write { db in
                try scene.stores.queues.setMode(.shadow, of: scene.queue.id, actor: nil, at: 1, in: db)
            }
            for name in ["info", "nothing"] {
                await #expect(throws: Failure(.notFound, "")) {
                    _ = try await database.read { try forms.requireOpen(name: name, language: "en", in: $0) }
                }
            }
        }
    }
}

extension InstanceKey {
    fileprivate static let test: InstanceKey = {
        guard let key = try? InstanceKey([UInt8](repeating: 9, count: 32)) else { preconditionFailure("32 bytes") }
        return key
    }()
}
