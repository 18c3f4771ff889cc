import Base
import Foundation
import Text

/// Words and phrases that point to a label, for desks whose models have learned nothing yet: files of
/// `Resources/triage/packs`, one for each label, each entry with the reason it is there.
package struct KeywordPacks: Sendable {
    /// A file: label and, per language, what to look for.
    struct Pack: Decodable {
        struct Entry: Decodable {
            /// One text, or the parts of a `near`, `together` or `sequence`, as `PhraseAlternatives` reads them.
            var match: [String]
            var kind: PhraseMatcher.Kind
            var why: String
            /// Words among which all parts stand.
            var within: Int?
            /// What makes the match mean something else, inside or around it: a phrase, or parts that stand together.
            var unless: [[String]]?
            /// Words before and after the match that `unless` is looked for in, too; for what speaks of a matter and
            /// not of a person.
            var around: Int?
        }

        var label: String
        /// By language and name, words that stand for each other in the entries.
        var classes: [String: [String: [String]]]?
        var languages: [String: [Entry]]
    }

    /// Words among which the parts of an `unless` stand.
    private static let unlessWithin = 8

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
        /// Terms before and after a match where they count.
        var around: Int
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
        var builder = Builder()
        for pack in packs {
            guard let label = SpecialistLabel(rawValue: pack.label) else { continue }
            for (language, list) in pack.languages.sorted(by: { $0.key < $1.key }) {
                builder.add(list, label, language, classes: pack.classes?[language] ?? [:])
            }
        }
        matcher = PhraseMatcher(builder.patterns)
        entries = builder.entries
        counts = builder.counts
    }

    private struct Builder {
        var patterns: [PhraseMatcher.Pattern] = []
        var entries: [Entry?] = []
        var counts: [SpecialistLabel: [String: Int]] = [:]

        mutating func add(
            _ list: [Pack.Entry], _ label: SpecialistLabel, _ language: String, classes: [String: [String]]
        ) {
            counts[label, default: [:]][language] = list.count
            let words = PhraseAlternatives(classes: classes, name: label.rawValue + " " + language)
            let spelling = PhraseSpelling(language: language)
            // The same words speak against many entries: they are looked for once.
            var known: [[String]: Int] = [:]
            for entry in list {
                let against = (entry.unless ?? []).map { parts in
                    if let number = known[parts] { return number }
                    known[parts] = patterns.count
                    patterns.append(
                        PhraseMatcher.Pattern(
                            parts, .together, within: unlessWithin, words: words, spelling: spelling))
                    entries.append(nil)
                    return patterns.count - 1
                }
                let example = entry.match.map(words.example).joined(separator: " … ")
                let finding = Finding(
                    label: label, language: language, match: example, kind: entry.kind, why: entry.why)
                patterns.append(
                    PhraseMatcher.Pattern(
                        entry.match, entry.kind, within: entry.within ?? 1, words: words, spelling: spelling))
                entries.append(Entry(finding: finding, unless: against, around: entry.around ?? 0))
            }
        }
    }

    /// Bytes of the beginning and of the end of a text that are read; nobody writes more by hand.
    private static let bounds = (beginning: 200_000, end: 50_000)

    private static func readable(_ text: String) -> String {
        guard text.utf8.count > bounds.beginning + bounds.end else { return text }
        let beginning = String(decoding: text.utf8.prefix(bounds.beginning), as: UTF8.self)
        return beginning + "\n" + String(decoding: text.utf8.suffix(bounds.end), as: UTF8.self)
    }

    /// What is found of a text, each entry once, in whatever language: short mails are detected badly, and people
    /// change their language when in distress.
    package func look(at text: String) -> [Finding] {
        let matches = matcher.matches(in: Self.readable(text))
        // Where something speaks against an entry, by pattern and term: huge texts must not cost a square of theirs.
        var against: [Int: Set<Int>] = [:]
        for match in matches where entries[match.pattern] == nil {
            against[match.pattern, default: []].formUnion(match.terms)
        }
        var seen: Set<Int> = []
        var found: [Finding] = []
        for match in matches where !seen.contains(match.pattern) {
            guard let entry = entries[match.pattern] else { continue }
            let place = (match.terms.lowerBound - entry.around)..<(match.terms.upperBound + entry.around)
            if entry.unless.contains(where: { against[$0].map { place.contains(where: $0.contains) } ?? false }) {
                continue
            }
            seen.insert(match.pattern)
            found.append(entry.finding)
        }
        return found
    }
}

extension KeywordPacks.Pack.Entry {
    private enum Keys: String, CodingKey { case match, kind, why, within, unless, around }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        let text = try? values.decode(String.self, forKey: .match)
        self.init(
            match: try text.map { [$0] } ?? values.decode([String].self, forKey: .match),
            kind: try values.decode(PhraseMatcher.Kind.self, forKey: .kind),
            why: try values.decode(String.self, forKey: .why),
            within: try values.decodeIfPresent(Int.self, forKey: .within),
            unless: try values.decodeIfPresent([Unless].self, forKey: .unless)?.map(\.parts),
            around: try values.decodeIfPresent(Int.self, forKey: .around))
    }

    /// One text, or parts that stand together.
    private struct Unless: Decodable {
        var parts: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            parts = try (try? value.decode(String.self)).map { [$0] } ?? value.decode([String].self)
        }
    }
}
