import Foundation

/// Takes a message as it arrives: in memory up to 1 MiB, then in a file of the spool folder. Used by one thread.
final class IMAPBody {
    static let memoryLimit = 1 << 20

    private let spool: URL
    private var memory: [UInt8] = []
    private var file: (url: URL, handle: FileHandle)?
    /// True once the disk took no more.
    private(set) var isFull = false

    init(spool: URL) { self.spool = spool }

    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do {
            if let file {
                try file.handle.write(contentsOf: Data(bytes))
            } else {
                memory.append(contentsOf: bytes)
                if memory.count > Self.memoryLimit { try moveToFile() }
            }
            return true
        } catch {
            isFull = true
            return false
        }
    }

    func finish() -> IMAPMessage? {
        guard let file else { return .memory(memory) }
        do {
            try file.handle.close()
            return .file(file.url)
        } catch {
            isFull = true
            discard()
            return nil
        }
    }

    /// Removes what came of a message that did not come whole.
    func discard() {
        guard let file else { return }
        // Closing and removing are the clean-up itself: what fails here leaves a file in the spool, nothing more.
        try? file.handle.close()
        try? FileManager.default.removeItem(at: file.url)
    }

    private func moveToFile() throws {
        let url = spool.appending(path: "imap-\(UUID().uuidString)", directoryHint: .notDirectory)
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        let handle = try FileHandle(forWritingTo: url)
        file = (url, handle)
        try handle.write(contentsOf: Data(memory))
        memory = []
    }
}
