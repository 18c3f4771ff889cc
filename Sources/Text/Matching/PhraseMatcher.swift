/// Finds many phrases in a text in one walk over its terms; the cost hardly grows with the number of phrases.
///
/// Phrases and text go through the same analyser as the search, so that case, marks and punctuation do not matter, and
/// in scripts without spaces a phrase is found inside a run, also where a line ends in it. Drawn-out letters, digits
/// for letters, kana, both scripts of Chinese and the spellings of `PhraseSpelling` are other readings of a term.
/// Each term is looked up once, by its hash and those of its beginnings; the words it is lead through a graph.
package struct PhraseMatcher: Sendable {
    package enum Kind: String, Sendable, Codable {
        /// One word exactly as it is, or several in a row.
        case word
        /// The beginning of a word; of several the last is the beginning of a word.
        case stem
        /// Words in a row; one that ends with `*` is the beginning of a word.
        case phrase
        /// Several stems, all of them among so many neighbouring words, in any order.
        case near
        /// Several phrases, all of them among so many neighbouring words, in any order.
        case together
        /// Several phrases, one after the other, all of them among so many neighbouring words.
        case sequence
    }

    package struct Pattern: Sendable {
        /// As `PhraseAlternatives` reads them.
        package var parts: [String]
        package var kind: Kind
        /// Words among which all parts must stand.
        package var within: Int
        package var words: PhraseAlternatives
        package var spelling: PhraseSpelling

        package init(_ text: String, _ kind: Kind) {
            self.init([text], kind, within: 1)
        }

        package init(_ parts: [String], _ kind: Kind, within: Int) {
            self.init(parts, kind, within: within, words: PhraseAlternatives(), spelling: .plain)
        }

        package init(
            _ parts: [String], _ kind: Kind, within: Int, words: PhraseAlternatives, spelling: PhraseSpelling
        ) {
            self.parts = parts
            self.kind = kind
            self.within = within
            self.words = words
            self.spelling = spelling
        }
    }

    /// A pattern that was found, by its place in the list, and the terms it covers.
    package struct Match: Sendable, Equatable {
        package var pattern: Int
        package var terms: Range<Int>
    }

    /// A part of a pattern of several parts.
    struct Slot: Sendable {
        var pattern: Int32
        /// Where the slots of its pattern begin and end.
        var first: Int32
        var end: Int32
        var within: Int32
        var isOrdered: Bool
    }

    private let words: PhraseWords
    private let graph: PhraseGraph
    /// By part, the patterns it is the whole of.
    private let wholes: NumberLists
    /// By part, the places in `slots` that it fills, the later parts of a pattern before the earlier.
    private let filled: NumberLists
    private let slots: [Slot]
    private let unusable: Set<Int>
    private let folds: Set<UInt64>

    package init(_ list: [Pattern]) {
        var builder = Builder()
        for pattern in list { _ = builder.add(pattern) }
        self = builder.matcher()
    }

    /// Takes one pattern after the other, so that they need not all be in memory.
    package struct Builder {
        private var ways = PhraseWays()
        private var wholes: (patterns: [Int32], parts: [Int32]) = ([], [])
        private var filled: (slots: [Int32], parts: [Int32]) = ([], [])
        private var slots: [Slot] = []
        private var unusable: Set<Int> = []
        private var folds: Set<UInt64> = []
        private var count = 0

        package init() {}

        /// The number of the pattern: its place in the order in which they were added.
        package mutating func add(_ pattern: Pattern) -> Int {
            let number = count
            count += 1
            let parts = pattern.parts.compactMap { ways.number(of: $0, pattern) }
            guard !parts.isEmpty, parts.count == pattern.parts.count else {
                unusable.insert(number)
                return number
            }
            folds.insert(pattern.spelling.seed)
            if parts.count == 1 {
                wholes.patterns.append(Int32(number))
                wholes.parts.append(parts[0])
            } else {
                addSlots(parts, of: pattern, Int32(number))
            }
            return number
        }

        private mutating func addSlots(_ parts: [Int32], of pattern: Pattern, _ number: Int32) {
            let first = Int32(slots.count)
            let slot = Slot(
                pattern: number, first: first, end: first + Int32(parts.count),
                within: Int32(max(pattern.within, parts.count)), isOrdered: pattern.kind == .sequence)
            slots += Array(repeating: slot, count: parts.count)
            for (place, part) in parts.enumerated().reversed() {
                filled.slots.append(first + Int32(place))
                filled.parts.append(part)
            }
        }

        package func matcher() -> PhraseMatcher {
            PhraseMatcher(
                words: ways.words, graph: PhraseGraph(ways.graph, words: ways.words.count),
                wholes: NumberLists(wholes.patterns, by: wholes.parts, count: ways.parts),
                filled: NumberLists(filled.slots, by: filled.parts, count: ways.parts), slots: slots,
                unusable: unusable, folds: folds)
        }
    }

    private init(
        words: PhraseWords, graph: PhraseGraph, wholes: NumberLists, filled: NumberLists, slots: [Slot],
        unusable: Set<Int>, folds: Set<UInt64>
    ) {
        (self.words, self.graph, self.wholes, self.filled) = (words, graph, wholes, filled)
        (self.slots, self.unusable, self.folds) = (slots, unusable, folds)
    }

    /// False for patterns without a letter or digit: they can never be found.
    package func isUsable(_ pattern: Int) -> Bool { !unusable.contains(pattern) }

    // MARK: - Finding

    /// What is known while a text is walked through.
    private struct Walk {
        /// By term, the words that it is.
        let terms: NumberLists
        var trails: PhraseTrails
        var found: [Match] = []
    }

    /// All that is found, in the order of the text; a pattern as often as it stands there.
    package func matches(in text: String) -> [Match] {
        var walk = Walk(
            terms: words.numbers(of: PhraseReading(text, folds: folds)), trails: PhraseTrails(slots: slots.count))
        for start in 0..<walk.terms.count {
            for place in walk.terms.places(start) {
                for target in graph.targets(ofFirst: walk.terms.values[place]) {
                    go(to: target, from: start, at: start + 1, &walk)
                }
            }
        }
        return walk.found
    }

    /// Notes what ends before the term `at`, and goes on with it; no deeper than the longest phrase.
    private func go(to target: Int32, from start: Int, at index: Int, _ walk: inout Walk) {
        if let part = PhraseGraph.part(endedBy: target) {
            return note(Int(part), start..<index, &walk)
        }
        if let part = graph.end(at: target) { note(Int(part), start..<index, &walk) }
        guard index < walk.terms.count else { return }
        for place in walk.terms.places(index) {
            for next in graph.targets(of: walk.terms.values[place], from: target) {
                go(to: next, from: start, at: index + 1, &walk)
            }
        }
    }

    private func note(_ part: Int, _ terms: Range<Int>, _ walk: inout Walk) {
        for pattern in wholes[part] { walk.found.append(Match(pattern: Int(pattern), terms: terms)) }
        for slot in filled[part] {
            guard let first = walk.trails.step(Int(slot), terms, slots) else { continue }
            walk.found.append(Match(pattern: Int(slots[Int(slot)].pattern), terms: first..<terms.upperBound))
        }
    }
}
