import Base
import Foundation
import Knowledge
import Server
import Storage

/// Takes a folder of texts, each in a folder of its own. What is wrong with one does not keep the others out: it is
/// said, with the file it is in, and the command ends with 65.
struct TextFolders {
    let folder: URL
    let services: Services

    func take(by member: ID, at now: Milliseconds, _ io: CommandIO) async throws -> Int32 {
        var counts = (added: 0, changed: 0, same: 0)
        var faults = 0
        var taken: [String: String] = [:]
        for name in try Self.names(in: folder, folders: true) {
            do {
                switch try await take(name, &taken, by: member, at: now, io) {
                case .added: counts.added += 1
                case .changed: counts.changed += 1
                case .same: counts.same += 1
                }
            } catch let failure as Failure {
                io.error(Self.words(failure, of: name))
                faults += 1
            }
        }
        for name in try Self.names(in: folder, folders: false) where name.lowercased().hasSuffix(".md") {
            io.error("\(name) stands in no folder of its own: put it into one named like the text, as en.md")
            faults += 1
        }
        io.output("\(counts.added) texts added, \(counts.changed) changed, \(counts.same) as they were.")
        if faults > 0 { io.error("\(faults) not taken; mend them and import the folder again.") }
        return faults == 0 ? 0 : 65
    }

    private func take(
        _ name: String, _ taken: inout [String: String], by member: ID, at now: Milliseconds, _ io: CommandIO
    ) async throws -> TextExchange.Outcome {
        var files: [String: [UInt8]] = [:]
        let text = folder.appending(path: name)
        for file in try Self.names(in: text, folders: false) {
            files[file] = try Self.bytes(text.appending(path: file))
        }
        let slug = MarkdownFolder.slug(name)
        guard !slug.isEmpty else {
            throw Failure(.invalid, "error-invalid", details: "\(name) has no letter to be named by")
        }
        if let other = taken[slug] {
            throw Failure(.conflict, "error-conflict", details: "\(name) would be called \(slug), as \(other) is")
        }
        taken[slug] = name
        let document = try MarkdownFolder.document(slug, files)
        let exchange = services.textExchange
        let outcome = try await services.database.write { db in
            try exchange.take(document, ownerElse: member, at: now, in: db)
        }
        for file in MarkdownFolder.strangers(document, Array(files.keys)) {
            io.error("\(name)/\(file) is not named in the text, and was left")
        }
        return outcome
    }

    /// One line that names the file and says what is wrong with it.
    private static func words(_ failure: Failure, of name: String) -> String {
        guard failure.details.isEmpty else {
            return failure.details.hasPrefix(name) ? failure.details : "\(name): \(failure.details)"
        }
        return "\(name): \(([failure.messageKey] + failure.arguments).joined(separator: " "))"
    }

    static func bytes(_ url: URL) throws(Failure) -> [UInt8] {
        do { return Array(try Data(contentsOf: url)) } catch {
            throw Failure(.invalid, "error-invalid", details: "\(url.path) cannot be read")
        }
    }

    static func names(in folder: URL, folders: Bool) throws(Failure) -> [String] {
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
