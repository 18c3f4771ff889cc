import ArgumentParser
import Base
import Correspondence
import Foundation
import Server

struct MailboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mailbox", abstract: "Mailboxes of other servers, fetched by IMAP.",
        subcommands: [Add.self, List.self, Remove.self])

    struct Add: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch a mailbox; the password or token is read from standard input unless the address has it.")

        @OptionGroup var options: StoreOptions
        @Argument var name: String
        @Option(help: "Queue the mail goes to.") var queue: String
        @Option(help: "imaps://USER@HOST[:PORT][/FOLDER]; imap:// uses STARTTLS beyond this machine.") var imap: String
        @Option(help: "Seconds between two looks.") var interval = 60
        @Option(help: "Folder fetched mail is moved to; without it mail is marked as read.") var moveTo = ""
        @Flag(help: "The secret is an OAuth 2 access token, or refresh grant as JSON.") var oauth = false

        var readsInput: Bool { URLComponents(string: imap)?.password == nil }

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            guard let address = URLComponents(string: imap), let host = address.host, let user = address.user,
                address.scheme == "imap" || address.scheme == "imaps", interval >= 1
            else { throw Failure(.invalid, "error-invalid", details: "\(imap) is not imaps://USER@HOST/FOLDER") }
            let isLocal = ["127.0.0.1", "localhost", "::1"].contains(host)
            let security: Mailbox.Security = address.scheme == "imaps" ? .tls : isLocal ? .none : .startTLS
            let folder = address.path.dropFirst()
            var secret = address.password ?? String(decoding: input, as: UTF8.self)
            while secret.last?.isNewline == true { secret.removeLast() }
            let sealed = secret
            try await services.database.write { db in
                let queue = try QueueLookUp.require(queue, services, in: db)
                let mailbox = Mailbox(
                    id: 0, name: name, queue: queue.id, host: host,
                    port: address.port ?? (security == .tls ? 993 : 143),
                    security: security, login: user, secretKind: oauth ? .oauth : .password,
                    folder: folder.isEmpty ? "INBOX" : String(folder), moveTo: moveTo, intervalSeconds: interval,
                    state: "new",
                    checkedAt: nil)
                _ = try services.mailboxes.add(mailbox, secret: sealed, in: db)
            }
            io.output("Added the mailbox \(name). Look at it with: liaison doctor")
            return 0
        }
    }

    struct List: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "List the mailboxes and how they are.")

        @OptionGroup var options: StoreOptions

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            for mailbox in try await services.database.read({ try services.mailboxes.all(in: $0) }) {
                let checked = mailbox.checkedAt.map(ISO8601.string) ?? "never"
                io.output(
                    "\(mailbox.name)\t\(mailbox.login)@\(mailbox.host)/\(mailbox.folder)\t\(mailbox.state)\t\(checked)")
            }
            return 0
        }
    }

    struct Remove: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Stop fetching a mailbox.")

        @OptionGroup var options: StoreOptions
        @Argument var name: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            try await services.database.write { db in
                guard let mailbox = try services.mailboxes.all(in: db).first(where: { $0.name == name }) else {
                    throw Failure(.notFound, "error-not-found", details: "there is no mailbox \(name)")
                }
                try services.mailboxes.remove(mailbox.id, at: services.clock.now(), in: db)
            }
            io.output("Removed.")
            return 0
        }
    }
}
