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
            let exchange = services.textExchange
            var counts = (added: 0, changed: 0, same: 0)
            for name in try Self.names(in: folder, folders: true) {
                var files: [String: [UInt8]] = [:]
                let text = folder.appending(path: name)
                for file in try Self.names(in: text, folders: false) {
                    files[file] = try Self.bytes(text.appending(path: file))
                }
                let document = try MarkdownFolder.document(name, files)
                let outcome = try await services.database.write { db in
                    try exchange.take(document, ownerElse: member, at: now, in: db)
                }
                switch outcome {
                case .added: counts.added += 1
                case .changed: counts.changed += 1
                case .same: counts.same += 1
                }
            }
            io.output("\(counts.added) texts added, \(counts.changed) changed, \(counts.same) as they were.")
            return 0
        }

        private func takeBanana(
            _ folder: URL, _ member: ID, _ now: Milliseconds, _ services: Services, _ io: CommandIO
        ) async throws -> Int32 {
            let banana = BananaFiles(store: services.knowledge)
            for name in try Self.names(in: folder, folders: false) where name.hasSuffix(".json") && name != "qqq.json" {
                let json = String(decoding: try Self.bytes(folder.appending(path: name)), as: UTF8.self)
                let (count, unknown) = try await services.database.write { db in
                    try banana.take(json, language: String(name.dropLast(5)), by: member, at: now, in: db)
                }
                io.output("\(name): \(count) paragraphs taken, \(unknown.count) not known.")
            }
            return 0
        }

        private static func bytes(_ url: URL) throws(Failure) -> [UInt8] {
            do { return Array(try Data(contentsOf: url)) } catch {
                throw Failure(.invalid, "error-invalid", details: "\(url.path) cannot be read")
            }
        }

        private static func names(in folder: URL, folders: Bool) throws(Failure) -> [String] {
            let manager = FileManager.default
            guard let names = try? manager.contentsOfDirectory(atPath: folder.path) else {
                throw Failure(.invalid, "error-not-found", details: "\(folder.path) is not there")
            }
            return names.filter { name in
                var isFolder: ObjCBool = false
                let isThere = manager.fileExists(atPath: folder.appending(path: name).path, isDirectory: &isFolder)
                return isThere && !name.hasPrefix(".") && isFolder.boolValue == folders
            }.sorted()
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
