import Base
import Foundation

@testable import Mail

/// A folder of its own for one test, and mailboxes in it.
final class MailboxSample {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "mailboxes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static let fromLine = "From mina@example.org Tue Mar  3 10:20:30 2020\n"

    func write(_ text: String, to name: String = "box") throws -> URL { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String = "box") throws -> URL {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url
    }

    /// The messages of an mbox as text.
    static func texts(_ url: URL, offset: Int = 0) throws -> [String] {
        try items(url, offset: offset).map { text($0.content) }
    }

    static func items(_ url: URL, offset: Int = 0) throws -> [MboxReader.Item] {
        var reader = try MboxReader(url: url, offset: offset)
        var items: [MboxReader.Item] = []
        while let item = try reader.next() { items.append(item) }
        return items
    }

    static func text(_ content: MboxReader.Item.Content) -> String {
        switch content {
        case .memory(let bytes): String(decoding: bytes, as: UTF8.self)
        case .file(let url): (try? String(decoding: Data(contentsOf: url), as: UTF8.self)) ?? "no file"
        }
    }

    static func entries(_ reader: MaildirReader) throws -> [MaildirReader.Entry] {
        var reader = reader
        var entries: [MaildirReader.Entry] = []
        while let entry = try reader.next() { entries.append(entry) }
        return entries
    }
}
