import ArgumentParser
import Base
import People
import Server

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Keys of the API.", subcommands: [Add.self])

    struct Add: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token; it is printed once.")

        @OptionGroup var options: StoreOptions
        @Argument(help: "What it is for.") var name: String
        @Option(help: "Address of the member whose rights it has.") var member: String
        @Option(help: "read or write") var scope: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            guard let scope = TokenScope(rawValue: scope) else {
                throw Failure(.invalid, "error-invalid", details: "the scope is read or write")
            }
            let now = services.clock.now()
            let secret = try await services.database.write { db in
                let member = try MemberLookUp.require(member, services, in: db)
                return try services.sessions.addToken(name: name, member: member.id, scope: scope, at: now, in: db)
            }
            io.output(secret)
            return 0
        }
    }
}
