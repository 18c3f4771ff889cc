import Base
import Foundation

/// Writes a large message to a file of its own, owner-only. Blocking.
enum MailboxSpool {
    /// Asks for pieces until nil. Nothing stays behind after a failure.
    static func write(
        to folder: URL, pieces next: () throws(Failure) -> [UInt8]?
    ) throws(Failure) -> (file: URL, size: Int) {
        let file = folder.appending(path: "mailbox-\(getpid())-\(UUID().uuidString).eml", directoryHint: .notDirectory)
        let path = file.path(percentEncoded: false)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw MailboxFile.failure(errno) }
        defer { close(descriptor) }
        do {
            var size = 0
            while let piece = try next() {
                try append(piece, to: descriptor)
                size += piece.count
            }
            return (file, size)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func append(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw MailboxFile.failure(errno) }
            done += count
        }
    }
}
