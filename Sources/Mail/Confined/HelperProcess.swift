import Foundation

/// One helper process and the exchange of a request with it.
struct HelperProcess: ~Copyable {
    private var child: ChildProcess
    private let limits: ParserPool.Limits

    init?(executable: String, limits: ParserPool.Limits) {
        guard let child = ChildProcess(path: executable, arguments: ["parse"]) else { return nil }
        self.child = child
        self.limits = limits
    }

    /// Status and payload of the reply; nil when the helper died or took too long, and is then of no use any more.
    mutating func exchange(_ operation: HelperOperation, _ payload: [UInt8]) -> (HelperOperation.Status, [UInt8])? {
        let watch = Watch(limits: limits, cpuAtStart: child.cpuMicroseconds)
        var header = WireWriter()
        header.length(payload.count + 1)
        header.bytes.append(operation.rawValue)
        guard send(header.bytes, watch), send(payload, watch), let head = receive(5, watch) else { return nil }
        let count = head[..<4].reversed().reduce(0) { $0 << 8 | Int($1) } - 1
        guard count >= 0, let status = HelperOperation.Status(rawValue: head[4]) else { return nil }
        guard count <= limits.replyBytes, let answer = receive(count, watch) else { return nil }
        return (status, answer)
    }

    private func send(_ bytes: [UInt8], _ watch: Watch) -> Bool {
        var sent = 0
        while sent < bytes.count {
            guard let count = bytes.withUnsafeBytes({ child.writeSome(.init(rebasing: $0[sent...])) }) else {
                return false
            }
            sent += count
            if count == 0 {
                guard !watch.isOver(child.cpuMicroseconds) else { return false }
                child.wait(writing: true, milliseconds: watch.tick)
            }
        }
        return true
    }

    private func receive(_ count: Int, _ watch: Watch) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                guard let got = child.readSome(into: rest) else { return }
                filled += got
                if got == 0 {
                    guard !watch.isOver(child.cpuMicroseconds) else { return }
                    child.wait(writing: false, milliseconds: watch.tick)
                }
            }
        }
        return bytes.count == count ? bytes : nil
    }

    /// Says when a request has had its time.
    private struct Watch {
        let limits: ParserPool.Limits
        let cpuAtStart: Int64
        let start = ContinuousClock.now

        /// Milliseconds between two looks.
        var tick: Int32 { 50 }

        func isOver(_ cpu: Int64) -> Bool {
            cpu < 0 || .microseconds(cpu - cpuAtStart) > limits.cpu || ContinuousClock.now - start > limits.wall
        }
    }
}
