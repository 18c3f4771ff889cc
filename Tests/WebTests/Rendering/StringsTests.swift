import Foundation
import Testing

@testable import Web

@Suite struct StringsTests {
    static let languages = ["ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"]

    @Test(arguments: languages) func `a language has every message with the same arguments`(language: String) throws {
        let english = try SampleMessages("en").byKey
        let other = try SampleMessages(language).byKey

        #expect(Set(other.keys) == Set(english.keys))
        for (key, text) in english {
            #expect(Self.arguments(other[key] ?? "") == Self.arguments(text), "\(key)")
        }
    }

    @Test(arguments: zip(languages, [6, 2, 2, 2, 2, 1, 2, 4, 1]))
    func `plurals have the forms of their language`(language: String, forms: Int) throws {
        for (key, text) in try SampleMessages(language).byKey {
            for match in text.matches(of: #/\{\{PLURAL:\$\d\|(.*?)\}\}/#) {
                // `0=…` is a text for that very number, besides the forms.
                let own = match.1.split(separator: "|", omittingEmptySubsequences: false).filter { !$0.hasPrefix("0=") }
                #expect(own.count == forms, "\(key)")
            }
        }
    }

    @Test(arguments: ["en", "qqq"] + languages) func `every file says who wrote it`(language: String) throws {
        for folder in try FileManager.default.contentsOfDirectory(atPath: Repository.strings.path) {
            let file = Repository.strings.appendingPathComponent("\(folder)/\(language).json")
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
            #expect((object?["@metadata"] as? [String: Any])?["authors"] is [Any], "\(folder)")
        }
    }

    private static func arguments(_ text: String) -> Set<String> {
        Set(text.matches(of: #/\$\d/#).map { String($0.0) })
    }
}
