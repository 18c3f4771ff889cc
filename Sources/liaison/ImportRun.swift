import Base
import Correspondence
import Foundation
import Mail
import Server

/// Reads mailboxes into a queue and waits until what came is filed.
struct ImportRun: Sendable {
    let services: Services
    let io: CommandIO
    let queue: String
    let json: Bool

    func run(_ paths: [String]) async throws -> Int32 {
        let queue = try await services.database.read { try QueueLookUp.require(self.queue, services, in: $0).id }
        let importing = Importing(intake: services.intake, clock: services.clock)
        let isShown = isatty(FileHandle.standardError.fileDescriptor) == 1 && !io.isInServer
        var total = Importing.Count()
        for path in paths {
            let source = try Source(io.url(path), spool: services.directory.spool)
            let count = try await importing.run(queue: queue, next: { try source.next() }) { count in
                if isShown { io.error("\(path): \(count.read) read, \(count.accepted) new") }
            }
            total.read += count.read
            total.accepted += count.accepted
            total.duplicates += count.duplicates
        }
        if io.isInServer { try await services.waitForFiling() } else { try await services.fileAll() }
        if json {
            io.output("{\"read\":\(total.read),\"accepted\":\(total.accepted),\"duplicates\":\(total.duplicates)}")
        } else {
            io.output("Read \(total.read) messages: \(total.accepted) new, \(total.duplicates) known already.")
        }
        return 0
    }

    /// A mailbox being read; its spool file of a large message is removed when the next one is asked for.
    private final class Source {
        private var mbox: MboxReader?
        private var maildir: MaildirReader?
        private var spooled: URL?

        init(_ url: URL, spool: URL) throws {
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw Failure(.notFound, "error-not-found", details: "\(url.path) is not there")
            }
            if try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int == 0 { return }
            if MailSource.isMaildir(url) {
                maildir = try MaildirReader(url: url, includesFolders: true, spool: spool)
            } else if MailSource.isMbox(url) {
                mbox = try MboxReader(url: url, spool: spool)
            } else {
                throw Failure(.invalid, "error-invalid", details: "\(url.path) is neither an mbox file nor a maildir")
            }
        }

        func next() throws -> Importing.Item? {
            if let spooled { try? FileManager.default.removeItem(at: spooled) }
            spooled = nil
            guard let item = try mbox?.next() ?? maildir?.next()?.item else { return nil }
            switch item.content {
            case .memory(let bytes): return Importing.Item(content: .memory(bytes), size: item.size, date: item.date)
            case .file(let url):
                spooled = url
                // A large message ends its batch, so that its spool file is there when the batch is stored.
                return Importing.Item(content: .file(url), size: .max / 2, date: item.date)
            }
        }
    }
}
