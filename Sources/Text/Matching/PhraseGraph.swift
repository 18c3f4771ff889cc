/// All phrases as states, with words that lead from one to the next: what phrases have in common is there once, not
/// for each way to say it.
///
/// State 0 is the beginning of every phrase. Where a word leads is a state or, below zero, the end of a part whose
/// number has all bits turned.
struct PhraseGraph: Sendable {
    /// By state, where its edges begin; behind the last state, where they end.
    private var firstEdges: [Int32] = [0]
    /// By edge its word, ascending within a state, and where it leads.
    private var words: [Int32] = []
    private var targets: [Int32] = []
    /// By state, the part that may end there although it may also go on; -1 for none.
    private var ends: [Int32]
    /// By word, where its edges from state 0 begin.
    private var starts: [Int32]

    /// The parts of phrases as they are read, in any order.
    struct Draft {
        fileprivate var from: [Int32] = []
        fileprivate var words: [Int32] = []
        fileprivate var to: [Int32] = []
        fileprivate var ends: [Int32] = [-1]

        mutating func newState() -> Int32 {
            ends.append(-1)
            return Int32(ends.count - 1)
        }

        mutating func add(_ word: Int32, from state: Int32, to target: Int32) {
            from.append(state)
            words.append(word)
            to.append(target)
        }

        mutating func end(_ part: Int32, at state: Int32) { ends[Int(state)] = part }

        var size: (edges: Int, states: Int) { (from.count, ends.count) }

        /// Forgets what was added since.
        mutating func cut(to size: (edges: Int, states: Int)) {
            from.removeLast(from.count - size.edges)
            words.removeLast(words.count - size.edges)
            to.removeLast(to.count - size.edges)
            ends.removeLast(ends.count - size.states)
        }
    }

    init(_ draft: Draft, words count: Int) {
        ends = draft.ends
        starts = [Int32](repeating: 0, count: count + 1)
        // Ordered by word, then by state: so the edges of each state are in the order of their words.
        let edges = NumberLists(Array(0..<Int32(draft.from.count)), by: draft.words, count: count).values
        let states = NumberLists(edges, by: edges.map { draft.from[Int($0)] }, count: ends.count)
        words.reserveCapacity(edges.count)
        targets.reserveCapacity(edges.count)
        firstEdges.reserveCapacity(ends.count + 1)
        for state in 0..<states.count {
            let first = words.count
            for edge in states[state] {
                let (word, target) = (draft.words[Int(edge)], draft.to[Int(edge)])
                if words.count > first, words[words.count - 1] == word, targets[targets.count - 1] == target {
                    continue
                }
                words.append(word)
                targets.append(target)
            }
            firstEdges.append(Int32(words.count))
        }
        for place in 0..<Int(firstEdges[1]) { starts[Int(words[place]) + 1] += 1 }
        for word in 0..<count { starts[word + 1] += starts[word] }
    }

    /// The part that ends where an edge leads, if nothing can follow there.
    @inline(__always) static func part(endedBy target: Int32) -> Int32? { target < 0 ? ~target : nil }

    /// The part that may end at a state.
    @inline(__always) func end(at state: Int32) -> Int32? { ends[Int(state)] < 0 ? nil : ends[Int(state)] }

    /// Where phrases go that begin with a word.
    @inline(__always) func targets(ofFirst word: Int32) -> ArraySlice<Int32> {
        targets[Int(starts[Int(word)])..<Int(starts[Int(word) + 1])]
    }

    /// Where a word leads from a state.
    @inline(__always) func targets(of word: Int32, from state: Int32) -> ArraySlice<Int32> {
        var (low, high) = (Int(firstEdges[Int(state)]), Int(firstEdges[Int(state) + 1]))
        let end = high
        while low < high {
            let middle = (low + high) / 2
            if words[middle] < word { low = middle + 1 } else { high = middle }
        }
        while high < end, words[high] == word { high += 1 }
        return targets[low..<high]
    }
}
