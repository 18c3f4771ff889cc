import CICU

/// The terms of a text, one after the other, each with the other ways in which it may be read.
struct PhraseReading {
    struct Term {
        var start: Int
        var length: Int
        var hash: UInt64
        /// What the hash began with: the fold the term went through.
        var seed: UInt64
    }

    private(set) var bytes: [UInt8] = []
    private(set) var terms: [Term] = []
    /// Other readings of all terms; those of a term begin at its number in `firstOther`.
    private(set) var others: [Term] = []
    private var firstOther: [Int] = [0]
    private let folds: Set<UInt64>

    /// `folds`: the seeds of the folds that some phrase needs.
    init(_ text: String, folds: Set<UInt64>) {
        self.folds = folds
        var scratch: [UInt8] = []
        let written = WrittenTogether.text(of: text)
        bytes.reserveCapacity(written.utf8.count)
        var lastEnd = -1
        var isTail = false
        TermScanner.scan(written) { term, range in
            if isTail, range.lowerBound >= lastEnd { addTail() }
            isTail = HanFold.isPair(term)
            if isTail {
                scratch.removeAll(keepingCapacity: true)
                HanFold.fold(term, into: &scratch)
                add(scratch[...])
            } else {
                add(term)
            }
            lastEnd = range.upperBound
        }
        if isTail { addTail() }
    }

    /// Where the other readings of a term stand in `others`.
    func otherReadings(at index: Int) -> Range<Int> { firstOther[index]..<firstOther[index + 1] }

    /// What was written at the end of `bytes`, as a term.
    private func term(from start: Int, seed: UInt64) -> Term {
        Term(start: start, length: bytes.count - start, hash: FNV.hash(bytes[start...], seed: seed), seed: seed)
    }

    private mutating func add(_ term: ArraySlice<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: term)
        terms.append(self.term(from: start, seed: 0))
        addOthers(of: term)
        firstOther.append(others.count)
    }

    private mutating func addOther(_ term: some Collection<UInt8>, seed: UInt64 = 0) {
        let start = bytes.count
        bytes.append(contentsOf: term)
        others.append(self.term(from: start, seed: seed))
    }

    /// The last character of a run of Chinese or Japanese begins no pair: it is another reading of the last pair.
    private mutating func addTail() {
        guard let last = terms.last, last.length >= 6 else { return }
        addOther(Array(bytes[(last.start + last.length - 3)..<(last.start + last.length)]))
        firstOther[firstOther.count - 1] = others.count
    }

    private mutating func addOthers(of term: ArraySlice<UInt8>) {
        guard let first = term.first, first < 0xE3 else { return }
        let shortened = Elongation.shortened(term)
        for other in shortened { addOther(other) }
        if first < 0x80, let plain = Digits.asLetters(term) { addOther(plain) }
        if folds.contains(1), first < 0x80 || first == 0xE0 {
            addHindi(term)
            for other in shortened { addHindi(other[...]) }
        }
        if folds.contains(2), (0xD8...0xDB).contains(first) {
            addArabic(term)
            for other in shortened { addArabic(other[...]) }
        }
    }

    private mutating func addHindi(_ term: ArraySlice<UInt8>) {
        let start = bytes.count
        if term.first.map({ $0 < 0x80 }) ?? true {
            RomanFold.fold(term, into: &bytes)
        } else {
            bytes.append(contentsOf: DevanagariFold.fold(term))
        }
        others.append(self.term(from: start, seed: 1))
    }

    private mutating func addArabic(_ term: ArraySlice<UInt8>) {
        let folded = ArabicFold.fold(term)
        addOther(folded, seed: 2)
        for rest in ArabicFold.withoutJoined(folded) { addOther(rest, seed: 2) }
    }
}

/// A letter three times in a row or more is drawn out: it may stand for one, or for two.
enum Elongation {
    static func shortened(_ term: ArraySlice<UInt8>) -> [[UInt8]] {
        guard isLikely(term) else { return [] }
        let scalars = Array(String(decoding: term, as: UTF8.self).unicodeScalars)
        let one = cut(scalars, to: 1)
        guard one.count < scalars.count else { return [] }
        return [one, cut(scalars, to: 2)].map { Array(String(String.UnicodeScalarView($0)).utf8) }
    }

    /// Whether some bytes stand three times in a row, for characters of one, two or three bytes.
    private static func isLikely(_ term: ArraySlice<UInt8>) -> Bool {
        guard let first = term.first else { return false }
        let width = first < 0x80 ? 1 : first < 0xE0 ? 2 : 3
        guard term.count > 2 * width else { return false }
        return (term.startIndex..<(term.endIndex - 2 * width)).contains { index in
            term[index] == term[index + width] && term[index] == term[index + 2 * width]
        }
    }

    private static func cut(_ scalars: [Unicode.Scalar], to count: Int) -> [Unicode.Scalar] {
        var out: [Unicode.Scalar] = []
        var index = 0
        while index < scalars.count {
            var next = index + 1
            while next < scalars.count, scalars[next] == scalars[index] { next += 1 }
            let isDrawnOut = next - index > 2 && !(0x30...0x39).contains(scalars[index].value)
            out += scalars[index..<(isDrawnOut ? index + count : next)]
            index = next
        }
        return out
    }
}

/// Digits among letters that stand for letters: k1ll, d13.
enum Digits {
    private static func letter(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0"): UInt8(ascii: "o")
        case UInt8(ascii: "1"): UInt8(ascii: "i")
        case UInt8(ascii: "3"): UInt8(ascii: "e")
        case UInt8(ascii: "4"): UInt8(ascii: "a")
        case UInt8(ascii: "5"): UInt8(ascii: "s")
        case UInt8(ascii: "7"): UInt8(ascii: "t")
        default: nil
        }
    }

    static func asLetters(_ term: ArraySlice<UInt8>) -> [UInt8]? {
        guard term.contains(where: { letter($0) != nil }), term.contains(where: { $0 >= UInt8(ascii: "a") }) else {
            return nil
        }
        return term.map { letter($0) ?? $0 }
    }
}

/// One spelling for kana and for Chinese characters: hiragana, and the simplified character.
enum HanFold {
    private static let first = 0x4E00
    private static let count = 0x9FFF - first + 1

    /// The simplified character of each, by ICU.
    private static let simplified: [UInt16] = [UInt16](unsafeUninitializedCapacity: count) { buffer, size in
        _ = cicu_simplified(buffer.baseAddress, Int32(first), Int32(count))
        size = count
    }

    /// Whether a term is made of characters that are folded here.
    static func isPair(_ term: ArraySlice<UInt8>) -> Bool { term.first.map { (0xE3...0xE9).contains($0) } ?? false }

    static func fold(_ term: ArraySlice<UInt8>, into out: inout [UInt8]) {
        var index = term.startIndex
        while index < term.endIndex {
            guard term[index] >= 0xE0, term[index] < 0xF0, index + 2 < term.endIndex else {
                out.append(term[index])
                index += 1
                continue
            }
            let value = Int(term[index] & 0x0F) << 12 | Int(term[index + 1] & 0x3F) << 6 | Int(term[index + 2] & 0x3F)
            let folded = folded(value)
            out.append(0xE0 | UInt8(folded >> 12))
            out.append(0x80 | UInt8(folded >> 6 & 0x3F))
            out.append(0x80 | UInt8(folded & 0x3F))
            index += 3
        }
    }

    private static func folded(_ value: Int) -> Int {
        if (0x30A1...0x30F6).contains(value) { return value - 0x60 }
        return (first..<(first + count)).contains(value) ? Int(simplified[value - first]) : value
    }
}

/// Chinese and Japanese without the spaces and line ends that stand inside them: they part no words.
enum WrittenTogether {
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
