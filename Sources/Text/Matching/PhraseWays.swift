/// Reads the parts of patterns, in each of their spellings, into a graph of words.
///
/// Ways that a part may be written are not listed: `(kill|stab) (you|him)` is two steps of two words each, and what
/// follows a bracket is read once for all that stands in it.
struct PhraseWays {
    private struct Part: Hashable {
        var text: String
        var classes: String
        var spelling: PhraseSpelling
        var isStem: Bool
    }

    /// A way as far as it has been read: the state after its last whole word, and the word it is in.
    private struct Way {
        var state: Int32 = 0
        /// Where the word stands in `written`; nothing when `length` is 0.
        var start: Int32 = 0
        var length: Int32 = 0
        /// Whether the word has ended.
        var isOver = false
        /// Of the word, so that it is found among those that were read before.
        var hash = FNV.begin(0)
    }

    /// Where the terms of a word stand in `terms`, and whether this manner spells it as no other does.
    private struct Spelled {
        var range: Range<Int32>
        var isOwn: Bool
    }

    private struct Wrong: Error {}

    /// More ways than this to write one word are a mistake of their author.
    private static let limit = 20_000
    private static let deepest = 8

    private(set) var words = PhraseWords()
    private(set) var graph = PhraseGraph.Draft()
    private(set) var parts = 0
    /// Parts that were read before, by their number: classes of words come back in many patterns.
    private var known: [Part: Int32?] = [:]
    /// Words that were read before, by their hash, manner and spelling.
    private var knownWords: [UInt64: Spelled] = [:]
    private var terms: [Int32] = []
    /// The words of the ways of one part.
    private var written: [UInt8] = []

    private var alternatives = PhraseAlternatives()
    private var spelling = PhraseSpelling.plain
    private var manner = 0
    private var isStem = false
    private var isSpelledSo = false

    /// The number of a part; nil when it names an unknown class, goes in a circle, stands for too much, or can be
    /// without a letter or digit.
    mutating func number(of text: String, _ pattern: PhraseMatcher.Pattern) -> Int32? {
        (alternatives, spelling) = (pattern.words, pattern.spelling)
        isStem = pattern.kind == .stem || pattern.kind == .near
        let part = Part(text: text, classes: alternatives.name, spelling: spelling, isStem: isStem)
        if let number = known[part] { return number }
        let number = Int32(parts)
        let size = graph.size
        do {
            for manner in 0...spelling.manners { try read(Array(text.utf8), number, manner) }
            parts += 1
            known[part] = .some(number)
            return number
        } catch {
            graph.cut(to: size)
            known[part] = .some(nil)
            return nil
        }
    }

    /// Reads all ways of a part in one manner of spelling it; 0 is how it stands there.
    private mutating func read(_ text: [UInt8], _ part: Int32, _ manner: Int) throws {
        let size = graph.size
        (self.manner, isSpelledSo) = (manner, manner == 0)
        written.removeAll(keepingCapacity: true)
        for way in try choices(of: text, 0..<text.count, [Way()], depth: 0) {
            let range = terms(of: way, isLast: true)
            if range.isEmpty {
                guard way.state > 0 else { throw Wrong() }
                graph.end(part, at: way.state)
            } else {
                add(range, from: way.state, to: ~part)
            }
        }
        if !isSpelledSo { graph.cut(to: size) }
    }

    // MARK: - Alternatives

    /// Goes on from each of the ways with each choice of a text.
    private mutating func choices(
        of text: [UInt8], _ range: Range<Int>, _ ways: [Way], depth: Int
    ) throws -> [Way] {
        guard depth < Self.deepest else { throw Wrong() }
        var found: [Way] = []
        try PhraseAlternatives.eachChoice(of: text, range) { choice in
            found += try concatenation(of: text, choice, ways, depth: depth)
        }
        guard found.count <= Self.limit else { throw Wrong() }
        return found
    }

    /// A text without a `|` of its own: plain text, brackets and classes, one after the other.
    private mutating func concatenation(
        of text: [UInt8], _ range: Range<Int>, _ ways: [Way], depth: Int
    ) throws -> [Way] {
        var (ways, rest) = (ways, range.lowerBound)
        while let bracket = PhraseAlternatives.bracket(in: text, rest..<range.upperBound) {
            guard let end = bracket.end else { throw Wrong() }
            add(text, rest..<bracket.start, to: &ways)
            let inner = bracket.start + 1..<end
            if bracket.isClass {
                var found: [Way] = []
                for member in alternatives.members(of: String(decoding: text[inner], as: UTF8.self)) {
                    found += try choices(of: member, 0..<member.count, ways, depth: depth + 1)
                }
                ways = found
            } else {
                ways = try choices(of: text, inner, ways, depth: depth + 1)
            }
            guard !ways.isEmpty, ways.count <= Self.limit else { throw Wrong() }
            rest = end + 1
        }
        add(text, rest..<range.upperBound, to: &ways)
        return ways
    }

    // MARK: - Words

    /// Adds plain text to each of the ways.
    private mutating func add(_ text: [UInt8], _ range: Range<Int>, to ways: inout [Way]) {
        var start = range.lowerBound
        while start < range.upperBound {
            let isSpace = Self.isSpace(text[start])
            var end = start + 1
            while end < range.upperBound, Self.isSpace(text[end]) == isSpace { end += 1 }
            if isSpace {
                for index in ways.indices where ways[index].length > 0 { ways[index].isOver = true }
            } else {
                endWords(&ways)
                for index in ways.indices { write(text, start..<end, in: &ways[index]) }
            }
            start = end
        }
    }

    /// A word that is longer now is a new one: others may go on from the same beginning.
    private mutating func write(_ text: [UInt8], _ range: Range<Int>, in way: inout Way) {
        let (start, length) = (Int(way.start), Int(way.length))
        way.start = Int32(written.count)
        way.length = Int32(length + range.count)
        for place in start..<(start + length) { written.append(written[place]) }
        for place in range {
            written.append(text[place])
            way.hash = FNV.add(text[place], to: way.hash)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// What has ended its word leads to one state, for all ways that go on alike from here.
    private mutating func endWords(_ ways: inout [Way]) {
        guard ways.contains(where: \.isOver) else { return }
        var open: [Way] = []
        var target: Int32?
        var stayed: Set<Int32> = []
        for way in ways {
            guard way.isOver else {
                open.append(way)
                continue
            }
            let range = terms(of: way, isLast: false)
            if range.isEmpty {
                if stayed.insert(way.state).inserted { open.append(Way(state: way.state)) }
                continue
            }
            let state = target ?? graph.newState()
            target = state
            add(range, from: way.state, to: state)
        }
        if let target { open.append(Way(state: target)) }
        ways = open
    }

    private mutating func add(_ range: Range<Int32>, from state: Int32, to target: Int32) {
        var state = state
        for place in range {
            let next = place == range.upperBound - 1 ? target : graph.newState()
            graph.add(terms[Int(place)], from: state, to: next)
            state = next
        }
    }

    /// The terms of a word in the manner of spelling that is being read; the last of a stem is the beginning of one.
    private mutating func terms(of way: Way, isLast: Bool) -> Range<Int32> {
        guard way.length > 0 else { return 0..<0 }
        let isStem = isLast && isStem
        // As it stands there a word has the same terms in all spellings that share a fold.
        let kind = manner == 0 ? spelling.seed : UInt64(spelling.manners << 4 + manner)
        let key = FNV.add(UInt8(kind << 1 | (isStem ? 1 : 0)), to: way.hash)
        let spelled: Spelled
        if let known = knownWords[key] {
            spelled = known
        } else {
            spelled = spell(way, isStem: isStem)
            knownWords[key] = spelled
        }
        if spelled.isOwn { isSpelledSo = true }
        return spelled.range
    }

    private mutating func spell(_ way: Way, isStem: Bool) -> Spelled {
        let word = String(decoding: written[Int(way.start)..<Int(way.start + way.length)], as: UTF8.self)
        let own = manner > 0 ? spelling.spelled(word, manner: manner) : nil
        let start = Int32(terms.count)
        let found = Self.terms(of: own ?? word, spelling)
        for (index, term) in found.enumerated() {
            let isLast = index == found.count - 1
            let isBeginning = isLast && (isStem || word.utf8.last == UInt8(ascii: "*")) || Self.isOneCharacter(term)
            let seed = spelling.covers(term) ? spelling.seed : 0
            terms.append(
                words.number(
                    hash: FNV.hash(term, seed: seed), length: term.count,
                    isBeginning: isBeginning && term.count <= PhraseWords.longestBeginning))
        }
        return Spelled(range: start..<Int32(terms.count), isOwn: own != nil)
    }

    private static func terms(of word: String, _ spelling: PhraseSpelling) -> [[UInt8]] {
        var terms: [[UInt8]] = []
        TermScanner.scan(word) { term, _ in
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
