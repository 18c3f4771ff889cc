import Base
import Mail
import Testing

/// Mail as clients write it against the standards, seen often enough that a desk must read it.
struct BrokenHabitsTests {
    @Test(arguments: [
        "filename=\"UTF-8''na%C3%AFve.pdf\"", "filename=\"na%C3%AFve.pdf\"",
        "filename*0=\"UTF-8''na%C3%AF\"; filename*1=\"ve.pdf\"", "filename*0*=UTF-8''na%C3; filename*1*=%AFve.pdf",
        "filename*0*=utf-8''n; filename*1=a%C3%AFve.pdf", "filename*=utf-8'na%C3%AFve.pdf",
        "filename*1*=%AFve.pdf; filename*0*=UTF-8''na%C3", "filename*=na%C3%AFve.pdf",
        "filename*0=\"=?UTF-8?B?bmHDr3Zl\"; filename*1=\"LnBkZg==?=\"", "filename==?UTF-8?Q?na=C3=AFve.pdf?=",
    ])
    func `names of attachments are read whatever was done to them`(parameter: String) {
        let message = MailSample.parse(
            text: """
                From: a@example.org
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: application/pdf
                Content-Disposition: attachment; \(parameter)

                x
                --b--
                """)

        #expect(message.attachments.map(\.filename) == ["naïve.pdf"])
    }

    @Test(arguments: ["100% sure.pdf", "a%20b.pdf", "it's.pdf", "%ZZ.pdf", "O'Neil'%41.pdf"])
    func `percent signs and apostrophes of ordinary names stay`(name: String) {
        let header = "Content-Disposition: attachment; filename=\"\(name)\""
        let message = MailSample.parse(text: "From: a@example.org\nContent-Type: image/png\n\(header)\n\nx")

        #expect(message.attachments.map(\.filename) == [name])
    }

    @Test(arguments: [
        "2026-11-20T10:00:00Z", "2026-11-20T11:00:00.123+01:00", "2026-11-20T10:00Z", "Fri, 20 Nov 2026 11.00.00 +0100",
        "20 Nov 2026 11:00 CET", "Fri, 20 Nov 2026 11:00:00 GMT+01:00", "Fri, 20 Nov 2026 19:00:00 JST",
        "Fri, 20 Nov 2026 13:00:00 MSK", "2026-11-20 10:00:00", "Fri Nov 20 10:00:00 2026",
    ])
    func `dates are read in the forms that programs write`(date: String) {
        #expect(MailSample.parse(text: "From: a@example.org\nDate: \(date)\n\nx").date == 1_795_168_800_000)
    }

    @Test func `an address that was encoded with its name is read, one beside a readable address is not`() {
        let whole = MailSample.parse(text: "From: =?UTF-8?Q?Ana_W=C3=A9ber_=3Cana=40example=2Eorg=3E?=\n\nx")
        let name = MailSample.parse(text: "From: =?UTF-8?Q?Boss_=3Cboss=40corp=2Eexample=3E?= <ana@example.org>\n\nx")
        let link = MailSample.parse(text: "From: Ana <mailto:ana@example.org>\n\nx")

        #expect(whole.from == [MailAddress(name: "Ana Wéber", address: "ana@example.org")])
        #expect(name.from.map(\.address) == ["ana@example.org"])
        #expect(link.from == [MailAddress(name: "Ana", address: "ana@example.org")])
    }

    @Test func `a sender without an address is named as a problem`() {
        #expect(MailSample.parse(text: "From: undisclosed-recipients:;\n\nx").problems == ["from-unreadable"])
    }

    @Test(arguments: ["", "text", "plain", "text/", "/plain"])
    func `a type that is none is text`(type: String) {
        let message = MailSample.parse(text: "From: a@example.org\nContent-Type: \(type)\n\nHello there.")

        #expect(message.text == "Hello there.")
        #expect(message.attachments.isEmpty)
    }

    @Test(arguments: ["\"base64\"", "Base64;", "base64 (x)"])
    func `an encoding is known in quotes and with a semicolon`(name: String) {
        let header = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: \(name)"

        #expect(MailSample.parse(text: "From: a@example.org\n\(header)\n\nR3LDvMOfZQ==").text == "Grüße")
    }

    @Test func `quoted-printable with a semicolon is decoded`() {
        let header = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable;"

        #expect(MailSample.parse(text: "From: a@example.org\n\(header)\n\nGr=C3=BC=C3=9Fe").text == "Grüße")
    }

    @Test func `clear text behind base64, and in its place, is shown`() {
        let header = "From: a@example.org\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64"
        let footer = "_______________\nThe list\nhttps://lists.example.org/"
        let mixed = MailSample.parse(text: "\(header)\n\nR3LDvMOfZQ==\n\(footer)\n")
        let clear = MailSample.parse(text: "\(header)\n\nHello, this is plain.\nReally.\n")

        #expect(mixed.text == "Grüße\n" + footer)
        #expect(clear.text == "Hello, this is plain.\nReally.")
    }

    @Test func `a body without the blank line before it, or without any header, is not lost`() {
        let unseparated = MailSample.parse(text: "From: a@example.org\nSubject: x\nHello there.\nIt is me.\n")
        let bare = MailSample.parse(text: "Hello there.\nIt is me.\n\nBye.\n")
        let folded = MailSample.parse(text: "From: a@example.org\nbroken line\nSubject: x\n\nHello.\n")

        #expect(unseparated.subject == "x")
        #expect(unseparated.text == "Hello there.\nIt is me.")
        #expect(unseparated.problems == ["header-end-missing"])
        #expect(bare.text == "Hello there.\nIt is me.\n\nBye.")
        #expect(folded.subject == "x")
        #expect(folded.text == "Hello.")
    }

    @Test func `a plain part that only points to the HTML gives way to it`() {
        func mail(_ plain: String, _ html: String) -> ParsedMessage {
            MailSample.parse(
                text: """
                    From: a@example.org
                    Content-Type: multipart/alternative; boundary=b

                    --b
                    Content-Type: text/plain

                    \(plain)
                    --b
                    Content-Type: text/html

                    <p>\(html)</p>
                    --b--
                    """)
        }

        #expect(mail("This mail is in HTML, your program cannot show it.", "What I ask").text == "What I ask")
        #expect(mail("Is HTML fine?", "Is <b>HTML</b> fine?").text == "Is HTML fine?")
        #expect(mail("My question", "My question, longer").text == "My question")
    }

    @Test func `a text with a name is shown where nothing else is`() {
        let message = MailSample.parse(
            text: """
                From: a@example.org
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; name=letter.txt

                Dear all
                --b--
                """)

        #expect(message.text == "Dear all")
        #expect(message.attachments.map(\.filename) == ["letter.txt"])
    }

    @Test func `an invitation without text says what it is about`() {
        let message = MailSample.parse(
            text: """
                From: a@example.org
                Content-Type: text/calendar; charset=utf-8; method=CANCEL

                BEGIN:VCALENDAR
                METHOD:CANCEL
                BEGIN:VTIMEZONE
                DTSTART:19701025T030000
                END:VTIMEZONE
                BEGIN:VEVENT
                SUMMARY:Meeting\\, about the
                  bridge
                DTSTART;TZID="Europe/Berlin":20261122T100000
                DTEND:20261122T100000Z
                LOCATION:Room 1
                END:VEVENT
                END:VCALENDAR
                """)

        #expect(
            message.text
                == "Meeting, about the bridge\n2026-11-22 10:00 Europe/Berlin – 2026-11-22 10:00 UTC\nRoom 1")
        #expect(message.attachments.map(\.label) == ["calendar"])
    }

    @Test func `an address beyond ASCII stands in the header of our answer as it is`() throws {
        let raw = try MessageComposer.compose(
            OutgoingMessage(
                from: MailAddress(name: "Desk", address: "desk@example.org"),
                to: [MailAddress(name: "用户", address: "用户@例子.example")], subject: "x", date: 1_700_000_000_000,
                messageID: "t1@example.org", text: "x"))
        let to = MessageParser.parse(raw).to

        #expect(to.map(\.name) == ["用户"])
        #expect(to.map { $0.address.hasPrefix("用户@") } == [true])
    }
}
