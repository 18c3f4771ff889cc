import Base
import Foundation
import Mail
import Testing

struct MessageComposerTests {
    private func sample() -> OutgoingMessage {
        var message = OutgoingMessage(
            from: MailAddress(name: "Zoë Müller, Desk", address: "desk@example.org"),
            to: [MailAddress(name: "أمينة", address: "amina@example.net")],
            subject: "Ответ на ваш вопрос о статье", date: 1_700_000_000_000, messageID: "t1@example.org",
            text: "See https://example.org/x?a=1&b=2.\n\n> quoted <b>\n\n-- \nZoë")
        message.inReplyTo = ["q@example.net"]
        message.references = ["p@example.net", "q@example.net"]
        return message
    }

    @Test func `what is written is read again`() throws {
        var outgoing = sample()
        outgoing.cc = [MailAddress(name: "", address: "cc@example.net")]
        outgoing.replyTo = [MailAddress(name: "Desk", address: "desk+t1@example.org")]
        outgoing.autoSubmitted = "auto-replied"
        outgoing.attachments = [
            OutgoingAttachment(
                filename: "Übersicht “2026”.pdf", contentType: "application/pdf", bytes: [0, 13, 10, 255])
        ]

        let raw = try MessageComposer.compose(outgoing)
        let message = MessageParser.parse(raw)

        #expect(message.from == [outgoing.from])
        #expect(message.to == outgoing.to)
        #expect(message.cc == outgoing.cc)
        #expect(message.replyTo == outgoing.replyTo)
        #expect(message.subject == outgoing.subject)
        #expect(message.date == outgoing.date)
        #expect(message.messageID == outgoing.messageID)
        #expect(message.inReplyTo == outgoing.inReplyTo)
        #expect(message.references == outgoing.references)
        #expect(message.text == outgoing.text)
        #expect(message.kind == .autoReply)
        #expect(message.attachments.map(\.filename) == ["Übersicht “2026”.pdf"])
        #expect(MessageParser.attachment(0, of: raw) == [0, 13, 10, 255])
        #expect(message.problems == [])
    }

    @Test func `only 7-bit, CRLF and short lines leave, with a neutral date`() throws {
        var outgoing = sample()
        outgoing.text = String(repeating: "слово ", count: 2000) + "\r\nnext\rlast"

        let raw = try MessageComposer.compose(outgoing)

        #expect(raw.allSatisfy { $0 < 0x80 && $0 != 0 })
        for line in raw.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
            #expect(line.last == 0x0D && line.count <= 999 && !line.dropLast().contains(0x0D))
        }
        let text = String(decoding: raw, as: UTF8.self)
        #expect(text.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"))
        #expect(!text.contains("X-Mailer") && !text.contains("Bcc") && !text.contains("User-Agent"))
    }

    @Test(arguments: [("ar", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("he", "rtl"), ("de", "ltr"), ("zh-Hant", "ltr")])
    func `the HTML part has the direction of its language`(language: String, direction: String) throws {
        var outgoing = sample()
        outgoing.language = language

        let html = MessageParser.parse(try MessageComposer.compose(outgoing)).html

        #expect(html.contains("lang=\"\(language)\" dir=\"\(direction)\""))
    }

    @Test func `paragraphs, quotes and links become simple HTML`() throws {
        let html = MessageParser.parse(try MessageComposer.compose(sample())).html

        #expect(html.contains("<a href=\"https://example.org/x?a=1&amp;b=2\">https://example.org/x?a=1&amp;b=2</a>."))
        #expect(html.contains("<blockquote type=\"cite\">\n<p dir=\"auto\">quoted &lt;b&gt;</p>\n</blockquote>"))
    }

    @Test(arguments: ["\r\n", "\n", "\r", "\0", "\u{85}", "\u{2028}", String(repeating: "x", count: 5000)])
    func `nothing that could break a header is let into any field`(evil: String) {
        let bad = "a\(evil)Bcc: evil@example.com"
        var broken: [OutgoingMessage] = []
        func vary(_ change: (inout OutgoingMessage) -> Void) {
            var message = sample()
            change(&message)
            broken.append(message)
        }
        vary { $0.subject = bad }
        vary { $0.from.name = bad }
        vary { $0.from.address = bad }
        vary { $0.to[0].name = bad }
        vary { $0.to[0].address = "a@\(bad)" }
        vary { $0.cc = [MailAddress(name: bad, address: "a@example.org")] }
        vary { $0.replyTo = [MailAddress(name: bad, address: "a@example.org")] }
        vary { $0.messageID = bad }
        vary { $0.inReplyTo = [bad] }
        vary { $0.references = [bad] }
        vary { $0.autoSubmitted = bad }
        vary { $0.attachments = [OutgoingAttachment(filename: bad, contentType: "a/b", bytes: [])] }
        vary { $0.attachments = [OutgoingAttachment(filename: "a", contentType: "a/\(bad)", bytes: [])] }

        for message in broken {
            #expect(throws: Failure(.invalid, "")) { try MessageComposer.compose(message) }
        }
        #expect(throws: Never.self) { try MessageComposer.compose(sample()) }
    }

    @Test func `no value that is let in adds a header`() throws {
        var generator = MailSampleGenerator(state: 11)
        let pieces = [
            "\r", "\n", "\0", "\t", " ", "Bcc:", "<a@b>", "\"", "\\", "=?utf-8?Q?=0D=0ABcc:_x?=", "ж", "漢", ";", ",",
            ":", "(", "a", "\u{202E}",
        ]
        var accepted = 0
        for _ in 0..<6000 {
            func random(_ count: Int) -> String {
                (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            }
            var message = sample()
            message.subject = random(12)
            message.to[0].name = random(4)
            message.attachments = [OutgoingAttachment(filename: random(5), contentType: "text/csv", bytes: [1])]
            guard let raw = try? MessageComposer.compose(message) else { continue }
            accepted += 1
            let head = String(decoding: raw, as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
            let names = head.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") && !$0.hasPrefix("\t") }
                .map { $0.components(separatedBy: ":")[0].lowercased() }
            let allowed = [
                "content-type", "date", "from", "in-reply-to", "message-id", "mime-version", "references", "subject",
                "to",
            ]
            #expect(names.sorted() == allowed)
            #expect(MessageParser.parse(raw).to.map(\.address) == ["amina@example.net"])
        }
        #expect(accepted > 50)
    }
}
