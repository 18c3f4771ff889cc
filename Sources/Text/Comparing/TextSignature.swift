/// A short mark of a text by which texts that share most of their words are known to each other (MinHash).
///
/// The words are those of the search (folded, all scripts), taken `width` at a time; a signature keeps the smallest of
/// each of `count` hashes of them. The share of equal places estimates how much two texts have in common (Jaccard).
/// The same text gives the same signature on every machine. It holds no words, but whoever guesses a text can check
/// the guess: it is as confidential as the text.
package struct TextSignature: Sendable, Equatable {
    /// Hashes of a signature.
    package static let count = 64
    /// Texts are compared by so many pieces of their beginning.
    private static let longest = 2048
    private static let rowsPerBand = 4

    private let values: [UInt32]

    /// Nil for a text without words. `width` 3 tells copies with small changes, 1 tells texts about the same things.
    package init?(_ text: String, width: Int) { self.init(terms: SearchTerms.terms(of: text), width: width) }

    /// `terms` are those of `SearchTerms`.
    package init?(terms: [String], width: Int) {
        guard !terms.isEmpty else { return nil }
        let hashes = terms.prefix(Self.longest + width).map(Self.hash)
        var smallest = [UInt64](repeating: .max, count: Self.count)
        for start in 0..<max(1, min(hashes.count - width + 1, Self.longest)) {
            var piece: UInt64 = 0
            for hash in hashes[start..<min(start + width, hashes.count)] { piece = Self.mix(piece &+ hash) }
            for place in 0..<Self.count {
                let value = (piece ^ Self.seeds[place]) &* Self.factors[place]
                if value < smallest[place] { smallest[place] = value }
            }
        }
        values = smallest.map { UInt32(truncatingIfNeeded: $0 >> 32) }
    }

    /// From what `bytes` gave; nil for anything else.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.count * 4 else { return nil }
        values = stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    package var bytes: [UInt8] {
        values.flatMap { value in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) } }
    }

    /// How much two texts have in common, from 0 to 1; off by 0.06 as a rule.
    package func similarity(to other: TextSignature) -> Double {
        Double(zip(values, other.values).count { $0 == $1 }) / Double(Self.count)
    }

    /// Keys for an index: texts with 0.7 in common share one of the 16 in 99 of 100 cases, with 0.2 in 3.
    package var bands: [Int64] {
        stride(from: 0, to: Self.count, by: Self.rowsPerBand).map { start in
            let mixed = values[start..<start + Self.rowsPerBand].reduce(UInt64(start)) { Self.mix($0 &+ UInt64($1)) }
            return Int64(bitPattern: mixed)
        }
    }

    // MARK: - Hashing

    /// FNV-1a, the same everywhere, unlike `Hasher`.
    private static func hash(_ term: String) -> UInt64 {
        mix(term.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    /// The finaliser of SplitMix64.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private static let seeds: [UInt64] = (0..<count).map { mix(UInt64($0) &* 2) }
    private static let factors: [UInt64] = (0..<count).map { mix(UInt64($0) &* 2 &+ 1) | 1 }
}
