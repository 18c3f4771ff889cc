import Base
import Foundation

/// The JSON files of the i18n folder as they are: `<subsystem>/<language>.json`.
struct MessageFiles {
    struct File {
        let subsystem: String
        let language: String
        /// Without `@metadata`.
        let texts: [String: String]
        /// Keys whose value is no text.
        let others: [String]
    }

    /// By subsystem, then language.
    let files: [File]

    /// Throws when a folder or a file cannot be read or is no JSON object.
    init(directory: URL) throws {
        var files: [File] = []
        try Self.each(in: directory) { files.append($0) }
        self.files = files
    }

    /// One file after the other, by subsystem, then language, so that they need not all be in memory.
    static func each(in directory: URL, _ body: (File) throws -> Void) throws {
        for subsystem in try names(in: directory) {
            let folder = directory.appendingPathComponent(subsystem)
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
            guard isThere, isFolder.boolValue else { continue }
            for name in try names(in: folder) where name.hasSuffix(".json") {
                try body(file(folder.appendingPathComponent(name), subsystem, String(name.dropLast(5))))
            }
        }
    }

    /// Keys that two subsystems have, as `key: subsystem, subsystem`.
    var collisions: [String] {
        var owners: [String: Set<String>] = [:]
        for file in files {
            for key in file.texts.keys { owners[key, default: []].insert(file.subsystem) }
        }
        return owners.filter { $0.value.count > 1 }
            .map { "\($0.key): \($0.value.sorted().joined(separator: ", "))" }.sorted()
    }

    private static func names(in directory: URL) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory.path)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw failure("\(directory.lastPathComponent) cannot be read")
        }
    }

    private static func file(_ url: URL, _ subsystem: String, _ language: String) throws -> File {
        let name = "\(subsystem)/\(language).json"
        guard let data = FileManager.default.contents(atPath: url.path) else { throw failure("\(name) cannot be read") }
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw failure("\(name) is no JSON object")
        }
        var texts: [String: String] = [:]
        var others: [String] = []
        for (key, value) in object where key != "@metadata" {
            if let text = value as? String {
                texts[key] = text
            } else {
                others.append(key)
            }
        }
        return File(subsystem: subsystem, language: language, texts: texts, others: others.sorted())
    }

    static func failure(_ details: String) -> Failure {
        Failure(.configuration, "error-configuration", details: "messages: \(details)")
    }
}
