/// The features of a text, sentence by sentence, and the windows of one to three sentences in a row.
///
/// A short cry in a long mail is as loud in its window as it would be alone; in the whole mail it drowns. Models that
/// look for such a thing learn from windows and take the highest score of any.
package struct TextWindows: Sendable {
    /// Grows whenever the same text may give other windows.
    static let version = 1
    /// Bytes that are looked at, from the beginning.
    static let longest = 12_000
    /// Sentences in a row.
    static let most = 3
    /// Features that every window is thought to have besides its own.
    private static let damping: Float = 30
    /// Terms of a sentence: a shorter one goes on, a longer one is cut.
    private static let terms = 3...60

    /// Of all sentences, one after the other; the same place twice where a feature occurs twice.
    private(set) var places: [UInt32] = []
    /// Where each sentence ends in `places`.
    private(set) var ends: [Int] = []

    package init(_ text: String) {
        let bytes = Array(String(decoding: text.utf8.prefix(Self.longest), as: UTF8.self).utf8)
        places.reserveCapacity(bytes.count)
        var (previous, count, read): (UInt64?, Int, Int) = (nil, 0, 0)
        TermScanner.scan(String(decoding: bytes, as: UTF8.self)) { term, range in
            let isOver = read < range.lowerBound && Self.ends(bytes[read..<range.lowerBound])
            if (isOver && count >= Self.terms.lowerBound) || count >= Self.terms.upperBound {
                ends.append(places.count)
                (previous, count) = (nil, 0)
            }
            read = max(read, range.upperBound)
            count += 1
            previous = term.withUnsafeBufferPointer { add($0, after: previous) }
        }
        if places.count > ends.last ?? 0 { ends.append(places.count) }
    }

    /// Each window, for training.
    package var vectors: [SparseVector] {
        ends.indices.flatMap { first in
            (first..<min(ends.count, first + Self.most)).map { vector(from: first, through: $0) }
        }
    }

    /// The whole text as one window.
    package var whole: SparseVector? { ends.isEmpty ? nil : vector(from: 0, through: ends.count - 1) }

    /// Features of the sentences `first` to `last`.
    private func range(_ first: Int, _ last: Int) -> Range<Int> { (first == 0 ? 0 : ends[first - 1])..<ends[last] }

    /// What the counts of a window are multiplied with. A window of a few words weighs less: that "me" stands alone
    /// in a line says nothing.
    @inline(__always) func unit(from first: Int, through last: Int) -> Float {
        1 / (Float(range(first, last).count) + Self.damping).squareRoot()
    }

    /// Counts as they are: the window of two sentences is then the sum of both, before its length is made one.
    private func vector(from first: Int, through last: Int) -> SparseVector {
        var counts: [UInt32: Float] = [:]
        for place in places[range(first, last)] { counts[place, default: 0] += 1 }
        let unit = unit(from: first, through: last)
        let sorted = counts.sorted { $0.key < $1.key }
        return SparseVector(places: sorted.map(\.key), values: sorted.map { $0.value * unit })
    }

    private mutating func add(_ term: UnsafeBufferPointer<UInt8>, after previous: UInt64?) -> UInt64 {
        let hash = FNV.hash(term, seed: FeatureHash.wordSeed)
        places.append(FeatureHash.place(hash))
        if let previous {
            places.append(FeatureHash.place(FNV.mix(previous, with: hash, seed: FeatureHash.pairSeed)))
        }
        FeatureTable.pieces(of: term) { places.append(FeatureHash.place($0)) }
        return hash
    }

    /// What lies between two terms ends a sentence.
    private static func ends(_ gap: ArraySlice<UInt8>) -> Bool {
        var index = gap.startIndex
        while index < gap.endIndex {
            let rest = gap[index...]
            switch gap[index] {
            case UInt8(ascii: "\n"): return true
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"): if rest.count > 1 { return true }
            default: if wide.contains(where: rest.starts) { return true }
            }
            index += 1
        }
        return false
    }

    /// The marks that end a sentence in other scripts.
    private static let wide: [[UInt8]] = ["。", "！", "？", "؟", "।", "…"].map { Array($0.utf8) }
}

extension LinearModel {
    /// The highest margin of each class over all windows of a text, from even; one pass over its features. Nothing
    /// for a text without a term.
    package func highest(in windows: TextWindows) -> [Float] {
        let width = classes.count
        var best = [Float](repeating: -.infinity, count: width)
        // Of each sentence, the sums of all classes.
        var sums = [Float](repeating: 0, count: width * windows.ends.count)
        sums.withUnsafeMutableBufferPointer { sums in
            var start = 0
            for (sentence, end) in windows.ends.enumerated() {
                let own = UnsafeMutableBufferPointer(rebasing: sums[(sentence * width)..<((sentence + 1) * width)])
                for place in windows.places[start..<end] { add(place, to: own) }
                start = end
            }
            for last in windows.ends.indices {
                for first in max(0, last + 1 - TextWindows.most)...last {
                    let unit = windows.unit(from: first, through: last)
                    for column in 0..<width {
                        var sum: Float = 0
                        for each in first...last { sum += sums[each * width + column] }
                        best[column] = max(best[column], margin(sum * unit, column))
                    }
                }
            }
        }
        return best
    }
}
