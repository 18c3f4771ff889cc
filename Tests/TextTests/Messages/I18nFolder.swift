import Foundation

/// A made-up i18n folder that goes away with the value that holds it.
final class I18nFolder: Sendable {
    let url: URL

    /// Files by path (`web/en.json`), each with its keys.
    init(_ files: [String: [String: String]]) throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("i18n-\(UUID().uuidString)")
        for (path, texts) in files {
            try write(path, JSONEncoder().encode(texts))
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ path: String, _ data: Data) throws {
        let file = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    /// The folder of the repository.
    static let real = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("i18n")
}
