import ArgumentParser
import Base
import Foundation
import Server

struct Doctor: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at configuration, database and mail, and say what to do.")

    @OptionGroup var options: StoreOptions

    /// Those of `serve`, which are what there is to look at.
    func settings() async throws -> Settings { try await options.settingsOfServe() }

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        var isFine = true
        for finding in await Examination(services).run() {
            io.output("\(finding.isFine ? "ok" : "LOOK")\t\(finding.name)\t\(finding.detail)")
            isFine = isFine && finding.isFine
        }
        return isFine ? 0 : 69
    }
}
