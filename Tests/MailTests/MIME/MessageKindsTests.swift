import Mail
import Testing

struct MessageKindsTests {
    @Test func `a delivery report names each recipient and the original`() throws {
        let message = try MailSample.parse("bounces/dsn")

        #expect(message.kind == .bounce)
        #expect(message.bouncedRecipients.map(\.address) == ["ada@example.org", "bea@example.org"])
        #expect(message.bouncedRecipients.map(\.isPermanent) == [true, false])
        #expect(message.bouncedRecipients.map(\.status) == ["5.1.1", "4.4.1"])
        #expect(message.bouncedRecipients.first?.diagnostic == "550 5.1.1 no such user")
        #expect(message.bouncedMessageID == "original@example.net")
        #expect(message.forbidsAutomaticAnswer)
    }

    @Test(arguments: [
        ("qmail", "carl@example.org", "5.1.1", true, "qm@example.net"),
        ("exim", "dora@example.org", "4.2.2", false, "ex@example.net"),
        ("sendmail", "emil@example.org", "5.1.1", true, "sm@example.net"),
        ("exchange", "fay@example.org", "5.1.1", true, ""),
    ])
    func `bounces before the standard are read from their text`(
        sample: String, address: String, status: String, isPermanent: Bool, original: String
    ) throws {
        let message = try MailSample.parse("bounces/\(sample)")

        #expect(message.kind == .bounce)
        #expect(message.bouncedRecipients.map(\.address) == [address])
        #expect(message.bouncedRecipients.first?.status == status)
        #expect(message.bouncedRecipients.first?.isPermanent == isPermanent)
        #expect(message.bouncedMessageID == original)
    }

    @Test func `a known subject is an automatic reply only beside another sign`() throws {
        #expect(try MailSample.parse("bounces/auto-reply").kind == .autoReply)
        #expect(try MailSample.parse("bounces/subject-alone").kind == .mail)
        #expect(try MailSample.parse("bounces/subject-alone").forbidsAutomaticAnswer == false)
    }

    @Test func `lists are told by their headers`() throws {
        let message = try MailSample.parse("bounces/list")

        #expect(message.kind == .list)
        #expect(message.listID == "talk.lists.example.org")
        #expect(message.forbidsAutomaticAnswer)
    }

    @Test(arguments: [
        ("Auto-Submitted: auto-replied (vacation)", MessageKind.autoReply), ("Auto-Submitted: no", .mail),
        ("X-Autoreply: yes", .autoReply),
        ("X-Autorespond: x", .autoReply), ("Precedence: auto_reply", .autoReply), ("Precedence: list", .list),
        ("List-Post: <mailto:a@b>", .list), ("Precedence: bulk", .mail), ("Auto-Submitted: auto-generated", .autoReply),
    ])
    func `one header decides`(header: String, kind: MessageKind) {
        #expect(MailSample.parse(text: "From: a@example.org\n\(header)\nSubject: x\n\nhi").kind == kind)
    }

    @Test(arguments: [
        ("Precedence: bulk", true), ("Return-Path: <>", true), ("X-Auto-Response-Suppress: DR, OOF, AutoReply", true),
        ("Return-Path: <a@example.org>", false), ("Auto-Submitted: no", false),
        ("List-Unsubscribe: <mailto:x@y>", true),
    ])
    func `what asks not to be answered by machines is not`(header: String, forbids: Bool) {
        let message = MailSample.parse(text: "From: a@example.org\n\(header)\nSubject: x\n\nhi")

        #expect(message.forbidsAutomaticAnswer == forbids)
    }
}
