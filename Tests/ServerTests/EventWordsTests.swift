import Foundation
import Testing

/// The audit says every change in words.
@Suite struct EventWordsTests {
    @Test func `every kind of event that the sources record has words`() throws {
        var words: Set<String> = []
        let strings = House.root.appending(path: "i18n")
        for folder in try FileManager.default.contentsOfDirectory(at: strings, includingPropertiesForKeys: nil) {
            guard let data = try? Data(contentsOf: folder.appending(path: "en.json")),
                let keys = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            else { continue }
            words.formUnion(keys.keys)
        }
        let sources = House.root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.allObjects ?? []
        var kinds: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/\bEvent\(\s*(?:[^",()]+\? )?"([a-z-]+)"(?:\s*:\s*"([a-z-]+)")?/#) {
                kinds.insert(String(match.1))
                if let other = match.2 { kinds.insert(String(other)) }
            }
        }

        #expect(kinds.count > 120)
        #expect(kinds.filter { !words.contains("event-\($0)") }.sorted() == [])
    }
}
