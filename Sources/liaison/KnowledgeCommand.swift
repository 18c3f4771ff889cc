import ArgumentParser
import Base
import Foundation
import Knowledge
import Server
import Storage

struct KnowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge", abstract: "Texts as files: Markdown folders, banana JSON, wikitext.",
        subcommands: [Import.self, Export.self, AsWikitext.self])

    enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, banana }

    struct Export: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all texts into a folder. Confidential ones are left out unless they are asked for.")

        @OptionGroup var options: StoreOptions
        @Argument var directory: String
        @Option(help: "markdown (everything, can be imported again) or banana (for translatewiki.net).")
        var format = Format.markdown
        @Flag(help: "Confidential texts too: the folder must be kept as they are.") var confidential = false

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let folder = io.url(directory)
            let exchange = services.textExchange
            let withConfidential = confidential
            let ids = try await services.database.read { try exchange.all(withConfidential: withConfidential, in: $0) }
            if format == .banana {
                let banana = BananaFiles(store: services.knowledge)
                let files = try await services.database.read { try banana.files(of: ids, in: $0) }
                for (language, text) in files {
                    try Self.write(Array(text.utf8), to: folder.appending(path: "\(language).json"))
                }
            } else {
                for id in ids {
                    let document = try await services.database.read { try exchange.document(of: id, in: $0) }
                    for file in MarkdownFolder.files(of: document) {
                        try Self.write(file.bytes, to: folder.appending(path: file.path))
                    }
                }
            }
            io.output("Wrote \(ids.count) texts to \(directory).")
            return 0
        }

        static func write(_ bytes: [UInt8], to url: URL) throws(Failure) {
            do {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(bytes).write(to: url, options: .atomic)
            } catch {
                throw Failure(.configuration, "error-configuration", details: "\(url.path) cannot be written")
            }
        }
    }

    struct Import: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take texts from a folder that export wrote, or one made by hand; may be repeated.")

        @OptionGroup var options: StoreOptions
        @Argument var directory: String
        @Option(help: "markdown or banana.") var format = Format.markdown
        @Option(help: "Address of the member who owns what names no owner, and who translated what names nobody.")
        var owner: String

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let folder = io.url(directory)
            let (address, now) = (owner, services.clock.now())
            let member = try await services.database.read { db in
                try MemberLookUp.require(address, services, in: db).id
            }
            if format == .banana { return try await takeBanana(folder, member, now, services, io) }
            return try await TextFolders(folder: folder, services: services).take(by: member, at: now, io)
        }

        private func takeBanana(
            _ folder: URL, _ member: ID, _ now: Milliseconds, _ services: Services, _ io: CommandIO
        ) async throws -> Int32 {
            let banana = BananaFiles(store: services.knowledge)
            var faults = 0
            for name in try TextFolders.names(in: folder, folders: false)
            where name.hasSuffix(".json") && name != "qqq.json" {
                do {
                    let bytes = try TextFolders.bytes(folder.appending(path: name))
                    guard let json = String(validating: bytes, as: UTF8.self) else {
                        throw Failure(.invalid, "error-invalid", details: "\(name) is not in UTF-8")
                    }
                    let (count, unknown) = try await services.database.write { db in
                        try banana.take(json, language: String(name.dropLast(5)), by: member, at: now, in: db)
                    }
                    io.output("\(name): \(count) paragraphs taken, \(unknown.count) not known.")
                    for key in unknown.prefix(20) { io.output("\(name): no paragraph \(key) is there.") }
                } catch let failure as Failure {
                    io.error("\(name): \(failure.details)")
                    faults += 1
                }
            }
            return faults == 0 ? 0 : 65
        }
    }

    struct AsWikitext: StoreCommand {
        static let configuration = CommandConfiguration(
            commandName: "wikitext", abstract: "Write one text as wikitext to standard output.")

        @OptionGroup var options: StoreOptions
        @Argument(help: "The text's name, such as thanks-for-a-photo.") var name: String
        @Option(help: "Language; what is missing falls back.") var language = "en"

        func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
            let (slug, language) = (name, language)
            let text = try await services.database.read { db in
                try services.textExchange.wikitext(of: slug, in: language, in: db)
            }
            io.output(text)
            return 0
        }
    }
}
