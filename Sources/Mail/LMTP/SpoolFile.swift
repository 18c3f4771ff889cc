import Foundation

/// A file being written in a given directory, owner-only, removed by `discard`. Blocking.
struct SpoolFile: Sendable {
    let path: String
    private(set) var size = 0
    private(set) var hasFailed = false
    private var descriptor: Int32 = -1

    init(directory: String) {
        path = directory + "/lmtp-\(getpid())-" + UUID().uuidString + ".eml"
    }

    /// Appends, or sets `hasFailed` (no room, no directory) and removes the file.
    mutating func append(_ bytes: [UInt8]) {
        guard !hasFailed else { return }
        if descriptor < 0 { descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        var written = 0
        while descriptor >= 0, written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        size += written
        if written < bytes.count {
            hasFailed = true
            discard()
        }
    }

    /// Closes and removes; harmless when the file was moved away.
    mutating func discard() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        unlink(path)
    }
}

/// Small file operations whose failure changes nothing.
enum FileRemoval {
    static func remove(_ path: String) { unlink(path) }
    static func setMode(_ path: String, _ mode: UInt32) { chmod(path, mode_t(mode)) }
}
