/// Finds many phrases in a text in one walk over its terms; the cost hardly grows with the number of phrases.
///
/// Phrases and text go through the same analyser as the search, so that case, marks and punctuation do not matter, and
/// in scripts without spaces a phrase is found inside a run, also where a line ends in it. Drawn-out letters, digits
/// for letters, kana, both scripts of Chinese and the spellings of `PhraseSpelling` are other readings of a term.
/// Hashes of the first word of each phrase, or of its beginning, lead to the few phrases that are compared.
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

    struct Step: Sendable, Hashable {
        var hash: UInt64
        var length: Int
        var seed: UInt64
        var isBeginning: Bool
    }

    /// Words in a row that patterns are made of.
    private struct Run: Sendable {
        var steps: [Step]
        /// The patterns it is the whole of.
        var wholes: [Int32] = []
        /// Places in `slots` that it fills, the later parts of a pattern before the earlier.
        var slots: [Int32] = []
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

    private var runs: [Run] = []
    private var slots: [Slot] = []
    private var unusable: Set<Int> = []
    private var byWord: [UInt64: [Int32]] = [:]
    private var byBeginning: [UInt64: [Int32]] = [:]
    private var folds: Set<UInt64> = []
    /// Bits of hashes that some run begins with: most words of a text begin none, and are passed by at once.
    private var possible = [UInt64](repeating: 0, count: 1 << 12)
    /// Bit n: some run begins with n bytes of a word.
    private var lengths: UInt64 = 0

    package init(_ list: [Pattern]) {
        var known: [[Step]: Int32] = [:]
        var steps = PhraseSteps()
        for (index, pattern) in list.enumerated() {
            let parts = pattern.parts.map { steps.ways(of: $0, pattern) }
            guard !parts.isEmpty, !parts.contains(where: \.isEmpty) else {
                unusable.insert(index)
                continue
            }
            folds.insert(pattern.spelling.seed)
            add(parts, of: pattern, Int32(index), &known)
        }
        for index in runs.indices { runs[index].slots.sort(by: >) }
        for (index, run) in runs.enumerated() { add(run.steps[0], Int32(index)) }
    }

    private mutating func add(
        _ parts: [[[Step]]], of pattern: Pattern, _ index: Int32, _ known: inout [[Step]: Int32]
    ) {
        let first = Int32(slots.count)
        for (number, ways) in parts.enumerated() {
            for steps in ways {
                let run = known[steps] ?? Int32(runs.count)
                if known[steps] == nil {
                    known[steps] = run
                    runs.append(Run(steps: steps))
                }
                if parts.count == 1 {
                    runs[Int(run)].wholes.append(index)
                } else {
                    runs[Int(run)].slots.append(first + Int32(number))
                }
            }
        }
        guard parts.count > 1 else { return }
        let slot = Slot(
            pattern: index, first: first, end: first + Int32(parts.count),
            within: Int32(max(pattern.within, parts.count)), isOrdered: pattern.kind == .sequence)
        slots += Array(repeating: slot, count: parts.count)
    }

    private mutating func add(_ first: Step, _ run: Int32) {
        possible[Int(first.hash >> 6 & 0xFFF)] |= 1 << (first.hash & 63)
        if first.isBeginning {
            byBeginning[first.hash, default: []].append(run)
            lengths |= 1 << UInt64(first.length)
        } else {
            byWord[first.hash, default: []].append(run)
        }
    }

    /// False for patterns without a letter or digit: they can never be found.
    package func isUsable(_ pattern: Int) -> Bool { !unusable.contains(pattern) }

    // MARK: - Finding

    /// All that is found, in the order of the text; a pattern as often as it stands there.
    package func matches(in text: String) -> [Match] {
        let reading = PhraseReading(text, folds: folds)
        var found: [Match] = []
        var trails = PhraseTrails(slots)
        for index in reading.terms.indices {
            hits(at: index, reading.terms[index], reading) { note($0, index..<$1, &trails, &found) }
            for other in reading.otherReadings(at: index) {
                hits(at: index, other, reading) { note($0, index..<$1, &trails, &found) }
            }
        }
        return found
    }

    private func note(_ run: Int, _ terms: Range<Int>, _ trails: inout PhraseTrails, _ found: inout [Match]) {
        for pattern in runs[run].wholes { found.append(Match(pattern: Int(pattern), terms: terms)) }
        for slot in runs[run].slots {
            guard let first = trails.step(Int(slot), terms, slots) else { continue }
            found.append(Match(pattern: Int(slots[Int(slot)].pattern), terms: first..<terms.upperBound))
        }
    }

    /// The runs that begin with a term, and where each ends.
    private func hits(
        at index: Int, _ term: PhraseReading.Term, _ reading: PhraseReading, _ body: (Int, Int) -> Void
    ) {
        func look(_ hash: UInt64, _ table: [UInt64: [Int32]]) {
            guard possible[Int(hash >> 6 & 0xFFF)] >> (hash & 63) & 1 == 1, let list = table[hash] else { return }
            for run in list {
                if let end = end(of: runs[Int(run)].steps, at: index, term, reading) { body(Int(run), end) }
            }
        }
        look(term.hash, byWord)
        guard lengths != 0 else { return }
        var hash = FNV.begin(term.seed)
        for offset in 0..<min(term.length, 62) {
            hash = FNV.add(reading.bytes[term.start + offset], to: hash)
            if lengths >> UInt64(offset + 1) & 1 == 1 { look(hash, byBeginning) }
        }
    }

    /// Where a run ends whose first word is `term`, at `index`.
    private func end(
        of steps: [Step], at index: Int, _ term: PhraseReading.Term, _ reading: PhraseReading
    ) -> Int? {
        guard index + steps.count <= reading.terms.count, fitsAsIs(steps[0], term, reading) else { return nil }
        for number in steps.indices.dropFirst() {
            guard fits(steps[number], index + number, reading) else { return nil }
        }
        return index + steps.count
    }

    private func fits(_ step: Step, _ index: Int, _ reading: PhraseReading) -> Bool {
        if fitsAsIs(step, reading.terms[index], reading) { return true }
        return reading.otherReadings(at: index).contains { fitsAsIs(step, $0, reading) }
    }

    private func fitsAsIs(_ step: Step, _ term: PhraseReading.Term, _ reading: PhraseReading) -> Bool {
        guard step.seed == term.seed else { return false }
        guard step.isBeginning else { return term.length == step.length && term.hash == step.hash }
        guard term.length >= step.length else { return false }
        return FNV.hash(reading.bytes[term.start..<(term.start + step.length)], seed: step.seed) == step.hash
    }
}
