/// Turns a text of any script into features of linear models: words, pairs of words and pieces of four characters,
/// each hashed to one of a fixed number of places.
///
/// Words are those of the search (`SearchTerms`), so that case, marks and forms of a letter do not matter, and scripts
/// without spaces give overlapping pairs. A word of four letters and more also gives its pieces, its beginning and end
/// marked: inflected and misspelt words share most of them.
package enum FeatureHash {
    /// Grows whenever the same text may give other features; a model made with another version is not used.
    package static let version = 1 + 1000 * SearchTerms.version
    package static let bits = 18
    /// Different features of one text at most; what comes later in it is left out.
    package static let most = 900
    /// Bytes of a text that are looked at.
    private static let longest = 6000

    package static func vector(of text: String) -> SparseVector {
        FeatureTable.read(text) { table in
            // As numbers, which sort faster: the place above, the count below.
            var sorted = table.features.map { UInt64($0.place) << 32 | UInt64($0.count) }
            sorted.sort()
            let counts = sorted.reduce(Float(0)) { $0 + Float(UInt32(truncatingIfNeeded: $1)) }
            let unit = counts > 0 ? 1 / counts.squareRoot() : 0
            return SparseVector(
                places: sorted.map { UInt32($0 >> 32) },
                values: sorted.map { Float(UInt32(truncatingIfNeeded: $0)).squareRoot() * unit })
        }
    }

    /// The place of each word in a text, for saying which words weighed most.
    package static func words(of text: String) -> [(word: String, place: UInt32)] {
        var found: [(String, UInt32)] = []
        TermScanner.scan(cut(text)) { bytes, _ in
            found.append((String(decoding: bytes, as: UTF8.self), place(FNV.hash(bytes, seed: wordSeed))))
        }
        return found
    }

    static func cut(_ text: String) -> String {
        text.utf8.count <= longest ? text : String(decoding: Array(text.utf8.prefix(longest)), as: UTF8.self)
    }

    static let wordSeed: UInt64 = 1
    static let pairSeed: UInt64 = 2
    static let pieceSeed: UInt64 = 3
    /// Characters of a piece.
    static let piece = 4

    /// The upper bits of a mixed hash.
    @inline(__always) static func place(_ hash: UInt64) -> UInt32 {
        var mixed = hash ^ (hash >> 33)
        mixed &*= 0xFF51_AFD7_ED55_8CCD
        mixed ^= mixed >> 33
        return UInt32(truncatingIfNeeded: mixed >> (64 - UInt64(bits)))
    }
}

/// FNV-1a with 64 bits: the same on every machine and in every run.
enum FNV {
    static func begin(_ seed: UInt64) -> UInt64 { (0xCBF2_9CE4_8422_2325 ^ seed) &* 0x100_0000_01B3 }

    @inline(__always) static func add(_ byte: UInt8, to hash: UInt64) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    static func hash(_ bytes: some Sequence<UInt8>, seed: UInt64) -> UInt64 {
        bytes.reduce(begin(seed)) { add($1, to: $0) }
    }

    static func mix(_ first: UInt64, with second: UInt64, seed: UInt64) -> UInt64 {
        var hash = begin(seed)
        for number in 0..<UInt64(8) { hash = add(UInt8(truncatingIfNeeded: first >> (8 * number)), to: hash) }
        for number in 0..<UInt64(8) { hash = add(UInt8(truncatingIfNeeded: second >> (8 * number)), to: hash) }
        return hash
    }
}
