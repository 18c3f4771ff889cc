import Base
import Foundation
import Mail
import Storage
import TestKit
import Testing

@testable import Correspondence
@testable import Outbox

struct SendingTests {
    @Test(arguments: TestDatabase.kinds) func `a letter is sent at its time, in the name of who chose it`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            let at = desk.scene.time.clock.now() + 3_600_000
            try await desk.later.schedule(draft: draft.id, at: at, by: desk.ben)
            let early = try #require(try await desk.job(LaterSending.jobName))
            try await desk.later.run(early)
            #expect(try await desk.own()?.sendAt == at)

            try await desk.later.schedule(draft: draft.id, at: at, by: desk.ben)
            desk.scene.time.advance(3_600_001)
            try await desk.later.run(try #require(try await desk.job(LaterSending.jobName)))

            let messages = try await desk.scene.messages(desk.ticket.id)
            #expect(messages.last?.author == desk.ben.memberID)
            #expect(try await desk.own() == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what arrived meanwhile holds a letter of later`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            try await desk.later.schedule(
                draft: draft.id, at: desk.scene.time.clock.now() + 1000, by: desk.scene.viewer)
            try await desk.scene.receive(Scene.mail(id: "2@people.example", references: "1@people.example"))
            desk.scene.time.advance(2000)
            try await desk.later.run(try #require(try await desk.job(LaterSending.jobName)))

            let kept = try #require(try await desk.own())
            #expect(kept.held == "draft-changed")
            #expect(kept.sendAt == nil)
            #expect(try await desk.scene.messages(desk.ticket.id).count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a letter of later that was taken back or whose writer left stays`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            let at = desk.scene.time.clock.now() + 1000
            try await desk.later.schedule(draft: draft.id, at: at, by: desk.ben)
            _ = try await desk.later.cancel(draft: draft.id, by: desk.scene.viewer)
            desk.scene.time.advance(2000)
            try await desk.later.run(try #require(try await desk.job(LaterSending.jobName)))
            #expect(try await desk.scene.messages(desk.ticket.id).count == 1)

            try await desk.later.schedule(draft: draft.id, at: at + 5000, by: desk.ben)
            try await database.write { try desk.scene.members.disable(desk.ben.memberID, actor: nil, at: 0, in: $0) }
            desk.scene.time.advance(9000)
            try await desk.later.run(try #require(try await desk.job(LaterSending.jobName)))
            #expect(try await desk.scene.messages(desk.ticket.id).count == 1)
            #expect(try await desk.own()?.held.isEmpty == false)
        }
    }

    @Test(arguments: TestDatabase.kinds, [false, true])
    func `a letter of later that a colleague changed waits for who chose its time`(
        kind: TestDatabase, isFile: Bool
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let draft = try await desk.draft()
            let now = desk.scene.time.clock.now()
            try await desk.later.schedule(draft: draft.id, at: now + 1000, by: desk.scene.viewer)
            let scheduled = try #require(try await desk.own())
            // Their own hand changes nothing of it.
            try await database.write { db in
                _ = try desk.scene.drafts.change(
                    draft.id, to: WritingScene.content("Thank you very much."), seenVersion: scheduled.seenVersion,
                    expecting: scheduled.version, by: desk.scene.member.id, at: now, in: db)
            }
            let mine = try #require(try await desk.own())
            #expect(mine.sendAt == now + 1000)

            try await database.write { db in
                if isFile {
                    try desk.scene.drafts.noteFiles(of: draft.id, by: desk.ben.memberID, at: now, in: db)
                } else {
                    _ = try desk.scene.drafts.change(
                        draft.id, to: WritingScene.content("Other words"), seenVersion: mine.seenVersion,
                        expecting: mine.version, by: desk.ben.memberID, at: now, in: db)
                }
            }
            desk.scene.time.advance(2000)
            while let job = try await desk.job(LaterSending.jobName) { try await desk.later.run(job) }

            let kept = try #require(try await desk.own())
            #expect(kept.sendAt == nil && kept.held == "later-colleague" && kept.version > mine.version)
            #expect(try await desk.scene.messages(desk.ticket.id).count == 1)
            let writers = try await database.read { db in
                try ReviewStore(ids: IDMaker(node: 3, clock: .system)).writers(ofDraft: draft.id, in: db)
            }
            #expect(Set(writers) == [desk.scene.member.id, desk.ben.memberID])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail that one of two has is not taken back`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let both = ["karl@people.example", "mia@people.example"]
            let sent = try await desk.scene.answer(desk.ticket.id, to: both)
            func mark(_ state: RecipientState) async throws {
                try await database.write { db in
                    try desk.scene.stores.outbox.setRecipient(
                        both[0], of: sent.item.id, state: state, reply: "", at: 1, in: db)
                }
            }
            for state in [RecipientState.accepted, .inDoubt] {
                try await mark(state)
                await #expect(throws: Failure(.conflict, "")) {
                    _ = try await desk.scene.answering.undo(message: sent.message.id, by: desk.scene.viewer)
                }
            }
            try await mark(.waiting)
            _ = try await desk.scene.answering.undo(message: sent.message.id, by: desk.scene.viewer)
            #expect(try await desk.own()?.content.to == both)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `two who redirect the same mail do it once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let source = try await desk.scene.messages(desk.ticket.id)[0]
            let seen = try await desk.current().version
            _ = try await desk.redirecting.redirect(
                message: source.id, to: ["right@elsewhere.example"], closes: false, seen: seen, by: desk.scene.viewer)
            await #expect(throws: Failure(.conflict, "")) {
                _ = try await desk.redirecting.redirect(
                    message: source.id, to: ["right@elsewhere.example"], closes: false, seen: seen, by: desk.ben)
            }
            #expect(try await desk.scene.messages(desk.ticket.id).count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a form that is posted twice does what it does once`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let once = FormOnce(database: database, clock: desk.scene.time.clock)
            let (me, ben) = (desk.scene.member.id, desk.ben.memberID)
            func post(_ page: String, _ words: String, by member: ID) async throws -> String {
                try await once.run(page, words, by: member) {
                    let ticket = try await desk.writing.write(
                        WritingScene.content(words), queue: desk.scene.queue.id, by: desk.scene.viewer)
                    return "/tickets/\(ticket)"
                }
            }
            let first = try await post("1", "Hello", by: me)
            #expect(try await post("1", "Hello", by: me) == first)
            #expect(try await desk.scene.tickets().count == 2)
            var seen: Set = [first]
            for (page, words, member) in [("1", "Hello, changed", me), ("2", "Hello", me), ("1", "Hello", ben)] {
                #expect(seen.insert(try await post(page, words, by: member)).inserted)
            }
            await #expect(throws: Failure(.refused, "")) {
                _ = try await once.run("3", "x", by: me) { throw Failure(.refused, "error-refused") }
            }
            #expect(try await once.run("3", "x", by: me) { "/there" } == "/there")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `several people get a letter each, in a ticket each`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let people = ["a@people.example", "b@people.example", "c@people.example"]
            var content = WritingScene.content("Come on Friday.", to: people)
            content.subject = "Meeting"
            let file = DraftFile(filename: "map.txt", contentType: "text/plain", bytes: [65])
            let round = try await desk.writing.writeEach(
                content, files: [file], queue: desk.scene.queue.id, by: desk.scene.viewer)
            #expect(try await desk.scene.tickets().count == 1)
            let job = try #require(try await desk.job(Writing.jobName))
            try await desk.writing.run(job)

            let tickets = try await desk.scene.tickets().filter { $0.subject == "Meeting" }
            #expect(tickets.count == 3)
            for ticket in tickets {
                let message = try #require(try await desk.scene.messages(ticket.id).first)
                let parsed = MessageParser.parse(try await desk.bytes(of: message.id))
                #expect(parsed.to.count == 1 && parsed.cc.isEmpty)
                #expect(parsed.attachments.map(\.filename) == ["map.txt"])
            }
            await #expect(throws: Failure(.conflict, "")) {
                try await desk.writing.undo(round: round, by: desk.scene.viewer)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a round that is run twice sends nobody two letters`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            var content = WritingScene.content("Come.", to: ["a@people.example", "b@people.example"])
            content.subject = "Meeting"
            let id = try await desk.writing.writeEach(content, queue: desk.scene.queue.id, by: desk.scene.viewer)
            try await desk.writing.run(try #require(try await desk.job(Writing.jobName)))
            // As if the process had died after the letters and before the note of it.
            try await database.write { db in
                try db.execute("UPDATE letter_round SET state = 'going' WHERE id = \(id)")
                try db.execute("UPDATE letter_round_person SET is_sent = 0 WHERE round_id = \(id)")
                try desk.scene.stores.jobs.add(Writing.jobName, subject: id, in: db)
            }
            try await desk.writing.run(try #require(try await desk.job(Writing.jobName)))

            let sent = try await database.read { db in
                try db.int("SELECT COUNT(*) AS n FROM outbox WHERE kind = 'answer'")
            }
            #expect(sent == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a round taken back leaves no ticket and no mail`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let content = WritingScene.content("Come.", to: ["a@people.example", "b@people.example"])
            let id = try await desk.writing.writeEach(content, queue: desk.scene.queue.id, by: desk.scene.viewer)
            await #expect(throws: Failure(.notFound, "")) { try await desk.writing.undo(round: id, by: desk.ben) }
            try await desk.writing.undo(round: id, by: desk.scene.viewer)
            try await desk.writing.run(try #require(try await desk.job(Writing.jobName)))

            #expect(try await desk.scene.tickets().count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail is forwarded with the original in it, as it came`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let source = try await desk.scene.messages(desk.ticket.id)[0]
            let original = try await desk.bytes(of: source.id)
            let id = try await desk.forwarding.begin(
                message: source.id, .attached, WritingScene.words, date: "today", by: desk.scene.viewer)
            try await database.write { db in
                let draft = try desk.scene.drafts.require(id, in: db)
                var content = draft.content
                content.to = ["expert@museum.example"]
                content.text = "Can you say whose photo this is?"
                _ = try desk.scene.drafts.change(
                    id, to: content, seenVersion: draft.seenVersion, expecting: draft.version,
                    by: desk.scene.member.id, at: 0, in: db)
            }
            let message = try await desk.scene.answering.send(draft: id, by: desk.scene.viewer)
            let bytes = try await desk.bytes(of: message)
            let parsed = MessageParser.parse(bytes)

            #expect(parsed.subject.hasPrefix("Fwd: A photo"))
            #expect(parsed.inReplyTo.isEmpty)
            #expect(parsed.attachments.map(\.contentType) == ["message/rfc822"])
            #expect(MessageParser.attachment(0, of: bytes) == original)
            #expect(try await desk.current().state == desk.ticket.state)
            // The bytes of the original are the message's; they stay when the draft goes.
            try await desk.scene.dispatch(
                Transport { _, _, recipients in recipients.map { _ in .accepted(reply: "250") } })
            #expect(try await desk.bytes(of: source.id) == original)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail is forwarded in the text with its files`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let parts = [
                "--b", "Content-Type: text/plain", "", "See the scan.", "--b", "Content-Type: image/png; name=scan.png",
                "Content-Disposition: attachment; filename=scan.png", "Content-Transfer-Encoding: base64", "",
                "iVBORw0K",
                "--b--", "",
            ]
            let mail = Scene.mail(
                id: "1@people.example", headers: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
                text: parts.joined(separator: "\r\n"))
            let desk = try await WritingScene(database, mail: mail)
            let source = try await desk.scene.messages(desk.ticket.id)[0]
            let id = try await desk.forwarding.begin(
                message: source.id, .inline, WritingScene.words, date: "today", by: desk.scene.viewer)
            let draft = try await database.read { try desk.scene.drafts.require(id, in: $0) }

            #expect(draft.text.contains("From: Karl <karl@people.example>"))
            #expect(draft.text.contains("See the scan."))
            #expect(try await desk.files(of: id).map(\.filename) == ["scan.png"])
        }
    }

    @Test func `what came with 26 MB goes on with them, as mail and as files`() async throws {
        try await TestDatabase.sqlite.with { database in
            let line = String(repeating: "QUFB", count: 18) + "\r\n"
            let parts = [
                "--b", "Content-Type: text/plain", "", "The film.", "--b", "Content-Type: video/mp4; name=film.mp4",
                "Content-Disposition: attachment; filename=film.mp4", "Content-Transfer-Encoding: base64", "",
                String(repeating: line, count: 26_000_000 / 54), "--b--", "",
            ]
            let mail = Scene.mail(
                id: "1@people.example", headers: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
                text: parts.joined(separator: "\r\n"))
            let desk = try await WritingScene(database, mail: mail)
            let source = try await desk.scene.messages(desk.ticket.id)[0]
            let whole = try await desk.forwarding.begin(
                message: source.id, .attached, WritingScene.words, date: "today", by: desk.scene.viewer)
            let inline = try await desk.forwarding.begin(
                message: source.id, .inline, WritingScene.words, date: "today", by: desk.ben)

            #expect(try await desk.files(of: whole).map(\.size) == [mail.utf8.count])
            #expect(try await desk.files(of: inline).map(\.filename) == ["film.mp4"])
            await #expect(throws: Failure(.tooLarge, "")) {
                try await database.write { db in
                    try desk.scene.drafts.addFile(
                        filename: "more.txt", contentType: "text/plain", bytes: [65], to: inline, in: db)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a mail is redirected as it came and cannot go in a circle`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let source = try await desk.scene.messages(desk.ticket.id)[0]
            let id = try await desk.redirecting.redirect(
                message: source.id, to: ["right@elsewhere.example"], closes: true, by: desk.scene.viewer)
            let bytes = try await desk.bytes(of: id)
            let text = String(decoding: bytes, as: UTF8.self)
            let original = String(decoding: try await desk.bytes(of: source.id), as: UTF8.self)
            #expect(text.hasSuffix(original))
            let head = text.components(separatedBy: "\r\nFrom: Karl")[0]
            #expect(head.contains("Resent-To: right@elsewhere.example"))
            #expect(head.contains("Resent-From: Info <info@desk.example>"))
            #expect(head.contains("Resent-Message-ID:") || head.contains("Resent-Message-Id:"))
            #expect(try await desk.current().state == .closed)

            await #expect(throws: Failure(.refused, "")) {
                try await desk.redirecting.redirect(
                    message: source.id, to: ["info+x@desk.example"], closes: false, by: desk.scene.viewer)
            }
            // It comes back by a list of theirs: it is not sent round again.
            try await desk.scene.receive("Received: from x by y; Sat, 21 Nov 2026 08:00:00 +0000\r\n" + text)
            let back = try await database.read { db in
                try db.rows("SELECT * FROM message WHERE direction = 'in' ORDER BY id").map(MessageStore.read)
            }
            if let again = back.last, again.id != source.id {
                await #expect(throws: Failure(.refused, "")) {
                    try await desk.redirecting.redirect(
                        message: again.id, to: ["right@elsewhere.example"], closes: false, by: desk.scene.viewer)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a call becomes a ticket with its person, direction and channel`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let at = desk.scene.time.clock.now() - 60_000
            let call = Calling.Content(
                channel: .call, isIncoming: true, name: "Karl", address: "karl@people.example", subject: "A date",
                text: "He says it was 1931.", at: at)
            let id = try await desk.calling.open(call, queue: desk.scene.queue.id, by: desk.scene.viewer)
            let talk = Calling.Content(
                channel: .talk, isIncoming: false, name: "Maria", address: "", subject: "", text: "Told her.", at: at)
            try await desk.calling.add(talk, to: id, by: desk.scene.viewer)

            let messages = try await desk.scene.messages(id)
            #expect(messages.map(\.kind) == ["call", "talk"])
            #expect(messages.map(\.direction) == [.incoming, .outgoing])
            let tickets = try await desk.scene.tickets()
            let ticket = try #require(tickets.first { $0.id == id })
            #expect(ticket.contact == tickets.first { $0.id == desk.ticket.id }?.contact)
            #expect(ticket.messageCount == 2)
            await #expect(throws: Failure(.invalid, "")) {
                var nobody = call
                (nobody.name, nobody.address) = ("", "")
                _ = try await desk.calling.open(nobody, queue: desk.scene.queue.id, by: desk.scene.viewer)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a note keeps its files, and they never leave`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let files = ["one.txt", "two.txt"].map {
                OutgoingAttachment(filename: $0, contentType: "text/plain", bytes: Array($0.utf8))
            }
            let id = try await database.write { db in
                try desk.noting.add(
                    "Look.", to: desk.ticket, by: desk.scene.viewer, name: "Ana", files: files, at: 1, in: db)
            }
            let bytes = try await desk.bytes(of: id)
            let kept = try await database.read { try desk.scene.stores.messages.attachments(of: id, in: $0) }
            #expect(kept.map(\.filename) == ["one.txt", "two.txt"])
            for file in kept {
                #expect(MessageParser.attachment(file.position, of: bytes) == Array(file.filename.utf8))
            }
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM outbox") } == 0)
        }
    }
}
