import Foundation
import Mail

/// Mail samples of `Tests/Fixtures/mail` and of the corpora that are not part of the repository.
enum MailSample {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/mail")
        return [UInt8](try Data(contentsOf: folder.appending(path: name + ".eml")))
    }

    static func parse(_ name: String) throws -> ParsedMessage { MessageParser.parse(try bytes(name)) }

    /// Parses a mail written with LF.
    static func parse(text: String) -> ParsedMessage { MessageParser.parse(Array(text.utf8)) }

    /// The folder `mail` of the corpora, or nil where `LIAISON_CORPORA` is not set or holds none.
    static var corpora: URL? {
        guard let root = ProcessInfo.processInfo.environment["LIAISON_CORPORA"] else { return nil }
        let folder = URL(filePath: root).appending(path: "mail")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    /// The first messages of a packed mboxrd file.
    static func unpacked(_ file: URL, limit: Int) throws -> [[UInt8]] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/xz")
        process.arguments = ["-dc", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](try pipe.fileHandleForReading.read(upToCount: 20_000_000) ?? Data())
        try pipe.fileHandleForReading.close()
        process.waitUntilExit()
        var messages: [[UInt8]] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: Array("From ".utf8)) {
                messages.append([])
            } else if !messages.isEmpty {
                let isQuoted = line.first == 0x3E && line.drop { $0 == 0x3E }.starts(with: Array("From ".utf8))
                messages[messages.count - 1] += (isQuoted ? line.dropFirst() : line) + [0x0A]
            }
        }
        return Array(messages.dropLast().prefix(limit))
    }
}
