import Base
import Foundation
import Mail
import Storage
import TestKit
import Testing

@testable import Correspondence

struct LetterTests {
    @Test(arguments: TestDatabase.kinds) func `an answer goes as text as typed and as simple HTML`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            _ = try await desk.draft(WritingScene.content("**Yes**, see <b>:\n\n- one\n- two"))
            let id = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            let parsed = MessageParser.parse(try await desk.bytes(of: id))

            #expect(parsed.text.hasPrefix("**Yes**, see <b>:"))
            let html = parsed.html
            #expect(html.contains("<strong>Yes</strong>, see &lt;b&gt;:"))
            #expect(html.contains("<li dir=\"auto\">one</li>"))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a letter comes from the address that was chosen, and answers go there`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            try await database.write { db in
                try desk.scene.stores.queues.addAddress("help@desk.example", to: desk.scene.queue.id, in: db)
            }
            var content = WritingScene.content()
            content.from = "help@desk.example"
            _ = try await desk.draft(content)
            let id = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            let parsed = MessageParser.parse(try await desk.bytes(of: id))
            #expect(parsed.from.map(\.address) == ["help@desk.example"])
            #expect(parsed.replyTo.first?.address.hasPrefix("help+") == true)

            content.from = "boss@elsewhere.example"
            _ = try await desk.draft(content)
            await #expect(throws: Failure(.invalid, "")) {
                try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the signature can be left out`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            try await database.write { db in
                try desk.scene.stores.queues.setSignature(
                    "{{name}}\nThe desk", of: desk.scene.queue.id, actor: nil, at: 0, in: db)
            }
            for (hasSignature, expected) in [(true, true), (false, false)] {
                var content = WritingScene.content()
                content.hasSignature = hasSignature
                _ = try await desk.draft(content)
                let id = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
                let parsed = MessageParser.parse(try await desk.bytes(of: id))
                #expect(parsed.text.contains("Ana\nThe desk") == expected)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a letter in Arabic stays right to left`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            _ = try await desk.draft(WritingScene.content("مرحبا، شكرا على رسالتك.\n\n> سؤالك عن **الصورة**"))
            let id = try await desk.scene.answering.send(ticket: desk.ticket.id, by: desk.scene.viewer)
            let html = MessageParser.parse(try await desk.bytes(of: id)).html

            #expect(html.contains("<html lang=\"ar\" dir=\"rtl\">"))
            #expect(html.contains("<p dir=\"auto\">مرحبا"))
        }
    }

    /// Whatever somebody puts into a field: it is refused, or it stays inside its header.
    @Test(arguments: TestDatabase.kinds) func `no field of a draft breaks out of its header`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let bad = [
                "a\r\nBcc: eve@evil.example", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\u{0}b", "a\u{85}X-Evil: 1",
                "a\u{2028}X-Evil: 1", String(repeating: "ä", count: 5000), "\u{202E}gpj.exe",
            ]
            for value in bad {
                for field in 0..<5 {
                    var content = WritingScene.content()
                    switch field {
                    case 0: content.subject = value
                    case 1: content.from = value
                    case 2: content.to = [value + "@people.example"]
                    case 3: content.cc = ["x@people.example" + value]
                    default: break
                    }
                    let draft = try await desk.draft(content)
                    if field == 4 { try await desk.addFile(value, [1], to: draft.id) }
                    guard let id = try? await desk.scene.answering.send(draft: draft.id, by: desk.scene.viewer)
                    else {
                        try await database.write { try desk.scene.drafts.delete(draft.id, in: $0) }
                        continue
                    }
                    let text = String(decoding: try await desk.bytes(of: id), as: UTF8.self)
                    let head = text.components(separatedBy: "\r\n\r\n")[0].lowercased()
                    #expect(!head.contains("\r\nx-evil") && !head.contains("\r\nbcc:"))
                    #expect(!text.contains("\u{0}"))
                    #expect(text.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 998 })
                }
            }
        }
    }
}
