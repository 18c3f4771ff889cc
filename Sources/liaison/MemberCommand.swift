import ArgumentParser
import Base
import People
import Server
import Storage

struct MemberCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "People with an account.",
        subcommands: [Add.self, List.self, Disable.self, ResetSecondFactor.self])

    struct Add: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Add a member; prints a first password.")

        @OptionGroup var options: StoreOptions
        @Argument(help: "Their address; they sign in with it.") var email: String
        @Option(help: "Their name for colleagues.") var name: String
        @Flag(help: "May change queues, members and settings.") var administrator = false
        @Flag(help: "Read the password from standard input; it needs no change.") var passwordStdin = false

        var readsInput: Bool { passwordStdin }

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            var given = String(decoding: input, as: UTF8.self)
            while given.last?.isNewline == true { given.removeLast() }
            if passwordStdin, given.count < Password.minimumLength {
                throw Failure(
                    .invalid, "first-password-short",
                    details: "the password needs \(Password.minimumLength) characters or more")
            }
            let password = passwordStdin ? given : services.random.reference(byteCount: 15)
            let hash = try await services.gate.hash(password)
            let now = services.clock.now()
            let mustChange = !passwordStdin
            try await services.database.write { db in
                _ = try services.members.add(
                    email: email, name: name, isAdministrator: administrator, password: hash, mustChange: mustChange,
                    actor: nil, at: now, in: db)
            }
            io.output("Added \(email).")
            if mustChange { io.output("First password, shown only now: \(password)") }
            return 0
        }
    }

    struct List: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "List the members.")

        @OptionGroup var options: StoreOptions

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            for member in try await services.database.read({ try services.members.all(in: $0) }) {
                let marks = (member.isAdministrator ? " administrator" : "") + (member.isDisabled ? " disabled" : "")
                io.output("\(member.email)\t\(member.name)\(marks.isEmpty ? "" : "\t\(marks.dropFirst())")")
            }
            return 0
        }
    }

    struct Disable: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "End a member's access.")

        @OptionGroup var options: StoreOptions
        @Argument var email: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let now = services.clock.now()
            try await services.database.write { db in
                let member = try MemberLookUp.require(email, services, in: db)
                try services.members.disable(member.id, actor: nil, at: now, in: db)
            }
            io.output("\(email) has no access any more.")
            return 0
        }
    }
}

extension MemberCommand {
    struct ResetSecondFactor: StoreCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset-second-factor",
            abstract: "Take away a lost second factor; the member is told. Where there is one administrator only.")

        @OptionGroup var options: StoreOptions
        @Argument var email: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            try await LostFactor(services.waysIn()).reset(email: email)
            io.output("\(email) signs in with the password, then sets up a new second factor.")
            return 0
        }
    }
}

/// Members by the address given on the command line.
enum MemberLookUp {
    static func require(_ email: String, _ services: Services, in db: any Connection) throws -> Member {
        guard let member = try services.members.find(email: email, in: db) else {
            throw Failure(
                .notFound, "error-not-found", details: "there is no member \(email); see: liaison member list")
        }
        return member
    }
}
