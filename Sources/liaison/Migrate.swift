import ArgumentParser
import Server

struct Migrate: StoreCommand {
    static let configuration = CommandConfiguration(abstract: "Create the database or bring it to the newest schema.")

    @OptionGroup var options: StoreOptions

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        // Opening the services has done it.
        io.output("The database is current.")
        return 0
    }
}
