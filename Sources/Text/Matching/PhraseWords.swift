/// The words that phrases are made of, each known by a number; a whole word and the beginning of one are two.
struct PhraseWords: Sendable {
    /// Bytes of the longest beginning: `lengths` has no more bits.
    static let longestBeginning = 62

    /// By number, the hash of the word, with all bits turned for a beginning.
    private var keys: [UInt64] = []
    /// Numbers of words plus one, each at its key or in a row after it; 0 where there is none.
    private var table = [Int32](repeating: 0, count: 1 << 10)
    /// Bits of keys that there are: most words of a text are passed by at once.
    private var possible = [UInt64](repeating: 0, count: 1 << 12)
    /// Bit n: some beginning has n bytes.
    private var lengths: UInt64 = 0

    var count: Int { keys.count }

    /// The number of a word, a new one if need be.
    mutating func number(hash: UInt64, length: Int, isBeginning: Bool) -> Int32 {
        let key = isBeginning ? ~hash : hash
        let place = place(of: key)
        if table[place] > 0 { return table[place] - 1 }
        keys.append(key)
        table[place] = Int32(keys.count)
        possible[Int(key >> 6 & 0xFFF)] |= 1 << (key & 63)
        if isBeginning { lengths |= 1 << UInt64(length) }
        if keys.count * 2 > table.count { grow() }
        return Int32(keys.count - 1)
    }

    /// Where a key stands, or would stand.
    private func place(of key: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: key >> 12) & (table.count - 1)
        while table[place] > 0, keys[Int(table[place]) - 1] != key { place = (place + 1) & (table.count - 1) }
        return place
    }

    private mutating func grow() {
        table = [Int32](repeating: 0, count: table.count * 2)
        for number in keys.indices { table[place(of: keys[number])] = Int32(number + 1) }
    }

    // MARK: - Finding

    /// For each term of a text the words that it is or begins as, in any of its readings.
    func numbers(of reading: PhraseReading) -> NumberLists {
        var found = NumberLists()
        for index in reading.terms.indices {
            add(reading.terms[index], reading, &found)
            for place in reading.otherReadings(at: index) { add(reading.others[place], reading, &found) }
            found.endList()
        }
        return found
    }

    @inline(__always)
    private func add(_ term: PhraseReading.Term, _ reading: PhraseReading, _ found: inout NumberLists) {
        addIfKnown(term.hash, &found)
        guard lengths != 0 else { return }
        var hash = FNV.begin(term.seed)
        for offset in 0..<min(term.length, Self.longestBeginning) {
            hash = FNV.add(reading.bytes[term.start + offset], to: hash)
            if lengths >> UInt64(offset + 1) & 1 == 1 { addIfKnown(~hash, &found) }
        }
    }

    @inline(__always)
    private func addIfKnown(_ key: UInt64, _ found: inout NumberLists) {
        guard possible[Int(key >> 6 & 0xFFF)] >> (key & 63) & 1 == 1 else { return }
        let number = table[place(of: key)]
        if number > 0 { found.addIfNew(number - 1) }
    }
}
