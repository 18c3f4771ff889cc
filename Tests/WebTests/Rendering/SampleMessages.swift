import Foundation

@testable import Web

/// The strings of `i18n`, formatted just well enough for samples; the real formatter has its own tests.
struct SampleMessages: Sendable {
    let byKey: [String: String]
    private let isEnglish: Bool

    init(_ language: String) throws {
        isEnglish = language == "en"
        var all: [String: String] = [:]
        for folder in try FileManager.default.contentsOfDirectory(atPath: Repository.strings.path) {
            let file = Repository.strings.appendingPathComponent("\(folder)/\(language).json")
            guard let data = FileManager.default.contents(atPath: file.path) else { continue }
            let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
            for (key, value) in object {
                all[key] = value as? String
            }
        }
        byKey = all
    }

    var translate: Translate {
        Translate { key, given in
            let arguments = given.map(\.text)
            var text = byKey[key] ?? "⧼\(key)⧽"
            while let start = text.range(of: "{{PLURAL:$"), let end = text.range(of: "}}") {
                let parts = text[start.upperBound..<end.lowerBound].split(separator: "|").map(String.init)
                let isOne = isEnglish && arguments[(Int(parts[0]) ?? 1) - 1] == "1"
                text.replaceSubrange(start.lowerBound..<end.upperBound, with: isOne ? parts[1] : parts[parts.count - 1])
            }
            for (index, argument) in arguments.enumerated() {
                text = text.replacingOccurrences(of: "$\(index + 1)", with: argument)
            }
            return text
        }
    }
}

/// Where things lie in the repository.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let templates = root.appendingPathComponent("Resources/templates")
    static let strings = root.appendingPathComponent("i18n")
    static let snapshots = root.appendingPathComponent("Tests/Snapshots")
}
