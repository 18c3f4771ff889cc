/// How far each pattern of several parts has come while a text is walked through.
struct PhraseTrails {
    /// Where the parts found so far begin, and where the last of them begins and ends.
    private struct Trail {
        var first: Int32 = far
        var start: Int32 = far
        var end: Int32 = far
    }

    private static let far: Int32 = -1_000_000

    /// By slot, the newest trail, and the one before it, for when a part may not follow the newest.
    private var newest: [Trail]
    private var before: [Trail]

    init(_ slots: [PhraseMatcher.Slot]) {
        newest = [Trail](repeating: Trail(), count: slots.count)
        before = newest
    }

    /// A part was found. Where the pattern begins when it is complete now.
    mutating func step(_ number: Int, _ terms: Range<Int>, _ slots: [PhraseMatcher.Slot]) -> Int? {
        let slot = slots[number]
        let (start, end) = (Int32(terms.lowerBound), Int32(terms.upperBound))
        return slot.isOrdered ? follow(number, start, end, slot) : join(number, start, slot)
    }

    private mutating func follow(_ number: Int, _ start: Int32, _ end: Int32, _ slot: PhraseMatcher.Slot) -> Int? {
        var first = start
        if number > slot.first {
            let trail = newest[number - 1].end <= start ? newest[number - 1] : before[number - 1]
            guard trail.end <= start, start - trail.first < slot.within else { return nil }
            first = trail.first
        }
        if number + 1 == slot.end { return Int(first) }
        if newest[number].start != start { before[number] = newest[number] }
        newest[number] = Trail(first: first, start: start, end: end)
        return nil
    }

    private mutating func join(_ number: Int, _ start: Int32, _ slot: PhraseMatcher.Slot) -> Int? {
        newest[number].start = start
        var first = start
        for other in Int(slot.first)..<Int(slot.end) { first = min(first, newest[other].start) }
        return start - first < slot.within ? Int(first) : nil
    }
}
