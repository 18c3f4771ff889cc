/// Phrases as the terms of which they are made, in each of their spellings.
struct PhraseSteps {
    private struct Part: Hashable {
        var text: String
        var classes: String
        var seed: UInt64
        var isStem: Bool
    }

    /// Parts that were read before: classes of words come back in many patterns.
    private var known: [Part: [[PhraseMatcher.Step]]] = [:]

    /// The ways to write one part of a pattern; empty when one of them has no letter or digit.
    mutating func ways(of text: String, _ pattern: PhraseMatcher.Pattern) -> [[PhraseMatcher.Step]] {
        let isStem = pattern.kind == .stem || pattern.kind == .near
        let part = Part(text: text, classes: pattern.words.name, seed: pattern.spelling.seed, isStem: isStem)
        if let ways = known[part] { return ways }
        let ways = Self.ways(of: pattern.words.all(of: text), pattern)
        known[part] = ways
        return ways
    }

    private static func ways(of texts: [String], _ pattern: PhraseMatcher.Pattern) -> [[PhraseMatcher.Step]] {
        var seen: Set<[PhraseMatcher.Step]> = []
        var ways: [[PhraseMatcher.Step]] = []
        for text in texts {
            for variant in [text] + pattern.spelling.variants(of: text) {
                let steps = steps(of: variant, pattern)
                guard !steps.isEmpty else { return [] }
                if seen.insert(steps).inserted { ways.append(steps) }
            }
        }
        return ways
    }

    private static func steps(of text: String, _ pattern: PhraseMatcher.Pattern) -> [PhraseMatcher.Step] {
        var steps: [PhraseMatcher.Step] = []
        for part in text.split(whereSeparator: \.isWhitespace) {
            let terms = terms(of: String(part), pattern.spelling)
            for (index, term) in terms.enumerated() {
                let isBeginning = index == terms.count - 1 && part.hasSuffix("*") || isOneCharacter(term)
                let seed = pattern.spelling.covers(term) ? pattern.spelling.seed : 0
                steps.append(
                    PhraseMatcher.Step(
                        hash: FNV.hash(term, seed: seed), length: term.count, seed: seed, isBeginning: isBeginning))
            }
        }
        if pattern.kind == .stem || pattern.kind == .near, let last = steps.indices.last {
            steps[last].isBeginning = true
        }
        // No beginning is longer than what a matcher's set of lengths can say.
        for index in steps.indices where steps[index].length > 62 { steps[index].isBeginning = false }
        return steps
    }

    private static func terms(of part: String, _ spelling: PhraseSpelling) -> [[UInt8]] {
        var terms: [[UInt8]] = []
        TermScanner.scan(part) { term, _ in
            if HanFold.isPair(term) {
                var folded: [UInt8] = []
                HanFold.fold(term, into: &folded)
                terms.append(folded)
            } else {
                terms.append(spelling.covers(Array(term)) ? spelling.fold(term) : Array(term))
            }
        }
        return terms
    }

    /// One character of a script that is read in pairs: the beginning of a pair.
    private static func isOneCharacter(_ term: [UInt8]) -> Bool { term.count == 3 && HanFold.isPair(term[...]) }
}
