import Base
import Testing

@testable import Mail

@Suite(
    .serialized, .enabled(if: Submission.isInstalled, "Postfix or Dovecot is not installed, or this is not root"))
struct SubmissionTests {
    private static let letter = Array("From: desk@desk.example\r\nSubject: Good day\r\n\r\nHello.\r\n".utf8)

    private func send(
        _ server: SMTPServer, _ message: [UInt8] = letter, to recipients: [String] = ["ada@people.example"]
    ) async -> [SMTPRecipientOutcome] {
        await SMTPClient(server: server, timeoutSeconds: 30).send(
            message, sender: "desk@desk.example", recipients: recipients)
    }

    private func code(_ outcome: SMTPRecipientOutcome) -> String {
        switch outcome {
        case .accepted(let reply): "accepted \(reply.prefix(3))"
        case .refused(let reply, let isPermanent): "\(isPermanent ? "never" : "later") \(reply.prefix(3))"
        case .inDoubt(let reply): "in doubt \(reply.prefix(3))"
        }
    }

    @Test(arguments: [SMTPServer.Security.startTLS, .tls])
    func `TLS with sign-in hands over, where authority and name are right`(
        security: SMTPServer.Security
    ) async throws {
        try await Submission.run { submission in
            #expect(await send(submission.server(security)).map(code) == ["accepted 250"])

            for wrong in [
                submission.server(security, host: "127.0.0.1"), submission.server(security, isAuthorityKnown: false),
            ] {
                #expect(await send(wrong).map(code) == ["later 451"])
                #expect(await SMTPClient(server: wrong).test()?.messageKey == "smtp-tls-failed")
            }
        }
    }

    @Test func `each recipient has its own outcome in one mail`() async throws {
        try await Submission.run { submission in
            let people = ["gone", "ada", "full", "ben"].map { "\($0)@people.example" }

            let outcomes = await send(submission.server(.startTLS), to: people)

            #expect(outcomes.map(code) == ["never 550", "accepted 250", "later 450", "accepted 250"])
        }
    }

    @Test func `a refused or missing sign-in is temporary for the mail, and the test says so`() async throws {
        try await Submission.run { submission in
            let wrong = submission.server(.startTLS, password: "wrong")

            #expect(await send(wrong).map(code) == ["later 535"])
            #expect(await SMTPClient(server: wrong).test()?.messageKey == "smtp-sign-in-refused")
            #expect(await SMTPClient(server: submission.server(.tls)).test() == nil)
        }
    }

    @Test func `SIZE is kept to`() async throws {
        try await Submission.run { submission in
            let large = Self.letter + Array(String(repeating: "A line of it.\r\n", count: 10_000).utf8)

            let outcomes = await send(
                submission.server(.startTLS), large, to: ["ada@people.example", "b@people.example"])

            #expect(outcomes.map(code) == ["never 552", "never 552"])
        }
    }

    @Test func `an address beyond ASCII goes to a server with SMTPUTF8 and fails clearly at one without`() async throws
    {
        try await Submission.run { submission in
            let people = ["łódź@people.example", "ada@people.example"]

            let with = await send(submission.server(.startTLS), to: people)
            let without = await send(submission.server(.none, user: nil, password: nil), to: people)

            #expect(with.map(code) == ["accepted 250", "accepted 250"])
            #expect(without.map(code) == ["never 553", "accepted 250"])
            guard case .refused(let reply, _) = without[0] else { return }
            #expect(reply.contains("SMTPUTF8"))
        }
    }

    @Test func `a token of OAuth 2 signs in, one that is over does not`() async throws {
        let tokens = TokenServer(valid: ["good": Dovecot.user])
        defer { tokens.stop() }
        try await Submission.run(tokensAt: tokens.url) { submission in
            #expect(await send(submission.server(.tls, token: "good")).map(code) == ["accepted 250"])
            let over = await send(submission.server(.tls, token: "over"))
            guard case .refused(_, isPermanent: false) = over[0] else {
                Issue.record("\(over)")
                return
            }
        }
    }
}
