/// Finds many phrases in a text in one walk over its terms; the cost hardly grows with the number of phrases.
///
/// Phrases and text go through the same analyser as the search, so that case, marks and punctuation do not matter, and
/// in scripts without spaces a phrase is found inside a run, also where a line ends in it. Hashes of the first word of
/// each phrase, or of its beginning, lead to the few phrases that are then compared word by word.
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
    }

    package struct Pattern: Sendable {
        package var parts: [String]
        package var kind: Kind
        /// Words among which all parts must stand.
        package var within: Int

        package init(_ text: String, _ kind: Kind) {
            self.init([text], kind, within: 1)
        }

        package init(_ parts: [String], _ kind: Kind, within: Int) {
            self.parts = parts
            self.kind = kind
            self.within = within
        }
    }

    /// A pattern that was found, by its place in the list, and the terms it covers.
    package struct Match: Sendable, Equatable {
        package var pattern: Int
        package var terms: Range<Int>
    }

    private struct Step: Sendable, Hashable {
        var hash: UInt64
        var length: Int
        var isBeginning: Bool
    }

    /// Words in a row that patterns are made of.
    private struct Run: Sendable {
        var steps: [Step]
        /// The pattern it is the whole of.
        var wholes: [Int32] = []
        /// Patterns of several runs that it is a part of.
        var parts: [Int32] = []
    }

    private struct Neighbours: Sendable {
        var runs: [Int]
        var within: Int
    }

    private var runs: [Run] = []
    /// By pattern, for those of several runs.
    private var neighbours: [Int32: Neighbours] = [:]
    private var unusable: Set<Int> = []
    private var byWord: [UInt64: [Int32]] = [:]
    private var byBeginning: [UInt64: [Int32]] = [:]
    /// Bit n: some run begins with n bytes of a word.
    private var lengths: UInt64 = 0

    package init(_ list: [Pattern]) {
        var known: [[Step]: Int] = [:]
        for (index, pattern) in list.enumerated() {
            let parts = pattern.parts.map { Self.steps(of: $0, pattern.kind) }
            guard !parts.isEmpty, !parts.contains(where: \.isEmpty) else {
                unusable.insert(index)
                continue
            }
            let found = parts.map { steps -> Int in
                if let run = known[steps] { return run }
                runs.append(Run(steps: steps))
                known[steps] = runs.count - 1
                return runs.count - 1
            }
            if found.count == 1 {
                runs[found[0]].wholes.append(Int32(index))
            } else {
                for run in Set(found) { runs[run].parts.append(Int32(index)) }
                neighbours[Int32(index)] = Neighbours(runs: found, within: max(pattern.within, found.count))
            }
        }
        for (index, run) in runs.enumerated() { add(run.steps[0], Int32(index)) }
    }

    private mutating func add(_ first: Step, _ run: Int32) {
        if first.isBeginning {
            byBeginning[first.hash, default: []].append(run)
            lengths |= 1 << UInt64(first.length)
        } else {
            byWord[first.hash, default: []].append(run)
        }
    }

    /// False for patterns without a letter or digit: they can never be found.
    package func isUsable(_ pattern: Int) -> Bool { !unusable.contains(pattern) }

    private static func steps(of text: String, _ kind: Kind) -> [Step] {
        var steps: [Step] = []
        for part in text.split(whereSeparator: \.isWhitespace) {
            var terms: [[UInt8]] = []
            TermScanner.scan(String(part)) { term, _ in terms.append(Array(term)) }
            for (index, term) in terms.enumerated() {
                let isBeginning = index == terms.count - 1 && part.hasSuffix("*")
                steps.append(Step(hash: FNV.hash(term, seed: 0), length: term.count, isBeginning: isBeginning))
            }
        }
        if kind == .stem || kind == .near, let last = steps.indices.last { steps[last].isBeginning = true }
        // No beginning is longer than what `lengths` can say.
        for index in steps.indices where steps[index].length > 62 { steps[index].isBeginning = false }
        return steps
    }

    // MARK: - Finding

    private struct Term {
        var start: Int
        var length: Int
        var hash: UInt64
    }

    /// The terms of a text, one after the other, with their hashes.
    private struct Reading {
        var bytes: [UInt8] = []
        var terms: [Term] = []

        init(_ text: String) {
            TermScanner.scan(text) { term, _ in add(term) }
        }

        private mutating func add(_ term: ArraySlice<UInt8>) {
            let start = bytes.count
            bytes.append(contentsOf: term)
            terms.append(Term(start: start, length: term.count, hash: FNV.hash(term, seed: 0)))
        }

        /// Arabic "and" and "so" are written together with the next word: what is left without them.
        func withoutJoined(_ term: Term) -> Term? {
            guard term.length >= 6, bytes[term.start] == 0xD9, [0x88, 0x81].contains(bytes[term.start + 1]) else {
                return nil
            }
            let (start, length) = (term.start + 2, term.length - 2)
            return Term(
                start: start, length: length, hash: FNV.hash(bytes[start..<(start + length)], seed: 0))
        }
    }

    /// All that is found, in the order of the text; a pattern as often as it stands there.
    package func matches(in text: String) -> [Match] {
        let reading = Reading(WrittenTogether.text(of: text))
        var found: [Match] = []
        var lastSeen = [Int](repeating: -1_000_000, count: runs.count)
        for index in reading.terms.indices {
            hits(at: index, reading.terms[index], reading) { note($0, index..<$1, &lastSeen, &found) }
            if let rest = reading.withoutJoined(reading.terms[index]) {
                hits(at: index, rest, reading) { note($0, index..<$1, &lastSeen, &found) }
            }
        }
        return found
    }

    private func note(_ run: Int, _ terms: Range<Int>, _ lastSeen: inout [Int], _ found: inout [Match]) {
        for pattern in runs[run].wholes { found.append(Match(pattern: Int(pattern), terms: terms)) }
        guard !runs[run].parts.isEmpty else { return }
        lastSeen[run] = terms.lowerBound
        for pattern in runs[run].parts {
            guard let group = neighbours[pattern] else { continue }
            let first = group.runs.reduce(terms.lowerBound) { min($0, lastSeen[$1]) }
            guard terms.lowerBound - first < group.within else { continue }
            found.append(Match(pattern: Int(pattern), terms: first..<terms.upperBound))
        }
    }

    /// The runs that begin with a term, and where each ends.
    private func hits(at index: Int, _ term: Term, _ reading: Reading, _ body: (Int, Int) -> Void) {
        func look(_ list: [Int32]?) {
            for run in list ?? [] {
                if let end = end(of: runs[Int(run)].steps, at: index, term, reading) { body(Int(run), end) }
            }
        }
        look(byWord[term.hash])
        guard lengths != 0 else { return }
        var hash = FNV.begin(0)
        for offset in 0..<min(term.length, 62) {
            hash = FNV.add(reading.bytes[term.start + offset], to: hash)
            if lengths >> UInt64(offset + 1) & 1 == 1 { look(byBeginning[hash]) }
        }
    }

    /// Where a run ends whose first word is `term`, at `index`.
    private func end(of steps: [Step], at index: Int, _ term: Term, _ reading: Reading) -> Int? {
        guard index + steps.count <= reading.terms.count, fitsAsIs(steps[0], term, reading) else { return nil }
        for number in steps.indices.dropFirst() {
            guard fits(steps[number], reading.terms[index + number], reading) else { return nil }
        }
        return index + steps.count
    }

    private func fits(_ step: Step, _ term: Term, _ reading: Reading) -> Bool {
        if fitsAsIs(step, term, reading) { return true }
        guard let rest = reading.withoutJoined(term) else { return false }
        return fitsAsIs(step, rest, reading)
    }

    private func fitsAsIs(_ step: Step, _ term: Term, _ reading: Reading) -> Bool {
        guard step.isBeginning else { return term.length == step.length && term.hash == step.hash }
        guard term.length >= step.length else { return false }
        return FNV.hash(reading.bytes[term.start..<(term.start + step.length)], seed: 0) == step.hash
    }
}

/// Chinese and Japanese without the spaces and line ends that stand inside them: they part no words.
private enum WrittenTogether {
    static func text(of text: String) -> String {
        guard text.utf8.contains(where: { (0xE3...0xE9).contains($0) }) else { return text }
        var out = String.UnicodeScalarView()
        var spaces: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                spaces.append(scalar)
                continue
            }
            if !(isTogether(scalar) && out.last.map(isTogether) ?? false) { out.append(contentsOf: spaces) }
            spaces.removeAll(keepingCapacity: true)
            out.append(scalar)
        }
        return String(out)
    }

    /// Kana and Han.
    private static func isTogether(_ scalar: Unicode.Scalar) -> Bool {
        (0x3040...0x30FF).contains(scalar.value) || (0x3400...0x9FFF).contains(scalar.value)
    }
}
