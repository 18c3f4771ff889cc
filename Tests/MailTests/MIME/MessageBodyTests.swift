import Mail
import Testing

struct MessageBodyTests {
    @Test func `flowed paragraphs become one line and keep their quotes`() throws {
        let message = try MailSample.parse("plain/flowed")

        #expect(
            message.text
                == """
                A long line that was broken.
                From here on it is stuffed.
                > quoted text that goes on
                >> deeper
                --\u{20}
                Ada
                """
        )
    }

    @Test func `DelSp joins words without the space`() throws {
        #expect(try MailSample.parse("plain/delsp").text == "Schulhaus")
    }

    @Test func `of alternatives the plain one is shown and inline images stay attachments`() throws {
        let message = try MailSample.parse("plain/alternative")

        #expect(message.text == "plain words")
        #expect(message.html.contains("cid:pic@x"))
        #expect(message.attachments.map(\.filename) == ["pic.png"])
        #expect(message.attachments.first?.inline == true)
        #expect(message.attachments.first?.contentID == "pic@x")
        #expect(message.attachments.first?.size == 5)
        #expect(message.attachments.first?.sha256.hasPrefix("2cf24dba5fb0a30e") == true)
    }

    @Test func `an empty plain alternative gives way to the HTML one`() {
        let message = MailSample.parse(
            text: """
                From: a@example.org
                Content-Type: multipart/alternative; boundary=b

                --b
                Content-Type: text/plain

                \u{20}
                --b
                Content-Type: text/html

                <p>rich words</p>
                --b--
                """)

        #expect(message.text.contains("rich words"))
        #expect(message.attachments.isEmpty)
    }

    @Test func `several texts are shown after each other`() throws {
        let message = try MailSample.parse("plain/several-texts")

        #expect(message.text == "first\n\nsecond")
        #expect(message.attachments.map(\.filename) == ["a.pdf"])
    }

    @Test func `a mail within a mail is one attachment with its own bytes`() throws {
        let raw = try MailSample.bytes("plain/forwarded")

        let message = MessageParser.parse(raw)

        #expect(message.text == "See below.")
        #expect(message.attachments.map(\.label) == ["message"])
        let inner = MessageParser.parse(try #require(MessageParser.attachment(0, of: raw)))
        #expect(inner.subject == "inner")
        #expect(inner.attachments.map(\.filename) == ["inner.pdf"])
    }

    @Test func `calendar, TNEF and S MIME are named as what they are`() throws {
        let message = try MailSample.parse("plain/calendar-tnef-smime")

        #expect(message.attachments.map(\.label) == ["calendar", "tnef", "smime"])
        #expect(message.protection == ["smime-encrypted"])
        #expect(message.text == "hi")
    }

    @Test func `PGP is told in MIME and inline`() throws {
        let mime = try MailSample.parse("plain/pgp-signed")
        let inline = try MailSample.parse("plain/pgp-inline")

        #expect(mime.text == "signed words")
        #expect(mime.attachments.map(\.label) == ["pgp"])
        #expect(mime.protection == ["pgp-signed"])
        #expect(inline.protection == ["pgp-signed"])
        #expect(inline.newText.hasPrefix("-- the words"))
    }

    @Test func `uuencoded files leave the text and become attachments`() throws {
        let raw = try MailSample.bytes("plain/uuencoded")

        let message = MessageParser.parse(raw)

        #expect(message.text == "Here it is:\n\n\nBye")
        #expect(message.attachments.map(\.filename) == ["hello.txt"])
        #expect(MessageParser.attachment(0, of: raw) == Array("hello".utf8))
        #expect(MessageParser.attachment(1, of: raw) == nil)
    }

    @Test func `HTML alone is made readable and kept`() throws {
        let message = try MailSample.parse("plain/html-only")

        #expect(message.text.contains("there"))
        #expect(message.html.contains("<b>there</b>"))
    }

    @Test func `the text is cut at two mebibytes and says so`() {
        let message = MailSample.parse(
            text: "From: a@example.org\n\n" + String(repeating: "word and word\n", count: 200_000))

        #expect(message.text.utf8.count <= 2 << 20)
        #expect(message.problems == ["text-cut"])
    }
}
