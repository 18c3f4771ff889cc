import Base
import Mail
import TestKit
import Testing

@testable import Correspondence
@testable import Storage

/// What is taken out of a message is gone from all that took it over: quotes, notes, drafts, reviews, forwarded mails,
/// files that hang elsewhere too.
struct RedactionCopiesTests {
    private static let mail = """
        From: Karl <karl@people.example>\r
        To: info@desk.example\r
        Subject: My papers\r
        Message-ID: <1@people.example>\r
        MIME-Version: 1.0\r
        Content-Type: multipart/mixed; boundary="b"\r
        \r
        --b\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        Dear team,\r
        \r
        my number is C01X00T47\r
        Zebrastrasse and I like foxes.\r
        --b\r
        Content-Type: image/png; name="passport.png"\r
        Content-Disposition: attachment; filename="passport-C01X00T47.png"\r
        Content-Transfer-Encoding: base64\r
        \r
        UEFTU1BPUlRCWVRFUw==\r
        --b--\r

        """

    /// A ticket whose first mail stands in an answer, a note, a review, a forwarded mail and a draft.
    private struct Ground {
        var desk: WritingScene
        var first: Message

        var scene: Scene { desk.scene }

        init(_ database: Database) async throws {
            desk = try await WritingScene(database, mail: RedactionCopiesTests.mail)
            let (scene, ben, ticket) = (desk.scene, desk.ben, desk.ticket)
            first = try await scene.messages(ticket.id)[0]
            let (message, now) = (first, scene.time.clock.now())
            let quote = "Thank you.\n\n> my number is C01X00T47 Zebrastrasse and I\n> like foxes.\n\nKind regards"
            _ = try await scene.answer(ticket.id, to: ["karl@people.example"], text: quote)
            try await forward(.attached)
            try await forward(.inline)
            try await database.write { [desk] db in
                let found = try scene.stores.tickets.require(ticket.id, visibleTo: ben, in: db)
                let file = OutgoingAttachment(
                    filename: "again.png", contentType: "image/png", bytes: Array("PASSPORTBYTES".utf8))
                _ = try desk.noting.add(
                    "He says: my number is C01X00T47\nZebrastrasse and I like foxes.", to: found, by: ben, name: "Ben",
                    files: [file], at: now, in: db)
                let draft = try scene.drafts.save(
                    WritingScene.content("> my number is C01X00T47"), ticket: found, author: ben.memberID,
                    seenVersion: found.version, at: now, in: db)
                try scene.drafts.addFile(
                    filename: "copy.png", contentType: "image/png", bytes: Array("PASSPORTBYTES".utf8), to: draft.id,
                    in: db)
                let reviews = ReviewStore(ids: scene.stores.tickets.ids)
                let review = Review(
                    id: try reviews.ids.make(), kind: .draft, queue: found.queue, ticket: found.id, draft: draft.id,
                    message: nil, round: nil, writer: ben.memberID, submittedBy: ben.memberID, reviewer: nil,
                    language: "en", state: .sent, reasons: [.asked], hash: "", note: "", verdictBy: nil, verdict: "",
                    sentBy: nil, stage: .queue, number: 1, returns: 0, submittedAt: 1, dueAt: 2, decidedAt: nil)
                try reviews.add(review, in: db)
                let version = Review.Version(number: 1, recipients: "", subject: "Re", text: message.newText, at: 2)
                try reviews.addVersion(version, by: ben.memberID, of: review.id, in: db)
                try db.execute("UPDATE outbox SET state = 'handed-over'")
            }
        }

        private func forward(_ manner: Forwarding.Manner) async throws {
            let id = try await desk.forwarding.begin(
                message: first.id, manner, WritingScene.words, date: "today", by: desk.ben)
            try await scene.database.write { [scene] db in
                let draft = try scene.drafts.require(id, in: db)
                var content = draft.content
                content.to = ["press@elsewhere.example"]
                content.text = "Please look at this." + content.text
                _ = try scene.drafts.change(
                    id, to: content, seenVersion: draft.seenVersion, expecting: draft.version,
                    by: desk.ben.memberID, at: scene.time.clock.now(), in: db)
            }
            _ = try await scene.answering.send(draft: id, by: desk.ben)
        }

        func redact(_ scope: Redacting.Scope) async throws {
            let redacting = Redacting(
                database: scene.database, stores: scene.stores,
                reader: MailReader(
                    parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
                    sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil }),
                ids: IDMaker(node: 3, clock: .system), clock: scene.time.clock, alarm: scene.alarm)
            _ = try await redacting.redact(scope, of: first.id, reason: "a passport", by: scene.viewer)
        }

        /// Tables and columns in which one of the words stands, as it is or as base64.
        func standing(_ words: [String]) async throws -> [String] {
            try await scene.database.read { db in
                let names: SQL =
                    db.engine == .sqlite
                    ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
                    : """
                    SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables
                    WHERE table_schema = CURRENT_SCHEMA() AND table_name NOT LIKE 'search%'
                        AND table_name <> 'knowledge_row'
                    """
                var found: Set<String> = []
                for table in try db.rows(names).map({ try $0.text("name") }) where !table.hasPrefix("knowledge_") {
                    for row in try db.rows(SQL(text: "SELECT * FROM \(table)")) {
                        for (column, value) in zip(row.columns.names, row.values) {
                            let text =
                                switch value {
                                case .text(let text): text
                                case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
                                default: ""
                                }
                            if words.contains(where: { text.contains($0) }) { found.insert("\(table).\(column)") }
                        }
                    }
                }
                return found.sorted()
            }
        }
    }

    private static let words = ["C01X00T47", "Zebrastrasse", "like foxes"]
    private static let bytes = ["UEFTU1BPUlRCWVRFUw", "PASSPORTBYTES"]

    @Test(arguments: TestDatabase.kinds)
    func `a redacted message is gone from everything that quoted or forwarded it`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let ground = try await Ground(database)
            #expect(try await ground.standing(Self.words).count > 4)

            try await ground.redact(.message)

            #expect(try await ground.standing(Self.words + Self.bytes) == [])
            let texts = try await ground.scene.messages(ground.desk.ticket.id).map(\.text)
            #expect(texts[1].hasPrefix("Thank you.") && texts[1].hasSuffix("Kind regards"))
            #expect(texts.count == 5)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a redacted passage is gone from forwarded mails and the names of files`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let ground = try await Ground(database)

            try await ground.redact(.passage("C01X00T47"))

            #expect(try await ground.standing(["C01X00T47"]) == [])
            #expect(try await !ground.standing(["like foxes"]).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a redacted file is gone wherever it was hung`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let ground = try await Ground(database)
            let files = try await database.read {
                try ground.scene.stores.messages.attachments(of: ground.first.id, in: $0)
            }

            try await ground.redact(.attachment(try #require(files.first).id))

            #expect(try await ground.standing(Self.bytes) == [])
            #expect(try await !ground.standing(Self.words).isEmpty)
        }
    }
}
