import ArgumentParser
import Base
import Correspondence
import Foundation
import Server

/// What rules and models cost for each new mail on a desk that holds mail, in milliseconds, as JSON: for
/// `script/bench`,
/// on a database of its own that it changes.
struct MeasureCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "For script/bench: times rules and models on the newest mails.",
        shouldDisplay: false)

    @OptionGroup var options: StoreOptions
    @Option(help: "Rules as `inspect rules` takes them.") var rules: String
    @Option(help: "So many mails.") var mails = 500

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        let lines = try InspectRules.lines(rules)
        let spent = try await services.measureNewMail(lines, mails: mails)
        io.output(String(decoding: try JSONEncoder().encode(spent), as: UTF8.self))
        return 0
    }
}
