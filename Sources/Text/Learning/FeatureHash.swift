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
    private static let piece = 4

    package static func vector(of text: String) -> SparseVector {
        var maker = Maker()
        TermScanner.scan(cut(text)) { bytes, _ in
            if maker.counts.count < most { maker.add(bytes) }
        }
        return maker.vector()
    }

    /// The place of each word in a text, for saying which words weighed most.
    package static func words(of text: String) -> [(word: String, place: UInt32)] {
        var found: [(String, UInt32)] = []
        TermScanner.scan(cut(text)) { bytes, _ in
            found.append((String(decoding: bytes, as: UTF8.self), place(FNV.hash(bytes, seed: wordSeed))))
        }
        return found
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longest ? text : String(decoding: Array(text.utf8.prefix(longest)), as: UTF8.self)
    }

    private static let wordSeed: UInt64 = 1
    private static let pairSeed: UInt64 = 2
    private static let pieceSeed: UInt64 = 3

    /// The upper bits of a mixed hash.
    private static func place(_ hash: UInt64) -> UInt32 {
        var mixed = hash ^ (hash >> 33)
        mixed &*= 0xFF51_AFD7_ED55_8CCD
        mixed ^= mixed >> 33
        return UInt32(truncatingIfNeeded: mixed >> (64 - UInt64(bits)))
    }

    private struct Maker {
        var counts: [UInt32: Int] = [:]
        private var previous: UInt64?

        mutating func add(_ term: ArraySlice<UInt8>) {
            let hash = FNV.hash(term, seed: FeatureHash.wordSeed)
            counts[FeatureHash.place(hash), default: 0] += 1
            if let previous {
                let pair = FNV.mix(previous, with: hash, seed: FeatureHash.pairSeed)
                counts[FeatureHash.place(pair), default: 0] += 1
            }
            previous = hash
            addPieces(of: term)
        }

        private mutating func addPieces(of term: ArraySlice<UInt8>) {
            var starts: [Int] = []
            for index in term.indices where term[index] & 0xC0 != 0x80 { starts.append(index) }
            guard starts.count >= FeatureHash.piece else { return }
            starts.append(term.endIndex)
            let characters = starts.count - 1
            // Place -1 is the beginning, place `characters` the end.
            for first in -1...(characters - FeatureHash.piece + 1) {
                let last = first + FeatureHash.piece - 1
                var hash = FNV.begin(FeatureHash.pieceSeed)
                if first < 0 { hash = FNV.add(0x02, to: hash) }
                for byte in term[starts[max(0, first)]..<starts[min(last + 1, characters)]] {
                    hash = FNV.add(byte, to: hash)
                }
                if last >= characters { hash = FNV.add(0x03, to: hash) }
                counts[FeatureHash.place(hash), default: 0] += 1
            }
        }

        func vector() -> SparseVector {
            let sorted = counts.sorted { $0.key < $1.key }
            var values = sorted.map { Float($0.value).squareRoot() }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if length > 0 { for index in values.indices { values[index] /= length } }
            return SparseVector(places: sorted.map(\.key), values: values)
        }
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
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            hash = add(UInt8(truncatingIfNeeded: first >> shift), to: hash)
        }
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            hash = add(UInt8(truncatingIfNeeded: second >> shift), to: hash)
        }
        return hash
    }
}
