import Base
import Foundation
import Testing

@testable import Mail

@Suite(.serialized, .enabled(if: Dovecot.isInstalled, "Dovecot is not installed: apt-get install dovecot-imapd"))
struct IMAPSessionTests {
    private func letter(_ number: Int, words: String = "Hello.\r\n") -> [UInt8] {
        Array("From: ada@people.example\r\nSubject: Letter \(number)\r\n\r\n\(words)".utf8)
    }

    private func session(_ dovecot: Dovecot, password: String = "secret") -> IMAPSession {
        IMAPSession(
            account: IMAPAccount(
                host: "127.0.0.1", port: dovecot.port, security: .none, login: Dovecot.user,
                secret: .password(password)), timeoutSeconds: 30)
    }

    private var spool: URL { FileManager.default.temporaryDirectory }

    private func seen(_ client: PlainIMAP, in folder: String = "INBOX") throws -> [String] {
        try client.command("EXAMINE \(folder)")
        return try client.command("UID SEARCH SEEN")
    }

    @Test func `what is fetched is byte-identical and stays unseen`() async throws {
        try await Dovecot.run { dovecot in
            let client = try PlainIMAP(dovecot)
            let letters = (1...3).map { letter($0, words: "Dots.\r\n.\r\n..\r\n) A1 OK\r\nGrüße {5}\r\n") }
            try client.append(letters)
            let session = session(dovecot)

            let folder = try await session.examine("INBOX")
            let uids = try await session.uids(after: 0)
            var fetched: [IMAPMessage] = []
            for uid in uids { fetched.append(try await session.fetch(uid, largerThan1MiBTo: spool)) }

            #expect(folder.exists == 3)
            #expect(folder.validity > 0)
            #expect(uids == [1, 2, 3])
            #expect(fetched == letters.map { .memory($0) })
            #expect(try seen(client) == ["* SEARCH"])
        }
    }

    @Test func `a large mail comes whole, in a file`() async throws {
        try await Dovecot.run { dovecot in
            let client = try PlainIMAP(dovecot)
            let large = letter(1, words: String(repeating: "A line of a letter with many pictures.\r\n", count: 80_000))
            try client.append([large])
            let session = session(dovecot)

            _ = try await session.examine("INBOX")
            let fetched = try await session.fetch(1, largerThan1MiBTo: spool)

            guard case .file(let url) = fetched else { throw Dovecot.Broken() }
            #expect(large.count > 3_000_000)
            #expect(try Data(contentsOf: url) == Data(large))
            #expect(try seen(client) == ["* SEARCH"])
            try FileManager.default.removeItem(at: url)
        }
    }

    @Test func `1,200 messages are listed whole, and only those after a UID`() async throws {
        try await Dovecot.run { dovecot in
            try PlainIMAP(dovecot).append((1...1_200).map { letter($0) })
            let session = session(dovecot)

            let folder = try await session.examine("INBOX")
            let all = try await session.uids(after: 0)
            let old = try await session.uids(after: 150)
            let new = try await session.uids(after: 1_199)
            let none = try await session.uids(after: 1_200)

            #expect(folder.exists == 1_200)
            #expect(all == Array(1...1_200))
            #expect(old == Array(151...1_200))
            #expect(new == [1_200])
            #expect(none.isEmpty)
        }
    }

    @Test func `marking is what makes seen, and reading goes on after it`() async throws {
        try await Dovecot.run { dovecot in
            let client = try PlainIMAP(dovecot)
            try client.append((1...250).map { letter($0) })
            let session = session(dovecot)
            _ = try await session.examine("INBOX")

            try await session.markSeen(Array(1...249))
            let last = try await session.fetch(250, largerThan1MiBTo: spool)

            #expect(last == .memory(letter(250)))
            #expect(try seen(client) == ["* SEARCH " + (1...249).map(String.init).joined(separator: " ")])
        }
    }

    @Test(arguments: ["Done", "Erledigt & fertig 100%41 \"größer\"", "已处理"])
    func `moving creates the folder and takes the message there`(name: String) async throws {
        try await Dovecot.run { dovecot in
            let client = try PlainIMAP(dovecot)
            try client.append((1...3).map { letter($0) })
            let session = session(dovecot)
            _ = try await session.examine("INBOX")

            try await session.move([1, 3], to: name)
            let left = try await session.uids(after: 0)
            let there = try await session.examine(name)
            let moved = try await session.fetch(2, largerThan1MiBTo: spool)

            #expect(left == [2])
            #expect(there.exists == 2)
            #expect(moved == .memory(letter(3)))
        }
    }

    @Test func `a mailbox made anew has another validity`() async throws {
        try await Dovecot.run { dovecot in
            let client = try PlainIMAP(dovecot)
            try client.command("CREATE Box")
            try client.append([letter(1)], to: "Box")
            let session = session(dovecot)
            let before = try await session.examine("Box")

            try client.command("DELETE Box")
            try client.command("CREATE Box")
            let after = try await session.examine("Box")

            #expect(before.exists == 1)
            #expect(after.exists == 0)
            #expect(before.validity != after.validity)
        }
    }

    @Test func `a message that is gone and a folder that never was are not found`() async throws {
        try await Dovecot.run { dovecot in
            try PlainIMAP(dovecot).append([letter(1)])
            let session = session(dovecot)

            await #expect(throws: Failure(.notFound, "mailbox-folder-missing")) { try await session.examine("Nowhere") }
            _ = try await session.examine("INBOX")
            await #expect(throws: Failure(.notFound, "mailbox-message-gone")) {
                try await session.fetch(7, largerThan1MiBTo: spool)
            }
            #expect(try await session.fetch(1, largerThan1MiBTo: spool) == .memory(letter(1)))
        }
    }

    @Test func `a wrong password is refused, a server that is away is unavailable`() async throws {
        var gone: Dovecot?
        try await Dovecot.run { dovecot in
            gone = dovecot
            await #expect(throws: Failure(.refused, "mailbox-sign-in-refused")) {
                try await session(dovecot, password: "wrong").examine("INBOX")
            }
        }

        let dovecot = try #require(gone)
        await #expect(throws: Failure(.unavailable, "mailbox-unreachable")) {
            try await session(dovecot).examine("INBOX")
        }
    }

    @Test(arguments: [IMAPAccount.Security.tls, .startTLS])
    func `TLS is spoken with a server whose authority we know, and only with such`(
        security: IMAPAccount.Security
    ) async throws {
        try await Dovecot.run(withTLS: true) { dovecot in
            let port = security == .tls ? dovecot.tlsPort : dovecot.port
            var account = IMAPAccount(
                host: "127.0.0.1", port: port, security: security, login: Dovecot.user, secret: .password("secret"),
                caFile: dovecot.caFile)

            let known = try await IMAPSession(account: account).examine("INBOX")
            account.caFile = nil

            #expect(known.exists == 0)
            let failure = await #expect(throws: Failure(.unavailable, "mailbox-tls-failed")) {
                try await IMAPSession(account: account).examine("INBOX")
            }
            #expect(failure?.messageKey == "mailbox-tls-failed")
        }
    }

    @Test func `where STARTTLS is wanted and not offered no password is sent`() async throws {
        try await Dovecot.run { dovecot in
            let account = IMAPAccount(
                host: "127.0.0.1", port: dovecot.port, security: .startTLS, login: Dovecot.user,
                secret: .password("secret"))

            let failure = await #expect(throws: Failure.self) {
                try await IMAPSession(account: account).examine("INBOX")
            }

            #expect(failure?.messageKey == "mailbox-tls-failed")
        }
    }

    @Test(arguments: [IMAPAccount.Security.tls, .startTLS])
    func `a token of OAuth 2 signs in over TLS, one that is over is refused`(
        security: IMAPAccount.Security
    ) async throws {
        let tokens = TokenServer(valid: ["good": Dovecot.user])
        defer { tokens.stop() }
        try await Dovecot.run(withTLS: true, tokensAt: tokens.url) { dovecot in
            try PlainIMAP(dovecot).append([letter(1)])
            var account = IMAPAccount(
                host: "127.0.0.1", port: security == .tls ? dovecot.tlsPort : dovecot.port, security: security,
                login: Dovecot.user, secret: .bearer("good"), caFile: dovecot.caFile)

            let session = IMAPSession(account: account)
            #expect(try await session.examine("INBOX").exists == 1)
            #expect(try await session.fetch(1, largerThan1MiBTo: spool) == .memory(letter(1)))

            account.secret = .bearer("over")
            let failure = await #expect(throws: Failure.self) {
                try await IMAPSession(account: account).examine("INBOX")
            }
            #expect(failure?.messageKey == "mailbox-sign-in-refused")
            #expect(tokens.questions >= 2)
        }
    }
}
