import Base
import Testing

@testable import Mail

struct SMTPClientTests {
    private static let letter = "From: desk@desk.example\r\nSubject: Good day\r\n\r\nHello.\r\n"
    private static let both = ["ada@people.example", "ben@people.example"]

    private struct Sent {
        let outcomes: [SMTPRecipientOutcome]
        let commands: [String]
        let content: String
    }

    private func send(
        _ script: ScriptedSMTPServer.Script, _ message: String = letter, sender: String = "desk@desk.example",
        to recipients: [String] = both, security: SMTPServer.Security = .none, timeoutSeconds: Int = 30
    ) async -> Sent {
        let server = ScriptedSMTPServer(script)
        defer { server.stop() }
        let client = SMTPClient(
            server: SMTPServer(host: "127.0.0.1", port: server.port, security: security), timeoutSeconds: timeoutSeconds
        )
        let outcomes = await client.send(Array(message.utf8), sender: sender, recipients: recipients)
        return Sent(
            outcomes: outcomes, commands: server.commands, content: String(decoding: server.content, as: UTF8.self))
    }

    private func script(_ change: (inout ScriptedSMTPServer.Script) -> Void) -> ScriptedSMTPServer.Script {
        var script = ScriptedSMTPServer.Script()
        change(&script)
        return script
    }

    @Test func `every recipient is accepted by the reply to the content`() async {
        let sent = await send(script { _ in })

        #expect(sent.outcomes == Array(repeating: .accepted(reply: "250 2.0.0 queued as 1A2B"), count: 2))
        #expect(sent.content == Self.letter + ".\r\n")
        #expect(sent.commands.contains { $0.hasPrefix("MAIL FROM:<desk@desk.example>") && $0.contains("SIZE=") })
        #expect(sent.commands.filter { $0.hasPrefix("RCPT") } == Self.both.map { "RCPT TO:<\($0)>" })
    }

    @Test func `an empty sender is the null sender`() async {
        let sent = await send(script { _ in }, sender: "")

        #expect(sent.commands.contains { $0.hasPrefix("MAIL FROM:<>") })
        #expect(sent.outcomes.count == 2)
    }

    @Test(arguments: [("450 4.2.1 later", false), ("550 5.7.1 never", true)])
    func `a refusal of the sender is each recipient's`(reply: String, isPermanent: Bool) async {
        let sent = await send(script { $0.mail = reply })

        #expect(sent.outcomes == Array(repeating: .refused(reply: reply, isPermanent: isPermanent), count: 2))
    }

    @Test(arguments: [("450 4.2.1 full", false), ("550 5.1.1 unknown", true)])
    func `one refused recipient does not stop the other`(reply: String, isPermanent: Bool) async {
        let accepted = SMTPRecipientOutcome.accepted(reply: "250 2.0.0 queued as 1A2B")
        let refused = SMTPRecipientOutcome.refused(reply: reply, isPermanent: isPermanent)

        let first = await send(script { $0.recipients = [Self.both[0]: reply] })
        let last = await send(script { $0.recipients = [Self.both[1]: reply] })

        #expect(first.outcomes == [refused, accepted])
        #expect(last.outcomes == [accepted, refused])
    }

    @Test func `where all recipients are refused each keeps its own reply`() async {
        let sent = await send(script { $0.recipients = [Self.both[0]: "450 4.2.1 a", Self.both[1]: "550 5.1.1 b"] })

        #expect(
            sent.outcomes == [
                .refused(reply: "450 4.2.1 a", isPermanent: false), .refused(reply: "550 5.1.1 b", isPermanent: true),
            ])
        #expect(sent.content.isEmpty)
    }

    @Test(arguments: [("451 4.3.0 later", false), ("554 5.7.1 no", true)])
    func `a refusal of DATA or of the content is for those accepted before`(reply: String, isPermanent: Bool) async {
        let unknown = [Self.both[0]: "550 5.1.1 unknown"]
        let expected: [SMTPRecipientOutcome] = [
            .refused(reply: "550 5.1.1 unknown", isPermanent: true), .refused(reply: reply, isPermanent: isPermanent),
        ]

        let before = await send(script { ($0.recipients, $0.data) = (unknown, reply) })
        let after = await send(script { ($0.recipients, $0.verdict) = (unknown, reply) })

        #expect(before.outcomes == expected)
        #expect(after.outcomes == expected)
    }

    @Test(arguments: [ScriptedSMTPServer.Place.greeting, .mail, .recipient, .data])
    func `a connection lost before the content is temporary`(place: ScriptedSMTPServer.Place) async {
        let sent = await send(script { $0.hangsUp = place })

        #expect(sent.outcomes.count == 2)
        #expect(sent.outcomes.allSatisfy(isTemporary))
    }

    @Test func `a connection lost before the final dot is temporary`() async {
        let large = Self.letter + String(repeating: "A line of a large letter, sent to somebody.\r\n", count: 400_000)

        let sent = await send(script { $0.hangsUp = .inContent }, large)

        #expect(sent.outcomes.count == 2)
        #expect(sent.outcomes.allSatisfy(isTemporary))
    }

    @Test func `a connection lost after the final dot is in doubt`() async {
        let sent = await send(script { ($0.hangsUp, $0.recipients) = (.afterContent, [Self.both[0]: "550 5.1.1 no"]) })

        #expect(sent.outcomes.first == .refused(reply: "550 5.1.1 no", isPermanent: true))
        #expect(isInDoubt(sent.outcomes[1]))
    }

    @Test func `a server that says nothing after the final dot is in doubt, before it temporary`() async {
        let after = await send(script { $0.goesSilent = .afterContent }, timeoutSeconds: 1)
        let before = await send(script { $0.goesSilent = .recipient }, timeoutSeconds: 1)

        #expect(after.outcomes.count == 2 && after.outcomes.allSatisfy(isInDoubt))
        #expect(before.outcomes.count == 2 && before.outcomes.allSatisfy(isTemporary))
    }

    @Test func `nobody listens: temporary`() async {
        let server = ScriptedSMTPServer()
        server.stop()
        let client = SMTPClient(server: SMTPServer(host: "127.0.0.1", port: server.port, security: .none))

        let outcomes = await client.send(Array(Self.letter.utf8), sender: "", recipients: Self.both)

        #expect(outcomes.count == 2 && outcomes.allSatisfy(isTemporary))
        #expect(await client.test()?.code == .unavailable)
    }

    @Test func `without SMTPUTF8 an address beyond ASCII is refused and the others go out`() async {
        let recipients = ["jürgen@people.example", "ada@people.example", "ada@bücher.example"]

        let sent = await send(script { $0.extensions = ["SIZE 5000000"] }, to: recipients)

        #expect(sent.outcomes[1] == .accepted(reply: "250 2.0.0 queued as 1A2B"))
        for outcome in [sent.outcomes[0], sent.outcomes[2]] {
            guard case .refused(let reply, isPermanent: true) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(reply.contains("SMTPUTF8"))
        }
        #expect(sent.commands.filter { $0.hasPrefix("RCPT") } == ["RCPT TO:<ada@people.example>"])
    }

    @Test func `with SMTPUTF8 an address beyond ASCII is sent and announced`() async {
        let sent = await send(script { _ in }, to: ["jürgen@people.example", "ada@bücher.example"])

        #expect(sent.outcomes == Array(repeating: .accepted(reply: "250 2.0.0 queued as 1A2B"), count: 2))
        #expect(sent.commands.contains { $0.hasPrefix("MAIL") && $0.contains("SMTPUTF8") })
        #expect(sent.commands.contains("RCPT TO:<jürgen@people.example>"))
    }

    @Test func `a mail over the server's SIZE is not sent`() async {
        let sent = await send(script { $0.extensions = ["SIZE 20"] })

        #expect(sent.outcomes.count == 2)
        for outcome in sent.outcomes {
            guard case .refused(let reply, isPermanent: true) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(reply.hasPrefix("552"))
        }
        #expect(!sent.commands.contains { $0.hasPrefix("MAIL") })
    }

    @Test func `an address cannot carry a command`() async {
        let recipients = ["ada@people.example>\r\nRCPT TO:<ben@people.example", "ada@people.example"]

        let sent = await send(script { _ in }, to: recipients)

        #expect(sent.outcomes[0] == .refused(reply: "553 5.1.3 not an address of mail", isPermanent: true))
        #expect(sent.commands.filter { $0.hasPrefix("RCPT") } == ["RCPT TO:<ada@people.example>"])
    }

    @Test func `bare line ends become CRLF, dots are doubled, and the content ends with a line end`() async {
        let sent = await send(script { _ in }, "A: b\n\n.hidden\r.\r\n..\n.\nMAIL FROM:<x@y.example>\r\nend")

        #expect(sent.content == "A: b\r\n\r\n..hidden\r\n..\r\n...\r\n..\r\nMAIL FROM:<x@y.example>\r\nend\r\n.\r\n")
        #expect(!sent.commands.contains { $0.contains("y.example") })
    }

    @Test func `dots are doubled wherever a block of the upload ends`() async {
        let message = String(repeating: ".\r\n", count: 100_001)

        let sent = await send(script { _ in }, message)

        #expect(sent.content == String(repeating: "..\r\n", count: 100_001) + ".\r\n")
    }

    @Test func `a mail that begins with a dot is not ended by it`() async {
        let sent = await send(script { _ in }, ".\r\nrest\r\n")

        #expect(sent.content == "..\r\nrest\r\n.\r\n")
    }

    @Test func `where STARTTLS is wanted and not offered nothing is sent, and it is temporary`() async {
        let sent = await send(script { _ in }, security: .startTLS)

        #expect(sent.outcomes.count == 2 && sent.outcomes.allSatisfy(isTemporary))
        #expect(!sent.commands.contains { $0.hasPrefix("MAIL") })
    }

    @Test func `a good server passes the test and nothing is sent`() async {
        let server = ScriptedSMTPServer()
        defer { server.stop() }

        let failure = await SMTPClient(server: SMTPServer(host: "127.0.0.1", port: server.port, security: .none)).test()

        #expect(failure == nil)
        #expect(!server.commands.contains { $0.hasPrefix("MAIL") })
    }

    @Test func `a greeting that refuses fails the test and every recipient`() async {
        let refusing = script { $0.greeting = "554 5.3.2 closed" }
        let server = ScriptedSMTPServer(refusing)
        defer { server.stop() }

        let failure = await SMTPClient(server: SMTPServer(host: "127.0.0.1", port: server.port, security: .none)).test()
        let sent = await send(refusing)

        #expect(failure?.code == .refused)
        #expect(sent.outcomes == Array(repeating: .refused(reply: "554 5.3.2 closed", isPermanent: true), count: 2))
    }

    private func isTemporary(_ outcome: SMTPRecipientOutcome) -> Bool {
        if case .refused(_, isPermanent: false) = outcome { true } else { false }
    }

    private func isInDoubt(_ outcome: SMTPRecipientOutcome) -> Bool {
        if case .inDoubt = outcome { true } else { false }
    }
}
