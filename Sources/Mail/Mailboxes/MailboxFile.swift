import Base
import Foundation

/// A regular file open for reading at any place; closed with its last reference. Blocking.
final class MailboxFile: Sendable {
    /// Bytes when it was opened; what is added later is not read.
    let size: Int
    let modifiedAt: Milliseconds
    private let descriptor: Int32

    /// `path` as the file system spells it, which need not be UTF-8. Links are followed only where they are asked for.
    init(path: [UInt8], followsLinks: Bool) throws(Failure) {
        let name = path.map { CChar(bitPattern: $0) } + [0]
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else { throw Self.failure(errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Failure(.invalid, "error-invalid", details: "not a regular file")
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
        modifiedAt = Milliseconds(status.st_mtim.tv_sec) * 1000 + Milliseconds(status.st_mtim.tv_nsec / 1_000_000)
    }

    convenience init(_ url: URL) throws(Failure) {
        try self.init(path: Array(url.path(percentEncoded: false).utf8), followsLinks: true)
    }

    deinit { close(descriptor) }

    /// Fills `buffer`, or as much as there is before the end the file had when it was opened.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        let wanted = min(buffer.count, max(0, size - offset))
        var done = 0
        while done < wanted, let base = buffer.baseAddress {
            let count = pread(descriptor, base + done, wanted - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(errno) }
            guard count > 0 else { throw Failure(.conflict, "error-conflict", details: "the file became shorter") }
            done += count
        }
        return done
    }

    /// A copy of these bytes.
    func bytes(_ range: Range<Int>) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var failure: Failure?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(Failure) { _ = try read(at: range.lowerBound, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    static func failure(_ number: Int32) -> Failure {
        let details = "errno \(number)"
        return switch number {
        case ENOENT, ENOTDIR: Failure(.notFound, "error-not-found", details: details)
        case EACCES, EPERM: Failure(.refused, "error-refused", details: details)
        case ELOOP, EISDIR, ENXIO, ENAMETOOLONG: Failure(.invalid, "error-invalid", details: details)
        case ENOSPC, EDQUOT, EFBIG: Failure(.full, "error-full", details: details)
        default: Failure(.unavailable, "error-unavailable", details: details)
        }
    }
}
