/// How far each pattern of several parts has come while a text is walked through.
struct PhraseTrails {
    /// Where the parts found so far begin, and where the last of them begins and ends.
    private struct Trail {
        var first: Int32 = far
        var start: Int32 = far
        var end: Int32 = far
    }

    private static let far: Int32 = -1_000_000

    /// By slot, its place in `newest` plus one; 0 for those of which nothing was found, most of them in most texts.
    private var places: [Int32]
    /// By place, the newest trail, and the one before it, for when a part may not follow the newest.
    private var newest: [Trail] = []
    private var before: [Trail] = []

    init(slots: Int) { places = [Int32](repeating: 0, count: slots) }

    /// A part was found. Where the pattern begins when it is complete now.
    mutating func step(_ number: Int, _ terms: Range<Int>, _ slots: [PhraseMatcher.Slot]) -> Int? {
        let slot = slots[number]
        let (start, end) = (Int32(terms.lowerBound), Int32(terms.upperBound))
        return slot.isOrdered ? follow(number, start, end, slot) : join(number, start, slot)
    }

    private mutating func follow(_ number: Int, _ start: Int32, _ end: Int32, _ slot: PhraseMatcher.Slot) -> Int? {
        var first = start
        if number > slot.first {
            let place = Int(places[number - 1]) - 1
            guard place >= 0 else { return nil }
            let trail = newest[place].end <= start ? newest[place] : before[place]
            guard trail.end <= start, start - trail.first < slot.within else { return nil }
            first = trail.first
        }
        if number + 1 == slot.end { return Int(first) }
        let place = place(of: number)
        if newest[place].start != start {
            before[place] = newest[place]
        } else if newest[place].end <= end {
            // Of two ways to say it that begin alike the shorter leaves more room for what follows.
            return nil
        }
        newest[place] = Trail(first: first, start: start, end: end)
        return nil
    }

    private mutating func join(_ number: Int, _ start: Int32, _ slot: PhraseMatcher.Slot) -> Int? {
        newest[place(of: number)].start = start
        var first = start
        for other in Int(slot.first)..<Int(slot.end) {
            guard places[other] > 0 else { return nil }
            first = min(first, newest[Int(places[other]) - 1].start)
        }
        return start - first < slot.within ? Int(first) : nil
    }

    private mutating func place(of slot: Int) -> Int {
        if places[slot] == 0 {
            newest.append(Trail())
            before.append(Trail())
            places[slot] = Int32(newest.count)
        }
        return Int(places[slot]) - 1
    }
}
