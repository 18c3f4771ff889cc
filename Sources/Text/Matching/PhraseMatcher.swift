/// Finds many phrases in a text in one walk over its terms; the cost hardly grows with the number of phrases.
///
/// Phrases and text go through the same analyser as the search, so that case, marks and punctuation do not matter, and
/// in scripts without spaces a phrase is found inside a run. Hashes of the first word of each phrase, or of its
/// beginning, lead to the few phrases that are then compared word by word.
package struct PhraseMatcher: Sendable {
    package enum Kind: String, Sendable, Codable {
        /// One word exactly as it is, or several in a row.
        case word
        /// The beginning of a word; of several the last is the beginning of a word.
        case stem
        /// Words in a row; one that ends with `*` is the beginning of a word.
        case phrase
        /// As a phrase, but up to three other words may stand between two of them.
        case near
    }

    package struct Pattern: Sendable {
        package var text: String
        package var kind: Kind

        package init(_ text: String, _ kind: Kind) {
            self.text = text
            self.kind = kind
        }
    }

    /// A pattern that was found, by its place in the list, and the terms it covers.
    package struct Match: Sendable, Equatable {
        package var pattern: Int
        package var terms: Range<Int>
    }

    private struct Step: Sendable {
        var hash: UInt64
        var length: Int
        var isBeginning: Bool
    }

    private struct Compiled: Sendable {
        var steps: [Step]
        var gap: Int
    }

    private static let gap = 3
    private let patterns: [Compiled]
    private var byWord: [UInt64: [Int32]] = [:]
    private var byBeginning: [UInt64: [Int32]] = [:]
    /// Bit n: some pattern begins with n bytes of a word.
    private var lengths: UInt64 = 0

    package init(_ list: [Pattern]) {
        patterns = list.map(Self.compile)
        for (index, pattern) in patterns.enumerated() {
            guard let first = pattern.steps.first else { continue }
            if first.isBeginning {
                byBeginning[first.hash, default: []].append(Int32(index))
                lengths |= 1 << UInt64(min(first.length, 63))
            } else {
                byWord[first.hash, default: []].append(Int32(index))
            }
        }
    }

    /// False for patterns without a letter or digit: they can never be found.
    package func isUsable(_ pattern: Int) -> Bool { !patterns[pattern].steps.isEmpty }

    private static func compile(_ pattern: Pattern) -> Compiled {
        var steps: [Step] = []
        for part in pattern.text.split(whereSeparator: \.isWhitespace) {
            var bytes: [[UInt8]] = []
            TermScanner.scan(String(part)) { term, _ in bytes.append(Array(term)) }
            for (index, term) in bytes.enumerated() {
                let isLast = index == bytes.count - 1
                steps.append(
                    Step(
                        hash: FNV.hash(term, seed: 0), length: term.count, isBeginning: isLast && part.hasSuffix("*")))
            }
        }
        if pattern.kind == .stem, let last = steps.indices.last { steps[last].isBeginning = true }
        // No beginning is longer than what the lengths can say.
        for index in steps.indices where steps[index].length > 62 { steps[index].isBeginning = false }
        return Compiled(steps: steps, gap: pattern.kind == .near ? gap : 0)
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
        let reading = Reading(text)
        var found: [Match] = []
        for index in reading.terms.indices {
            begin(at: index, reading.terms[index], reading, &found)
            if let rest = reading.withoutJoined(reading.terms[index]) { begin(at: index, rest, reading, &found) }
        }
        return found
    }

    private func begin(at index: Int, _ term: Term, _ reading: Reading, _ found: inout [Match]) {
        func look(_ list: [Int32]?) {
            for pattern in list ?? [] {
                if let end = end(of: patterns[Int(pattern)], from: index, reading) {
                    let match = Match(pattern: Int(pattern), terms: index..<end)
                    if !found.contains(match) { found.append(match) }
                }
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

    /// Where a pattern ends whose first word stands at `index`.
    private func end(of pattern: Compiled, from index: Int, _ reading: Reading) -> Int? {
        var place = index
        for (number, step) in pattern.steps.enumerated() {
            if number == 0 {
                guard fits(step, reading.terms[place], reading) else { return nil }
                continue
            }
            let last = min(place + 1 + pattern.gap, reading.terms.count - 1)
            guard place < last, let next = (place + 1...last).first(where: { fits(step, reading.terms[$0], reading) })
            else { return nil }
            place = next
        }
        return place + 1
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
