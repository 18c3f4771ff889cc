/// SplitMix64: the same seed gives the same sequence on every machine.
struct Chance: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func happens(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of at least one.
    mutating func pick<Item>(_ items: [Item]) -> Item { items[number(0...items.count - 1)] }

    /// A key as often as its weight says.
    mutating func pick(weighted weights: [(String, Int)]) -> String {
        var left = number(1...weights.reduce(0) { $0 + $1.1 })
        for (key, weight) in weights {
            left -= weight
            if left <= 0 { return key }
        }
        return weights[0].0
    }
}
