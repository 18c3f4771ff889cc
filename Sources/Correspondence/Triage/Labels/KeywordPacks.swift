import Base
import Foundation
import Text

/// Words and phrases that point to a label, for desks whose models have learned nothing yet: files of
/// `Resources/triage/packs`, one for each label, each entry with the reason it is there.
package struct KeywordPacks: Sendable {
    /// Words among which the parts of an `unless` stand.
    private static let unlessWithin = 8

    /// An entry that was found in a text.
    package struct Finding: Sendable, Equatable {
        package var label: SpecialistLabel
        package var language: String
        package var match: String
        package var kind: PhraseMatcher.Kind
        /// Empty unless reasons were asked for.
        package var why: String
    }

    /// What stands in a file for one pattern; a pattern that only speaks against others has no label.
    private struct Entry: Sendable {
        var label: SpecialistLabel?
        var kind: PhraseMatcher.Kind
        /// Place in `languages`.
        var language: UInt8
        /// Terms before and after a match where `unless` counts.
        var around: Int32
        /// Where its patterns stand in `against`.
        var firstAgainst: Int32
        var againstCount: Int32
        /// Where its example begins in `texts`, and how long that and the reason behind it are.
        var text: Int32
        var matchLength: Int32
        var whyLength: Int32

        static let onlyAgainst = Entry(
            label: nil, kind: .together, language: 0, around: 0, firstAgainst: 0, againstCount: 0, text: 0,
            matchLength: 0, whyLength: 0)

        var against: Range<Int> { Int(firstAgainst)..<Int(firstAgainst + againstCount) }
    }

    private let matcher: PhraseMatcher
    /// By pattern.
    private let entries: [Entry]
    /// Patterns that speak against an entry.
    private let against: [Int32]
    private let languages: [String]
    private let texts: [UInt8]
    /// How many entries there are of a label in a language.
    package let counts: [SpecialistLabel: [String: Int]]

    package static let none = KeywordPacks([])

    /// Throws `configuration` for a file that cannot be read, names no label, or holds an entry without a word.
    /// Without `reasons` findings do not say why: only people who work on packs ask for that.
    package init(folder: URL, reasons: Bool = false) throws {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        var builder = Builder(keepsReasons: reasons)
        for file in files.filter({ $0.pathExtension == "json" }).sorted(by: { $0.path < $1.path }) {
            do {
                let pack = try JSONDecoder().decode(Pack.self, from: try Data(contentsOf: file))
                guard SpecialistLabel(rawValue: pack.label) != nil else { throw Self.wrong(file, pack.label) }
                builder.add(pack)
            } catch let failure as Failure {
                throw failure
            } catch { throw Self.wrong(file, "\(error)") }
        }
        self.init(&builder)
        if let useless = entries.indices.first(where: { !matcher.isUsable($0) }) {
            let entry = entries[useless]
            throw Self.wrong(folder, entry.label == nil ? "unless" : finding(entry, .danger).match)
        }
    }

    private static func wrong(_ file: URL, _ what: String) -> Failure {
        Failure(.configuration, "error-configuration", details: "\(file.lastPathComponent): \(what)")
    }

    init(_ packs: [Pack]) {
        var builder = Builder(keepsReasons: true)
        packs.forEach { builder.add($0) }
        self.init(&builder)
    }

    private init(_ builder: inout Builder) {
        matcher = builder.patterns.matcher()
        (entries, against, texts) = (builder.entries, builder.against, builder.texts)
        (languages, counts) = (builder.languages, builder.counts)
    }

    private struct Builder {
        let keepsReasons: Bool
        var patterns = PhraseMatcher.Builder()
        var entries: [Entry] = []
        var against: [Int32] = []
        var languages: [String] = []
        var texts: [UInt8] = []
        var counts: [SpecialistLabel: [String: Int]] = [:]

        init(keepsReasons: Bool) { self.keepsReasons = keepsReasons }

        mutating func add(_ pack: Pack) {
            guard let label = SpecialistLabel(rawValue: pack.label) else { return }
            for (language, list) in pack.languages.sorted(by: { $0.key < $1.key }) {
                counts[label, default: [:]][language] = list.count
                if !languages.contains(language) { languages.append(language) }
                let words = PhraseAlternatives(
                    classes: pack.classes?[language] ?? [:], name: label.rawValue + " " + language)
                // The same words speak against many entries: they are looked for once.
                var known: [[String]: Int32] = [:]
                for entry in list { add(entry, label, language, words, &known) }
            }
        }

        private mutating func add(
            _ entry: Pack.Entry, _ label: SpecialistLabel, _ language: String, _ words: PhraseAlternatives,
            _ known: inout [[String]: Int32]
        ) {
            let spelling = PhraseSpelling(language: language)
            let numbers = (entry.unless ?? []).map { parts in
                if let number = known[parts] { return number }
                let number = patterns.add(
                    PhraseMatcher.Pattern(
                        parts, .together, within: KeywordPacks.unlessWithin, words: words, spelling: spelling))
                entries.append(.onlyAgainst)
                known[parts] = Int32(number)
                return Int32(number)
            }
            let example = entry.match.map(words.example).joined(separator: " … ")
            let why = keepsReasons ? entry.why : ""
            _ = patterns.add(
                PhraseMatcher.Pattern(
                    entry.match, entry.kind, within: entry.within ?? 1, words: words, spelling: spelling))
            entries.append(
                Entry(
                    label: label, kind: entry.kind, language: UInt8(languages.firstIndex(of: language) ?? 0),
                    around: Int32(clamping: entry.around ?? 0), firstAgainst: Int32(against.count),
                    againstCount: Int32(numbers.count), text: Int32(texts.count),
                    matchLength: Int32(example.utf8.count), whyLength: Int32(why.utf8.count)))
            against += numbers
            texts += Array(example.utf8) + Array(why.utf8)
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
        var against: [Int32: Set<Int>] = [:]
        for match in matches where entries[match.pattern].label == nil {
            against[Int32(match.pattern), default: []].formUnion(match.terms)
        }
        var seen: Set<Int> = []
        var found: [Finding] = []
        for match in matches where !seen.contains(match.pattern) {
            let entry = entries[match.pattern]
            guard let label = entry.label else { continue }
            let around = Int(entry.around)
            let place = (match.terms.lowerBound - around)..<(match.terms.upperBound + around)
            let isMeantOtherwise = self.against[entry.against].contains { pattern in
                against[pattern].map { place.contains(where: $0.contains) } ?? false
            }
            if isMeantOtherwise { continue }
            seen.insert(match.pattern)
            found.append(finding(entry, label))
        }
        return found
    }

    private func finding(_ entry: Entry, _ label: SpecialistLabel) -> Finding {
        let (start, end) = (Int(entry.text), Int(entry.text + entry.matchLength))
        return Finding(
            label: label, language: languages[Int(entry.language)],
            match: String(decoding: texts[start..<end], as: UTF8.self), kind: entry.kind,
            why: String(decoding: texts[end..<(end + Int(entry.whyLength))], as: UTF8.self))
    }
}
