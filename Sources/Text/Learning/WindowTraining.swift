import Foundation

/// Trains a model that is asked by windows (`TextWindows`): from texts of which it is known what they are, and from
/// many windows of ordinary text.
///
/// 1. Features are weighed by how rare they are; the model's weights take that in, so that scoring need not know it.
/// 2. Learn from the texts and a part of the ordinary windows.
/// 3. Add those of all windows that come too near, class by class, and learn again.
/// The same input gives the same model.
package struct WindowTraining: Sendable {
    package struct Settings: Sendable {
        package var cost = 16.0
        package var mostFeatures = 1 << 15
        package var fewestTexts = 2
        /// How often ordinary windows that come too near are added.
        package var rounds = 2
        /// What is too near, as a margin.
        package var near: Float = -3

        package init() {}
    }

    private let settings: Settings

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// `members` of a class say it of `texts`; ordinary windows belong to none.
    package func train(
        _ texts: [SparseVector], classes: [LogisticTraining.Class], ordinary: [SparseVector], always: Int
    ) -> LinearModel {
        let rarity = Self.rarity(texts + ordinary)
        func weigh(_ vector: SparseVector) -> SparseVector {
            SparseVector(
                places: vector.places,
                values: zip(vector.places, vector.values).map { $1 * rarity[Int($0)] * Self.size })
        }
        let (texts, ordinary) = (texts.map(weigh), ordinary.map(weigh))
        let known = texts + ordinary
        let places = Self.candidates(texts, known, fewest: settings.fewestTexts)
        var weights: [[Double]] = []
        var biases: [Double] = []
        for each in classes {
            let members = each.members + ordinary.map { _ in false }
            var chosen = (0..<(texts.count + min(always, ordinary.count))).filter { members[$0] != nil }
            var isChosen = [Bool](repeating: false, count: known.count)
            for index in chosen { isChosen[index] = true }
            for round in 0...settings.rounds {
                let (found, bias) = LogisticTraining.solve(
                    chosen.map { known[$0] }, members: chosen.map { members[$0] == true }, places: places,
                    settings: LogisticTraining.Settings(cost: settings.cost))
                guard round < settings.rounds else {
                    weights.append(zip(places, found).map { $1 * Double(rarity[Int($0)] * Self.size) })
                    biases.append(bias)
                    break
                }
                let near = Self.near(known, found, bias, places, above: settings.near).filter {
                    !isChosen[$0] && members[$0] != nil
                }
                for index in near { isChosen[index] = true }
                chosen += near
            }
        }
        let kept = Self.heaviest(weights, most: settings.mostFeatures)
        return LinearModel(
            classes: classes.map(\.name), version: FeatureHash.version, places: kept.map { places[$0] },
            weights: weights.map { row in kept.map { row[$0] } }, biases: biases)
    }

    /// Features of the texts; what only ordinary windows hold could only speak against.
    private static func candidates(_ texts: [SparseVector], _ known: [SparseVector], fewest: Int) -> [UInt32] {
        var isOfText = [Bool](repeating: false, count: 1 << FeatureHash.bits)
        for vector in texts { for place in vector.places { isOfText[Int(place)] = true } }
        return LogisticTraining.features(of: known, fewest: fewest, most: .max).filter { isOfText[Int($0)] }
    }

    /// Those that weigh most in any class, in their order.
    private static func heaviest(_ weights: [[Double]], most: Int) -> [Int] {
        guard let count = weights.first?.count, count > most else { return Array((weights.first ?? []).indices) }
        let greatest = (0..<count).map { index in weights.reduce(0) { max($0, abs($1[index])) } }
        return (0..<count).sorted { (-greatest[$0], $0) < (-greatest[$1], $1) }.prefix(most).sorted()
    }

    /// Makes windows about as long as a vector of length one, so that the cost means the same as elsewhere.
    private static let size: Float = 0.2

    private static func rarity(_ vectors: [SparseVector]) -> [Float] {
        var counts = [Float](repeating: 0, count: 1 << FeatureHash.bits)
        for vector in vectors { for place in vector.places { counts[Int(place)] += 1 } }
        return counts.map { log(1 + Float(vectors.count) / (1 + $0)) }
    }

    private static func near(
        _ vectors: [SparseVector], _ weights: [Double], _ bias: Double, _ places: [UInt32], above: Float
    ) -> [Int] {
        var all = [Float](repeating: 0, count: 1 << FeatureHash.bits)
        for (place, weight) in zip(places, weights) { all[Int(place)] = Float(weight) }
        return vectors.indices.filter { index in
            let vector = vectors[index]
            return vector.places.withUnsafeBufferPointer { places in
                vector.values.withUnsafeBufferPointer { values in
                    var (sum, next) = (Float(bias), 0)
                    while next < places.count {
                        sum += values[next] * all[Int(places[next])]
                        next += 1
                    }
                    return sum > above
                }
            }
        }
    }
}
