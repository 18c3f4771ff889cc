/// Puts two changes of the same text together, paragraph by paragraph (three-way merge).
enum ParagraphMerge {
    /// Nil where both changed the same place in different ways.
    static func merge(base: [String], mine: [String], theirs: [String]) -> [String]? {
        if mine == theirs || mine == base { return theirs }
        if theirs == base { return mine }
        let left = Anchors(base, mine)
        let right = Anchors(base, theirs)
        var merged: [String] = []
        var (at, inMine, inTheirs) = (0, 0, 0)
        // Both texts agree with the base where a paragraph stands in all three.
        for index in base.indices + [base.count] {
            guard let toMine = left.place(of: index), let toTheirs = right.place(of: index) else { continue }
            let before = Array(base[at..<index])
            let ours = Array(mine[inMine..<toMine])
            let others = Array(theirs[inTheirs..<toTheirs])
            guard let both = put(before, ours, others) else { return nil }
            merged += both
            if index < base.count { merged.append(base[index]) }
            (at, inMine, inTheirs) = (index + 1, toMine + 1, toTheirs + 1)
        }
        return merged
    }

    /// One stretch; where it has as many paragraphs in all three, each is looked at alone.
    private static func put(_ before: [String], _ ours: [String], _ others: [String]) -> [String]? {
        if ours == before || ours == others { return others }
        if others == before { return ours }
        guard before.count > 1, ours.count == before.count, others.count == before.count else { return nil }
        var merged: [String] = []
        for index in before.indices {
            guard let one = put([before[index]], [ours[index]], [others[index]]) else { return nil }
            merged += one
        }
        return merged
    }

    /// Where paragraphs of the base that stayed stand in a changed text.
    private struct Anchors {
        private var places: [Int: Int] = [:]

        init(_ base: [String], _ changed: [String]) {
            var removed: Set<Int> = []
            var inserted: Set<Int> = []
            for change in changed.difference(from: base) {
                switch change {
                case .remove(let offset, _, _): removed.insert(offset)
                case .insert(let offset, _, _): inserted.insert(offset)
                }
            }
            let kept = base.indices.filter { !removed.contains($0) }
            for (index, place) in zip(kept, changed.indices.filter { !inserted.contains($0) }) { places[index] = place }
            places[base.count] = changed.count
        }

        func place(of index: Int) -> Int? { places[index] }
    }
}
