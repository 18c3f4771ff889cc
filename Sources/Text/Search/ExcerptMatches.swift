/// Finds phrases of terms in a text, in one walk and in time linear in the text (Knuth, Morris and Pratt on terms).
struct ExcerptMatches {
    /// Bytes of the text that a wanted phrase stands for.
    struct Match: Equatable {
        var range: Range<Int>
        /// Where the last term of it begins.
        var lastTerm: Int
        /// Index of the wanted phrase.
        var wanted: Int
    }

    /// More matches than this are not looked at.
    private static let most = 20_000

    private struct Phrase {
        /// Numbers of the terms that must be met whole; 0 stands for all terms that nobody asked for.
        var whole: [Int]
        var failure: [Int]
        /// UTF-8 of the beginning of the last term.
        var prefix: [UInt8]?
        /// The prefix is one character of a script without spaces: only this of the pair is marked.
        var marksOneCharacter = false
        /// How many terms of `whole` the last terms of the text agree with.
        var state = 0
        /// True when `whole` has just been met and the prefix must follow.
        var awaitsPrefix = false
    }

    private var phrases: [Phrase] = []
    private var numbers: [ArraySlice<UInt8>: Int] = [:]
    private var firstBytes = [Bool](repeating: false, count: 256)
    private var prefixBytes = [Bool](repeating: false, count: 256)
    private var isIdle = true
    /// Where the last terms of the text began: a ring as long as the longest phrase.
    private var starts: [Int]
    private var count = 0
    private var matches: [Match] = []

    /// In the order of where they begin.
    static func find(_ wanted: [(terms: [String], isPrefix: Bool)], in text: String) -> [Match] {
        guard !wanted.isEmpty else { return [] }
        var finder = ExcerptMatches(wanted)
        TermScanner.scan(text) { finder.add($0, $1) }
        var matches = finder.matches
        for index in matches.indices where finder.phrases[matches[index].wanted].marksOneCharacter {
            matches[index] = oneCharacter(of: matches[index], in: text)
        }
        return matches.sorted { ($0.range.lowerBound, $0.wanted) < ($1.range.lowerBound, $1.wanted) }
    }

    private static func oneCharacter(of match: Match, in text: String) -> Match {
        let view = text.utf8
        let start = view.index(view.startIndex, offsetBy: match.lastTerm)
        let end = view.index(view.startIndex, offsetBy: match.range.upperBound)
        var match = match
        match.range = match.range.lowerBound..<match.lastTerm + (text[start..<end].first?.utf8.count ?? 0)
        return match
    }

    /// The stretches that any match covers, in order, apart from each other.
    static func merged(_ matches: [Match]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in matches.map(\.range) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private init(_ wanted: [(terms: [String], isPrefix: Bool)]) {
        starts = [Int](repeating: 0, count: max(1, wanted.map(\.terms.count).max() ?? 1))
        for (terms, isPrefix) in wanted { phrases.append(makePhrase(terms, isPrefix: isPrefix)) }
    }

    private mutating func makePhrase(_ terms: [String], isPrefix: Bool) -> Phrase {
        let whole = (isPrefix ? terms.dropLast() : terms[...]).map { number(of: Array($0.utf8)) }
        var phrase = Phrase(whole: whole, failure: Self.failure(of: whole))
        if isPrefix, let last = terms.last {
            phrase.prefix = Array(last.utf8)
            phrase.marksOneCharacter = SearchWords.isOnePairCharacter(last)
            if let first = last.utf8.first { prefixBytes[Int(first)] = true }
        }
        return phrase
    }

    private mutating func number(of term: [UInt8]) -> Int {
        if let first = term.first { firstBytes[Int(first)] = true }
        let number = numbers[term[...]] ?? numbers.count + 1
        numbers[term[...]] = number
        return number
    }

    /// For each length, how many terms still agree when the next one does not.
    private static func failure(of whole: [Int]) -> [Int] {
        var failure = [Int](repeating: 0, count: whole.count)
        var state = 0
        for index in whole.indices.dropFirst() {
            while state > 0, whole[state] != whole[index] { state = failure[state - 1] }
            if whole[state] == whole[index] { state += 1 }
            failure[index] = state
        }
        return failure
    }

    private mutating func add(_ term: ArraySlice<UInt8>, _ range: Range<Int>) {
        starts[count % starts.count] = range.lowerBound
        count += 1
        let first = Int(term[term.startIndex])
        let number = firstBytes[first] ? numbers[term] ?? 0 : 0
        guard number != 0 || !isIdle || prefixBytes[first] else { return }
        isIdle = true
        for index in phrases.indices {
            if let prefix = phrases[index].prefix, phrases[index].whole.isEmpty || phrases[index].awaitsPrefix,
                term.starts(with: prefix)
            {
                found(index, terms: phrases[index].whole.count + 1, last: range)
            }
            advance(index, number, range)
        }
    }

    private mutating func advance(_ index: Int, _ number: Int, _ range: Range<Int>) {
        let length = phrases[index].whole.count
        guard length > 0 else { return }
        var state = phrases[index].state
        while state > 0, state == length || phrases[index].whole[state] != number {
            state = phrases[index].failure[state - 1]
        }
        if state < length, phrases[index].whole[state] == number { state += 1 }
        phrases[index].state = state
        phrases[index].awaitsPrefix = state == length && phrases[index].prefix != nil
        if state == length, phrases[index].prefix == nil { found(index, terms: length, last: range) }
        if state > 0 { isIdle = false }
    }

    private mutating func found(_ index: Int, terms: Int, last: Range<Int>) {
        guard matches.count < Self.most else { return }
        let start = starts[(count - terms) % starts.count]
        matches.append(Match(range: start..<last.upperBound, lastTerm: last.lowerBound, wanted: index))
    }
}
