/// The features of one text while they are counted: open addressing in one piece of memory, nothing allocated for a
/// word or a piece of it.
///
/// An entry for each different place in the order in which it came, and an index from place to entry.
struct FeatureTable {
    struct Feature {
        var place: UInt32
        var count: UInt32
    }

    private static let slots = 2048
    /// What the longest term adds fits on top of `FeatureHash.most`, and half of the index stays empty.
    private static let most = 1024

    private let entries: UnsafeMutablePointer<Feature>
    /// Of each slot its entry, counted from 1.
    private let index: UnsafeMutablePointer<UInt16>
    /// Where the characters of a term begin.
    private let starts: UnsafeMutablePointer<UInt16>
    private var count = 0
    private var previous: UInt64?

    /// In no order that matters.
    var features: UnsafeBufferPointer<Feature> { UnsafeBufferPointer(start: entries, count: count) }

    /// Counts the features of a text; the table is valid only inside of `body`.
    static func read<Result>(_ text: String, _ body: (FeatureTable) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: Feature.self, capacity: most) { entries in
            withUnsafeTemporaryAllocation(of: UInt16.self, capacity: slots + TermScanner.limit + 1) { numbers in
                guard let first = entries.baseAddress, let index = numbers.baseAddress else { preconditionFailure() }
                numbers.initialize(repeating: 0)
                var table = FeatureTable(entries: first, index: index, starts: index + slots)
                TermScanner.scan(FeatureHash.cut(text)) { term, _ in
                    if table.count < FeatureHash.most { term.withUnsafeBufferPointer { table.add($0) } }
                }
                return body(table)
            }
        }
    }

    private init(
        entries: UnsafeMutablePointer<Feature>, index: UnsafeMutablePointer<UInt16>,
        starts: UnsafeMutablePointer<UInt16>
    ) {
        self.entries = entries
        self.index = index
        self.starts = starts
    }

    private mutating func add(_ term: UnsafeBufferPointer<UInt8>) {
        let hash = FNV.hash(term, seed: FeatureHash.wordSeed)
        note(hash)
        if let previous { note(FNV.mix(previous, with: hash, seed: FeatureHash.pairSeed)) }
        previous = hash
        addPieces(of: term)
    }

    private mutating func note(_ hash: UInt64) {
        let place = FeatureHash.place(hash)
        var slot = Int(place) & (Self.slots - 1)
        while index[slot] != 0 {
            let entry = Int(index[slot]) - 1
            if entries[entry].place == place {
                entries[entry].count += 1
                return
            }
            slot = (slot + 1) & (Self.slots - 1)
        }
        guard count < Self.most else { return }
        (entries + count).initialize(to: Feature(place: place, count: 1))
        count += 1
        index[slot] = UInt16(count)
    }

    private mutating func addPieces(of term: UnsafeBufferPointer<UInt8>) {
        let starts = starts
        Self.pieces(of: term, starts) { note($0) }
    }

    /// The hashes of a term's pieces; none for a short one.
    static func pieces(of term: UnsafeBufferPointer<UInt8>, _ emit: (UInt64) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: TermScanner.limit + 1) { starts in
            if let first = starts.baseAddress { pieces(of: term, first, emit) }
        }
    }

    @inline(__always) private static func pieces(
        of term: UnsafeBufferPointer<UInt8>, _ starts: UnsafeMutablePointer<UInt16>, _ emit: (UInt64) -> Void
    ) {
        var characters = 0
        for offset in 0..<min(term.count, TermScanner.limit) where term[offset] & 0xC0 != 0x80 {
            starts[characters] = UInt16(offset)
            characters += 1
        }
        guard characters >= FeatureHash.piece else { return }
        starts[characters] = UInt16(term.count)
        // Place -1 is the beginning, place `characters` the end.
        for first in -1...(characters - FeatureHash.piece + 1) {
            let last = first + FeatureHash.piece - 1
            var hash = FNV.begin(FeatureHash.pieceSeed)
            if first < 0 { hash = FNV.add(0x02, to: hash) }
            for offset in Int(starts[max(0, first)])..<Int(starts[min(last + 1, characters)]) {
                hash = FNV.add(term[offset], to: hash)
            }
            if last >= characters { hash = FNV.add(0x03, to: hash) }
            emit(hash)
        }
    }
}
