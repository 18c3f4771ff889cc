import ArgumentParser
import Base
import Correspondence
import Foundation
import Mail
import Server

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take history; repeatable, resumable, never answers anyone.", subcommands: [Mbox.self, Maildir.self])

    struct Mbox: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "From mbox files (mboxrd, mboxo, Content-Length).")

        @OptionGroup var options: StoreOptions
        @Argument(help: "Files.") var paths: [String]
        @Option(help: "Name of the queue.") var queue: String
        @Flag(help: "Print the counts as JSON.") var json = false

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            try await ImportRun(services: services, io: io, queue: queue, json: json).run(paths)
        }
    }

    struct Maildir: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "From maildirs.")

        @OptionGroup var options: StoreOptions
        @Argument(help: "Folders.") var paths: [String]
        @Option(help: "Name of the queue.") var queue: String
        @Flag(help: "Print the counts as JSON.") var json = false

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            try await ImportRun(services: services, io: io, queue: queue, json: json).run(paths)
        }
    }
}
