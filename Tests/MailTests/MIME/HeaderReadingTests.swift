import Mail
import Testing

struct HeaderReadingTests {
    @Test func `encoded words are read inside quotes, split in the middle and without blanks`() throws {
        let message = try MailSample.parse("multilingual/words")

        #expect(message.from == [MailAddress(name: "Jürgen Muster", address: "j@example.org")])
        #expect(
            message.to == [
                MailAddress(name: "Łukasz, Nowak", address: "l@example.org"),
                MailAddress(name: "", address: "x@example.org"),
            ])
        #expect(message.cc == [MailAddress(name: "日本", address: "n@example.org")])
        #expect(message.subject == "日本 and more")
    }

    @Test func `names of attachments are decoded and lose folders and tricks`() throws {
        let message = try MailSample.parse("multilingual/words")

        #expect(message.attachments.map(\.filename) == ["€ rates.pdf", "ä.pdf", "evilfdp.exe"])
    }

    @Test func `a long name keeps its ending and fits into 255 bytes`() {
        let name = String(repeating: "ж", count: 300) + ".pdf"

        let message = MailSample.parse(text: "Content-Type: application/pdf; name=\"\(name)\"\n\nx")

        let found = message.attachments.first?.filename ?? ""
        #expect(found.hasSuffix("ж.pdf"))
        #expect(found.utf8.count <= 255)
    }

    @Test func `encoded line breaks make no second header`() throws {
        let message = try MailSample.parse("hostile/header-injection")

        #expect(message.subject == "oneBcc: evil@example.com")
        #expect(message.attachments.map(\.filename) == ["aX-Evil: b.txt"])
    }

    @Test func `ids are found leniently, in order, each once`() throws {
        let message = try MailSample.parse("broken/dates")

        #expect(message.references == ["a@x", "b@x", "c@y"])
        #expect(message.inReplyTo == ["q@x"])
    }

    @Test func `an unreadable date is named and absent`() throws {
        let message = try MailSample.parse("broken/dates")

        #expect(message.date == nil)
        #expect(message.problems.contains("date-unreadable"))
    }

    @Test func `dates are milliseconds UTC`() throws {
        #expect(try MailSample.parse("plain/flowed").date == 1_772_529_300_000)
    }

    @Test(arguments: [
        ("undisclosed-recipients:;", [MailAddress(name: "undisclosed-recipients", address: "")]),
        (
            "A: a@example.org, b@example.org;",
            [MailAddress(name: "", address: "a@example.org"), MailAddress(name: "", address: "b@example.org")]
        ),
        ("\"Doe, Jo\" <jo@example.org>", [MailAddress(name: "Doe, Jo", address: "jo@example.org")]),
        ("jo at home jo@example.org", [MailAddress(name: "jo at home", address: "jo@example.org")]),
    ])
    func `address lists are read`(header: String, expected: [MailAddress]) {
        #expect(MailSample.parse(text: "To: \(header)\n\nx").to == expected)
    }
}
