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
}
