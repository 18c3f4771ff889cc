/// Many short lists of numbers, one after the other in a single array.
struct NumberLists: Sendable {
    /// Where each list begins in `values`, and where the last ends.
    private var bounds: [Int32]
    private(set) var values: [Int32]

    /// Lists to be made one after the other.
    init() {
        (bounds, values) = ([0], [])
    }

    /// For each of `count` keys the values that stand beside it, in their order.
    init(_ values: [Int32], by keys: [Int32], count: Int) {
        var bounds = [Int32](repeating: 0, count: count + 1)
        for key in keys { bounds[Int(key) + 1] += 1 }
        for key in 0..<count { bounds[key + 1] += bounds[key] }
        var next = bounds
        var sorted = [Int32](repeating: 0, count: values.count)
        for (key, value) in zip(keys, values) {
            sorted[Int(next[Int(key)])] = value
            next[Int(key)] += 1
        }
        (self.bounds, self.values) = (bounds, sorted)
    }

    var count: Int { bounds.count - 1 }

    /// Where the values of a list stand.
    @inline(__always) func places(_ list: Int) -> Range<Int> { Int(bounds[list])..<Int(bounds[list + 1]) }

    @inline(__always) subscript(_ list: Int) -> ArraySlice<Int32> { values[places(list)] }

    /// Adds to the list that is being made, once.
    mutating func addIfNew(_ value: Int32) {
        for place in Int(bounds[count])..<values.count where values[place] == value { return }
        values.append(value)
    }

    mutating func endList() { bounds.append(Int32(values.count)) }

    mutating func add(_ list: some Sequence<Int32>) {
        values.append(contentsOf: list)
        endList()
    }
}
