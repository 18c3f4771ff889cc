import CSandbox
import Foundation

/// The helper process: reads requests on standard input, writes replies on standard output, until the input ends.
///
/// Before the first byte it gives up the network, other programs, writing files and most of the memory. A request is a
/// 32-bit length, an operation and a payload; a reply a 32-bit length, a status and a payload. Its parent kills it when
/// a
/// request takes too long.
package enum HelperMain {
    /// Bytes of address space.
    private static let memory: UInt64 = 512 << 20

    package static func run() -> Never {
        var limits = csandbox_limits(addressSpace: memory, data: 0, cpuSeconds: 0, files: 32, fileSize: 0)
        guard csandbox_die_with_parent(getppid()) == 0, csandbox_limit(&limits) == 0, csandbox_filter(0) == 0 else {
            exit(78)
        }
        ProcessMemory.keep()
        while let header = read(4) {
            let count = header.reversed().reduce(0) { $0 << 8 | Int($1) }
            guard count >= 1, let request = read(count), let operation = HelperOperation(rawValue: request[0]) else {
                exit(65)
            }
            reply(operation.perform(Array(request[1...])))
        }
        exit(0)
    }

    private static func reply(_ answer: [UInt8]?) {
        var writer = WireWriter()
        writer.bytes.reserveCapacity((answer?.count ?? 0) + 5)
        writer.length((answer?.count ?? 0) + 1)
        writer.bytes.append(
            answer == nil ? HelperOperation.Status.absent.rawValue : HelperOperation.Status.done.rawValue)
        writer.bytes.append(contentsOf: answer ?? [])
        var sent = 0
        while sent < writer.bytes.count {
            let count = writer.bytes.withUnsafeBytes { Foundation.write(1, $0.baseAddress! + sent, $0.count - sent) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { exit(74) }
            sent += count
        }
    }

    /// Exactly `count` bytes, or nil at the end of the input.
    private static func read(_ count: Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Foundation.read(0, buffer.baseAddress! + filled, count - filled)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { return }
                filled += got
            }
        }
        return bytes.count == count ? bytes : nil
    }
}
