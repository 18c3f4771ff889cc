import ArgumentParser
import Base
import Correspondence
import Foundation
import Knowledge
import Schema
import Server
import Storage

struct Backup: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write one snapshot of everything to a new file that either engine can be restored from.")

    @OptionGroup var options: StoreOptions
    @Argument var file: String

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        let archive = Archive(Migrator(Schema.migrations))
        let rows = try await archive.write(services.database, to: io.url(file)) { _ in }
        io.output(
            "Wrote \(rows) rows to \(file). It needs the instance key \(services.key.fingerprint), which is not in it.")
        return 0
    }
}

struct Restore: StoreCommand {
    static let configuration = CommandConfiguration(abstract: "Fill an empty database from a backup.")

    @OptionGroup var options: StoreOptions
    @Argument var file: String

    /// Without the key of the backup nothing is made: neither another key nor a database that belongs to it.
    func check(_ settings: Settings) async throws {
        try await require(try DataDirectory.existingKey(settings)?.fingerprint, url: CommandRunner.terminal.url(file))
    }

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        let url = io.url(file)
        try await require(services.key.fingerprint, url: url)
        let archive = Archive(Migrator(Schema.migrations))
        let rows = try await archive.read(url, into: services.database) { _ in }
        io.output("Restored \(rows) rows. Making the search index.")
        let count = try await Reindexing(database: services.database, stores: services.stores).run { _ in }
        let texts = try await TextReindexing(database: services.database, store: services.knowledge).run()
        io.output("Indexed \(count) messages and \(texts) texts.")
        let erased = try await services.eraseAgain()
        if erased > 0 { io.output("Erased \(erased) persons again whom the backup had brought back.") }
        return 0
    }

    private func require(_ fingerprint: String?, url: URL) async throws {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw Failure(.invalid, "error-not-found", details: "\(file) is not there")
        }
        let needed = try await Archive.setting("key-fingerprint", in: url) ?? ""
        guard needed != fingerprint else { return }
        let here = fingerprint.map { "this installation has \($0)" } ?? "this installation has none"
        throw Failure(
            .configuration, "error-configuration",
            details: "this backup needs the instance key \(needed), as LIAISON_KEY or the file key; \(here)")
    }
}

struct Reindex: StoreCommand {
    static let configuration = CommandConfiguration(abstract: "Make the search index anew.")

    @OptionGroup var options: StoreOptions

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        let count = try await Reindexing(database: services.database, stores: services.stores).run { _ in }
        let texts = try await TextReindexing(database: services.database, store: services.knowledge).run()
        io.output("Indexed \(count) messages and \(texts) texts.")
        return 0
    }
}

struct Verify: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check counts, the hashes of all mail, references and the event chain.")

    @OptionGroup var options: StoreOptions

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        var isFine = true
        for finding in try await Verification(services).run() {
            io.output("\(finding.isFine ? "ok" : "BROKEN")\t\(finding.name)\t\(finding.detail)")
            isFine = isFine && finding.isFine
        }
        return isFine ? 0 : 65
    }
}
