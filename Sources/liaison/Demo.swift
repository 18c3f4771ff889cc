import ArgumentParser
import Base
import Correspondence
import Demonstration
import Foundation
import Server

struct Demo: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fill an empty database with an invented organisation and a year of its mail.",
        discussion: "Nothing is sent. Every person, address and matter in it is invented.")

    @OptionGroup var options: StoreOptions
    @Option(help: "small (about 150 tickets) or large (about 3000).") var size = "large"
    @Option(help: "The same seed makes the same year.") var seed: UInt64 = 2026

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        guard let size = Demonstration.Size(rawValue: size) else {
            throw Failure(.invalid, "error-invalid", details: "the size is small or large")
        }
        guard !io.isInServer else {
            throw Failure(
                .refused, "error-refused", details: "a server works on this database; stop it, then run this again")
        }
        let isShown = isatty(FileHandle.standardError.fileDescriptor) == 1
        let signIns = try await Demonstration(services: services, size: size, seed: seed).fill { done, all, at in
            let line = "\(ISO8601.string(at).prefix(10))  \(done) of \(all) steps"
            if isShown { FileHandle.standardError.write(Data("\r\(line)   ".utf8)) }
        }
        if isShown { io.error("") }
        io.output("The Open Almanac is there: an invented organisation with a year of mail in ten languages.")
        io.output("Start with 'liaison serve' and sign in at \(services.settings.publicURL) as one of:")
        io.output("")
        for signIn in signIns { io.output("  \(signIn.address)\t\(signIn.password)\t\(signIn.name)") }
        io.output("")
        io.output("The passwords are new and shown only now. Greta is the administrator.")
        return 0
    }
}
