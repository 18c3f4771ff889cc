import Base

/// How a class did on tickets it had not learned from: counts by twentieths of the score, so that precision and recall
/// can be told for any threshold.
package struct Measure: Sendable, Equatable {
    static let steps = 20
    package private(set) var positives = [Int](repeating: 0, count: steps)
    package private(set) var negatives = [Int](repeating: 0, count: steps)

    package init() {}

    init(positives: String, negatives: String) {
        self.positives = Self.counts(positives)
        self.negatives = Self.counts(negatives)
    }

    private static func counts(_ text: String) -> [Int] {
        let counts = text.split(separator: " ").map { Int($0) ?? 0 }
        return counts.count == steps ? counts : [Int](repeating: 0, count: steps)
    }

    static func text(_ counts: [Int]) -> String { counts.map { String($0) }.joined(separator: " ") }

    mutating func add(score: Float, isMember: Bool) {
        let step = min(Self.steps - 1, max(0, Int(score * Float(Self.steps))))
        if isMember { positives[step] += 1 } else { negatives[step] += 1 }
    }

    static func + (left: Measure, right: Measure) -> Measure {
        var sum = left
        for step in 0..<steps {
            sum.positives[step] += right.positives[step]
            sum.negatives[step] += right.negatives[step]
        }
        return sum
    }

    package struct Result: Sendable, Equatable {
        package var found: Int
        package var wrong: Int
        package var missed: Int

        /// Nil where nothing was said, or there was nothing to find.
        package var precision: Double? { found + wrong == 0 ? nil : Double(found) / Double(found + wrong) }
        /// Both in one figure; 0 where nothing right was said.
        package var balance: Double { found == 0 ? 0 : Double(2 * found) / Double(2 * found + wrong + missed) }
        package var recall: Double? { found + missed == 0 ? nil : Double(found) / Double(found + missed) }
    }

    /// `threshold` in percent, a multiple of five.
    package func result(at threshold: Int) -> Result {
        let step = min(Self.steps, threshold * Self.steps / 100)
        return Result(
            found: positives[step...].reduce(0, +), wrong: negatives[step...].reduce(0, +),
            missed: positives[..<step].reduce(0, +))
    }

    package var examples: Int { positives.reduce(0, +) }
}

/// The interval in which a share lies that was seen in a few cases (Wilson, 95 %).
package struct WilsonInterval: Sendable, Equatable {
    package let low: Double
    package let high: Double

    package init(_ found: Int, of all: Int) {
        guard all > 0 else {
            (low, high) = (0, 1)
            return
        }
        let (n, share, z) = (Double(all), Double(found) / Double(all), 1.959964)
        let middle = share + z * z / (2 * n)
        let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        low = max(0, (middle - spread) / (1 + z * z / n))
        high = min(1, (middle + spread) / (1 + z * z / n))
    }
}
