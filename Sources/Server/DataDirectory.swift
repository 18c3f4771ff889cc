import Base
import Foundation

/// The folder of a node: made with mode 0700, locked by whoever writes an SQLite database in it.
package final class DataDirectory: Sendable {
    package let url: URL
    private let lock: Int32

    private init(url: URL, lock: Int32) {
        self.url = url
        self.lock = lock
    }

    deinit {
        if lock >= 0 { close(lock) }
    }

    package var socket: URL { url.appending(path: "control.sock") }
    package var spool: URL { url.appending(path: "spool", directoryHint: .isDirectory) }
    package var auditHeads: URL { url.appending(path: "audit-heads.log") }
    package var erasures: URL { url.appending(path: "erasures.log") }

    /// Makes the folder. With `isExclusive`, nil when another process holds it.
    package static func open(_ url: URL, isExclusive: Bool) throws -> DataDirectory? {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: attributes)
            let spool = url.appending(path: "spool", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(
                at: spool, withIntermediateDirectories: true, attributes: attributes)
        } catch {
            throw Failure(.configuration, "error-configuration", details: "the data folder cannot be made: \(url.path)")
        }
        guard isExclusive else { return DataDirectory(url: url, lock: -1) }
        let descriptor = Glibc.open(url.appending(path: "lock").path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(.unavailable, "error-unavailable", details: "the lock of the data folder cannot be opened")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return DataDirectory(url: url, lock: descriptor)
    }

    /// The instance key: from the settings, or the file `key`, which is made (0600) at the first start.
    package func instanceKey(_ settings: Settings, random: Randomness) throws -> InstanceKey {
        if let text = settings.key { return try Self.parse(text) }
        let file = url.appending(path: "key")
        if !FileManager.default.fileExists(atPath: file.path) {
            let made = Base64URL.encode(random.bytes(32)) + "\n"
            let isMade = FileManager.default.createFile(
                atPath: file.path, contents: Data(made.utf8), attributes: [.posixPermissions: 0o600])
            guard isMade else { throw Failure(.full, "error-full", details: "the instance key cannot be written") }
        }
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int ?? 0
        guard mode & 0o077 == 0 else {
            throw Failure(
                .configuration, "error-configuration", details: "\(file.path) is readable by others: chmod 600 it")
        }
        return try Self.parse(String(contentsOf: file, encoding: .utf8))
    }

    /// The key that is there already, before anything is made; nil where there is none.
    package static func existingKey(_ settings: Settings) throws -> InstanceKey? {
        if let text = settings.key { return try parse(text) }
        let file = settings.dataURL.appending(path: "key")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try parse(String(contentsOf: file, encoding: .utf8))
    }

    package static func parse(_ text: String) throws -> InstanceKey {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Base64URL.decode(trimmed) else {
            throw Failure(.configuration, "error-configuration", details: "the instance key is not base64")
        }
        return try InstanceKey(bytes)
    }
}
