import Base
import Foundation
import Jobs
import Mail
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

struct SafetyTests {
    private static let secret = "C01X00T47 Zebrastrasse"

    /// A mail with the secret in text and HTML, a second part with it, and a picture.
    private static func passportMail(id: String = "1@people.example") -> String {
        """
        From: Karl <karl@people.example>\r
        To: info@desk.example\r
        Subject: My passport C01X00T47 Zebrastrasse\r
        Message-ID: <\(id)>\r
        MIME-Version: 1.0\r
        Content-Type: multipart/mixed; boundary="b"\r
        \r
        --b\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        My number is C01X00T47\r
        Zebrastrasse and I like foxes.\r
        --b\r
        Content-Type: text/plain; name="notes.txt"\r
        Content-Disposition: attachment; filename="notes.txt"\r
        \r
        harmless badgers\r
        --b\r
        Content-Type: image/png; name="passport.png"\r
        Content-Disposition: attachment; filename="passport.png"\r
        Content-Transfer-Encoding: base64\r
        \r
        UEFTU1BPUlRCWVRFUw==\r
        --b--\r

        """
    }

    private static func redacting(_ scene: Scene) -> Redacting {
        Redacting(
            database: scene.database, stores: scene.stores,
            reader: MailReader(
                parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
                sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil }),
            ids: IDMaker(node: 2, clock: .system), clock: scene.time.clock, alarm: scene.alarm)
    }

    private static func count(_ query: String, _ scene: Scene) async throws -> Int {
        try await scene.database.read { db in
            let query = try SearchQuery.parse(query, now: scene.time.clock.now())
            return try TicketSearch().page(query, visibleTo: scene.viewer, after: nil, limit: 10, in: db).tickets.count
        }
    }

    @Test func `a passage is found across line breaks and quoting`() throws {
        let passage = try #require(Passage(Self.secret))
        let text = "x C01X00T47 Zebrastrasse\n> C01X00T47\n> > Zebrastrasse. C01X00T47, Zebrastrasse"

        let (struck, count) = passage.removed(from: text)

        #expect(count == 2)
        #expect(struck == "x \(Passage.mark)\n> \(Passage.mark). C01X00T47, Zebrastrasse")
        #expect(Passage("ab") == nil)
    }

    @Test(arguments: [
        ("number C01 Zebra road", "a **number** C01 *Zebra* road, b", "a ████████, b"),
        ("C01 Zebra", "a **C01** Zebra b", "a ████████ b"), ("C01 Zebra", "a C01 **Zebra** b", "a ████████ b"),
        ("C01 Zebra", "a **C01 Zebra** b", "a **████████** b"), ("C01 Zebra", "- `C01` Zebra", "- ████████"),
        ("C01 Zebra", "**C01**Zebra", "**C01**Zebra"), ("foxbar", "fox_bar", "fox_bar"),
        ("*C01* Zebra", "a *C01* Zebra", "a ████████"), ("a *b c", "x a *b c", "x ████████"),
    ]) func `a passage copied from the page is found though it was typed with marks`(
        passage: String, text: String, struck: String
    ) throws {
        #expect(try #require(Passage(passage)).removed(from: text).text == struck)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a redacted passage is gone from bytes, text, subject, search and quotes`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Self.passportMail())
            try await scene.receive(
                Scene.mail(
                    id: "2@people.example", references: "1@people.example",
                    text: "And again:\r\n> My number is C01X00T47\r\n> Zebrastrasse and I like foxes."))
            let ticket = try await scene.tickets()[0]
            let first = try await scene.messages(ticket.id)[0]
            #expect(try await Self.count("Zebrastrasse", scene) == 1)

            _ = try await Self.redacting(scene).redact(
                .passage(Self.secret), of: first.id, reason: "a passport", by: scene.viewer)

            let messages = try await scene.messages(ticket.id)
            let raws = try await database.read { db in
                try messages.compactMap(\.raw).map { try scene.stores.raws.bytes(of: $0, in: db) }
            }
            let attachments = try await database.read { try scene.stores.messages.attachments(of: first.id, in: $0) }
            let traces = try await database.read {
                try RedactionStore(ids: IDMaker(node: 3, clock: .system)).ofTicket(ticket.id, in: $0)
            }
            let after = try await scene.tickets()[0]
            #expect(messages.allSatisfy { !$0.text.contains("Zebra") && !$0.subject.contains("Zebra") })
            #expect(messages[0].text.contains("foxes"))
            #expect(raws.count == 2)
            #expect(raws.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("Zebra") })
            #expect(!after.subject.contains("Zebra") && !after.preview.contains("Zebra"))
            #expect(try await Self.count("Zebrastrasse", scene) == 0)
            #expect(try await Self.count("foxes", scene) == 1)
            #expect(attachments.map(\.filename) == ["notes.txt", "passport.png"])
            #expect(traces.values.joined().map(\.reason) == ["a passport", "a passport"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what undoing would bring back is redacted too`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Self.passportMail())
            let ticket = try await scene.tickets()[0]
            let other = try await scene.open(["Another"])[0]
            let bulk = try await scene.bulking.change(
                [ticket.id], TicketChange.make { $0.subject = "Papers" }, back: "/tickets", by: scene.viewer)
            let merge = TicketChange.make { $0.mergeInto = ticket.id }
            _ = try await scene.bulking.change([other.id], merge, back: "/tickets", by: scene.viewer)
            try await database.write { db in
                try IdempotencyStore().add(
                    [1], member: scene.member.id, request: [2], status: 200,
                    answer: "{\"id\":\"\(ticket.id)\",\"subject\":\"\(Self.secret)\"}", at: 0, in: db)
            }
            let first = try await scene.messages(ticket.id)[0]
            #expect(try await Self.kept(scene).contains { $0.contains("Zebra") })

            _ = try await Self.redacting(scene).redact(
                .passage(Self.secret), of: first.id, reason: "a passport", by: scene.viewer)

            #expect(try await Self.kept(scene).allSatisfy { !$0.contains("Zebra") })
            try await scene.bulking.undo(bulk, by: scene.viewer)
            let subject = try await scene.ticket(ticket.id).subject
            #expect(subject == "My passport \(Passage.mark)")
        }
    }

    /// What is kept beside the messages to undo, to repeat and to compare.
    private static func kept(_ scene: Scene) async throws -> [String] {
        try await scene.database.read { db in
            try db.rows(
                """
                SELECT former AS text FROM bulk_item UNION ALL SELECT later FROM bulk_item
                UNION ALL SELECT former FROM ticket_merge UNION ALL SELECT answer FROM idempotency
                """
            ).map { try $0.text("text") }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a redacted attachment is gone, the others stay readable, and a new copy does not bring it back`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Self.passportMail())
            let message = try await scene.messages(try await scene.tickets()[0].id)[0]
            let files = try await database.read { try scene.stores.messages.attachments(of: message.id, in: $0) }

            _ = try await Self.redacting(scene).redact(
                .attachment(files[1].id), of: message.id, reason: "a passport", by: scene.viewer)
            let again = try await scene.receive(Self.passportMail())
            try await scene.receive("Received: from elsewhere\r\n" + Self.passportMail())

            let left = try await database.read { try scene.stores.messages.attachments(of: message.id, in: $0) }
            let bytes = try await database.read { db in
                try scene.stores.raws.bytes(of: try #require(message.raw), in: db)
            }
            let stored = try await database.read { db in
                try db.rows("SELECT id FROM raw").map { try scene.stores.raws.bytes(of: try $0.int("id"), in: db) }
            }
            #expect(left.map(\.filename) == ["notes.txt"])
            #expect(
                MessageParser.attachment(left[0].position, of: bytes).map { String(decoding: $0, as: UTF8.self) }?
                    .contains("badgers") == true)
            #expect(again == .duplicate)
            #expect(stored.count == 2)
            #expect(stored.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("UEFTU1BPUlRCWVRFUw") })
        }
    }

    @Test func `nothing of a redacted passage stays in the file of the database`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "redaction-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await TestDatabase.sqlite.with(in: folder) { database in
            let scene = try await Scene(database)
            // A sweep before: what it does must not spoil the next.
            try await database.write { try scene.stores.jobs.add(Sweeping.jobName, subject: 1, in: $0) }
            try await Self.sweep(scene, database)
            try await scene.receive(Self.passportMail())
            #expect(try Self.stands("C01X00T47", in: folder))
            let message = try await scene.messages(try await scene.tickets()[0].id)[0]

            _ = try await Self.redacting(scene).redact(
                .passage(Self.secret), of: message.id, reason: "a passport", by: scene.viewer)
            try await Self.sweep(scene, database)

            #expect(try !Self.stands("C01X00T47", in: folder))
            #expect(try !Self.stands("c01x00t47", in: folder))
            #expect(try !Self.stands("zebrastrasse", in: folder))
        }
    }

    private static func sweep(_ scene: Scene, _ database: Database) async throws {
        let sweeping = Sweeping(database: database, jobs: scene.stores.jobs)
        try await JobRunner(
            database: database, store: scene.stores.jobs,
            kinds: [JobKind.single(Sweeping.jobName) { try await sweeping.run($0) }], alarm: scene.alarm,
            log: scene.log
        ).drain()
    }

    private static func stands(_ text: String, in folder: URL) throws -> Bool {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).contains {
            try Data(contentsOf: $0).range(of: Data(text.utf8)) != nil
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `only who manages the queue redacts, with a reason, and not what is about to leave`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Self.passportMail())
            let ticket = try await scene.tickets()[0]
            let message = try await scene.messages(ticket.id)[0]
            let writer = Viewer(
                memberID: scene.member.id, isAdministrator: false, rights: [scene.queue.id: [.see, .note, .send]])
            let stranger = Viewer(memberID: scene.member.id, isAdministrator: false, rights: [:])
            let redacting = Self.redacting(scene)

            await #expect(throws: Failure(.refused, "")) {
                _ = try await redacting.redact(.message, of: message.id, reason: "r", by: writer)
            }
            await #expect(throws: Failure(.notFound, "")) {
                _ = try await redacting.redact(.message, of: message.id, reason: "r", by: stranger)
            }
            await #expect(throws: Failure(.invalid, "")) {
                _ = try await redacting.redact(.message, of: message.id, reason: "", by: scene.viewer)
            }
            let answer = try await scene.answer(ticket.id, to: ["karl@people.example"])
            await #expect(throws: Failure(.conflict, "")) {
                _ = try await redacting.redact(.message, of: answer.message.id, reason: "r", by: scene.viewer)
            }
            #expect(try await scene.messages(ticket.id)[0].text.contains("foxes"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a protected ticket leaves sight with its traces, and what follows stays hidden too`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            let protecting = Protecting(
                stores: scene.stores, members: scene.members, ids: IDMaker(node: 2, clock: .system))
            let refuge = try await database.write { db in
                let queue = try scene.stores.queues.add(
                    name: "safe", displayName: "Safe", addresses: [], isList: false, actor: nil, at: 0, in: db)
                try db.execute("UPDATE queue SET is_confidential = 1 WHERE id = \(queue.id)")
                let lead = Viewer(
                    memberID: scene.member.id, isAdministrator: false, rights: [queue.id: [.see, .manage]])
                try protecting.setRefuge(true, queue: queue.id, by: lead, at: 0, in: db)
                return queue.id
            }
            try await scene.receive(Self.passportMail())
            let ticket = try await scene.tickets()[0]
            let me = Viewer(
                memberID: scene.member.id, isAdministrator: false, rights: [scene.queue.id: [.see, .note]])
            try await database.write { db in
                try scene.stores.tickets.setPriority(3, of: ticket, actor: scene.member.id, at: 1, in: db)
                try protecting.protect(ticket.id, in: refuge, reason: "threats", by: me, at: 2, db)
            }
            let readers = try await database.read { try protecting.readers(of: ticket.id, before: 1, in: $0) }
            let token = scene.tokens.make(.reply, ticket.id)
            try await scene.receive(
                Scene.mail(id: "2@people.example", subject: "Re: more"), to: "info+\(token)@desk.example")
            try await scene.receive(
                Scene.mail(id: "3@people.example", subject: "Re: more", references: "1@people.example"))

            #expect(readers == [scene.member.id])
            #expect(try await scene.tickets().allSatisfy { $0.queue == refuge })
            #expect(try await scene.tickets().count == 3)
            #expect(try await Self.count("Zebrastrasse", scene) == 0)
            await #expect(throws: Failure(.notFound, "")) {
                _ = try await database.read { try scene.stores.tickets.require(ticket.id, visibleTo: me, in: $0) }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the child-safety label closes files to all but the people named, who alone lift it`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(Self.passportMail())
            let ticket = try await scene.tickets()[0]
            let safety = ChildSafety(stores: scene.stores)
            let viewer = scene.viewer
            try await database.write { db in
                try safety.set(true, ticket: ticket.id, by: viewer, at: 1, in: db)
            }
            await #expect(throws: Failure(.refused, "")) {
                try await database.read { try ChildSafety.requireOpen(ticket.id, to: viewer, in: $0) }
            }
            await #expect(throws: Failure(.refused, "")) {
                try await database.write { try safety.set(false, ticket: ticket.id, by: viewer, at: 2, in: $0) }
            }
            try await database.write { db in
                try safety.setPeople([viewer.memberID], by: viewer, at: 3, in: db)
                try ChildSafety.requireOpen(ticket.id, to: viewer, in: db)
                try safety.set(false, ticket: ticket.id, by: viewer, at: 4, in: db)
            }
            #expect(try await database.read { try !ChildSafety.isSet(on: ticket.id, in: $0) })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `mail of a blocked sender is junk in that queue and wakes nothing`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let blocks = BlockStore(events: scene.stores.events)
            try await scene.receive(Scene.mail(id: "1@people.example"))
            let ticket = try await scene.tickets()[0]
            try await database.write { db in
                try scene.stores.tickets.setState(.closed, of: ticket, actor: nil, at: 1, in: db)
                try blocks.block(
                    "Karl@People.example", queue: scene.queue.id, ticket: nil, actor: scene.member.id, at: 1, in: db)
            }
            try await scene.receive(Scene.mail(id: "2@people.example", references: "1@people.example"))
            try await scene.receive(Scene.mail(id: "3@people.example", subject: "New"))

            #expect(try await scene.tickets().map(\.state) == [.closed, .junk])
            #expect(try await scene.tickets()[0].messageCount == 2)
        }
    }
}
