import Foundation

/// Logistic models that share their features: one score for each class, all in one pass over a text's features.
///
/// Weights are kept as 16-bit steps of a scale per class. Bytes are the same for the same model on every machine.
package struct LinearModel: Sendable, Equatable {
    package let classes: [String]
    /// `FeatureHash.version` of the texts it was made from.
    package let version: Int
    /// Place of a feature → its row, counted from 1; 0 where nothing was learned.
    private let rows: [UInt32]
    private let places: [UInt32]
    /// Row after row, a weight for each class.
    private let weights: [Int16]
    private let scales: [Float]
    private var biases: [Float]

    /// `weights` by class, then by feature in the order of `places`.
    init(classes: [String], version: Int, places: [UInt32], weights: [[Double]], biases: [Double]) {
        self.classes = classes
        self.version = version
        self.places = places
        let scales = weights.map { row in
            Float(max(row.reduce(0) { max($0, abs($1)) }, 1e-9) / Double(Int16.max))
        }
        var packed = [Int16](repeating: 0, count: places.count * classes.count)
        for (column, row) in weights.enumerated() {
            for (index, weight) in row.enumerated() {
                packed[index * classes.count + column] = Int16((Float(weight) / scales[column]).rounded())
            }
        }
        self.weights = packed
        self.scales = scales
        self.biases = biases.map { Float($0) }
        rows = Self.rows(of: places)
    }

    private static func rows(of places: [UInt32]) -> [UInt32] {
        var rows = [UInt32](repeating: 0, count: 1 << FeatureHash.bits)
        for (index, place) in places.enumerated() { rows[Int(place)] = UInt32(index + 1) }
        return rows
    }

    /// A probability for each class, in their order; all of the base rate for a text without known features.
    package func scores(_ vector: SparseVector) -> [Float] {
        sums { sums in
            vector.places.withUnsafeBufferPointer { places in
                vector.values.withUnsafeBufferPointer { values in
                    for index in 0..<min(places.count, values.count) { sums.add(places[index], values[index]) }
                }
            }
            return 1
        }
    }

    /// The scores of a text, without making a vector of it: all classes in one pass over its features.
    package func scores(of text: String) -> [Float] {
        FeatureTable.read(text) { table in
            sums { sums in
                var square: Float = 0
                for feature in table.features {
                    let count = Float(feature.count)
                    square += count
                    sums.add(feature.place, count.squareRoot())
                }
                return square > 0 ? 1 / square.squareRoot() : 1
            }
        }
    }

    /// What the classes have gathered so far; lives no longer than `LinearModel.sums`.
    private struct Sums {
        let rows: UnsafeBufferPointer<UInt32>
        let weights: UnsafeBufferPointer<Int16>
        let sums: UnsafeMutableBufferPointer<Float>

        /// Weights are 16 bits wide and sums single precision: a row of 64 classes is two lines of the cache.
        @inline(__always) func add(_ place: UInt32, _ value: Float) {
            let row = Int(rows[Int(place)])
            guard row > 0 else { return }
            let start = (row - 1) * sums.count
            for column in 0..<sums.count { sums[column] += value * Float(weights[start + column]) }
        }
    }

    /// Adds the bare weights of a feature to the sums of all classes, for `highest`.
    @inline(__always) func add(_ place: UInt32, to sums: UnsafeMutableBufferPointer<Float>) {
        let row = Int(rows[Int(place)])
        guard row > 0 else { return }
        let start = (row - 1) * sums.count
        for column in 0..<sums.count { sums[column] += Float(weights[start + column]) }
    }

    /// Of bare weights that were summed: how far the class lies from even.
    @inline(__always) func margin(_ sum: Float, _ column: Int) -> Float { sum * scales[column] + biases[column] }

    package static func probability(_ margin: Float) -> Float { 1 / (1 + exp(-margin)) }

    /// `gather` returns what all sums are multiplied with.
    @inline(__always) private func sums(_ gather: (Sums) -> Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: classes.count) { sums, count in
            sums.initialize(repeating: 0)
            count = classes.count
            let all = UnsafeMutableBufferPointer(rebasing: sums[..<count])
            let unit = rows.withUnsafeBufferPointer { rows in
                weights.withUnsafeBufferPointer { gather(Sums(rows: rows, weights: $0, sums: all)) }
            }
            for column in 0..<count {
                all[column] = Self.probability(margin(all[column] * unit, column))
            }
        }
    }

    /// The same model with what it takes to be even moved: a margin of `bars` becomes one of 0.
    package func moved(by bars: [Float]) -> LinearModel {
        var moved = self
        moved.biases = zip(biases, bars).map { $0 - $1 }
        return moved
    }

    /// How much a single feature weighs for a class; 0 where nothing was learned.
    package func weight(of place: UInt32, in column: Int) -> Float {
        let row = Int(rows[Int(place)])
        return row == 0 ? 0 : Float(weights[(row - 1) * classes.count + column]) * scales[column]
    }

    // MARK: - Bytes

    private static let magic: [UInt8] = Array("LLM1".utf8)

    package var bytes: [UInt8] {
        var out = Self.magic
        func add(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) } }
        for number in [version, FeatureHash.bits, classes.count, places.count] { add(UInt32(number)) }
        for name in classes {
            add(UInt32(name.utf8.count))
            out.append(contentsOf: name.utf8)
        }
        for number in scales + biases { add(number.bitPattern) }
        for place in places { add(place) }
        for weight in weights { withUnsafeBytes(of: weight.littleEndian) { out.append(contentsOf: $0) } }
        return out
    }

    /// Nil for what is damaged, or was made from other features than this program's.
    package init?(bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.take(4).map(Array.init) == Self.magic, let version = reader.number(), let bits = reader.number(),
            let classCount = reader.number(), let featureCount = reader.number(), Int(bits) == FeatureHash.bits,
            Int(version) == FeatureHash.version, classCount < 10_000, featureCount <= 1 << FeatureHash.bits
        else { return nil }
        var classes: [String] = []
        for _ in 0..<classCount {
            guard let length = reader.number(), let name = reader.take(Int(length)) else { return nil }
            classes.append(String(decoding: name, as: UTF8.self))
        }
        let numbers = (0..<(2 * Int(classCount))).compactMap { _ in reader.number().map { Float(bitPattern: $0) } }
        let places = (0..<Int(featureCount)).compactMap { _ in reader.number() }
        guard numbers.count == 2 * classes.count, places.count == Int(featureCount),
            places.allSatisfy({ $0 < 1 << FeatureHash.bits }),
            let rest = reader.take(2 * classes.count * places.count), reader.isAtEnd
        else { return nil }
        self.classes = classes
        self.version = Int(version)
        self.places = places
        scales = Array(numbers.prefix(classes.count))
        biases = Array(numbers.suffix(classes.count))
        weights = rest.withUnsafeBytes { raw in
            (0..<(classes.count * places.count)).map {
                Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))
            }
        }
        rows = Self.rows(of: places)
    }
}

/// Takes numbers and pieces from the front of bytes.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, position + count <= bytes.count else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func number() -> UInt32? {
        take(4).map { piece in piece.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    }
}
