import Testing

@testable import Mail

/// A session with a desk behind it: `known@` is taken, `later@` fails for now, the rest is unknown.
struct LMTPConversation {
    var session: LMTPSession<Int>
    var delivered: [(sender: String, recipients: [String], body: [UInt8])] = []
    var deliveryReplies: [LMTPReply]?
    var isClosed = false
    private var output: [UInt8] = []
    private var spool: [UInt8] = []
    private(set) var spoolsDiscarded = 0

    init(limits: LMTPLimits = LMTPLimits()) { session = LMTPSession(hostName: "desk.example", limits: limits) }

    mutating func say(_ text: String) -> [String] { say(Array(text.utf8)) }

    mutating func say(_ bytes: [UInt8]) -> [String] {
        carryOut(session.receive(bytes))
        defer { output = [] }
        return output.split(separator: 10).map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    private mutating func carryOut(_ first: [LMTPSession<Int>.Action]) {
        var actions = first
        while !actions.isEmpty {
            var next: [LMTPSession<Int>.Action] = []
            for action in actions {
                switch action {
                case .reply(let bytes): output += bytes
                case .lookUp(let address): next = session.answer(lookUp: Self.lookUp(address))
                case .spool(let bytes): spool += bytes
                case .discardSpool:
                    spool = []
                    spoolsDiscarded += 1
                case .deliver(let sender, let recipients, let body):
                    delivered.append((sender, recipients.map(\.address), body ?? spool))
                    next = session.answer(delivery: deliveryReplies ?? recipients.map { _ in .accepted })
                case .close: isClosed = true
                }
            }
            actions = next
        }
    }

    private static func lookUp(_ address: String) -> Result<Int, LMTPReply> {
        if address.hasPrefix("later@") { return .failure(.tryLater) }
        return address.contains("known") ? .success(1) : .failure(.unknownRecipient)
    }

    /// Up to a transaction with one recipient.
    mutating func open(_ parameters: String = "") {
        _ = say("LHLO mx.example\r\nMAIL FROM:<ann@people.example>\(parameters)\r\nRCPT TO:<known@desk.example>\r\n")
    }

    /// The codes of the answers to a whole DATA.
    mutating func data(_ body: String) -> [String] {
        _ = say("DATA\r\n")
        return say(body)
    }
}

@Suite struct LMTPSessionTests {
    @Test func `a message is delivered and each recipient gets a reply`() {
        var peer = LMTPConversation()
        #expect(peer.say("LHLO mx.example\r\n").last == "250 ENHANCEDSTATUSCODES")
        #expect(peer.say("MAIL FROM:<ann@people.example> SIZE=20 BODY=8BITMIME\r\n") == ["250 2.1.0 sender ok"])
        #expect(peer.say("RCPT TO:<known@desk.example>\r\n") == ["250 2.1.5 recipient ok"])
        #expect(peer.say("RCPT TO:<nobody@desk.example>\r\n") == ["550 5.1.1 no such mailbox here"])
        #expect(peer.say("RCPT TO:<later@desk.example>\r\n") == ["451 4.3.0 cannot store now, try again later"])
        #expect(peer.say("RCPT TO:<known+two@desk.example>\r\n") == ["250 2.1.5 recipient ok"])
        #expect(peer.say("DATA\r\n").first?.hasPrefix("354 ") == true)
        peer.deliveryReplies = [.accepted, .tryLater]

        let replies = peer.say("Subject: x\r\n\r\n..dot\r\n.\r\n")

        #expect(replies == ["250 2.0.0 stored", "451 4.3.0 cannot store now, try again later"])
        #expect(peer.delivered[0].recipients == ["known@desk.example", "known+two@desk.example"])
        #expect(peer.delivered[0].body == Array("Subject: x\r\n\r\n.dot\r\n".utf8))
        #expect(peer.say("QUIT\r\n") == ["221 2.0.0 goodbye"])
        #expect(peer.isClosed)
    }

    @Test(arguments: ["HELO mx.example", "EHLO mx.example"])
    func `only LHLO greets`(_ greeting: String) {
        var peer = LMTPConversation()

        #expect(peer.say(greeting + "\r\n") == ["500 5.5.1 this is LMTP: say LHLO"])
        #expect(peer.say("MAIL FROM:<>\r\n")[0].hasPrefix("503 "))
        #expect(peer.say("LHLO mx.example\r\nMAIL FROM:<>\r\n").last == "250 2.1.0 sender ok")
    }

    @Test(arguments: [
        ("MAIL FROM:<ann@people.example> SIZE=104857601", "552"),
        ("MAIL FROM:<ann@people.example> SIZE=104857600", "250"),
        ("MAIL FROM:<ann@people.example> SIZE=99999999999999999999", "552"),
        ("MAIL FROM:<ann@people.example> SIZE=x", "501"),
        ("MAIL FROM:<ann@people.example> BODY=BINARYMIME", "555"), ("MAIL FROM:<ann@people.example> BODY=7BIT", "250"),
        ("MAIL FROM:ann@people.example", "501"), ("mail from: <ann@people.example>", "250"),
        ("MAIL FROM:<zoë@people.example>", "553"), ("MAIL FROM:<zoë@people.example> SMTPUTF8", "250"),
        ("MAIL FROM:<@relay.example:ann@people.example>", "250"), ("MAIL FROM:<\"a b>\"@people.example>", "250"),
        ("MAIL FROM:<a b@people.example>", "501"), ("MAIL FROM:<ann@people.example>x", "501"), ("MAIL FROM:<>", "250"),
        ("RCPT TO:<known@desk.example>", "503"), ("DATA", "503"), ("BDAT 0 LAST", "503"), ("BDAT x", "501"),
        ("FOO", "500"),
        ("VRFY ann", "252"), ("NOOP x", "250"), ("RSET", "250"), ("DATA now", "501"),
        ("MAIL FROM:<a\u{0}@people.example>", "500"),
    ])
    func `each command is taken or refused for its own reason`(_ line: String, _ code: String) {
        var peer = LMTPConversation()
        _ = peer.say("LHLO mx.example\r\n")

        #expect(peer.say(line + "\r\n").first?.prefix(3) == code[...])
    }

    @Test func `pipelined commands are answered in order whatever the cut`() {
        let script = Array(
            ("LHLO mx.example\r\nMAIL FROM:<ann@people.example>\r\nRCPT TO:<known@desk.example>\r\n"
                + "RCPT TO:<nobody@desk.example>\r\nDATA\r\na\r\n..b\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<known@desk.example>\r\n"
                + "BDAT 3\r\nab\rBDAT 2 LAST\r\n\nxNOOP\r\nQUIT\r\n").utf8)
        var whole = LMTPConversation()
        let expected = whole.say(script)
        #expect(
            expected.map { String($0.prefix(3)) }.joined(separator: " ")
                == "250 250 250 250 250 250 250 250 250 550 354 250 250 250 250 250 250 221")

        for cut in 1..<script.count {
            var peer = LMTPConversation()
            let replies = peer.say(Array(script[..<cut])) + peer.say(Array(script[cut...]))
            #expect(replies == expected, "cut at \(cut)")
            #expect(peer.delivered.map(\.body) == [Array("a\r\n.b\r\n".utf8), Array("ab\r\nx".utf8)])
        }
        var slow = LMTPConversation()
        #expect(script.flatMap { slow.say([$0]) } == expected)
    }

    @Test(arguments: ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\u{0}\n.\n", "\n\r.\r\n"])
    func `no smuggled end ends the message and the message is refused`(_ end: String) {
        var peer = LMTPConversation()
        peer.open()

        let early = peer.data("Subject: x\r\n\r\none\(end)MAIL FROM:<evil@people.example>\r\n")
        let late = peer.say("more\r\n.\r\n")

        #expect(early == [])
        #expect(late == ["550 5.6.0 lines must end with CRLF: bare CR or LF found"])
        #expect(peer.delivered.isEmpty)
        #expect(peer.say("MAIL FROM:<ann@people.example>\r\n") == ["250 2.1.0 sender ok"])
    }

    @Test func `NUL and eight-bit bytes are kept`() {
        var peer = LMTPConversation()
        peer.open()
        _ = peer.say("DATA\r\n")

        let body: [UInt8] = [0, 0xFF, 0x80, 13, 10]

        #expect(peer.say(body + Array(".\r\n".utf8)) == ["250 2.0.0 stored"])
        #expect(peer.delivered[0].body == body)
    }

    @Test func `an empty message is a message`() {
        var peer = LMTPConversation()
        peer.open()

        #expect(peer.data(".\r\n") == ["250 2.0.0 stored"])
        #expect(peer.delivered[0].body == [])
    }

    @Test func `above the size limit a message is read to its end and refused`() {
        var limits = LMTPLimits()
        limits.messageSize = 10
        var peer = LMTPConversation(limits: limits)

        peer.open()
        #expect(peer.data("12345678\r\n.\r\n") == ["250 2.0.0 stored"])
        peer.open()
        #expect(peer.data("123456789\r\n.\r\n") == ["552 5.3.4 message is larger than the limit"])
        peer.open()
        #expect(peer.say("BDAT 6\r\nabcdefBDAT 4 LAST\r\nabcd").map { $0.prefix(3) } == ["250", "250"])
        peer.open()
        #expect(peer.say("BDAT 6\r\nabcdefBDAT 5 LAST\r\nabcdeNOOP\r\n").map { $0.prefix(3) } == ["250", "552", "250"])
        peer.open()
        #expect(
            peer.say("BDAT 11\r\nabcdefghijkBDAT 1 LAST\r\nxNOOP\r\n").map { $0.prefix(3) } == ["552", "503", "250"])
        #expect(peer.delivered.count == 2)
    }

    @Test func `what is too large for memory is spooled and the spool is thrown away afterwards`() {
        var limits = LMTPLimits()
        limits.memorySize = 4
        var peer = LMTPConversation(limits: limits)
        peer.open()
        _ = peer.say("DATA\r\n")

        let replies = ["one\r\n", "two\r\n", "..\r\n.\r\n"].flatMap { peer.say($0) }

        #expect(replies == ["250 2.0.0 stored"])
        #expect(peer.delivered[0].body == Array("one\r\ntwo\r\n.\r\n".utf8))
        #expect(peer.spoolsDiscarded == 1)
    }

    @Test func `the recipient above the limit goes into another transaction`() {
        var limits = LMTPLimits()
        limits.recipients = 2
        var peer = LMTPConversation(limits: limits)
        peer.open()

        #expect(peer.say("RCPT TO:<known2@desk.example>\r\n") == ["250 2.1.5 recipient ok"])
        #expect(peer.say("RCPT TO:<known3@desk.example>\r\n")[0].hasPrefix("452 4.5.3"))
        #expect(peer.data("x\r\n.\r\n").count == 2)
    }

    @Test func `without a valid recipient there is no DATA and a chunk is read past`() {
        var peer = LMTPConversation()
        _ = peer.say("LHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<nobody@desk.example>\r\n")

        #expect(peer.say("DATA\r\n") == ["503 5.5.1 no valid recipients"])
        #expect(peer.say("BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n").map { $0.prefix(3) } == ["503", "250"])
        #expect(!peer.isClosed)
    }

    @Test func `RSET and LHLO forget the transaction`() {
        for command in ["RSET", "LHLO mx.example"] {
            var peer = LMTPConversation()
            peer.open()
            #expect(peer.say("MAIL FROM:<>\r\n")[0].hasPrefix("503"))
            _ = peer.say(command + "\r\n")
            #expect(peer.say("DATA\r\n").first?.hasPrefix("503") == true)
            #expect(peer.say("MAIL FROM:<>\r\n") == ["250 2.1.0 sender ok"])
        }
    }

    @Test func `a line that is too long is refused once and the next one is heard`() {
        var peer = LMTPConversation()
        let long = String(repeating: "x", count: 10_000)

        #expect(peer.say("NOOP " + long) == [])
        #expect(peer.say(long + "\r\n") == ["500 5.5.2 line too long"])
        #expect(peer.say("NOOP\r\n") == ["250 2.0.0 ok"])
        #expect(peer.say("NOOP\n")[0].hasPrefix("500"))
    }

    @Test func `too many errors end the conversation`() {
        var peer = LMTPConversation()

        let replies = peer.say(String(repeating: "FOO\r\n", count: 30))

        #expect(replies.count == 21)
        #expect(replies.last?.hasPrefix("421 4.7.0") == true)
        #expect(peer.isClosed)
    }

    @Test func `stopping in the middle of a body accepts nothing`() {
        var peer = LMTPConversation()
        peer.open()
        _ = peer.data("half a mess")

        let actions = peer.session.stop(.shuttingDown)

        #expect(actions.count == 2)
        #expect(peer.say("age\r\n.\r\n") == [])
        #expect(peer.delivered.isEmpty)
    }

    @Test func `a reply cannot carry a second line`() {
        #expect(LMTPReply(550, "5.1.1", "no\r\n250 yes").line == Array("550 5.1.1 no??250 yes\r\n".utf8))
    }
}
