/// A program from outside, fed on its standard input: no network, no files written, bounded time, memory and output.
struct ConfinedProgram: Sendable {
    /// Must answer to the argument `confine` with `ConfineMain.run`.
    let launcher: String
    let arguments: [String]
    /// Bytes of address space; 0 for programs that reserve more than they use.
    let memory: Int
    /// What is read of its output.
    let outputBytes: Int
    let time: Duration

    /// Nil when it is missing, too slow, or said nothing.
    func run(_ input: [UInt8]) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            OwnThread.start("confined") {
                let child = ChildProcess(
                    path: launcher, arguments: ["confine", "--"] + arguments,
                    // Without vectors libvips writes no code to files, which it may not.
                    environment: ["LIAISON_CONFINE_MEMORY": String(memory), "VIPS_NOVECTOR": "1"])
                guard let child else { return continuation.resume(returning: nil) }
                continuation.resume(returning: pump(child, input))
            }
        }
    }

    /// Feeds the program and gathers its output until it ends, is too slow or says too much.
    private func pump(_ started: consuming ChildProcess, _ input: [UInt8]) -> [UInt8]? {
        var child = started
        let start = ContinuousClock.now
        var sent = 0
        var isFeeding = !input.isEmpty
        if !isFeeding { child.closeInput() }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while ContinuousClock.now - start < time {
            if isFeeding {
                let count = input.withUnsafeBytes { child.writeSome(.init(rebasing: $0[sent...])) }
                sent += count ?? 0
                if count == nil || sent == input.count {
                    isFeeding = false
                    child.closeInput()
                }
            }
            guard let got = buffer.withUnsafeMutableBytes({ child.readSome(into: $0) }) else {
                return output.isEmpty ? nil : output
            }
            output.append(contentsOf: buffer[..<got])
            if output.count >= outputBytes { return Array(output.prefix(outputBytes)) }
            if got == 0 { child.wait(writing: isFeeding, milliseconds: 100) }
        }
        return nil
    }
}
