import CLinear

/// Trains L2-regularised logistic regression with LIBLINEAR, one class against the rest.
///
/// The primal solver uses no random numbers: the same texts in the same order give the same model, to the last byte.
package enum LogisticTraining {
    package struct Settings: Sendable {
        /// The price of a wrong example; larger trusts the examples more.
        package var cost: Double
        /// When to stop; smaller is more exact.
        package var tolerance: Double
        /// Texts in which a feature must occur.
        package var fewestTexts: Int
        /// Features kept; the most frequent.
        package var mostFeatures: Int

        package init(
            cost: Double = 16, tolerance: Double = 0.01, fewestTexts: Int = 2, mostFeatures: Int = 1 << 16
        ) {
            self.cost = cost
            self.tolerance = tolerance
            self.fewestTexts = fewestTexts
            self.mostFeatures = mostFeatures
        }
    }

    /// A class: its name, and for each text whether it belongs to it; nil where that is not known.
    package struct Class: Sendable {
        package var name: String
        package var members: [Bool?]

        package init(name: String, members: [Bool?]) {
            self.name = name
            self.members = members
        }
    }

    /// Classes without examples on both sides get no weights and always score next to nothing.
    package static func train(
        _ vectors: [SparseVector], classes: [Class], settings: Settings = Settings()
    ) -> LinearModel {
        let places = features(of: vectors, fewest: settings.fewestTexts, most: settings.mostFeatures)
        var weights: [[Double]] = []
        var biases: [Double] = []
        withNodes(of: vectors, places) { nodes in
            for each in classes {
                let (found, bias) = solve(nodes, each.members, features: places.count, settings)
                weights.append(found)
                biases.append(bias)
            }
        }
        return LinearModel(
            classes: classes.map(\.name), version: FeatureHash.version, places: places, weights: weights,
            biases: biases)
    }

    /// Those that occur often enough, ascending.
    static func features(of vectors: [SparseVector], fewest: Int, most: Int) -> [UInt32] {
        var counts = [Int32](repeating: 0, count: 1 << FeatureHash.bits)
        for vector in vectors { for place in vector.places { counts[Int(place)] += 1 } }
        let found = counts.indices.filter { counts[$0] > 0 && counts[$0] >= fewest }
        guard found.count > most else { return found.map { UInt32($0) } }
        let best = found.sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(most)
        return best.sorted().map { UInt32($0) }
    }

    private typealias Node = UnsafeMutablePointer<feature_node>

    /// LIBLINEAR's form of the texts: for each its features, the constant, the end mark.
    private static func withNodes(of vectors: [SparseVector], _ places: [UInt32], _ body: ([Node]) -> Void) {
        let features = places.count
        var columns = [Int32](repeating: 0, count: 1 << FeatureHash.bits)
        for (index, place) in places.enumerated() { columns[Int(place)] = Int32(index + 1) }
        let count = vectors.reduce(0) { $0 + $1.places.count + 2 }
        let all = Node.allocate(capacity: max(1, count))
        defer { all.deallocate() }
        var starts: [Node] = []
        var next = all
        for vector in vectors {
            starts.append(next)
            for (place, value) in zip(vector.places, vector.values) where columns[Int(place)] > 0 {
                next.initialize(to: feature_node(index: columns[Int(place)], value: Double(value)))
                next += 1
            }
            next.initialize(to: feature_node(index: Int32(features + 1), value: 1))
            next += 1
            next.initialize(to: feature_node(index: -1, value: 0))
            next += 1
        }
        body(starts)
    }

    /// One class of texts of which all is known: its weights by the order of `places`, and its bias.
    static func solve(
        _ vectors: [SparseVector], members: [Bool], places: [UInt32], settings: Settings
    ) -> (weights: [Double], bias: Double) {
        var found: (weights: [Double], bias: Double) = ([], 0)
        withNodes(of: vectors, places) { found = solve($0, members, features: places.count, settings) }
        return found
    }

    private static func solve(
        _ nodes: [Node], _ members: [Bool?], features: Int, _ settings: Settings
    ) -> (weights: [Double], bias: Double) {
        var texts: [Node?] = []
        var sides: [Double] = []
        for (node, isMember) in zip(nodes, members) {
            guard let isMember else { continue }
            texts.append(node)
            sides.append(isMember ? 1 : -1)
        }
        guard sides.contains(1), sides.contains(-1) else {
            return ([Double](repeating: 0, count: features), sides.contains(1) ? 0 : -12)
        }
        CLinear_be_quiet()
        return texts.withUnsafeMutableBufferPointer { texts in
            sides.withUnsafeMutableBufferPointer { sides in
                var task = problem(
                    l: Int32(sides.count), n: Int32(features + 1), y: sides.baseAddress, x: texts.baseAddress, bias: 1)
                var how = parameter()
                how.solver_type = Int32(L2R_LR)
                how.eps = settings.tolerance
                how.C = settings.cost
                var made = CLinear.train(&task, &how)
                defer { free_and_destroy_model(&made) }
                guard let model = made?.pointee, let found = model.w, let labels = model.label else {
                    return ([Double](repeating: 0, count: features), -12)
                }
                // Weights speak for the class that came first.
                let sign: Double = labels[0] == 1 ? 1 : -1
                return ((0..<features).map { sign * found[$0] }, sign * found[features])
            }
        }
    }
}
