import Base
import Correspondence
import Foundation

/// What was erased, kept in a file beside the database, so that a backup that is restored does not bring it back: a
/// time in milliseconds and the salted hash of an address, or the number of a contact, a line; only ever appended to.
package struct ErasureLog: Sendable {
    private let file: URL

    package init(_ file: URL) { self.file = file }

    /// Adds what is not in it yet.
    package func add(_ entries: [Erasing.Entry]) throws {
        let known = Set(try lines())
        let new = entries.map(Self.line).filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        if !FileManager.default.fileExists(atPath: file.path) {
            guard
                FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
            else { throw Failure(.full, "error-full", details: "what was erased cannot be noted in \(file.path)") }
        }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((new.joined(separator: "\n") + "\n").utf8))
        try handle.synchronize()
    }

    package func all() throws -> [Erasing.Entry] { try lines().compactMap(Self.entry) }

    private func lines() throws -> [String] {
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func line(_ entry: Erasing.Entry) -> String {
        switch entry.what {
        case .address(let hash): "\(entry.at) address \(Hex.encode(hash))"
        case .contact(let id): "\(entry.at) contact \(id)"
        }
    }

    private static func entry(_ line: String) -> Erasing.Entry? {
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 3, let at = Milliseconds(parts[0]) else { return nil }
        switch parts[1] {
        case "address": return Hex.decode(parts[2]).map { Erasing.Entry(.address($0), at: at) }
        case "contact": return ID(parts[2]).map { Erasing.Entry(.contact($0), at: at) }
        default: return nil
        }
    }
}
