import Base
import Foundation
import Text

/// Words and phrases that point to a label, for desks whose models have learned nothing yet: files of
/// `Resources/triage/packs`, one for each label, each entry with the reason it is there.
package struct KeywordPacks: Sendable {
    /// A file: label and, per language, what to look for.
    struct Pack: Decodable {
        struct Entry: Decodable {
            /// One text, or the stems of a `near`.
            var match: [String]
            var kind: PhraseMatcher.Kind
            var why: String
            /// Words among which all stems of a `near` stand.
            var within: Int?
            /// Phrases inside or around which the match means something else.
            var unless: [String]?
        }

        var label: String
        var languages: [String: [Entry]]
    }

    /// An entry that was found in a text.
    package struct Finding: Sendable, Equatable {
        package var label: SpecialistLabel
        package var language: String
        package var match: String
        package var kind: PhraseMatcher.Kind
        package var why: String
    }

    private struct Entry: Sendable {
        var finding: Finding
        /// Patterns that speak against it.
        var unless: [Int]
    }

    private let matcher: PhraseMatcher
    /// By pattern; nil for those that only speak against others.
    private let entries: [Entry?]
    /// How many entries there are of a label in a language.
    package let counts: [SpecialistLabel: [String: Int]]

    package static let none = KeywordPacks([])

    /// Throws `configuration` for a file that cannot be read, names no label, or holds an entry without a word.
    package init(folder: URL) throws {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let packs = try files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map { file in
            do {
                let pack = try JSONDecoder().decode(Pack.self, from: try Data(contentsOf: file))
                guard SpecialistLabel(rawValue: pack.label) != nil else { throw Self.wrong(file, pack.label) }
                return pack
            } catch let failure as Failure {
                throw failure
            } catch { throw Self.wrong(file, "\(error)") }
        }
        self.init(packs)
        if let useless = entries.indices.first(where: { !matcher.isUsable($0) }) {
            throw Self.wrong(folder, entries[useless]?.finding.match ?? "unless")
        }
    }

    private static func wrong(_ file: URL, _ what: String) -> Failure {
        Failure(.configuration, "error-configuration", details: "\(file.lastPathComponent): \(what)")
    }

    init(_ packs: [Pack]) {
        var patterns: [PhraseMatcher.Pattern] = []
        var entries: [Entry?] = []
        var counts: [SpecialistLabel: [String: Int]] = [:]
        for pack in packs {
            guard let label = SpecialistLabel(rawValue: pack.label) else { continue }
            for (language, list) in pack.languages.sorted(by: { $0.key < $1.key }) {
                counts[label, default: [:]][language] = list.count
                for entry in list {
                    let finding = Finding(
                        label: label, language: language, match: entry.match.joined(separator: " … "),
                        kind: entry.kind, why: entry.why)
                    let against = entry.unless ?? []
                    let first = patterns.count + 1
                    patterns.append(PhraseMatcher.Pattern(entry.match, entry.kind, within: entry.within ?? 1))
                    entries.append(Entry(finding: finding, unless: Array(first..<(first + against.count))))
                    patterns += against.map { PhraseMatcher.Pattern($0, .phrase) }
                    entries += against.map { _ in nil }
                }
            }
        }
        matcher = PhraseMatcher(patterns)
        self.entries = entries
        self.counts = counts
    }

    /// What is found of a text, each entry once, in whatever language: short mails are detected badly, and people
    /// change their language when in distress.
    package func look(at text: String) -> [Finding] {
        let matches = matcher.matches(in: text)
        var seen: Set<Int> = []
        var found: [Finding] = []
        for match in matches where !seen.contains(match.pattern) {
            guard let entry = entries[match.pattern] else { continue }
            let speaksAgainst =
                !entry.unless.isEmpty
                && matches.contains { entry.unless.contains($0.pattern) && $0.terms.overlaps(match.terms) }
            if speaksAgainst { continue }
            seen.insert(match.pattern)
            found.append(entry.finding)
        }
        return found
    }
}

extension KeywordPacks.Pack.Entry {
    private enum Keys: String, CodingKey { case match, kind, why, within, unless }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        let text = try? values.decode(String.self, forKey: .match)
        self.init(
            match: try text.map { [$0] } ?? values.decode([String].self, forKey: .match),
            kind: try values.decode(PhraseMatcher.Kind.self, forKey: .kind),
            why: try values.decode(String.self, forKey: .why),
            within: try values.decodeIfPresent(Int.self, forKey: .within),
            unless: try values.decodeIfPresent([String].self, forKey: .unless))
    }
}
